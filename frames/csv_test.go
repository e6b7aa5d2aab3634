package frames

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

func mustReadCSV(t *testing.T, text string) dataframe.DataFrame {
	t.Helper()
	df, err := ReadCSV(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return df
}

// TestReadCSVTypes holds columns to what pandas.read_csv makes of them:
// testdata/make_types.py wrote the golden file.
func TestReadCSVTypes(t *testing.T) {
	raw, err := os.ReadFile("testdata/types.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name, Dtype string
		Fields      []string
		Values      []*string
	}
	if err := json.Unmarshal(raw, &cases); err != nil || len(cases) < 60 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	kinds := map[string]series.Type{"int64": series.Int, "float64": series.Float, "bool": series.Bool,
		"str": series.String, "object": series.String, "uint64": series.String}
	for _, tc := range cases {
		t.Run(tc.Name, func(t *testing.T) {
			df := mustReadCSV(t, "x,row\n"+strings.Join(tc.Fields, ",r\n")+",r\n")
			kind := kinds[tc.Dtype]
			if got := df.Types()[0]; got != kind || kind == "" {
				t.Fatalf("got %v, pandas %s", got, tc.Dtype)
			}
			for r, want := range tc.Values {
				e := df.Elem(r, 0)
				field := strings.Trim(tc.Fields[r], `"`)
				switch {
				case kind == series.String && want == nil:
					want = &field // where pandas has a missing value only an empty field is one
				case want == nil:
					want = new(string)
				}
				if e.IsNA() != (*want == "") || elementText(e) != *want {
					t.Errorf("row %d, %q: got %q, missing is %v; pandas has %q", r+1, tc.Fields[r], elementText(e), e.IsNA(), *want)
				}
			}
		})
	}
}

// TestCSVRoundTrip reads and writes back, byte for byte.
func TestCSVRoundTrip(t *testing.T) {
	for _, tc := range []struct{ name, text string }{
		{"words gota takes for missing", "country,n\nNA,1\nNaN,2\nnull,3\nN/A,4\nnil,5\n"},
		{"leading zeros", "id\n007\n7\n"},
		{"ints past 2^53", "id\n9007199254740993\n-9007199254740993\n"},
		{"ints past 2^63", "id\n9223372036854775808\n18446744073709551617\n"},
		{"quotes, commas, newlines", "id,n\n\"a,b\",1\n\"say \"\"hi\"\"\",2\n\"two\nlines\",3\n\"crlf\r\nhere\",4\n"},
		{"names", "\"a,b\",x,NaN,007\n1,2,3,4\n"},
		{"missing", "a,b,c\n1,,x\n,2.5,\n3,0.5,y\n"},
		{"missing alone", "a\n\"\"\nx\n"},
		{"floats", "a\n0.1\n1e-05\n1e+16\n-0.0\ninf\n-inf\n100.0\n"},
		{"no rows", "a,b\n"},
		{"not Latin", "id\nZoë\n日本\n"},
		{"a large field", "id,n\n" + strings.Repeat("x", 1<<20) + ",1\n\"" + strings.Repeat("y,", 1<<20) + "\",2\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			df, err := ReadCSVText(strings.NewReader(tc.text))
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := WriteCSV(&b, df); err != nil {
				t.Fatal(err)
			}
			if b.String() != tc.text {
				t.Errorf("%.200q came back as %.200q", tc.text, b.String())
			}
		})
	}
}

func TestReadCSVForms(t *testing.T) {
	want := "a,b\n1,x\n2,\"y\nz\"\n"
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	io.WriteString(z, want)
	z.Close()
	for _, tc := range []struct{ name, text string }{
		{"plain", want},
		{"gzip", zipped.String()},
		{"byte order mark", "\ufeff" + want},
		{"CRLF", "a,b\r\n1,x\r\n2,\"y\nz\"\r\n"},
		{"no last newline", "a,b\n1,x\n2,\"y\nz\""},
		{"quoted for nothing", "\"a\",\"b\"\n\"1\",\"x\"\n2,\"y\nz\"\n"},
		{"empty lines", "\n\r\na,b\n\n1,x\n\n2,\"y\nz\"\n\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			for name, r := range map[string]io.Reader{
				"whole":          strings.NewReader(tc.text),
				"byte by byte":   iotest.OneByteReader(strings.NewReader(tc.text)),
				"data with EOF":  iotest.DataErrReader(strings.NewReader(tc.text)),
				"half by halves": iotest.HalfReader(strings.NewReader(tc.text)),
			} {
				df, err := ReadCSV(r)
				if err != nil {
					t.Fatal(name, err)
				}
				var b strings.Builder
				if err := WriteCSV(&b, df); err != nil {
					t.Fatal(name, err)
				}
				if b.String() != want {
					t.Errorf("%s: got %q, want %q", name, b.String(), want)
				}
			}
		})
	}
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// badFiles are files that no reader of this package takes, and what their
// errors say.
func badFiles(t *testing.T) []badFile {
	long := gzipped(t, "item_id,user_id\n"+strings.Repeat("a,b\nc,d\n", 100_000))
	damaged := []byte(long)
	damaged[len(damaged)-6] ^= 1
	return []badFile{
		{"empty file", "", "the file is empty"},
		{"empty gzip", gzipped(t, ""), "the file is empty"},
		{"only empty lines", "\n\r\n\n", "no header line"},
		{"only a byte order mark", "\ufeff", "no header line"},
		{"truncated gzip", long[:len(long)/2], "ends too early"},
		{"gzip without its trailer", long[:len(long)-8], "ends too early"},
		{"gzip of two bytes", "\x1f\x8b", "ends too early"},
		{"damaged gzip", string(damaged), "damaged"},
		{"short row", "item_id,user_id\na,b\n\nc\n", "row 2 (line 4): 1 field where the first line has 2"},
		{"long row", "item_id,user_id\na,b\nc,d,e\n", "row 2 (line 3): 3 fields where the first line has 2"},
		{"quote left open", "item_id,user_id\na,b\nc,\"d\ne,f\n", `row 2 (line 3), column "user_id": a quote opens here and is never closed`},
		{"quote in a plain field", "item_id,user_id\na,b\n5\" disk,x\n", `row 2 (line 3), column "item_id": a quote inside`},
		{"text after a quote", "item_id,user_id\n\"a\"b,c\n", `row 1 (line 2), column "item_id": text after the closing quote`},
		{"carriage return", "item_id,user_id\na\rb,c\n", `row 1 (line 2), column "item_id": a carriage return`},
		{"NUL", "item_id,user_id\na,b\nc,d\x00\n", `row 2 (line 3), column "user_id": a NUL byte`},
		{"Latin-1 after a megabyte", "item_id,user_id\n" + strings.Repeat("a,b\n", 1<<18) + "c,Zo\xeb\n", `row 262145 (line 262146), column "user_id": byte 0xeb is not UTF-8: name the file's Encoding`},
		{"an HDF5 file", "\x89HDF\r\n\x1a\n\x00", "this is no CSV file, but an HDF5 file"},
		{"an Excel workbook", "PK\x03\x04", "zip file is damaged"},
		{"a DuckDB database", "12345678DUCK", "this is no CSV file, but a DuckDB database"},
	}
}

type badFile struct{ name, text, want string }

func TestReadCSVErrors(t *testing.T) {
	for _, tc := range badFiles(t) {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ReadCSV(strings.NewReader(tc.text))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %v, want an error with %q", err, tc.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a line: %q", err)
			}
		})
	}
	t.Run("record without end", func(t *testing.T) {
		_, err := ReadCSV(io.MultiReader(strings.NewReader("a,b\n1,2\n\""), newlines{}))
		if want := "line 3: no record ends within 64 MB"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	})
	t.Run("reader fails", func(t *testing.T) {
		broken := errors.New("cable pulled")
		_, err := ReadCSV(io.MultiReader(strings.NewReader("a,b\n1,2\n"), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Errorf("got %v, want it to wrap %v", err, broken)
		}
	})
}

// newlines is a file without end.
type newlines struct{}

func (newlines) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '\n'
	}
	return len(p), nil
}
