package frames

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
)

//go:embed testdata/dialects.json
var dialectsJSON []byte

// TestDialectsAreReadAsPandasReadsThem reads tables in many dialects, of which
// testdata/dialects.py says what pandas reads.
func TestDialectsAreReadAsPandasReadsThem(t *testing.T) {
	var cases map[string]struct {
		File []byte
		How  struct {
			Sep, Decimal, Thousands, Encoding, Comment, Quote, Ragged string
			LooseQuotes, NoHeader                                     bool
			Skip                                                      int
			Names, NA                                                 []string
		}
		Want string
	}
	if err := json.Unmarshal(dialectsJSON, &cases); err != nil {
		t.Fatal(err)
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			h := c.How
			how := CSV{Sep: h.Sep, Decimal: h.Decimal, Thousands: h.Thousands, Encoding: h.Encoding, Comment: h.Comment, Quote: h.Quote,
				Ragged: h.Ragged, LooseQuotes: h.LooseQuotes, NoHeader: h.NoHeader, Skip: h.Skip, Names: h.Names, NA: h.NA}
			df, err := how.Read(bytes.NewReader(c.File))
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			if err := WriteCSV(&got, df); err != nil {
				t.Fatal(err)
			}
			if got.String() != c.Want {
				t.Errorf("got\n%s\nwant\n%s", got.String(), c.Want)
			}
		})
	}
}

func TestNoticesSayWhatWasGuessed(t *testing.T) {
	for _, test := range []struct {
		name, file string
		how        CSV
		want       string
	}{
		{"nothing", "a,b\n1,2\n", CSV{}, ""},
		{"semicolons", "a;b\n1;2\n", CSV{}, `read with fields separated by a semicolon: Sep ";" says so`},
		{"said", "a;b\n1;2\n", CSV{Sep: ";"}, ""},
		{"windows", "a,b\n1,Zo\xeb\n", CSV{}, "read as windows-1252, since line 2 is not UTF-8: another Encoding is to be named"},
		{"utf-16", "a\x00,\x00b\x00\n\x001\x00,\x002\x00\n\x00", CSV{}, `read as UTF-16, which has no mark here: Encoding "utf-16le" says so`},
		{"skipped", "a,b\n1,2\n1\n1,2,3\n", CSV{Ragged: "skip"}, "2 rows with another number of fields than the header left out, the first on line 3"},
	} {
		var said []string
		test.how.Notice = func(text string) { said = append(said, text) }
		if _, err := test.how.Read(strings.NewReader(test.file)); err != nil || strings.Join(said, "|") != test.want {
			t.Errorf("%s: told %q, want %q, %v", test.name, said, test.want, err)
		}
	}
}

func TestCSVSaysWhatCannotBe(t *testing.T) {
	for _, test := range []struct {
		how  CSV
		want string
	}{
		{CSV{Sep: "\n"}, `frames: Sep "\n": fields cannot be separated by quotes or line ends`},
		{CSV{Decimal: ";"}, `frames: Decimal ";": it is "." or ","`},
		{CSV{Thousands: "."}, `frames: Thousands and Decimal are both "."`},
		{CSV{Quote: "ab"}, `frames: Quote "ab": it is one character, or "none"`},
		{CSV{Sep: "#", Comment: "#"}, `frames: Sep "#" stands for something else, too`},
		{CSV{Skip: -1}, `frames: Skip -1: want 0 or more lines`},
		{CSV{Ragged: "cut"}, `frames: Ragged "cut": it is "error", "fill" or "skip"`},
		{CSV{Names: []string{"a"}}, `frames: Names are for a file without a header: set NoHeader, too`},
		{CSV{NoHeader: true, Names: []string{"a"}}, `frames: 1 name for 2 columns: name each column`},
		{CSV{Encoding: "klingon"}, `frames: Encoding "klingon" is not known: there are utf-8, utf-16, latin-1, windows-1252, iso-8859-15, shift_jis, gbk and what else web pages are written in`},
		{CSV{LooseQuotes: true, Ragged: "fill"}, "row 1 (line 2): 3 fields where the first line has 2"},
	} {
		if _, err := test.how.Read(strings.NewReader("a,b\n1,2,3\n")); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %s", test.how, err, test.want)
		}
	}
}

// TestDialectsOfInteractions reads the same table in many dialects.
func TestDialectsOfInteractions(t *testing.T) {
	var plain strings.Builder
	plain.WriteString("item;user;weight\n")
	for i := range 5000 {
		plain.WriteString(strings.ReplaceAll("i_N;1M;1.K\n", "N", string(rune('a'+i%26))))
	}
	text := strings.NewReplacer("M", "7", "K", "5").Replace(plain.String())
	columns := Columns{Item: "item", User: "user", Weight: "weight"}
	want, err := ReadInteractions(strings.NewReader(text), columns)
	if err != nil {
		t.Fatal(err)
	}
	var compressed bytes.Buffer
	z, err := zstd.NewWriter(&compressed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte(text)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file string
		how  CSV
	}{
		"tabs":          {strings.ReplaceAll(text, ";", "\t"), CSV{}},
		"two":           {strings.ReplaceAll(text, ";", "::"), CSV{Sep: "::"}},
		"decimal comma": {strings.ReplaceAll(text, "1.5", "1,5"), CSV{Decimal: ","}},
		"skip":          {"hello\n\n" + text, CSV{Skip: 2}},
		"comments":      {"% hello\n" + strings.Replace(text, "i_c", "% no\ni_c", 1), CSV{Comment: "%"}},
		"returns":       {strings.ReplaceAll(text, "\n", "\r"), CSV{}},
		"no header":     {strings.TrimPrefix(text, "item;user;weight\n"), CSV{NoHeader: true, Names: []string{"item", "user", "weight"}}},
		"ragged":        {text + "i_a;17\n", CSV{Ragged: "skip"}},
		"zstd":          {compressed.String(), CSV{}},
		"single quotes": {strings.ReplaceAll(text, "i_a", "'i_a'"), CSV{Quote: "'"}},
	} {
		columns.CSV = c.how
		got, err := ReadInteractions(strings.NewReader(c.file), columns)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got.String() != want.String() || got.Items.SHA256() != want.Items.SHA256() || got.X.At(0, 0) != want.X.At(0, 0) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
