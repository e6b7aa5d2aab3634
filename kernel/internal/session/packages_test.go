package session

import (
	"fmt"
	"go/constant"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ast/astutil"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/docs"
	"gonmf/kernel/internal/session/machine"
	"gonmf/scripts/symbols"
)

// Data science as the notebooks do it, with the compiled packages of gonmf.
func TestCompiledPackages(t *testing.T) {
	s, err := New(Options{Packages: symbols.Symbols})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for i, c := range []struct{ src, want string }{
		{"import (\n\t\"fmt\"\n\t\"strings\"\n\n\t\"github.com/go-gota/gota/dataframe\"\n\t\"github.com/go-gota/gota/series\"\n\t\"gonum.org/v1/gonum/mat\"\n\t\"gonum.org/v1/gonum/stat\"\n\t\"gonum.org/v1/plot\"\n\t\"gonum.org/v1/plot/plotter\"\n\n\t\"gonmf/nmf\"\n)\na := mat.NewDense(2, 2, []float64{1, 2, 3, 4})\nvar b mat.Dense\nb.Mul(a, a.T())\nmat.Sum(&b)", "52"},
		{"type my struct{ *mat.Dense }\nfunc (m my) Name() string { return \"my\" }\nvar m mat.Matrix = my{a}\nr, c := m.Dims()\nfmt.Sprint(r, c, m.At(1, 1), m.(my).Name(), stat.Mean([]float64{1, 2, 3}, nil))", "2 2 4my2"},
		{"df := dataframe.ReadCSV(strings.NewReader(\"a,b\\n1,x\\n2,y\\n3,x\\n\"))\ndf.Filter(dataframe.F{Colname: \"b\", Comparator: series.Eq, Comparando: \"x\"}).Nrow()", "2"},
		{"p := plot.New()\np.Title.Text = \"t\"\nl, err := plotter.NewLine(plotter.XYs{{1, 2}, {3, 4}})\np.Add(l)\nerr", "<nil>"},
		{"x := mat.NewDense(4, 3, []float64{1, 2, 3, 2, 4, 6, 1, 0, 1, 2, 0, 2})\nmodel, err := nmf.Fit(ctx, x, nmf.Config{Components: 2, MaxIter: 500, Tol: 1e-8})\nfmt.Sprintf(\"%v %.3f\", err, model.Err)", "<nil> 0.000"},
		{"steps := 0\n_, err = nmf.Fit(ctx, x, nmf.Config{Components: 2, Solver: &nmf.MU{}, Loss: nmf.KullbackLeibler, MaxIter: 7, Tol: -1, Progress: func(s nmf.Step) { steps++ }})\nfmt.Sprint(steps, err)", "7 <nil>"},
		{"_, err = nmf.Fit(ctx, mat.NewDense(1, 1, []float64{-1}), nmf.Config{Components: 1})\nimport \"errors\"\nerrors.Is(err, nmf.ErrNegative)", "true"},
	} {
		res, err := s.Eval(t.Context(), i+1, c.src)
		if err != nil {
			t.Fatalf("In [%d]: %v", i+1, err)
		}
		if got := values(res); got != c.want {
			t.Errorf("In [%d]: got %q, want %q", i+1, got, c.want)
		}
	}
	h, ok := s.Inspect("nmf.Fit", 6)
	if !ok || !strings.HasPrefix(h.Signature, "func Fit(ctx context.Context, x mat.Matrix, cfg Config) (*Model, error)") || h.Doc == "" {
		t.Errorf("help on nmf.Fit: %+v", h)
	}
}

// Each kind of symbol that a table can hold.
func TestTableOfSymbols(t *testing.T) {
	type point struct{ X, Y int }
	counter := 5
	hook := func(n int) int { return n + 1 }
	s, err := New(Options{Packages: map[string]map[string]reflect.Value{
		"example.org/own/v2/own": {
			"Double":  reflect.ValueOf(func(n int) int { return 2 * n }),
			"Counter": reflect.ValueOf(&counter).Elem(),
			"Limit":   reflect.ValueOf(constant.MakeFromLiteral("1000000000000000000000", token.INT, 0)),
			"Month":   reflect.ValueOf(uint8(3)),
			"Name":    reflect.ValueOf("n"),
			"Alias":   reflect.ValueOf((*point)(nil)),
			"Hook":    reflect.ValueOf(&hook).Elem(),
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for i, c := range []struct{ src, want string }{
		{"import \"example.org/own/v2\"\nown.Double(4)", "8"},
		{"own.Counter++\nown.Counter", "6"},
		{"for range 3 { own.Counter += 2 }\nfunc up(n int) int { for range n { own.Counter-- }; return own.Counter }\nup(6)", "6"},
		{"own.Limit / 1e18", "1000"},
		{"var m uint8 = own.Month\nm", "3"},
		{"own.Name + \"!\"", "n!"},
		{"own.Alias{X: 1}", "{1 0}"},
		{"own.Hook(1)", "2"},
		{"own.Hook = func(n int) int { return n * 10 }\nown.Hook(1)", "10"},
	} {
		if got := values(eval(t, s, i+1, c.src)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.src, got, c.want)
		}
	}
	if counter != 6 {
		t.Errorf("the variable of the package is %d, a cell has set it to 6", counter)
	}
}

// What gonmf build adds as source: generic, with a dot in its path, a variable, and
// another package that it imports.
func TestSources(t *testing.T) {
	s, err := New(Options{Sources: map[string]map[string]string{
		"example.org/seq/v2": {
			"a.go": "// Package seq is for sequences.\npackage seq\nimport \"example.org/seq/v2/internal/count\"\nvar calls = map[string]int{\"Map\": 0}\n// Map applies f to all of list.\nfunc Map[T, R any](list []T, f func(T) R) (out []R) {\n\tcalls[\"Map\"] = count.Up(calls[\"Map\"])\n\tfor _, x := range list {\n\t\tout = append(out, f(x))\n\t}\n\treturn out\n}",
			"b.go": "package seq\ntype Pair[A, B any] struct { A A; B B }\nfunc (p Pair[A, B]) Swap() Pair[B, A] { return Pair[B, A]{p.B, p.A} }\nfunc Calls() int { return calls[\"Map\"] }",
		},
		"example.org/seq/v2/internal/count": {"c.go": "package count\nfunc Up(n int) int { return n + 1 }"},
		"example.org/broken":                {"d.go": "package broken\nfunc F() int { return \"\" }"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for i, c := range []struct{ src, want string }{
		{"import \"example.org/seq/v2\"\nseq.Map([]int{1, 2}, func(n int) string { return string(rune('a' + n)) })", "[b c]"},
		{"seq.Pair[int, string]{1, \"x\"}.Swap()", "{x 1}"},
		{"type own struct{ n int }\nseq.Map([]own{{3}}, func(o own) int { return o.n })", "[3]"},
		{"seq.Calls()", "2"},
	} {
		if got := values(eval(t, s, i+1, c.src)); got != c.want {
			t.Errorf("%s: got %q, want %q", c.src, got, c.want)
		}
	}
	if _, err := s.Eval(t.Context(), 9, "import \"example.org/broken\""); err == nil || !strings.Contains(err.Error(), "example.org/broken/d.go, line 2") {
		t.Errorf("of a package that does not compile it says %v", err)
	}
	if h, ok := s.Inspect("seq.Map", 7); !ok || h.Doc != "Map applies f to all of list." || h.Package != "example.org/seq/v2" {
		t.Errorf("help is %+v", h)
	}
	if c := s.Complete("seq.", 4); !slices.ContainsFunc(c.Matches, func(m Match) bool { return m.Text == "Pair" }) {
		t.Errorf("offered are %v", c.Matches)
	}
}

// A method of a value whose type is of a package that is in no table.
func TestTypesOfOtherPackages(t *testing.T) {
	s, err := New(Options{Packages: map[string]map[string]reflect.Value{
		"example.org/outer/outer": {"Tree": reflect.ValueOf(func() *astutil.Cursor { return new(astutil.Cursor) })},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if got := values(eval(t, s, 1, "import \"example.org/outer\"\nc := outer.Tree()\nc.Name()")); got != "" {
		t.Errorf("got %q", got)
	}
	if _, err := s.Eval(t.Context(), 2, "import \"golang.org/x/tools/go/ast/astutil\""); err == nil || !strings.Contains(err.Error(), "gonmf build -with golang.org/x/tools/go/ast/astutil@latest") {
		t.Errorf("got %v", err)
	}
}

// The standard library of the Go that built this, but for what needs a compiler
// or a linker at run time.
func TestStandardLibraryIsWhole(t *testing.T) {
	b := newBench(t)
	var missing []string
	for _, p := range standardLibrary {
		if _, err := b.machine.Import(p); err != nil {
			missing = append(missing, p)
		}
	}
	if len(missing) > 0 {
		t.Errorf("cannot be imported: %q", missing)
	}
}

// Generic functions and types of the standard library outside slices, maps, cmp and iter,
// which the language tests use.
func TestGenericsOfTheStandardLibrary(t *testing.T) {
	b := newBench(t)
	b.want("import (\"crypto/hkdf\"; \"crypto/pbkdf2\"; \"crypto/sha256\"; \"database/sql\"; \"errors\"; \"fmt\"; \"hash/maphash\"; \"io/fs\"; \"math/rand/v2\"; \"reflect\"; \"runtime\"; \"sync\"; \"sync/atomic\"; \"time\"; \"unique\"; \"weak\")", "")
	for _, s := range []step{
		{"type E struct{ k int }\nfunc (e E) Error() string { return fmt.Sprint(\"E\", e.k) }\ne, ok := errors.AsType[E](fmt.Errorf(\"w: %w\", E{4}))\nfmt.Print(e, ok)", "E4 true"},
		{"pe, ok := errors.AsType[*fs.PathError](e)\nfmt.Print(pe == nil, ok)", "true false"},
		{"v, ok := reflect.TypeAssert[fmt.Stringer](reflect.ValueOf(time.Second))\nfmt.Print(v, ok, reflect.TypeFor[E]())", "1s true main.E"},
		{"prk, err := hkdf.Extract(sha256.New, []byte(\"s\"), []byte(\"salt\"))\nokm, err := hkdf.Expand(sha256.New, prk, \"info\", 5)\nkey, err := hkdf.Key(sha256.New, []byte(\"s\"), []byte(\"salt\"), \"info\", 5)\nfmt.Print(string(okm) == string(key), len(key), err)", "true 5 <nil>"},
		{"pw, err := pbkdf2.Key(sha256.New, \"password\", []byte(\"salt\"), 1, 8)\nfmt.Printf(\"%x %v\", pw, err)", "120fb6cffcf8b32c <nil>"},
		{"seed := maphash.MakeSeed()\nfmt.Print(maphash.Comparable(seed, E{1}) == maphash.Comparable(seed, E{1}), maphash.Comparable(seed, E{1}) == maphash.Comparable(seed, E{2}))", "true false"},
		{"var h, g maphash.Hash\ng.SetSeed(h.Seed())\nmaphash.WriteComparable(&h, E{1})\nbefore := g.Sum64() == h.Sum64()\nmaphash.WriteComparable(&g, E{1})\nfmt.Print(before, g.Sum64() == h.Sum64())", "false true"},
		{"var n sql.Null[int]\nfmt.Print(n.Scan(int64(3)), n)", "<nil> {3 true}"},
		{"fmt.Print(rand.N(time.Second) < time.Second)", "true"},
		{"x := new([100]int)\nruntime.AddCleanup(x, func(int) {}, 1).Stop()\nfmt.Print(weak.Make(x).Value() == x, unique.Make(\"a\") == unique.Make(\"a\"))", "true true"},
		{"twice := sync.OnceValues(func() (int, error) { fmt.Print(\"once \"); return 1, nil })\ntwice()\nfmt.Print(twice())\nvar p atomic.Pointer[E]\np.Store(&e)\nfmt.Print(p.Load().k)", "once 1 <nil>4"},
	} {
		b.want(s.src, s.want)
	}
}

func TestEveryImportablePackageIsDocumented(t *testing.T) {
	b := newBench(t)
	for _, p := range b.compiler.Importable() {
		if strings.HasPrefix(p, "example.org/") {
			continue // registered by another test
		}
		if e, ok := docs.Lookup(p, ""); !ok || !strings.HasPrefix(e.Signature, "package ") {
			t.Errorf("package %s is not in the table of docs: run go generate ./kernel/internal/session/docs", p)
		}
	}
}

func TestNames(t *testing.T) {
	b := newBench(t)
	b.want("x := []int{1}\nconst c = 3\ntype T struct{ A int }\nfunc (T) M() {}\nfunc f(n int) string { return \"\" }", "")
	b.want("x := \"again\"", "")
	want := "[{T type struct{A int} 1} {c constant untyped int 1} {f function func(n int) string 1} {x variable string 2}]"
	if got := fmt.Sprint(b.Names()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for name, want := range map[string]any{"x": "again", "c": int64(3)} {
		if got, ok := b.Value(name); !ok || got != want {
			t.Errorf("%s is %v, %v, want %v", name, got, ok, want)
		}
	}
	for _, name := range []string{"T", "f", "nothing"} {
		if got, ok := b.Value(name); ok {
			t.Errorf("%s has the value %v", name, got)
		}
	}
}

func TestExpression(t *testing.T) {
	b := newBench(t)
	b.want("x := 4", "")
	if res, err := b.Expression(t.Context(), "x * x"); err != nil || values(res) != "16" {
		t.Errorf("got %v, %v", res, err)
	}
	for _, bad := range []string{"y := 1", "undefined", "x ++", ""} {
		if _, err := b.Expression(t.Context(), bad); err == nil {
			t.Errorf("%q is no expression", bad)
		}
	}
	b.want("x", "=> 4")
}

func TestMethodStubsRunOut(t *testing.T) {
	b := newBench(t)
	used, total := machine.MethodStubs()
	u := &compile.Unit{Types: compile.Methods{"T": {Methods: map[string]compile.Text{}}}}
	for i := range total - used {
		u.Types["T"].Methods[fmt.Sprint("M", i)] = compile.Text{}
	}
	err := b.roomForMethods(u)
	if err == nil || err.Name != Limit || !strings.Contains(err.Value, "restart the kernel") {
		t.Errorf("got %v", err)
	}
}
