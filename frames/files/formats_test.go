package files

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"

	"gonmf/frames"
	"gonmf/frames/internal/frame"
	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

func put(t *testing.T, name, content string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

func gzipped(t *testing.T, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func csvOf(t *testing.T, df dataframe.DataFrame) string {
	t.Helper()
	var b strings.Builder
	if err := frames.WriteCSV(&b, df); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// npyOf is the head of a file of numpy.save.
func npyOf(says string) string { return "\x93NUMPY\x01\x00" + string(rune(len(says))) + "\x00" + says }

const market = "%%MatrixMarket matrix coordinate integer general\n% of 10x\n3 2 2\n1 1 5\n3 2 7\n"

// TestMatrices reads the same 3 x 2 matrix, whose second row is zero, from
// every format.
func TestMatrices(t *testing.T) {
	dir := t.TempDir()
	x, err := sparse.FromTriplets(3, 2, []int{0, 2}, []int{0, 1}, []float64{5, 7})
	if err != nil {
		t.Fatal(err)
	}
	var npz bytes.Buffer
	if err := x.WriteNPZ(&npz); err != nil {
		t.Fatal(err)
	}
	npy := npyOf("{'descr': '|u1', 'fortran_order': True, 'shape': (3, 2)}") + "\x05\x00\x00\x00\x00\x07"
	genes := "ENSG1\tTBCE\nENSG2\tACTB\nENSG3\tTBCE\n"
	features := "ENSG1\tTBCE\tGene Expression\nENSG2\tACTB\tGene Expression\nENSG3\tTBCE\tGene Expression\n"
	put(t, dir+"/v2/matrix.mtx", market)
	put(t, dir+"/v2/genes.tsv", genes)
	put(t, dir+"/v2/barcodes.tsv", "CCC-1\nAAA-1\n")
	put(t, dir+"/v3/GSM1_matrix.mtx.gz", gzipped(t, market))
	put(t, dir+"/v3/GSM1_features.tsv.gz", gzipped(t, features))
	put(t, dir+"/v3/GSM1_barcodes.tsv.gz", gzipped(t, "CCC-1\nAAA-1\n"))
	gct12 := "#1.2\n3\t2\nName\tDescription\tCCC-1\tAAA-1\nTBCE\tna\t5\t0\nACTB\t\t0\t0.0\nTBCE\tna\t0\t7\n"
	gct13 := "#1.3\r\n3\t2\t0\t1\r\nid\tCCC-1\tAAA-1\r\nage\t3\t4\r\nTBCE\t5\t0\r\nACTB\t0\t0\r\nTBCE\t0\t7\r\n"
	for name, named := range map[string]bool{
		put(t, dir+"/a.mtx", market): false, put(t, dir+"/no-name-says-it", gzipped(t, market)): false,
		put(t, dir+"/a.npz", npz.String()): false, put(t, dir+"/a.npy", npy): false,
		put(t, dir+"/a.gct", gct12): true, put(t, dir+"/b.gct", gct13): true, put(t, dir+"/c.gct.gz", gzipped(t, gct12)): true,
		dir + "/v2": true, dir + "/v3": true, dir + "/v2/matrix.mtx": true, dir + "/v3/GSM1_matrix.mtx.gz": true,
	} {
		got, err := ReadInteractions(t.Context(), name, frames.Columns{Item: "of no matter"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if dense, err := got.X.ToDense(); err != nil || !slices.Equal(dense.RawMatrix().Data, []float64{5, 0, 0, 0, 0, 7}) {
			t.Errorf("%s: %v, %v", name, dense, err)
		}
		items, users := "0 1 2", "0 1"
		if named {
			items, users = "TBCE ACTB TBCE-1", "CCC-1 AAA-1"
		}
		if i, u := strings.Join(got.Items.Strings(), " "), strings.Join(got.Users.Strings(), " "); i != items || u != users {
			t.Errorf("%s: labels %q and %q", name, i, u)
		}
		if _, err := Read(t.Context(), name); !errors.Is(err, frames.ErrFormat) || !strings.Contains(err.Error(), "files.ReadInteractions reads it") {
			t.Errorf("%s as a table: %v", name, err)
		}
	}
}

func TestMatricesThatAreWrong(t *testing.T) {
	dir := t.TempDir()
	put(t, dir+"/10x/matrix.mtx", market)
	put(t, dir+"/10x/genes.tsv", "a\nb\n")
	put(t, dir+"/10x/barcodes.tsv", "c\nd\n")
	for name, c := range map[string]struct {
		file string
		kind error
		says string
	}{
		"features of another matrix": {dir + "/10x", frames.ErrFormat, "3 x 2, beside 2 features and 2 barcodes"},
		"an empty folder":            {filepath.Dir(put(t, dir+"/none/x", "")), frames.ErrFormat, "is a folder with 0 of what 10x writes"},
		"short mtx":                  {put(t, dir+"/s.mtx", market[:len(market)-6]), sparse.ErrFormat, "ends after 1 of 2 entries"},
		"negative gct":               {put(t, dir+"/n.gct", "#1.2\n1\t1\nName\tDescription\ts\ng\t\t-1\n"), nmf.ErrNegative, `row 1 (line 4), column "s": -1 is negative`},
		"missing gct":                {put(t, dir+"/m.gct", "#1.2\n1\t1\nName\tDescription\ts\ng\t\t\n"), frames.ErrMissing, `column "s": the value is missing`},
		"text in gct":                {put(t, dir+"/t.gct", "#1.2\n1\t1\nName\tDescription\ts\ng\t\tx\n"), frames.ErrNotNumber, `"x" is not a number`},
		"fewer rows":                 {put(t, dir+"/f.gct", "#1.2\n2\t1\nName\tDescription\ts\ng\t\t1\n"), frames.ErrFormat, "1 rows, where line 2 says 2"},
		"fewer samples":              {put(t, dir+"/g.gct", "#1.2\n2\t3\nName\tDescription\ts\ng\t\t1\n"), frames.ErrFormat, "3 fields for 3 samples"},
		"a vector":                   {put(t, dir+"/v.npy", npyOf("{'descr': '|u1', 'fortran_order': True, 'shape': (0,)}")), sparse.ErrFormat, "shape"},
	} {
		if _, err := ReadInteractions(t.Context(), c.file, frames.Columns{}); !errors.Is(err, c.kind) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

const fiveColumns = "item_id,user_id,n,ok,note\ntea,7,1.5,True,\nzoë,8,2.0,False,\"a\nb\"\ntea,8,,True,\n<b>,900,4.0,True, \n"

// TestTables reads what pandas wrote.
func TestTables(t *testing.T) {
	for name, want := range map[string]string{
		"table.json": fiveColumns, "table.jsonl": fiveColumns,
		"table.xlsx": "item_id,user_id,n,ok,at,day,clock,took,note\n" +
			"tea,7,1.5,True,2024-03-01 12:30:00,2024-03-01 00:00:00,12:30:00,1.083333333333333,\n" +
			"zoë,8,2.0,False,1900-01-05 00:00:00,2024-03-01 00:00:00,00:00:01,1.157407407407407e-05,\"a\nb\"\n" +
			"tea,8,,True,2024-02-29 23:59:59,2024-03-01 00:00:00,,,\n" +
			"<b>,900,4.0,True,,2024-03-01 00:00:00,23:59:00,0.0, \n",
	} {
		path := filepath.Join("testdata", name)
		df, err := Read(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		if got := csvOf(t, df); got != want {
			t.Errorf("%s: got\n%swant\n%s", name, got, want)
		}
		df, err = ReadColumns(t.Context(), path, "n", "item_id")
		if err != nil || csvOf(t, df) != "n,item_id\n1.5,tea\n2.0,zoë\n,tea\n4.0,<b>\n" {
			t.Errorf("%s, two columns: %v, %v", name, df, err)
		}
		x, err := ReadInteractions(t.Context(), path, frames.Columns{})
		if err != nil || x.X.NNZ() != 4 || x.Items.At(0) != "<b>" || x.Users.At(2) != "900" {
			t.Errorf("%s: %v, %v", name, x, err)
		}
		var cell *frames.CellError
		if _, err := ReadInteractions(t.Context(), path, frames.Columns{Weight: "n"}); !errors.As(err, &cell) || cell.Row != 3 || cell.Column != "n" {
			t.Errorf("%s: %v, want that row 3 has no weight", name, err)
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for n := 40; n < len(raw); n += 1 + len(raw)/60 {
			if _, err := Read(t.Context(), put(t, filepath.Join(t.TempDir(), name), string(raw[:n]))); err == nil && name != "table.jsonl" {
				t.Errorf("%s, cut off after %d bytes: no error", name, n)
			}
		}
	}
}

func TestJSON(t *testing.T) {
	dir := t.TempDir()
	file := put(t, dir+"/nested.json", "\xef\xbb\xbf\n[ {\"a\": {\"b\": 1, \"c\": [1, {\"x\": [2]}]}, \"d\": 18446744073709551615},\n{\"d\": 5, \"e\": 1e2, \"a\": {\"b\": 3, \"b\": 4}} ]\n")
	df, err := ReadColumns(t.Context(), file, "a.b", "d", "e")
	if err != nil || csvOf(t, df) != "a.b,d,e\n1,18446744073709551615,\n4,5,100.0\n" {
		t.Errorf("%v, %v", df, err)
	}
	for text, says := range map[string]string{
		`{"a": 1} {"a"`:             "record 2, byte 13: it ends too early",
		`[{"a": 1}, 7]`:             "7 where a record should begin",
		`[{"a": [1]}]`:              `column "a" is of lists`,
		"{\"a\": 1}\n{\"a\": nope}": "record 2",
		`[{"a": 1}`:                 "it ends too early",
	} {
		if _, err := Read(t.Context(), put(t, dir+"/bad.json", text)); !errors.Is(err, frames.ErrFormat) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := ReadColumns(t.Context(), file, "f"); !errors.Is(err, frames.ErrColumn) {
		t.Errorf("no such column: %v", err)
	}
}

// A workbook with what openpyxl does not write: text in place and in parts,
// dates from 1904 and by formats, errors, gaps.
func TestWorkbook(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"[Content_Types].xml":        `<Types/>`,
		"xl/workbook.xml":            `<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="1"/><sheets><sheet name="x" r:id="rId9"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId9" Target="/xl/worksheets/other.xml"/></Relationships>`,
		"xl/sharedStrings.xml":       `<sst><si><r><t>a</t></r><r><t>b</t></r></si></sst>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[Red]&quot;day&quot; yyyy"/><numFmt numFmtId="171" formatCode="[h]:mm"/><numFmt numFmtId="172" formatCode="0.0&quot;h&quot;"/></numFmts>
			<cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/></cellXfs></styleSheet>`,
		"xl/worksheets/other.xml": `<worksheet><sheetData><row r="1"/><row r="3"><c r="B3" t="s"><v>0</v></c><c r="D3" t="inlineStr"><is><t>c</t></is></c></row>
			<row r="4"><c r="B4" s="1"><v>1.5</v></c><c r="C4" t="e"><v>#N/A</v></c><c r="D4" s="2"><v>1.5</v></c></row>
			<row r="6"><c r="C6" s="3"><v>2.5</v></c><c r="D6" t="str"><f>A1</f><v>z</v></c></row></sheetData></worksheet>`,
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	df, err := Read(t.Context(), put(t, filepath.Join(t.TempDir(), "x"), b.String()))
	if want := "ab,Unnamed: 1,c\n1904-01-02 12:00:00,,1 days 12:00:00\n,2.5,z\n"; err != nil || csvOf(t, df) != want {
		t.Errorf("%v, %v", df, err)
	}
}

// What is not read is named, and no error of it speaks of quotes or of a
// program.
func TestNotRead(t *testing.T) {
	dir := t.TempDir()
	for says, content := range map[string]string{
		"anndata or h5py":          "\x89HDF\r\n\x1a\n" + strings.Repeat("\x00", 40),
		"pyarrow.orc":              "ORC" + strings.Repeat("\x03", 40),
		"package query":            "SQLite format 3\x00" + strings.Repeat("\x00", 40),
		"read_pickle":              "\x80\x04\x95" + strings.Repeat("\x00", 40),
		"is encrypted, which":      "PARE" + strings.Repeat("\x00", 40) + "PARE",
		"compressed file ends":     gzipped(t, strings.Repeat("a,b\n", 100))[:30],
		"compressed file is damag": gzipped(t, strings.Repeat("a,b\n", 100))[:20] + strings.Repeat("\xff", 20),
		"the zip file is damaged":  "PK\x03\x04" + strings.Repeat("x", 40),
	} {
		for _, read := range []func(string) error{
			func(name string) error { _, err := Read(t.Context(), name); return err },
			func(name string) error { _, err := ReadInteractions(t.Context(), name, frames.Columns{}); return err },
		} {
			err := read(put(t, dir+"/file", content))
			if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "quote") || strings.Contains(err.Error(), "runtime") {
				t.Errorf("%.8q: %v, want %q", content, err, says)
			}
		}
	}
}

// Columns of text are chosen after reading.
func TestReadColumns(t *testing.T) {
	dir := t.TempDir()
	df, err := ReadColumns(t.Context(), put(t, dir+"/a.csv", "a;b\n1;x\n"), "b")
	if err != nil || csvOf(t, df) != "b\nx\n" {
		t.Errorf("%v, %v", df, err)
	}
	if _, err := ReadColumns(t.Context(), dir+"/a.csv", "bb"); !errors.Is(err, frames.ErrColumn) || !strings.Contains(err.Error(), "did you mean") {
		t.Errorf("%v", err)
	}
	for _, name := range []string{"a.parquet", "a.arrow"} {
		if err := Write(filepath.Join(dir, name), df); err != nil {
			t.Fatal(err)
		}
		got, err := ReadColumns(t.Context(), filepath.Join(dir, name), "b")
		if err != nil || frame.Check(got) != nil || csvOf(t, got) != "b\nx\n" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
