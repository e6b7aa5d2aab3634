package session

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"strconv"

	"gonmf/kernel/internal/session/source"
)

// entry is the function that holds the statements of a cell. The middle dot
// keeps it, like all names made here, out of the user's reach.
const entry = "run·"

// A unit is one cell on its way through parser, type checker and SSA builder.
type unit struct {
	cell   int
	serial int    // tells the units of a session apart; cell numbers may repeat
	raw    string // as it was written
	src    string // its Go, everything in its place
	chunks []source.Chunk
	whole  bool // has a package clause: a program, whose main is called

	imported *ast.File // imports
	decls    *ast.File // types, constants and functions
	main     *ast.File // the statements, in func run·
	twin     *ast.File // the statements once more; see hoist
	files    []*token.File

	hoists []hoist
	names  map[string]string // what the cell declares: as written to as compiled
	fixes  fixes

	scope   map[string]types.Object // what earlier cells declared and this one can see, by name as written
	imports map[string]importSpec   // packages that it can see, by name
	dots    []importSpec
	dotted  []string      // names of earlier cells that a dot import of this one takes
	types   methodSources // types and methods that it declares

	commands []source.Command
	last     ast.Expr // whose value is the cell's

	pkg  *types.Package
	info *types.Info

	// What is left once the cell has run; see remember.
	uses      []*unit // whose names it uses
	pinned    bool
	calls     []called          // the functions of cells that its functions call
	texts     map[string]string // its functions
	positions *positions
}

// A hoist is a declaration of variables at the top level of the statements. It
// becomes a declaration of package variables, which only gives them their types,
// and an assignment where it stood. The expressions of the two must be different
// nodes for the type checker: those of the declaration come from a second parse.
type hoist struct {
	names   []*ast.Ident
	typ     ast.Expr
	vals    []ast.Expr
	defined bool // by :=
}

// fixes are what an attempt to check the cell taught about it; see Session.compile.
type fixes struct {
	void   bool                        // the last expression has no value
	fields map[token.Position]bool     // keys of literals that are fields, not variables
	keyed  map[token.Position][]string // unkeyed literals of session structs, and their fields
	unread map[token.Position]unread   // statements whose errors nobody looks at; nil until that was asked
}

func (u *unit) text(c source.Chunk) string { return u.src[c.Start:c.End] }

// parse fills imported, decls, main and, if there are variables to hoist, twin. extra is
// the source of earlier types that get new methods.
func (u *unit) parse(fset *token.FileSet, extra string) error {
	line := source.LineDirective(source.FileName(u.cell), 1, 1)
	const head, body = "package main;", "func main() {"
	var err error
	if u.imported, err = u.parseFile(fset, head+line+source.Mask(u.src, u.chunks, source.Chunk.IsImport)); err != nil {
		return err
	}
	if u.decls, err = u.parseFile(fset, head+line+source.Mask(u.src, u.chunks, source.Chunk.IsDecl)+extra); err != nil {
		return err
	}
	statements := head + body + line + source.Mask(u.src, u.chunks, source.Chunk.IsStatement) + "\n}"
	if u.main, err = u.parseFile(fset, statements); err != nil {
		return err
	}
	u.function(u.main).Name.Name = source.Entry
	if hasHoists(u.function(u.main).Body) {
		if u.twin, err = u.parseFile(fset, statements); err != nil {
			return err
		}
	}
	return nil
}

func (u *unit) parseFile(fset *token.FileSet, text string) (*ast.File, error) {
	base := fset.Base()
	f, err := parser.ParseFile(fset, source.FileName(u.cell), text, 0)
	if file := fset.File(token.Pos(base)); file != nil {
		u.files = append(u.files, file)
	}
	return f, err
}

// function returns the one function of main or twin.
func (u *unit) function(f *ast.File) *ast.FuncDecl { return f.Decls[0].(*ast.FuncDecl) }

// offset returns where in the cell a node of decls, main or twin begins.
func (u *unit) offset(fset *token.FileSet, pos token.Pos) int {
	p := fset.Position(pos)
	return source.OffsetOf(u.src, p.Line, p.Column)
}

func hasHoists(body *ast.BlockStmt) bool {
	for _, st := range body.List {
		switch st := st.(type) {
		case *ast.AssignStmt:
			if st.Tok == token.DEFINE {
				return true
			}
		case *ast.DeclStmt:
			return true
		}
	}
	return false
}

// An importSpec is an import declaration of a cell.
type importSpec struct {
	name string // as the cell calls the package
	path string
	dir  string // of a folder of the user's, whose path changes with what is in it
}

func (sp importSpec) node(name string) *ast.ImportSpec {
	return &ast.ImportSpec{
		Name: ast.NewIdent(name),
		Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(sp.path)},
	}
}

// syntaxErrors returns what the parser found.
func syntaxErrors(err error) scanner.ErrorList {
	if list, ok := err.(scanner.ErrorList); ok {
		list.Sort()
		return list
	}
	return scanner.ErrorList{&scanner.Error{Msg: err.Error()}}
}
