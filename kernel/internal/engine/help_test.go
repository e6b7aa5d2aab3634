package engine

import (
	"os"
	"slices"
	"strings"
	"testing"

	"gonmf/kernel/internal/magic"
	"gonmf/kernel/internal/session"
)

// newSession returns a session as notebooks have it, in which cells have run.
func newSession(t *testing.T, cells ...string) *session.Session {
	t.Helper()
	s, err := session.New(session.Options{Packages: packages(), Sources: Sources, FileColumns: columnsOf, Show: magic.Show})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	s.SetAutoImport(true)
	for i, cell := range cells {
		if _, err := s.Eval(t.Context(), i+1, cell); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// completed returns the texts that a cell with the cursor at ‸ can go on with.
func completed(s *session.Session, cell string) (texts []string) {
	before, after, _ := strings.Cut(cell, "‸")
	for _, m := range s.Complete(before+after, len(before)).Matches {
		texts = append(texts, m.Text)
	}
	return texts
}

// TestColumnsAreCompleted asks for columns in all places that name some.
func TestColumnsAreCompleted(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("sales.csv", []byte("article;customer;order value\na;b;1\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	s := newSession(t,
		"df := dataframe.ReadCSV(strings.NewReader(\"item_id,user_id,weight,wear\\na,b,1,2\\nc,d,3,4\\n\"))",
		"groups := frames.GroupBy(df, \"item_id\")\nboth := struct{ First dataframe.DataFrame }{df}\nlist := []dataframe.DataFrame{df}\ntext := \"df\"",
		"sales, err := files.Read(ctx, \"sales.csv\")")
	all, sales := []string{"item_id", "user_id", "weight", "wear"}, []string{"article", "customer", "order value"}
	for _, c := range []struct {
		cell string
		want []string
	}{
		{`df.Col("‸`, all},
		{`df.Col("‸")`, all},
		{`x := df.Col("we‸").Mean()`, []string{"weight", "wear"}},
		{`df.Select("‸`, all},
		{`df.Select([]string{"‸`, all},
		{`df.Select([]string{"weight", "u‸"})`, []string{"user_id"}},
		{`sales.Col("order v‸`, []string{"order value"}},
		{`(&df).Col("u‸`, []string{"user_id"}},
		{`both.First.Col("u‸`, []string{"user_id"}},
		{`list[0].Col("u‸`, []string{"user_id"}},
		{`df.Filter(dataframe.F{Colname: "‸`, all},
		{`df.Arrange(dataframe.Sort("u‸`, []string{"user_id"}},
		{`df.Select("weight").Rename("x", "we‸`, []string{"weight", "wear"}},
		{`frames.Sort(df, "‸`, all},
		{`frames.Sort(df, "-we‸`, []string{"weight", "wear"}},
		{"top, err := frames.Count(df,\n\t\"i‸\"\n)\ntop", []string{"item_id"}},
		{`frames.Join(df, sales, "us‸`, []string{"user_id"}},
		{`frames.Where(df, "we‸`, []string{"weight", "wear"}},
		{`frames.Where(df, "weight > 3 && u‸ == 'x'")`, []string{"user_id"}},
		{`frames.Where(sales, "ord‸`, []string{"col('order value')"}},
		{"frames.Where(sales, `ord‸", []string{"col('order value')"}},
		{`frames.Mutate(df, "share = wei‸`, []string{"weight"}},
		{`frames.GroupBy(df, "us‸`, []string{"user_id"}},
		{`frames.GroupBy(df, "user_id").Agg("sum(we‸`, []string{"weight", "wear"}},
		{`groups.Agg("sum(we‸`, []string{"weight", "wear"}},
		{`frames.NewInteractions(df, frames.Columns{Weight: "‸`, all},
		{`opt := frames.Columns{Item: "‸`, sales}, // the latest table
		{`files.ReadInteractions(ctx, "sales.csv", frames.Columns{Item: "‸`, sales},
		{`chart.Bars(df, chart.Options{X: "we‸`, []string{"weight", "wear"}},
		{"new, err := files.Read(ctx, \"sales.csv\")\nmany, err := frames.Mutate(new, \"cost = 2\")\nfor range 3 {\n\tmany.Col(\"c‸\n}", []string{"customer", "cost"}},
		{`chart.Bars(df, chart.Options{Title: "we‸`, nil},
		{`fmt.Println(df, "we‸`, nil},
		{`nobody.Col("‸`, []string{"sales.csv"}},
		{`files.Read(ctx, "‸`, []string{"sales.csv"}},
		{`text.Col("we‸`, nil},
		{`df.Col("none‸`, nil},
	} {
		if got := completed(s, c.cell); !slices.Equal(got, c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.cell, got, c.want)
		}
	}
}

// TestWhatFitsIsCompleted asks for values where the type of what is to stand is known.
func TestWhatFitsIsCompleted(t *testing.T) {
	s := newSession(t, "import \"gonmf/nmf\"\nx := mat.NewDense(2, 2, nil)\nvar start nmf.Init")
	for _, c := range []struct {
		cell string
		want []string // the first of all
	}{
		{`nmf.Config{Init: ‸`, []string{"nmf.InitAuto", "nmf.InitCustom", "nmf.InitNNDSVD", "nmf.InitNNDSVDa", "nmf.InitNNDSVDar", "nmf.InitRandom", "start"}},
		{`nmf.Config{Components: 3, Init: InitR‸}`, []string{"nmf.InitRandom"}},
		{`nmf.Config{Init: nmf.‸`, []string{"InitAuto", "InitCustom", "InitNNDSVD"}},
		{`nmf.Config{Solver: ‸}`, []string{"nmf.AcceleratedCD{}", "nmf.CD{}", "nmf.MU{}", "nmf.MiniBatch{}"}},
		{`nmf.Config{Solver: MU‸}`, []string{"nmf.MU{}"}},
		{`nmf.Config{Loss: ‸}`, []string{"nmf.Frobenius", "nmf.ItakuraSaito", "nmf.KullbackLeibler"}},
		{`nmf.Config{W0: ‸}`, []string{"x"}},
		{`nmf.CD{Shuffle: ‸}`, []string{"false", "true"}},
		{`start == ‸`, []string{"nmf.InitAuto"}},
		{`start = ‸`, []string{"nmf.InitAuto"}},
		{`var b nmf.Init = ‸`, []string{"nmf.InitAuto"}},
		{`time.Sleep(‸`, []string{"time.Hour", "time.Microsecond"}},
	} {
		got := completed(s, c.cell)
		if len(got) < len(c.want) || !slices.Equal(got[:len(c.want)], c.want) {
			t.Errorf("%s\ngot  %q\nwant %q", c.cell, got[:min(len(got), 10)], c.want)
		}
	}
}

// TestHelpShowsEverything asks what names are.
func TestHelpShowsEverything(t *testing.T) {
	s := newSession(t, "df := dataframe.ReadCSV(strings.NewReader(\"a,b\\n1,2\\n\"))\n// Twice is mine.\nfunc Twice(x int) int {\n\treturn 2 * x\n}",
		"words := []string{\"a\", \"b\"}\ntype own struct{ A int }\nfunc (own) String() string { for {} }\nmine := own{1}\nmany := []own{{1}}\nvar none error")
	for _, c := range []struct {
		name      string
		text, all []string
		not       string
	}{
		{"nmf.Config", []string{"Unobserved float64", "Workers int", "W0, H0 mat.Matrix", "The zero value"}, nil, "..."},
		{"nmf", []string{"package nmf //", "Choosing a solver", "Config.Mask and", "# Inside"}, []string{"\nfunc Fit(", "\ntype Config struct { ... }", "\nvar Frobenius"}, "\n..."},
		{"chart", []string{"package chart //"}, []string{"func Bars("}, ""},
		{"nmf.Model", []string{"type Model struct"}, []string{"func (m *Model) Save("}, "func Fit("},
		{"df", []string{"var df dataframe.DataFrame", "DataFrame: 1 rows × 2 columns", " B\n", "DataFrame is a data structure"}, []string{"func (df DataFrame) Col("}, ""},
		{"words", []string{"var words []string", "2 long, ", `["a" "b"]`}, nil, ""},
		{"Twice", []string{"func Twice(x int) int", "Twice is mine."}, []string{"return 2 * x"}, ""},
		{"mine", []string{"var mine own"}, nil, "String"}, // whose method is not called
		{"many", []string{"var many []own"}, nil, "long"},
		{"none", []string{"var none error"}, nil, ""},
	} {
		h, ok := s.Inspect(c.name, len(c.name))
		if !ok {
			t.Errorf("nothing is known of %s", c.name)
		}
		for _, part := range c.text {
			if !strings.Contains(h.Text(), part) {
				t.Errorf("%s? is without %q:\n%s", c.name, part, h.Text())
			}
		}
		for _, part := range c.all {
			if strings.Contains(h.Text(), part) || !strings.Contains(h.All(), part) {
				t.Errorf("%s?? alone should have %q:\n%s", c.name, part, h.All())
			}
		}
		if c.not != "" && strings.Contains(h.Text(), c.not) {
			t.Errorf("%s? has %q:\n%s", c.name, c.not, h.Text())
		}
	}
	if got := completed(s, `import "‸`); len(got) == 0 || !strings.HasPrefix(got[0], "gonmf/") || strings.HasPrefix(got[len(got)-1], "gonmf/") {
		t.Errorf("imports begin with %q", got[:min(len(got), 3)])
	}
	if got := completed(s, `for‸`); len(got) == 0 || got[0] != "for" {
		t.Errorf("for goes on with %q", got)
	}
	if got := completed(s, `ran‸`); slices.Index(got, "rand") < 0 || strings.Count(strings.Join(got, " "), "rand") != 1 {
		t.Errorf("ran goes on with %q", got)
	}
}
