package script

import (
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/types"
	"io"
	"maps"
	"os"
	"reflect"
	"regexp"
	"runtime/pprof"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"gonmf/kernel/internal/session/source"
	"gonmf/kernel/internal/session/stack"
)

// The program that runs the tests of a package is made of them as go test makes it: a main
// function that hands their list to package testing.

// runnerPath is a package that it imports, which is compiled.
const runnerPath = source.HooksPath + "/runner"

// CompileTests makes a program of the files of a package and of its tests, which runs the
// tests as go test does: its arguments are the flags of a test binary. name is what it calls
// the package when it tells the end.
func CompileTests(name string, files []File, opt Options) (*Program, error) {
	r := &runner{name: name, begin: time.Now()}
	opt.Packages = r.and(opt.Packages)
	p, err := newProgram(opt)
	if err != nil {
		return nil, err
	}
	r.program, p.prefix = p, ""
	p.machine.ReplaceTesting(r.panicked)
	list, err := p.parse(files)
	if err != nil {
		return nil, err
	}
	var own, external []*ast.File // external: of the package with _test behind its name
	for i, f := range list {
		if strings.HasSuffix(f.Name.Name, "_test") && strings.HasSuffix(files[i].Name, "_test.go") {
			external = append(external, f)
		} else {
			own = append(own, f)
		}
	}
	dir := p.dir(files)
	var itself *types.Package
	m := &testMain{imports: []string{fmt.Sprintf("%q", runnerPath), `"os"`, `"testing"`}}
	for _, part := range [][]*ast.File{own, external} {
		if len(part) == 0 {
			continue
		}
		for _, f := range part {
			if f.Name.Name != part[0].Name.Name {
				return nil, &CompileError{[]string{fmt.Sprintf("%s: the files are of two packages, %s and %s", shown(p.machine.Fset.Position(f.Name.Pos())), part[0].Name.Name, f.Name.Name)}}
			}
		}
		pkg, errs, err := p.compile.Interpret(dir, part, p.compile.From(dir, itself), shown)
		if err == nil {
			err = p.compileError(errs)
		}
		if err != nil {
			return nil, err
		}
		itself = pkg
		m.add(pkg.Path(), part)
	}
	f, err := parser.ParseFile(p.machine.Fset, "testmain.go", m.text(), parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	pkg := types.NewPackage(source.MainPath, "main")
	info, err := p.check(pkg, p.compile.From(dir, nil), []*ast.File{f})
	if err != nil {
		return nil, err
	}
	return p, p.build(pkg, info, []*ast.File{f})
}

// testMain is the text of a main function that runs tests.
type testMain struct {
	imports []string
	lists   [4]strings.Builder // tests, benchmarks, fuzz tests, examples
	main    string             // TestMain, if there is one
}

var kinds = [4]struct{ prefix, typ string }{{"Test", "InternalTest"}, {"Benchmark", "InternalBenchmark"}, {"Fuzz", "InternalFuzzTarget"}, {"Example", "InternalExample"}}

// add adds the tests in the files of a package.
func (m *testMain) add(path string, files []*ast.File) {
	name := fmt.Sprintf("p%d", len(m.imports))
	used := false
	for _, f := range files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Recv != nil || fn.Type.TypeParams != nil {
				continue
			}
			at := name + "." + fn.Name.Name
			if fn.Name.Name == "TestMain" && takes(fn, "M") {
				m.main, used = at, true
				continue
			}
			for i, kind := range kinds[:3] {
				if isTest(fn.Name.Name, kind.prefix) && takes(fn, kind.prefix[:1]) {
					fmt.Fprintf(&m.lists[i], "\t\t{%q, %s},\n", fn.Name.Name, at)
					used = true
				}
			}
		}
	}
	var examples []*doc.Example
	for _, f := range files { // in the order in which they stand
		one := doc.Examples(f)
		slices.SortFunc(one, func(a, b *doc.Example) int { return a.Order - b.Order })
		examples = append(examples, one...)
	}
	for _, e := range examples {
		if e.Output != "" || e.EmptyOutput {
			fmt.Fprintf(&m.lists[3], "\t\t{%[1]q, %[2]s.%[1]s, %[3]q, %[4]v},\n", "Example"+e.Name, name, e.Output, e.Unordered)
			used = true
		}
	}
	if !used {
		name = "_" // for what it initializes
	}
	m.imports = append(m.imports, fmt.Sprintf("%s %q", name, path))
}

// isTest says whether a name is that of a test: the prefix, and then no lower-case letter.
func isTest(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	first, _ := utf8.DecodeRuneInString(rest)
	return ok && (rest == "" || !unicode.IsLower(first))
}

// takes says whether a function has one parameter, of a type like *testing.T.
func takes(fn *ast.FuncDecl, name string) bool {
	if fn.Type.Results != nil || len(fn.Type.Params.List) != 1 || len(fn.Type.Params.List[0].Names) > 1 {
		return false
	}
	star, ok := fn.Type.Params.List[0].Type.(*ast.StarExpr)
	if !ok {
		return false
	}
	switch t := star.X.(type) {
	case *ast.SelectorExpr:
		return t.Sel.Name == name
	case *ast.Ident:
		return t.Name == name
	}
	return false
}

func (m *testMain) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "package main\n\nimport (\n\t%s\n)\n\nfunc main() {\n\tm := runner.Start(", strings.Join(m.imports, "\n\t"))
	for i, kind := range kinds {
		fmt.Fprintf(&b, "[]testing.%s{\n%s\t}, ", kind.typ, &m.lists[i])
	}
	b.WriteString(")\n")
	if m.main != "" {
		fmt.Fprintf(&b, "\t%s(m)\n\tos.Exit(runner.Status(m))\n}\n", m.main)
	} else {
		b.WriteString("\tos.Exit(runner.Run(m))\n}\n")
	}
	return b.String()
}

// runner runs tests and tells their end as go test does.
type runner struct {
	name    string
	begin   time.Time
	program *Program
}

// and adds to packages the one that the main function imports.
func (r *runner) and(packages map[string]map[string]reflect.Value) map[string]map[string]reflect.Value {
	all := maps.Clone(packages)
	if all == nil {
		all = map[string]map[string]reflect.Value{}
	}
	all[runnerPath+"/runner"] = map[string]reflect.Value{
		"Start": reflect.ValueOf(r.start), "Run": reflect.ValueOf(r.run), "Status": reflect.ValueOf(r.status),
	}
	return all
}

// panicked ends the process for the panic of a test.
func (r *runner) panicked(test string, e any) {
	fmt.Printf("--- FAIL: %s\n", test)
	os.Stderr.WriteString(r.program.report(e))
	os.Exit(r.ended(2))
}

func (r *runner) start(tests []testing.InternalTest, benchmarks []testing.InternalBenchmark, fuzz []testing.InternalFuzzTarget, examples []testing.InternalExample) *testing.M {
	if len(tests)+len(benchmarks)+len(fuzz)+len(examples) == 0 {
		fmt.Printf("?   \t%s\t[no test files]\n", r.name)
		os.Exit(0)
	}
	for i, t := range tests {
		tests[i].F = stack.Guarded(r.panicked, t.F)
	}
	return testing.MainStart(deps{r.name}, tests, benchmarks, fuzz, examples)
}

func (r *runner) run(m *testing.M) int { return r.ended(m.Run()) }

// status is the one with which m.Run has ended, which a TestMain called.
func (r *runner) status(m *testing.M) int {
	return r.ended(int(reflect.ValueOf(m).Elem().FieldByName("exitCode").Int()))
}

func (r *runner) ended(code int) int {
	took := time.Since(r.begin).Seconds()
	if code == 0 {
		fmt.Printf("ok  \t%s\t%.3fs\n", r.name, took)
		return 0
	}
	fmt.Printf("exit status %d\nFAIL\t%s\t%.3fs\n", code, r.name, took)
	return 1
}

// deps is what package testing asks of the program that it is in: patterns and profiles, and
// for fuzz tests their seeds alone.
type deps struct{ name string }

var errFuzz = errors.New("the seeds of a fuzz test run; to look for more takes the compiler: go test -fuzz")

func (deps) MatchString(pattern, s string) (bool, error) { return regexp.MatchString(pattern, s) }

func (d deps) ImportPath() string { return d.name }

func (deps) ModulePath() string { return "" }

func (deps) SetPanicOnExit0(bool) {}

func (deps) StartCPUProfile(w io.Writer) error { return pprof.StartCPUProfile(w) }

func (deps) StopCPUProfile() { pprof.StopCPUProfile() }

func (deps) StartTestLog(io.Writer) {}

func (deps) StopTestLog() error { return nil }

func (deps) WriteProfileTo(name string, w io.Writer, debug int) error {
	return pprof.Lookup(name).WriteTo(w, debug)
}

// seed is a value that a fuzz test is tried with.
type seed = struct {
	Parent     string
	Path       string
	Data       []byte
	Values     []any
	Generation int
	IsSeed     bool
}

func (deps) CoordinateFuzzing(time.Duration, int64, time.Duration, int64, int, []seed, []reflect.Type, string, string) error {
	return errFuzz
}

func (deps) RunFuzzWorker(func(seed) error) error { return errFuzz }

func (deps) ReadCorpus(string, []reflect.Type) ([]seed, error) { return nil, nil }

func (deps) CheckCorpus(values []any, types []reflect.Type) error {
	if slices.EqualFunc(values, types, func(v any, t reflect.Type) bool { return reflect.TypeOf(v) == t }) {
		return nil
	}
	return fmt.Errorf("the seeds %v are not of the types %v", values, types)
}

func (deps) ResetCoverage() {}

func (deps) SnapshotCoverage() {}

func (deps) InitRuntimeCoverage() (mode string, tearDown func(string, string) (string, error), snapshot func() float64) {
	return "", func(string, string) (string, error) { return "", nil }, func() float64 { return 0 }
}
