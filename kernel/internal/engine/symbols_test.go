package engine

import (
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"testing"
)

// TestSymbolsAreComplete fails when package display has changed and go generate has not been run.
func TestSymbolsAreComplete(t *testing.T) {
	display, err := importer.ForCompiler(token.NewFileSet(), "source", nil).Import("gonmf/kernel/display")
	if err != nil {
		t.Fatal(err)
	}
	table := Symbols["gonmf/kernel/display/display"]
	exported := 0
	for _, name := range display.Scope().Names() {
		if !ast.IsExported(name) {
			continue
		}
		exported++
		v, ok := table[name]
		if f, isFunc := display.Scope().Lookup(name).(*types.Func); !ok || isFunc && v.Type().NumIn() != f.Signature().Params().Len() {
			t.Errorf("%s is missing or has changed: run go generate", name)
		}
	}
	for name := range table {
		if name[0] != '_' && display.Scope().Lookup(name) == nil {
			t.Errorf("%s is no more: run go generate", name)
		}
	}
	if exported < 40 {
		t.Errorf("package display exports %d names, so the test looks at the wrong thing", exported)
	}
}
