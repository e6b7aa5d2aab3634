package frames_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Methods that others call: fmt, errors, notebooks. The Example of their type
// prints it, and so shows what they say.
var called = []string{"String", "HTML", "SVG", "PNG", "Error", "Unwrap", "MarshalJSON", "UnmarshalJSON"}

// TestEveryNameHasAnExample looks at the documentation of the packages that
// people import: each exported name has a comment, and each type, function and
// method an Example of its own, whose output is checked.
func TestEveryNameHasAnExample(t *testing.T) {
	for _, dir := range []string{"../nmf", "../nmf/sparse", "../nmf/selection", "../nmf/recommend", ".", "chart", "parquet", "arrow", "query", "files"} {
		t.Run(dir, func(t *testing.T) {
			pkg, examples := documentation(t, dir)
			see := func(name, comment string, needsExample bool) {
				if comment == "" {
					t.Errorf("%s has no comment", name)
				}
				if example := strings.ReplaceAll(name, ".", "_"); needsExample && !slices.Contains(examples, example) {
					t.Errorf("there is no Example%s with an output", example)
				}
			}
			see("package "+pkg.Name, pkg.Doc, false)
			for _, v := range slices.Concat(pkg.Consts, pkg.Vars) {
				see(strings.Join(v.Names, ", "), v.Doc, false)
			}
			for _, f := range pkg.Funcs {
				see(f.Name, f.Doc, true)
			}
			for _, typ := range pkg.Types {
				see(typ.Name, typ.Doc, true)
				for _, v := range slices.Concat(typ.Consts, typ.Vars) {
					see(strings.Join(v.Names, ", "), v.Doc+typ.Doc, false)
				}
				for _, f := range typ.Funcs {
					see(f.Name, f.Doc, true)
				}
				for _, m := range typ.Methods {
					see(typ.Name+"."+m.Name, m.Doc, !slices.Contains(called, m.Name))
				}
			}
		})
	}
}

// documentation returns that of the package in dir, and the names that have an
// Example, as in Fit or Model_Save.
func documentation(t *testing.T, dir string) (*doc.Package, []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no Go in %s: %v", dir, err)
	}
	fset := token.NewFileSet()
	var files, tests []*ast.File
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file, err := parser.ParseFile(fset, name, source, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "_test.go") {
			tests = append(tests, file)
		} else {
			files = append(files, file)
		}
	}
	var examples []string
	for _, example := range doc.Examples(tests...) {
		if example.Output == "" {
			continue
		}
		examples = append(examples, example.Name)
		// ExampleFit_sparse is one of Fit.
		if i := strings.LastIndexByte(example.Name, '_'); i > 0 && !ast.IsExported(example.Name[i+1:]) {
			examples = append(examples, example.Name[:i])
		}
	}
	pkg, err := doc.NewFromFiles(fset, files, dir)
	if err != nil {
		t.Fatal(err)
	}
	return pkg, examples
}
