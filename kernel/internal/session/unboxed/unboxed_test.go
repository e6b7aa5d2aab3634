package unboxed

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"math"
	"strings"
	"sync/atomic"
	"testing"
	"unsafe"

	"golang.org/x/tools/go/ssa"
)

const source = `package p

var total int
var weights []float64
var unknown int

func sum(n int) int { s := 0; for i := range n { s += i }; return s }
func swap(n int) (a, b int) { a, b = 1, 2; for range n { a, b = b, a }; return }
func fact(n uint64) uint64 { if n < 2 { return 1 }; return n * fact(n-1) }
func down(n int) int { if n == 0 { return 0 }; return down(n - 1) }
func even(n int) bool { if n == 0 { return true }; return odd(n - 1) }
func odd(n int) bool { if n == 0 { return false }; return even(n - 1) }
func dot(a, b []float64) (s float64) { for i := range a { s += a[i] * b[i] }; return }
func fill(a []int16, x int16) { for i := range a { a[i] = x; x++ } }
func add(n int) { for range n { total += 2 } }
func weigh() (s float64) { for _, w := range weights { s += w }; return }
func root(x float64) float64 { for range 1 { x = sqrt(x) }; return x }
func sqrt(x float64) float64
func forever() { for {} }
func halve(n, d int) int { for range 1 { n /= d }; return n }

func text(s string) int { return len(s) }
func boxed(x any) int { for range 1 { _ = x }; return 0 }
func deferred() { defer add(1); for {} }
func closure(n int) func() int { return func() int { return n } }
func touches() { for { unknown++ } }
func caller(n int) int { for range n { text("") }; return n }
func ping(n int) int { if n == 0 { return 0 }; return pong(n - 1) }
func pong(n int) int { if n == 0 { return text("") }; return ping(n - 1) }
func straight(n int) int { return n + 1 }
func fib(n int) int { a, b := 0, 1; for i := 0; i < n; i++ { a, b = b, a+b }; return a }
func shift(a []float64) { for i := 0; i < len(a)-1; { j := i; i++; a[j] = a[i] } }
func late(a []int) (s int) { for i := 0; i < len(a); { x := &a[i]; i++; s += *x * i }; return }
func last(a []int16) (s int) { i := 0; for i < len(a) { old := i; i += 2; s = s*10 + old + i }; return }
func steps(n int) (s int) { for i, j := 0, n; i < j; i, j = i+1, j-i { s = s*7 + i*j }; return }

func around(x []float64, n int) (func(i, j int) bool, func(i int) int) {
	return func(i, j int) bool { return x[i] < x[j] }, func(i int) int { n += i; return n }
}
`

// fixture is the compiled source and an Env for it.
type fixture struct {
	pkg     *ssa.Package
	env     *Env
	total   int
	weights []float64
	stop    atomic.Int32
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{},
		FileVersions: map[*ast.File]string{},
	}
	files := []*ast.File{file}
	tpkg, err := new(types.Config).Check("p", fset, files, info)
	if err != nil {
		t.Fatal(err)
	}
	pkg := ssa.NewProgram(fset, ssa.InstantiateGenerics).CreatePackage(tpkg, files, info, false)
	pkg.Build()
	f := &fixture{pkg: pkg, weights: []float64{1, 2, 4}}
	f.env = &Env{
		Owns: func(g *ssa.Global) bool { return g.Name() != "unknown" },
		Global: func(g *ssa.Global) unsafe.Pointer {
			if g.Name() == "total" {
				return unsafe.Pointer(&f.total)
			}
			return unsafe.Pointer(&f.weights)
		},
		Native: func(fn *ssa.Function) any {
			if fn.Name() == "sqrt" {
				return math.Sqrt
			}
			return nil
		},
		Stopping: &f.stop,
		Stop:     func() { panic("stopped") },
	}
	return f
}

func (f *fixture) call(t *testing.T, name string, args ...any) (text string) {
	t.Helper()
	plan := f.env.Plan(f.pkg.Func(name))
	if plan == nil {
		t.Fatalf("%s was declined", name)
	}
	plan.Prepare()
	defer func() {
		if e := recover(); e != nil {
			text = fmt.Sprint("panic: ", e)
		}
	}()
	return strings.Trim(fmt.Sprint(plan.Call(args)), "[]")
}

func TestCall(t *testing.T) {
	a := []int16{0, 0, 0}
	for _, c := range []struct {
		name string
		args []any
		want string
	}{
		{"sum", []any{10}, "45"},
		{"swap", []any{3}, "2 1"},
		{"fact", []any{uint64(20)}, "2432902008176640000"},
		{"even", []any{7}, "false"},
		{"dot", []any{[]float64{1, 2}, []float64{3, 4}}, "11"},
		{"dot", []any{[]float64{1, 2}, []float64{3}}, "panic: runtime error: index out of range [1] with length 1"},
		{"dot", []any{nil, nil}, "0"},
		{"fill", []any{a, int16(32766)}, ""},
		{"add", []any{5}, ""},
		{"fib", []any{10}, "55"},
		{"late", []any{[]int{5, 6, 7}}, "38"},
		{"last", []any{make([]int16, 5)}, "270"},
		{"steps", []any{20}, fmt.Sprint(steps(20))},
		{"weigh", nil, "7"},
		{"root", []any{2.25}, "1.5"},
		{"halve", []any{7, 2}, "3"},
		{"halve", []any{7, 0}, "panic: runtime error: integer divide by zero"},
		{"down", []any{10_000}, "0"},
		{"down", []any{MaxDepth + 10}, "panic: runtime error: stack overflow: calls are nested more than 1050000 deep"},
	} {
		f := newFixture(t)
		if got := f.call(t, c.name, c.args...); got != c.want {
			t.Errorf("%s%v: got %q, want %q", c.name, c.args, got, c.want)
		}
		if c.name == "add" && f.total != 10 {
			t.Errorf("the variable is %d, want 10", f.total)
		}
	}
	if fmt.Sprint(a) != "[32766 32767 -32768]" {
		t.Errorf("the slice is %v", a)
	}
}

func TestStop(t *testing.T) {
	f := newFixture(t)
	f.stop.Store(1)
	for _, name := range []string{"forever", "sum", "fact"} {
		args := map[string][]any{"sum": {1 << 40}, "fact": {uint64(5)}}[name]
		if got := f.call(t, name, args...); got != "panic: stopped" {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestPlanDeclines(t *testing.T) {
	f := newFixture(t)
	for _, name := range []string{"text", "boxed", "deferred", "closure", "touches", "caller", "ping", "pong"} {
		if f.env.Plan(f.pkg.Func(name)) != nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestWorthwhile(t *testing.T) {
	f := newFixture(t)
	for name, want := range map[string]bool{"sum": true, "fact": true, "straight": false, "even": false} {
		if got := f.env.Plan(f.pkg.Func(name)).Worthwhile; got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A function literal is called as compiled code, with the variables around it.
func TestBind(t *testing.T) {
	f := newFixture(t)
	literals := f.pkg.Func("around").AnonFuncs
	x, n := []float64{2, 1}, 40
	less, count := f.env.Plan(literals[0]), f.env.Plan(literals[1])
	if less == nil || count == nil {
		t.Fatal("a literal was declined")
	}
	if f.env.Ready(literals[0]) != nil {
		t.Error("it is ready before it is prepared")
	}
	f.env.PrepareCallback(literals[0])
	f.env.PrepareCallback(literals[1])
	if f.env.Ready(literals[0]) != less {
		t.Error("it is not ready")
	}
	is := less.Bind((func(int, int) bool)(nil), []unsafe.Pointer{unsafe.Pointer(&x)}, nil).(func(int, int) bool)
	if is(0, 1) || !is(1, 0) {
		t.Error("2 < 1")
	}
	x = []float64{1, 2} // the variable, not what it was
	if !is(0, 1) {
		t.Error("not 1 < 2")
	}
	func() {
		defer func() {
			if e, ok := recover().(Error); !ok || e.Text != "index out of range [2] with length 2" {
				t.Errorf("it panics with %v", e)
			}
		}()
		is(2, 0)
	}()
	if !is(0, 1) {
		t.Error("not 1 < 2, after a panic")
	}
	add := count.Bind((func(int) int)(nil), []unsafe.Pointer{unsafe.Pointer(&n)}, nil).(func(int) int)
	if add(1) != 41 || add(1) != 42 || n != 42 {
		t.Errorf("n is %d, want 42", n)
	}
	if less.Bind((func(string) bool)(nil), nil, nil) != nil {
		t.Error("a type that is none of the usual ones is bound")
	}
	f.stop.Store(1)
	defer func() {
		if recover() != "stopped" {
			t.Error("it does not stop")
		}
	}()
	add(1)
}

func steps(n int) (s int) {
	for i, j := 0, n; i < j; i, j = i+1, j-i {
		s = s*7 + i*j
	}
	return
}

func TestShift(t *testing.T) {
	a := []float64{1, 2, 3, 4}
	if newFixture(t).call(t, "shift", a); fmt.Sprint(a) != "[2 3 4 4]" {
		t.Errorf("a is %v", a)
	}
}
