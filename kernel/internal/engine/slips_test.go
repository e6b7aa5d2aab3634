package engine

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"gonmf/kernel/internal/magic"
	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/session"
)

// slips are what those type who come from other languages, and the line of Go that they are told.
var slips = []struct{ typed, told string }{
	// Python
	{"# a comment", "a comment begins with //: // a comment"},
	{"n = 1 # the number", "a comment begins with //"},
	{"[1, 2, 3]", "[]float64{1, 2, 3}"},
	{"names = ['a', 'b']", "[]string{'a', 'b'}"},
	{"import numpy as np", `"gonum.org/v1/gonum/mat" has matrices`},
	{"import pandas", `"gonmf/frames" has verbs on tables`},
	{"from sklearn.decomposition import NMF", `an import is import "gonmf/nmf"`},
	{"import os, sys", `import ("fmt"; "os")`},
	{"import \"numpy\"", `the package "numpy" is not Go's: "gonum.org/v1/gonum/mat" has matrices`},
	{"np.zeros(3)", `"gonum.org/v1/gonum/mat" has matrices`},
	{"np.array([1, 2, 3])", "mat.NewDense(rows, columns, numbers)"},
	{"pd.DataFrame({'a': [1]})", "dataframe.New(series.New("},
	{"newvar = 5", "as in newvar := 5"},
	{"a, b = 1, 2", "as in a, b := 1, 2"},
	{"a = b = 1", "b = 1; a = b"},
	{"n = \"text\"", "n := \"text\""},
	{"kk = 4", "it is a constant; kk := ... declares"},
	{"df.head()", "frames.Head(df, 5)"},
	{"df.shape", "df.Dims()"},
	{"df.columns", "df.Names()"},
	{"df[\"weight\"]", `df.Col("weight")`},
	{"df[0]", "df.Subset([]int{0})"},
	{"df[df.weight > 3]", `frames.Where(df, "weight > 3")`},
	{"df.weight", `df.Col("weight")`},
	{"df.groupby(\"user_id\")", `frames.GroupBy(df, "item_id").Agg("sum(weight)")`},
	{"df.sort_values(\"weight\")", `frames.Sort(df, "-weight")`},
	{"df.value_counts()", `frames.Count(df, "item_id")`},
	{"df.to_csv(\"x.csv\")", `files.Write("table.csv", df)`},
	{"len(df)", "df.Nrow()"},
	{"len(x)", "rows, columns := x.Dims()"},
	{"len(m)", "m.X.Dims()"},
	{"print(df)", "fmt.Println(df)"},
	{"print \"a\"", `fmt.Println("a")`},
	{"frames.Where(df, weight > 3)", `frames.Where(df, "weight > 3")`},
	{"frames.Where(df, \"weight\" > 3)", `frames.Where(df, "weight > 3")`},
	{"frames.Filter(df, \"weight > 3\")", `frames.Where(df, "weight > 3")`},
	{"frames.Sort(df, by=\"weight\")", "arguments have no names"},
	{"frames.ReadCSV(\"sales.csv\")", `files.Read(ctx, "sales.csv")`},
	{"frames.ReadInteractions(\"sales.csv\", frames.Columns{})", `files.ReadInteractions(ctx, "sales.csv", frames.Columns{})`},
	{"model.Save(\"m.npz\")", `files.SaveModel("m.npz", model)`},
	{"nmf.Load(\"m.npz\")", `files.LoadModel("m.npz")`},
	{"nmf.Fit(ctx, m, nmf.Config{Components: 2})", "its matrix is m.X"},
	{"nmf.Fit(ctx, df, nmf.Config{Components: 2})", "frames.NewInteractions(df, frames.Columns{})"},
	{"nmf.Fit(x, nmf.Config{Components: 2})", "write nmf.Fit(ctx, x, nmf.Config{"},
	{"nmf.Fit(ctx, x, 3)", "nmf.Config{Components: 3}"},
	{"nmf.NMF(3)", "nmf.Fit(ctx, x, nmf.Config{Components: 3})"},
	{"NMF(n_components=3)", "settings are fields of a struct"},
	{"nmf.Config{n_components: 3}", "here it is Components"},
	{"nmf.Config{max_iter: 3}", "here it is MaxIter"},
	{"nmf.Config{random_state: 3}", "here it is Seed"},
	{"nmf.Config{Init: \"random\"}", "write nmf.InitRandom"},
	{"nmf.Config{Init: \"none\"}", "write nmf.InitAuto or nmf.InitCustom or"},
	{"nmf.Config{Solver: \"mu\"}", "write nmf.MU{}"},
	{"nmf.Config{Solver: nmf.MU}", "nmf.MU{}"},
	{"nmf.Config{Loss: \"kullback-leibler\"}", "write nmf.KullbackLeibler"},
	{"model.components_", "model.H"},
	{"model.fit_transform(x)", "nmf.Fit(ctx, x, nmf.Config{Components: 3})"},
	{"chart.Bars(df)", "write chart.Bars(df, chart.Options{})"},
	{"chart.Plot(df)", "chart.Lines(df, chart.Options{})"},
	{"_", "Out[3], or _3, is the value of cell 3"},
	{"x[0][1]", "x.At(0, 1)"},
	{"x[0, 1]", "x.At(0, 1)"},
	{"x @ y", "z.Mul(x, y)"},
	{"x * x", "z.Mul(x, x)"},
	{"x * 2", "z.Scale(2, x)"},
	{"x.shape", "x.Dims()"},
	{"xs + ys", "zs[i] = xs[i] + ys[i]"},
	{"xs[-1]", "xs[len(xs)-1]"},
	{"xs[::2]", "no step"},
	{"xs.length", "len(xs)"},
	{"counts.items()", "for k, v := range counts"},
	{"s.strip()", "strings.TrimSpace(s)"},
	{"for i in range(10):", "for i := range 10"},
	{"[x * 2 for x in xs]", "for _, x := range xs { list = append(list, x * 2) }"},
	{"if n == 3:", "a block stands in braces"},
	{"if n { }", "n != 0"},
	{"elif n == 4:", "} else if n == 4 {"},
	{"while True:", "for { ... }"},
	{"def f(x):", "func f(x float64) float64"},
	{"f = lambda x: x + 1", "func(x float64) float64 { return x + 1 }"},
	{"class A:", "type A struct"},
	{"try:\n    pass\nexcept ValueError:", "an error is a value"},
	{"with open(\"x.csv\") as f:", `f, err := os.Open("x.csv")`},
	{"raise ValueError(\"x\")", "return fmt.Errorf("},
	{"f\"n is {n}\"", "fmt.Sprintf"},
	{"\"\"\"text\"\"\"", "backquotes"},
	{"'single quotes'", `"single quotes"`},
	{"n ** 2", "math.Pow"},
	{"3 in xs", "slices.Contains(xs, 3)"},
	{"n is None", "n == nil"},
	{"ok and true", "&&"},
	{"not ok", "!ok"},
	{"\"a\" * 3", `strings.Repeat("a", 3)`},
	{"str(n)", "fmt.Sprint(n)"},
	{"int(s)", "strconv.Atoi(s)"},
	{"sum(xs)", "floats.Sum(xs)"},
	{"max(xs)", "slices.Max(xs)"},
	{"t = (1, 2)", "Go has no tuples"},
	{"d = {'a': 1}", "map[string]int{"},
	{"xs = []", "[]float64{}"},
	{"None", "Go's word is nil"},
	{"assert n == 3", "if !(n == 3) { panic"},
	{"ls *.csv", "!ls *.csv"},
	// R
	{"y <- 5", "y := 5"},
	{"n <- 5", "n = 5 assigns"},
	{"c(1, 2)", "[]float64{1, 2}"},
	{"library(dplyr)", "packages are imported as they are used"},
	{"f <- function(x) x + 1", "func f(x float64) float64"},
	{"df %>% head()", "Go has no pipe"},
	{"df$weight", `df.Col("weight")`},
	{"TRUE", "Go's word is true"},
	{"NULL", "Go's word is nil"},
	{"NA", "math.NaN()"},
	{"nrow(df)", "df.Nrow()"},
	{"head(df)", "frames.Head(df, 5)"},
	{"summary(df)", "frames.Describe(df)"},
	{"for (i in 1:10) { }", "for i := range 10"},
	{"n %in% xs", "slices.Contains"},
	{"hist(xs)", "chart.Histogram(xs, chart.Options{})"},
	// Julia
	{"using LinearAlgebra", "an import is import"},
	{"xs .+ ys", "number by number"},
	{"x'", "x.T()"},
	{"function f(x)", "func f(x float64) float64"},
	{"end", "Go's word is }"},
	{"1:10", "for i := range 10"},
	// C, Java, JavaScript
	{"int k = 3", "k := 3"},
	{"let k = 3", "k := 3"},
	{"for (int i = 0; i < 3; i++) { }", "for i := 0; i < 3; i++ {"},
	{"if (n == 3) fmt.Println(n)", "a block stands in braces"},
	{"x => x + 1", "func(x float64) float64 { return x + 1 }"},
	{"new Person()", "Person{}"},
	{"n == 3 ? 1 : 2", "no expression with a condition"},
	{"throw n", "return fmt.Errorf("},
	{"fmt.println(n)", "write fmt.Println"},
	{"func f(x: int) -> int { return x }", "func f(x int) int"},
}

// TestSlips types them.
func TestSlips(t *testing.T) {
	s := newSession(t, `df := dataframe.ReadCSV(strings.NewReader("item_id,user_id,weight\na,b,1\nc,d,3\n"))
m, err := frames.NewInteractions(df, frames.Columns{Weight: "weight"})
x := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
model, err := nmf.Fit(ctx, x, nmf.Config{Components: 1})
n, s, xs, ok, counts := 3, "text", []float64{1, 2, 3}, true, map[string]int{"a": 1}
ys := xs
const kk = 3`)
	commands := magic.New(magic.Options{Session: s, Output: func(int, bool, []byte) {}}, pipe.Place{})
	for i, slip := range slips {
		_, err := s.Eval(t.Context(), i+2, slip.typed, commands.Parse(slip.typed)...)
		var told *session.Error
		if !errors.As(err, &told) || told.Name != session.CompileError || !strings.Contains(strings.Join(told.Traceback, "\n"), slip.told) {
			t.Errorf("%s\nis told %v\nwant %s", slip.typed, err, slip.told)
		}
	}
}

// TestAdviceNamesWhatIsThere looks up every name of a package that an advice has.
func TestAdviceNamesWhatIsThere(t *testing.T) {
	s := newSession(t)
	for _, text := range session.AllAdvice() {
		for _, m := range regexp.MustCompile(`\b(frames|files|chart|nmf|mat|stat|floats|slices|maps|strings|strconv|math|fmt|os|display|dataframe|series|sparse|utf8|maphash)\.([A-Z]\w*)`).FindAllStringSubmatch(text, -1) {
			if got := completed(s, m[1]+"."+m[2]+"‸"); len(got) == 0 || got[0] != m[2] {
				t.Errorf("%q: there is no %s", text, m[0])
			}
		}
	}
}
