package display

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/plot"

	"gonmf/kernel/internal/outlet"
	"gonmf/nmf/sparse"
)

type byValue struct{ Name string }

func (v byValue) HTML() string { return "<i>" + v.Name + "</i>" }

type byPointer struct{ Name string }

func (v *byPointer) SVG() string    { return "<svg>" + v.Name + "</svg>" }
func (v *byPointer) PNG() []byte    { return []byte("png") }
func (v *byPointer) String() string { return "pointer " + v.Name }

type everything struct{}

func (everything) HTML() string          { return "h" }
func (everything) JavaScript() string    { return "js" }
func (everything) JPEG() []byte          { return []byte("jpeg") }
func (everything) JSON() map[string]any  { return map[string]any{"k": 1} }
func (everything) Latex() string         { return "$l$" }
func (everything) Markdown() string      { return "*m*" }
func (everything) PNG() []byte           { return []byte("png") }
func (everything) PDF() []byte           { return []byte("pdf") }
func (everything) SVG() string           { return "<svg/>" }
func (everything) SimpleRender() MIMEMap { return MIMEMap{"application/simple": "s"} }
func (everything) MIMEBundle() MIMEMap   { return MIMEMap{"application/bundle": "b"} }
func (everything) Render() Data {
	return Data{Data: MIMEMap{"application/render": "r"}, Metadata: MIMEMap{"a": 1}}
}
func (everything) String() string { return "text" }

type panics struct{}

func (panics) HTML() string   { panic("no luck") }
func (panics) String() string { panic("no text") }

func TestMethodsDecide(t *testing.T) {
	cases := []struct {
		name string
		v    any
		want MIMEMap
	}{
		{"value", byValue{"a"}, MIMEMap{"text/html": "<i>a</i>", "text/plain": "{Name:a}"}},
		{"pointer to it", &byValue{"a"}, MIMEMap{"text/html": "<i>a</i>", "text/plain": "&{Name:a}"}},
		{"methods of the pointer, a value", byPointer{"b"}, MIMEMap{"image/svg+xml": "<svg>b</svg>", "image/png": []byte("png"), "text/plain": "{Name:b}"}},
		{"methods of the pointer", &byPointer{"b"}, MIMEMap{"image/svg+xml": "<svg>b</svg>", "image/png": []byte("png"), "text/plain": "pointer b"}},
		{"nil pointer", (*byPointer)(nil), MIMEMap{"text/plain": "<nil>"}},
		{"all", everything{}, MIMEMap{
			"text/html": "h", "application/javascript": "js", "image/jpeg": []byte("jpeg"), "application/json": map[string]any{"k": 1},
			"text/latex": "$l$", "text/markdown": "*m*", "image/png": []byte("png"), "application/pdf": []byte("pdf"), "image/svg+xml": "<svg/>",
			"application/simple": "s", "application/bundle": "b", "application/render": "r", "text/plain": "text",
		}},
		{"int", 42, MIMEMap{"text/plain": "42"}},
		{"string", "a\nb", MIMEMap{"text/plain": "a\nb"}},
		{"error", errors.New("oops"), MIMEMap{"text/plain": "oops"}},
		{"numbers", []int{1, 2}, MIMEMap{"text/plain": "[1 2]"}},
		{"struct", struct{ A, B int }{1, 2}, MIMEMap{"text/plain": "{A:1 B:2}"}},
		{"function", strings.ToUpper, MIMEMap{"text/plain": "func(string) string"}},
		{"nil channel", (chan int)(nil), MIMEMap{"text/plain": "chan int(nil)"}},
		{"empty map", map[string]int{}, MIMEMap{"text/plain": "map[]"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, ok := Values([]any{c.v})
			if !ok {
				t.Fatal("nothing to show")
			}
			if !reflect.DeepEqual(got.Data, c.want) {
				t.Errorf("got %v\nwant %v", got.Data, c.want)
			}
		})
	}
}

func TestPanickingMethodsBecomeText(t *testing.T) {
	d := Auto(panics{})
	text := fmt.Sprint(d.Data["text/plain"])
	if len(d.Data) != 1 || !strings.Contains(text, "HTML panicked: no luck") || !strings.Contains(text, "no text") {
		t.Errorf("got %v", d.Data)
	}
	var nilMatrix *mat.Dense
	if d := Auto(nilMatrix); len(d.Data) != 1 {
		t.Errorf("nil matrix: %v", d.Data)
	}
}

func TestValues(t *testing.T) {
	cases := []struct {
		name   string
		values []any
		want   string
		ok     bool
	}{
		{"none", nil, "", false},
		{"nil", []any{nil}, "", false},
		{"nil, nil", []any{nil, nil}, "", false},
		{"empty data", []any{Data{}}, "", false},
		{"value and no error", []any{7, nil}, "7", true},
		{"error and no value", []any{(*int)(nil), errors.New("oops")}, "oops", true},
		{"error alone", []any{nil, errors.New("oops")}, "oops", true},
		{"two", []any{7, "x"}, "7 x", true},
		{"two and nil", []any{7, "x", nil}, "7 x nil", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, ok := Values(c.values)
			if ok != c.ok || ok && got.Data["text/plain"] != c.want {
				t.Errorf("got %v, %v", got.Data, ok)
			}
		})
	}
}

func TestConstructors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.svg")
	if err := os.WriteFile(file, []byte("<svg/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		got  Data
		want MIMEMap
	}{
		{"HTML", HTML("<b>"), MIMEMap{"text/html": "<b>", "text/plain": "<b>"}},
		{"Markdown", Markdown("*a*"), MIMEMap{"text/markdown": "*a*", "text/plain": "*a*"}},
		{"SVG", SVG("<svg/>"), MIMEMap{"image/svg+xml": "<svg/>", "text/plain": "<svg/>"}},
		{"Latex", Latex("$x$"), MIMEMap{"text/latex": "$x$", "text/plain": "$x$"}},
		{"Math", Math("x"), MIMEMap{"text/latex": "$$x$$", "text/plain": "x"}},
		{"JavaScript", JavaScript("1"), MIMEMap{"application/javascript": "1", "text/plain": "1"}},
		{"JSON", JSON(map[string]any{"a": 1}), MIMEMap{"application/json": map[string]any{"a": 1}, "text/plain": "map[a:1]"}},
		{"PNG", PNG([]byte("1234")), MIMEMap{"image/png": []byte("1234"), "text/plain": "image/png, 4 bytes"}},
		{"JPEG", JPEG([]byte("1")), MIMEMap{"image/jpeg": []byte("1"), "text/plain": "image/jpeg, 1 bytes"}},
		{"PDF", PDF([]byte("1")), MIMEMap{"application/pdf": []byte("1"), "text/plain": "application/pdf, 1 bytes"}},
		{"MIME", Auto(MIME(MIMEMap{"text/html": "x"}, nil)), MIMEMap{"text/html": "x", "text/plain": "(no text)"}},
		{"Any text", Any("text/html", "x"), MIMEMap{"text/html": "x", "text/plain": "x"}},
		{"Any reader", Any("text/html", strings.NewReader("x")), MIMEMap{"text/html": "x", "text/plain": "x"}},
		{"Any writer", Any("text/html", bytes.NewBufferString("x")), MIMEMap{"text/html": "x", "text/plain": "x"}},
		{"Any detects", Any("", []byte("\x89PNG\r\n\x1a\n")), MIMEMap{"image/png": []byte("\x89PNG\r\n\x1a\n"), "text/plain": "image/png, 8 bytes"}},
		{"File", File("image/svg+xml", file), MIMEMap{"image/svg+xml": "<svg/>", "text/plain": "<svg/>"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if !reflect.DeepEqual(c.got.Data, c.want) {
				t.Errorf("got %v", c.got.Data)
			}
		})
	}
	if d := File("", file+".missing"); !strings.Contains(fmt.Sprint(d.Data["text/plain"]), "a.svg.missing") {
		t.Errorf("missing file: %v", d.Data)
	}
}

func TestImage(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 3, 2))
	for name, d := range map[string]Data{"Image": Image(img), "Auto": Auto(img)} {
		raw, _ := d.Data["image/png"].([]byte)
		got, err := png.Decode(bytes.NewReader(raw))
		if err != nil || got.Bounds().Size() != image.Pt(3, 2) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if d.Data["text/plain"] != "3 × 2 image" && name == "Image" {
			t.Errorf("%s: %v", name, d.Data["text/plain"])
		}
		if !reflect.DeepEqual(d.Metadata, MIMEMap{"image/png": MIMEMap{"width": 3, "height": 2}}) {
			t.Errorf("%s: metadata %v", name, d.Metadata)
		}
	}
	if d := Image(image.NewGray(image.Rectangle{})); !strings.Contains(fmt.Sprint(d.Data["text/plain"]), "display: image") {
		t.Errorf("empty image: %v", d.Data)
	}
}

func TestPlot(t *testing.T) {
	p := plot.New()
	p.Title.Text = "Title"
	d := Auto(p)
	if svg, _ := d.Data["image/svg+xml"].(string); !strings.Contains(svg, "<svg") || d.Data["text/plain"] != "plot Title" {
		t.Errorf("%.200v", d.Data)
	}
	for mime, magic := range map[string]string{"image/png": "\x89PNG", "application/pdf": "%PDF-"} {
		if data, _ := d.Data[mime].([]byte); !bytes.HasPrefix(data, []byte(magic)) {
			t.Errorf("%s is %.10q", mime, data)
		}
	}
	// By itself a front end would take the 850 pixels of the PNG.
	if shown := fmt.Sprint(d.Metadata["image/png"]); shown != "map[width:567]" {
		t.Errorf("the PNG is shown with %s, the SVG 425 points wide", shown)
	}
	p.X.Min, p.X.Max = 1, -1 // which makes it panic
	p.X.Scale = plot.LogScale{}
	if d := Auto(p); !strings.Contains(fmt.Sprint(d.Data["text/plain"]), "plot panicked") {
		t.Errorf("%.200v", d.Data)
	}
}

func TestTables(t *testing.T) {
	type row struct {
		Name   string
		Score  float64
		hidden int
	}
	type optional struct {
		N    *int
		Name *string
	}
	ids := make([]int, 100_000)
	names := make([]string, len(ids))
	for i := range ids {
		ids[i], names[i] = i, fmt.Sprintf("<name %d>", i)
	}
	long := dataframe.New(series.New(ids, series.Int, "id"), series.New(names, series.String, "name"))
	wide := mat.NewDense(2, 30, nil)
	csr, err := sparse.FromTriplets(2, 3, []int{0, 1}, []int{1, 2}, []float64{0.5, 2})
	if err != nil {
		t.Fatal(err)
	}
	var nilFrame *dataframe.DataFrame
	cases := []struct {
		name    string
		v       any
		rows    int      // of the HTML table's body
		html    []string // substrings
		caption string
	}{
		{"long frame", long, 11, []string{`<th title="int">id</th>`, "&lt;name 0&gt;", "&lt;name 99999&gt;", "<th>…</th>"}, "DataFrame: 10 of 100,000 rows × 2 columns, 5.19 MB"},
		{"pointer to a frame", &long, 11, nil, "DataFrame: 10 of 100,000 rows × 2 columns, 5.19 MB"},
		{"frame with an error", long.Select("nope"), 0, nil, "DataFrame with an error"},
		{"series", series.New([]float64{1, 0.123456789}, series.Float, "x"), 2, []string{`title="float"`, ">0.123457<"}, "Series: 2 elements"},
		{"matrix", mat.NewDense(2, 2, []float64{1, 2.5, 3e-9, 4}), 2, []string{">2.5<", ">3e-09<"}, "mat.Dense: 2 rows × 2 columns"},
		{"matrix by value", *mat.NewDense(1, 1, []float64{7}), 1, []string{">7<"}, "mat.Dense: 1 rows × 1 columns"},
		{"wide matrix", wide, 2, []string{"<th>0</th>", "<th>9</th>", "<th>…</th>", "<th>20</th>", "<th>29</th>"}, "mat.Dense: 2 rows × 20 of 30 columns"},
		{"vector", mat.NewVecDense(3, []float64{1, 2, 3}), 3, []string{">3<"}, "mat.VecDense: 3 elements"},
		{"sparse", csr, 2, []string{">0.5<"}, "sparse.CSR, 2 entries (33.3%): 2 rows × 3 columns"},
		{"fields that may be missing", []optional{{&ids[7], nil}}, 1, []string{">7<", ">&lt;nil&gt;<"}, "[]display.optional: 1 rows × 2 columns"},
		{"structs", []row{{"a", 1, 0}, {"b", 2.25, 0}}, 2, []string{"Name", "Score", `title="float64"`, ">2.25<"}, "[]display.row: 2 rows × 2 columns"},
		{"pointers to structs", []*row{{"a", 1, 0}, nil}, 2, []string{">a<", ">nil<"}, "[]*display.row: 2 rows × 2 columns"},
		{"pointer to structs", &[]row{{"a", 1, 0}}, 1, nil, "[]display.row: 1 rows × 2 columns"},
		{"map", map[string]int{"b": 2, "a": 1, "c": 3}, 3, []string{"<tr><th>a</th><td>1</td></tr>\n<tr><th>b</th>"}, "map[string]int: 3 entries"},
		{"map by number", map[int]string{10: "x", 9: "y"}, 2, []string{"<tr><th>9</th><td style=\"text-align:left\">y</td></tr>\n<tr><th>10</th>"}, "map[int]string: 2 entries"},
		{"rows", [][]float64{{1, 2}, {3}}, 2, []string{">3<"}, "[][]float64: 2 rows × 2 columns"},
		{"nil frame", nilFrame, -1, nil, ""},
		{"times are text", []time.Time{time.Unix(0, 0)}, -1, nil, ""},
		{"no exported fields", []struct{ a int }{{1}}, -1, nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := Auto(c.v)
			h, ok := d.Data["text/html"].(string)
			if ok != (c.rows >= 0) {
				t.Fatalf("table: %v, data %v", ok, d.Data)
			}
			if !ok {
				return
			}
			if got := strings.Count(h, "<tr><th>") - 1; got != c.rows && c.rows > 0 {
				t.Errorf("%d rows, want %d", got, c.rows)
			}
			for _, want := range c.html {
				if !strings.Contains(h, want) {
					t.Errorf("HTML lacks %q:\n%s", want, h)
				}
			}
			for _, got := range []any{h, d.Data["text/plain"]} {
				if s, _ := got.(string); !strings.Contains(s, c.caption) {
					t.Errorf("no caption %q in\n%s", c.caption, s)
				}
			}
			if strings.Contains(h, "hidden") {
				t.Error("an unexported field is shown")
			}
		})
	}
}

// Nothing puts more than 20 kB into a notebook by itself.
func TestValuesAreShownInLittle(t *testing.T) {
	texts, numbers := make([]string, 500), make([]float64, 5000)
	for i := range texts {
		texts[i] = strings.Repeat("<long & wide> ", 100)
	}
	for i := range numbers {
		numbers[i] = 1 / float64(i+1)
	}
	var columns []series.Series
	for range 30 {
		columns = append(columns, series.New(texts[:60], series.String, strings.Repeat("n", 300)))
	}
	for name, v := range map[string]any{
		"wide frame": dataframe.New(columns...), "texts": texts, "numbers": numbers, "a text": strings.Repeat("x", 1<<20),
		"map": map[int][]string{1: texts, 2: texts}, "groups": struct{ Rows [][]string }{[][]string{texts, texts}},
	} {
		for mime, data := range render(v).Data {
			if text, ok := data.(string); ok && len(text) > 21<<10 {
				t.Errorf("%s: %d bytes of %s", name, len(text), mime)
			}
		}
	}
}

func TestListsAreReadable(t *testing.T) {
	for want, v := range map[string]any{
		`["a b" "c"]`:            []string{"a b", "c"},
		`["x\ty"]`:               [1]string{"x\ty"},
		`[0.333333 2 1e+20 NaN]`: []float64{1. / 3, 2, 1e20, math.NaN()},
		`[0.1 0.2]`:              []float32{.1, .2},
		`[1 2 3]`:                []int{1, 2, 3},
		`[]`:                     []string{},
		`[1s 2m0s]`:              []time.Duration{time.Second, 2 * time.Minute},
	} {
		if got := render(v).Data["text/plain"]; got != want {
			t.Errorf("%#v is shown as %v, want %s", v, got, want)
		}
	}
	long := make([]float64, 100)
	for i := range long {
		long[i] = 1. / 3
	}
	for _, line := range strings.Split(plain(long), "\n") {
		if len(line) > lineWidth+1 {
			t.Errorf("a line of %d bytes: %s", len(line), line)
		}
	}
}

func TestLargeTableIsNotFormattedWhole(t *testing.T) {
	m := mat.NewDense(2000, 2000, nil)
	if n := testing.AllocsPerRun(1, func() { Auto(m) }); n > 100_000 {
		t.Errorf("%v allocations to show 60 × 20 numbers of 4 million", n)
	}
}

func TestTableAsText(t *testing.T) {
	df := dataframe.New(series.New([]int{1, 20}, series.Int, "id"), series.New([]string{"é", "two\nlines"}, series.String, "name"))
	want := strings.Join([]string{
		"    id  name",
		"   int  string",
		"0    1  é",
		"1   20  two⏎lines",
		"DataFrame: 2 rows × 2 columns",
	}, "\n")
	if got := Auto(df).Data["text/plain"]; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestLongTextIsCut(t *testing.T) {
	text := plain(make([]int, 1_000_000))
	if len(text) > 3000 || !strings.HasSuffix(text, "… 1,000,000 in all]") {
		t.Errorf("%d bytes, ends %q", len(text), text[len(text)-40:])
	}
	if text := plain(strings.Repeat("é", maxText)); len(text) > maxText+100 || !strings.HasSuffix(text, "bytes in all)") {
		t.Errorf("%d bytes", len(text))
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", 100000: "100,000"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

// connect collects what is sent to the notebook.
func connect(t *testing.T) *[]outlet.Event {
	t.Helper()
	var events []outlet.Event
	outlet.Connect(func(e outlet.Event) error { events = append(events, e); return nil })
	t.Cleanup(func() { outlet.Connect(nil) })
	return &events
}

func TestShowInANotebook(t *testing.T) {
	events := connect(t)
	for _, err := range []error{Show(HTML("a"), 2), ShowAs("id", "b"), Update("id", "c"), Clear(true)} {
		if err != nil {
			t.Error(err)
		}
	}
	var got []string
	for _, e := range *events {
		got = append(got, fmt.Sprintf("%s %s %v %v", e.Op, e.ID, e.Data["text/plain"], e.Wait))
	}
	want := []string{"show  a false", "show  2 false", "show id b false", "update id c false", "clear  <nil> true"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestShowInAScript(t *testing.T) {
	var buf bytes.Buffer
	old := stdout
	stdout = func() io.Writer { return &buf }
	t.Cleanup(func() { stdout = old })
	p := NewProgress("work", 2)
	p.Set(2)
	for _, err := range []error{Show(HTML("a"), 2), Update("id", "c"), Clear(false)} {
		if err != nil {
			t.Error(err)
		}
	}
	p.Done()
	if got := buf.String(); !strings.HasPrefix(got, "a\n2\nc\nwork  100%") || strings.Count(got, "\n") != 4 {
		t.Errorf("printed %q", got)
	}
}

func TestProgress(t *testing.T) {
	events := connect(t)
	clock := time.Unix(0, 0)
	p := NewProgress("fit", 200)
	p.now = func() time.Time { return clock }
	p.start, p.shown = clock, clock
	for i := range 90 {
		clock = clock.Add(50 * time.Millisecond)
		p.Set(i + 1)
	}
	shown := func() string { return fmt.Sprint((*events)[len(*events)-1].Data["text/plain"]) }
	if got, want := shown(), "fit   45% |█████████████▌                | 90/200  20/s  5.5s left"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if n := len(*events); n != 1+45 {
		t.Errorf("%d updates, want one each 100 ms", n)
	}
	p.Add(110)
	p.Done()
	p.Done()
	if got, want := shown(), "fit  100% |██████████████████████████████| 200/200  44.4/s  in 4.5s"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for i, e := range *events {
		if (e.Op == outlet.Show) != (i == 0) || e.ID != (*events)[0].ID || len(e.Data) != 1 {
			t.Errorf("event %d: %+v", i, e)
		}
	}
}

func TestProgressWithoutTotal(t *testing.T) {
	connect(t)
	p := NewProgress("read", 0)
	p.Add(3)
	if got := p.line(); !strings.HasPrefix(got, "read  3") || strings.Contains(got, "left") {
		t.Errorf("got %q", got)
	}
	p.now = func() time.Time { return p.start.Add(time.Second) }
	p.Add(12342)
	if got := p.line(); got != "read  12345  12,345/s" {
		t.Errorf("got %q", got)
	}
	p = NewProgress("over", 2)
	p.Set(5)
	if got := p.line(); !strings.Contains(got, "100%") {
		t.Errorf("got %q", got)
	}
}

func ExampleHTML() {
	d := HTML("<b>bold</b>")
	fmt.Println(d.Data[MIMETypeHTML])
	// Output: <b>bold</b>
}

func ExampleShow() {
	Show(map[string]float64{"k=5": 0.31, "k=10": 0.27})
	// Output:
	//       float64
	// k=10     0.27
	// k=5      0.31
	// map[string]float64: 2 entries
}

func TestKeysInOrder(t *testing.T) {
	type named float64
	for name, c := range map[string]struct {
		v    any
		want []string
	}{
		"unsigned": {map[uint8]int{10: 0, 9: 0}, []string{"9", "10"}},
		"floats":   {map[float64]int{10.5: 0, -1: 0, 9: 0}, []string{"-1", "9", "10.5"}},
		"own type": {map[named]int{2: 0, 1: 0}, []string{"1", "2"}},
		"structs":  {map[struct{ A int }]int{{2}: 0, {1}: 0}, []string{"{A:1}", "{A:2}"}},
		"bools":    {map[bool]int{true: 0, false: 0}, []string{"false", "true"}},
	} {
		table, ok := tableOf(c.v)
		if !ok || !reflect.DeepEqual(table.labels, c.want) {
			t.Errorf("%s: %v", name, table.labels)
		}
	}
}

func TestEnormousMapIsCounted(t *testing.T) {
	m := make(map[int]bool)
	for i := range maxEntries + 1 {
		m[i] = true
	}
	if d := Auto(m); len(d.Data) != 1 || d.Data["text/plain"] != "map[int]bool with 100,001 entries" {
		t.Errorf("%.200v", d.Data)
	}
}

func TestLongCellsAreCut(t *testing.T) {
	table, _ := tableOf(map[string]string{"k": strings.Repeat("é", maxCellRunes+1)})
	if got := table.cells[0][0]; got != strings.Repeat("é", maxCellRunes)+"…" {
		t.Errorf("%d bytes", len(got))
	}
}
