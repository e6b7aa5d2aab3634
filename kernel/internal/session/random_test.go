package session

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var (
	randomFor  = flag.Duration("random", 0, "run random programs against go run for as long, instead of a few")
	randomFrom = flag.Uint64("seed", 1, "the first seed of the random programs")
)

// TestRandomPrograms runs programs of all that makes methods hard to find: structs in
// structs, by value, by pointer and by interface, with and without names; and interfaces,
// closures, deferred functions, generic types and maps of everything. go run has the truth.
func TestRandomPrograms(t *testing.T) {
	const few = 3
	if testing.Short() {
		t.Skip("go run compiles each")
	}
	begin := time.Now()
	for seed := *randomFrom; seed < *randomFrom+few || time.Since(begin) < *randomFor; seed++ {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("seed%d.go", seed))
		if err := os.WriteFile(file, []byte(randomProgram(t, seed)), 0o666); err != nil {
			t.Fatal(err)
		}
		want := compiled(t, file)
		for way := range ways {
			if got := cells(t, file, way, time.Minute); got != want {
				t.Errorf("-seed=%d, %s: %s", seed, way, difference(got, want))
			}
		}
	}
}

// A writer writes a random program.
type programWriter struct {
	*rand.Rand
	strings.Builder
	named []string // the types so far
}

const typeCount, methodCount = 14, 4

func (w *programWriter) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

// one returns one of the choices.
func (w *programWriter) one(choices ...string) string { return choices[w.IntN(len(choices))] }

func (w *programWriter) chance(n int) bool { return w.IntN(n) == 0 }

// method returns the name of a method, exported or not.
func (w *programWriter) method() string {
	return fmt.Sprintf("%s%d", w.one("M", "M", "M", "m"), w.IntN(methodCount))
}

// fields returns the fields of a struct that embeds some of the types so far.
func (w *programWriter) fields() string {
	var list []string
	used := map[string]bool{}
	for range 1 + w.IntN(3) {
		if w.chance(2) {
			list = append(list, fmt.Sprintf("f%d %s", len(list), w.one("int", "string", "[3]int", "any", "[]byte", "float64", "byte")))
		}
		if t := w.named[w.IntN(len(w.named))]; !used[t] {
			used[t] = true
			if w.chance(3) && !strings.HasPrefix(t, "I") {
				t = "*" + t
			}
			list = append(list, t)
		}
	}
	return strings.Join(list, "; ")
}

func randomProgram(t *testing.T, seed uint64) string {
	w := &programWriter{Rand: rand.New(rand.NewPCG(seed, 0))}
	w.line("package main")
	w.line("func text(v ...any) string { return textOf(v) }")
	for i := range typeCount {
		name := fmt.Sprintf("T%d", i)
		switch {
		case i < 3:
			w.line("type %s %s", name, w.one("int", "string", "struct{ x int }", "[]int", "func() int", "map[string]int"))
		case w.chance(6):
			name = fmt.Sprintf("I%d", i)
			m := w.method()
			w.line("type %s interface{ %s(int) string }", name, m)
			w.named = append(w.named, name)
			continue
		default:
			w.line("type %s struct{ %s }", name, w.fields())
		}
		w.named = append(w.named, name)
		has := map[string]bool{}
		for range 1 + w.IntN(3) {
			m := w.method()
			if has[m] {
				continue
			}
			has[m] = true
			star := w.one("", "*")
			w.line("func (r %s%s) %s(n int) string { return text(%q, n, %sr) }", star, name, m, name+"."+m, star)
		}
	}
	w.line("type Box[T any] struct { v T; n int }")
	w.line("func (b Box[T]) Get() T { return b.v }")
	w.line("func (b *Box[T]) Set(v T) { b.v = v; b.n++ }")
	w.line("type Pair[K comparable, V any] struct { Box[V]; k K }")
	w.line("func (p Pair[K, V]) Key() K { return p.k }")
	w.line("func mapped[T, U any](xs []T, f func(T) U) (us []U) { for _, x := range xs { us = append(us, f(x)) }; return }")
	pkg := checkedProgram(t, w.String()+"func textOf(v []any) string { return \"\" }\nfunc main() {}")

	imports := "import (\n\t\"fmt\"\n\t\"sort\"\n\t\"strings\"\n)\n"
	w.line("func try(name string, f func()) { defer func() { if e := recover(); e != nil { fmt.Println(name, \"panics:\", e) } }(); f() }")
	w.line("func textOf(v []any) string { s := make([]string, len(v)); for i, x := range v { s[i] = one(x) }; return strings.Join(s, \",\") }")
	w.line("func one(x any) string { switch x := x.(type) { case nil: return \"nil\"; case int: return fmt.Sprint(x); case string: return x; case func() int: return \"func\" }; return fmt.Sprintf(\"%%T\", x) }")
	var calls []string
	for _, name := range w.named {
		if strings.HasPrefix(name, "I") {
			continue
		}
		typ := pkg.Scope().Lookup(name).Type()
		w.line("func use%s() {", name)
		w.line("\tv := %s\n\t_ = v", w.value(typ, 0))
		w.calls(name, "v", typ)
		w.calls("*"+name, "&v", types.NewPointer(typ))
		w.line("}")
		calls = append(calls, "use"+name)
	}
	for i := range 6 {
		w.line("func unnamed%d() {", i)
		w.unnamed(t, pkg)
		w.line("}")
		calls = append(calls, fmt.Sprintf("unnamed%d", i))
	}
	w.line("func maps() {")
	w.maps(pkg)
	w.line("}")
	w.line("func flow() {")
	w.flow()
	w.line("}")
	w.line("func main() {")
	for _, f := range append(calls, "maps", "flow") {
		w.line("\ttry(%q, %s)", f, f)
	}
	w.line("\tkeys := []string{\"b\", \"a\"}\n\tsort.Strings(keys)\n\tfmt.Println(keys)")
	w.line("}")
	return strings.Replace(w.String(), "package main\n", "package main\n"+imports, 1)
}

// checkedProgram type-checks what has no imports.
func checkedProgram(t *testing.T, src string) *types.Package {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", src, 0)
	if err != nil {
		t.Fatalf("%v in\n%s", err, src)
	}
	pkg, err := (&types.Config{Error: func(error) {}}).Check("main", fset, []*ast.File{f}, nil)
	if err != nil && !strings.Contains(err.Error(), "declared and not used") {
		t.Fatalf("%v in\n%s", err, src)
	}
	return pkg
}

// value returns an expression of a type.
func (w *programWriter) value(t types.Type, depth int) string {
	name := types.TypeString(t, func(*types.Package) string { return "" })
	switch u := t.Underlying().(type) {
	case *types.Basic:
		v := fmt.Sprint(w.IntN(100))
		if u.Info()&types.IsString != 0 {
			v = fmt.Sprintf("%q", "s"+v)
		}
		return name + "(" + v + ")"
	case *types.Slice:
		return name + "{1, 2}"
	case *types.Array:
		return name + "{1, 2}"
	case *types.Map:
		return name + "{\"a\": 1}"
	case *types.Signature:
		return name + "(func() int { return 1 })"
	case *types.Pointer:
		if depth > 6 || w.chance(12) {
			return "(" + name + ")(nil)"
		}
		if _, ok := u.Elem().Underlying().(*types.Struct); ok {
			return "&" + w.value(u.Elem(), depth+1)
		}
		elem := types.TypeString(u.Elem(), func(*types.Package) string { return "" })
		return "func() *" + elem + " { v := " + w.value(u.Elem(), depth+1) + "; return &v }()"
	case *types.Interface:
		if n, ok := t.(*types.Named); ok && depth < 7 {
			for _, candidate := range w.Perm(len(w.named)) {
				obj := n.Obj().Pkg().Scope().Lookup(w.named[candidate])
				if ct := obj.Type(); !types.IsInterface(ct) && n.Obj().Name()[1:] > obj.Name()[1:] {
					switch {
					case types.Implements(ct, u):
						return w.value(ct, depth+1)
					case types.Implements(types.NewPointer(ct), u):
						return w.value(types.NewPointer(ct), depth+1)
					}
				}
			}
		}
		return "nil"
	case *types.Struct:
		var parts []string
		for f := range u.Fields() {
			parts = append(parts, f.Name()+": "+w.value(f.Type(), depth+1))
		}
		return name + "{" + strings.Join(parts, ", ") + "}"
	}
	return "nil"
}

// calls calls the methods of an expression in all ways that there are.
func (w *programWriter) calls(label, x string, t types.Type) {
	set := types.NewMethodSet(t)
	for sel := range set.Methods() {
		m := sel.Obj().Name()
		label := label + "." + m
		i := fmt.Sprintf("interface{ %s(int) string }", m)
		n := w.IntN(50)
		var form string
		switch w.IntN(8) {
		case 0:
			form = "\ttry(%[1]q, func() { f := (%[3]s).%[4]s; fmt.Println(%[1]q, f(%[5]d)) })"
		case 1:
			form = "\ttry(%[1]q, func() { var i %[2]s = %[3]s; f := i.%[4]s; fmt.Println(%[1]q, f(%[5]d)) })"
		case 2:
			form = "\ttry(%[1]q, func() { var i %[2]s = %[3]s; defer func() { fmt.Println(%[1]q, \"deferred\") }(); defer i.%[4]s(%[5]d); fmt.Println(i.%[4]s(%[5]d)) })"
		case 3:
			form = "\ttry(%[1]q, func() { type named %[2]s; var a any = %[3]s; i, ok := a.(named); fmt.Println(%[1]q, ok, i.%[4]s(%[5]d)) })"
		case 4:
			form = "\ttry(%[1]q, func() { c := make(chan string); go func() { defer close(c); defer func() { if e := recover(); e != nil { c <- fmt.Sprint(e) } }(); c <- %[2]s(%[3]s).%[4]s(%[5]d) }(); fmt.Println(%[1]q, <-c); <-c })"
		case 5:
			form = "\ttry(%[1]q, func() { fmt.Println(%[1]q, mapped([]%[2]s{%[3]s}, func(i %[2]s) string { return i.%[4]s(%[5]d) })) })"
		default:
			form = "\ttry(%[1]q, func() { fmt.Println(%[1]q, %[2]s(%[3]s).%[4]s(%[5]d)) })"
		}
		w.line(form, label, i, x, m, n)
	}
}

// unnamed uses a struct without a name, or with one that is only known here.
func (w *programWriter) unnamed(t *testing.T, pkg *types.Package) {
	fields := w.fields()
	_, err := types.Eval(token.NewFileSet(), pkg, token.NoPos, "struct{ "+fields+" }{}")
	tv, _ := types.Eval(token.NewFileSet(), pkg, token.NoPos, "struct{ "+fields+" }{}")
	if err != nil {
		t.Fatalf("struct{ %s }: %v", fields, err)
	}
	literal := w.value(tv.Type, 0)
	if w.chance(2) {
		w.line("\ttype L struct{ %s }", fields)
		literal = "L" + strings.TrimPrefix(literal, types.TypeString(tv.Type, func(*types.Package) string { return "" }))
	}
	w.line("\tfor range 2 {\n\t\tv := %s\n\t\t_ = v", strings.Replace(literal, "\t", " ", -1))
	w.calls("unnamed", "v", tv.Type)
	w.calls("*unnamed", "&v", types.NewPointer(tv.Type))
	w.line("\t}")
}

// maps puts everything into maps, nil too.
func (w *programWriter) maps(pkg *types.Package) {
	keys := []string{"nil", "1", `"k"`, "[2]int{1, 2}", "struct{ a int }{3}", "T0x", "2.5", "true", "'x'"}
	values := []string{"nil", "1", `"v"`, "[]any{nil, 1}", "map[string]any{\"n\": nil}", "error(nil)", "fmt.Errorf(\"e\")", "func() int { return 2 }"}
	w.line("\ttype T0t struct{ s string }\n\tT0x := T0t{\"t\"}\n\t_ = T0x")
	w.line("\tm := map[any]any{}\n\te := map[string]error{}\n\ts := map[any][]any{}")
	for range 25 {
		k, v := keys[w.IntN(len(keys))], values[w.IntN(len(values))]
		switch w.IntN(6) {
		case 0:
			w.line("\tdelete(m, %s)", k)
		case 1:
			w.line("\te[%q] = %s", w.one("a", "b", "c"), w.one("nil", "fmt.Errorf(\"x\")"))
		case 2:
			w.line("\ts[%[1]s] = append(s[%[1]s], %[2]s)\n\tfmt.Println(len(s), len(s[%[1]s]))", k, v)
		case 3:
			w.line("\t{ v, ok := m[%s]; fmt.Println(one(v), ok) }", k)
		default:
			w.line("\tm[%s] = %s", k, v)
		}
		w.line("\tfmt.Println(len(m), len(e))")
	}
	w.line("\tvar lines []string\n\tfor k, v := range m { lines = append(lines, one(k) + \"=\" + one(v)) }\n\tsort.Strings(lines)\n\tfmt.Println(lines)")
	w.line("\tp := Pair[string, any]{Box[any]{nil, 1}, \"k\"}\n\tp.Set(%s)\n\tfmt.Println(p.Key(), one(p.Get()), p.n)", values[w.IntN(len(values)-1)])
	w.line("\tvar g interface{ Get() any } = p\n\tfmt.Println(one(g.Get()))")
}

// flow defers, recovers and captures.
func (w *programWriter) flow() {
	w.line("\tvar fs []func() int")
	for i := range 5 {
		n := 1 + w.IntN(4)
		switch w.IntN(5) {
		case 0:
			w.line("\tfor i := range %d { fs = append(fs, func() int { i += %d; return i }) }", n, n)
		case 1:
			w.line("\ttry(\"d%d\", func() { for i := range %d { defer func() { fmt.Println(i, recover()) }() }; panic(%d) })", i, n, n)
		case 2:
			w.line("\tfmt.Println(func() (n int) { defer func() { if e := recover(); e != nil { n += e.(int) } }(); n = %d; panic(%d) }())", n, n*7)
		case 3:
			w.line("\ttry(\"n%d\", func() { defer func() { panic(fmt.Sprint(\"again \", recover())) }(); var p *struct{ x [4]int }; for i := range p.x { fmt.Print(i) }; fmt.Println(p.x[%d]) })", i, n%4)
		case 4:
			w.line("\tfmt.Println(mapped([]int{1, %d}, func(x int) func() int { return func() int { x *= %d; return x } })[1]())", n, n+1)
		}
	}
	w.line("\tfor _, f := range fs { fmt.Print(f(), f(), \" \") }\n\tfmt.Println()")
}
