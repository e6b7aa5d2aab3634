package frames

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
)

func TestViewString(t *testing.T) {
	df := mustReadCSV(t, "item_id,n,share\na,1,0.123456789\nZoë,200,\n\"two\nlines\",30,1e-05\n")
	want := `item_id         n     share
a               1  0.123457
Zoë           200         –
"two\nlines"   30     1e-05
3 rows, 3 columns`
	if got := Table(df).String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	want = "item_id    n\na          1\nZoë      200\n2 of 3 rows, 2 of 3 columns"
	if got := (View{Frame: df, MaxRows: 2, MaxCols: 2}).String(); got != want {
		t.Errorf("cut: got\n%s\nwant\n%s", got, want)
	}
}

func TestViewHTML(t *testing.T) {
	names := []string{"<item>", "n"}
	df, err := frame.New(names, []series.Series{frame.Text([]string{"<b>&", "NaN", ""}, true), series.Ints([]int{1, 2, 3})})
	if err != nil {
		t.Fatal(err)
	}
	got := Table(df).HTML()
	for _, want := range []string{
		"&lt;item&gt;", "&lt;b&gt;&amp;", ">NaN<", ">" + missing + "<", "<td>2</td>",
		`<td style="text-align:left">NaN</td>`, `title="string"`, `title="int"`, "3 rows, 2 columns",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	checkTags(t, got)
	big := dataframe.New(series.New(make([]int, 100_000), series.Int, "x"))
	got = Table(big).HTML()
	if !strings.Contains(got, "10 of 100,000 rows, 1 column<") || strings.Count(got, "<td") != 11 || !strings.Contains(got, "<th>99999</th>") {
		t.Errorf("100,000 rows: %d cells, %s", strings.Count(got, "<td"), got[len(got)-80:])
	}
}

// checkTags fails unless each tag is closed where it should be.
func checkTags(t *testing.T, text string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(strings.ReplaceAll(text, "<br>", "<br/>")))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
}

func TestViewOfAnError(t *testing.T) {
	v := Table(dataframe.New())
	if got := v.String(); got != "DataFrame with an error: empty DataFrame" {
		t.Errorf("String is %s", got)
	}
	if got := v.HTML(); !strings.Contains(got, "empty DataFrame") {
		t.Errorf("HTML is %s", got)
	}
	if got := Table(dataframe.DataFrame{}).String(); !strings.Contains(got, "0 rows, 0 columns") {
		t.Errorf("an empty one is %s", got)
	}
}
