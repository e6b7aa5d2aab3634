package engine

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestSymbolsAreComplete fails when package display has changed and go generate has not been run.
func TestSymbolsAreComplete(t *testing.T) {
	table := Symbols["gonmf/kernel/display/display"]
	exported := exports(t, filepath.Join("..", "..", "display"))
	for name, params := range exported {
		v, ok := table[name]
		if !ok || params >= 0 && (v.Kind() != reflect.Func || v.Type().NumIn() != params) {
			t.Errorf("%s is missing or has changed: run go generate", name)
		}
	}
	for name := range table {
		if _, ok := exported[name]; !ok && !strings.HasPrefix(name, "_") {
			t.Errorf("%s is no more: run go generate", name)
		}
	}
	if len(exported) < 40 {
		t.Errorf("package display exports %d names, so the test looks at the wrong thing", len(exported))
	}
}

// exports lists what the package in a folder exports: functions with the number of their parameters, all else with -1.
func exports(t *testing.T, dir string) map[string]int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]int)
	add := func(id *ast.Ident, params int) {
		if id.IsExported() {
			names[id.Name] = params
		}
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range f.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if d.Recv == nil {
					add(d.Name, d.Type.Params.NumFields())
				}
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch s := spec.(type) {
					case *ast.TypeSpec:
						add(s.Name, -1)
					case *ast.ValueSpec:
						for _, id := range s.Names {
							add(id, -1)
						}
					}
				}
			}
		}
	}
	return names
}
