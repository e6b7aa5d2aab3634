package export

import (
	"bytes"
	"go/scanner"
	"go/token"
	"go/types"
	"strconv"

	"gonmf/kernel/internal/session/compile"
)

// Cells are the session in which the cells of a notebook are compiled as if they were run.
type Cells interface {
	// Compile makes a checked package of a cell; an error is an [*explain.Error].
	Compile(cell int, code string) (*compile.Unit, error)
	// Declare makes what it declares visible to the next.
	Declare(u *compile.Unit)
	// Context returns the variable ctx that no cell declares.
	Context() types.Object

	types.Importer
}

// export is a program in the making.
type export struct {
	cells Cells
	units []*compile.Unit
	unit  *compile.Unit // the cell that is being added
	show  string        // function that shows values

	names   map[types.Object]string // what cells declare, as the program calls it
	latest  map[string]types.Object // by the name as written
	taken   map[string]bool         // names that the program has
	written map[string]bool         // names that a cell has somewhere, which no new name may be
	imports map[string]string       // package path to name
	serials map[*types.Package]int  // of cells
	context types.Object            // the variable ctx that no cell declares

	// shared are variables that functions refer to, which must be package
	// variables; captured are those and what function literals refer to or has
	// its address taken, for which another variable cannot stand in.
	shared, captured map[types.Object]bool
	locals           map[types.Object]bool // variables of main
	reused           map[types.Object]bool // variables that are one of before

	vars        []string // declarations of package variables
	decls, body bytes.Buffer
}

// A Page is a cell of a notebook that is to become part of a program.
type Page struct {
	Cell    int    // its number; 0 for what is there before the first
	Comment string // what the notebook says before it
	Code    string
}

// edit replaces a part of a cell, in bytes.
type edit struct {
	from, to int
	text     string
}

func newExport(cells Cells, pages []Page) *export {
	x := &export{
		cells: cells, names: map[types.Object]string{}, latest: map[string]types.Object{},
		taken: map[string]bool{"main": true, "init": true}, written: map[string]bool{},
		imports: map[string]string{}, serials: map[*types.Package]int{},
		locals: map[types.Object]bool{}, reused: map[types.Object]bool{}, context: cells.Context(),
		shared: map[types.Object]bool{}, captured: map[types.Object]bool{},
	}
	for _, p := range pages {
		var sc scanner.Scanner
		sc.Init(token.NewFileSet().AddFile("", -1, len(p.Code)), []byte(p.Code), nil, 0)
		for tok := token.ILLEGAL; tok != token.EOF; {
			var lit string
			_, tok, lit = sc.Scan()
			x.written[lit] = true
		}
	}
	return x
}

// free returns a name that nothing in the program has.
func (x *export) free(name string) string {
	free := name
	for n := 2; x.taken[free] || n > 2 && x.written[free]; n++ {
		free = name + strconv.Itoa(n)
	}
	x.taken[free] = true
	return free
}

// imported returns the name of a package in the program.
func (x *export) imported(path, name string) string {
	if have, ok := x.imports[path]; ok {
		return have
	}
	if pkg, err := x.cells.Import(path); err == nil && name == "" {
		name = pkg.Name()
	}
	x.imports[path] = x.free(name)
	return x.imports[path]
}
