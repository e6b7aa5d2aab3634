package source

import (
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// The text of a cell is known before its types are.
func TestNoTypes(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range file.Imports {
			if i.Path.Value == `"go/types"` {
				t.Errorf("%s imports go/types, which this package may not: what needs types belongs to package compile", f.Name())
			}
		}
	}
}
