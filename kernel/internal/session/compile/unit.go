package compile

import (
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"runtime"
	"strconv"

	"gonmf/kernel/internal/session/source"
)

// A Unit is one cell on its way through parser, type checker and SSA builder.
type Unit struct {
	fset *token.FileSet

	Cell   int
	Serial int    // tells the units of a session apart; cell numbers may repeat
	Raw    string // as it was written
	Src    string // its Go, everything in its place
	Chunks []source.Chunk
	Whole  bool // has a package clause: a program, whose main is called

	imported *ast.File // imports
	Decls    *ast.File // types, constants and functions
	Main     *ast.File // the statements, in func run·
	twin     *ast.File // the statements once more; see hoist
	Files    []*token.File

	Hoists []Hoist
	Names  map[string]string // what the cell declares: as written to as compiled
	fixes  fixes

	Scope   map[string]types.Object // what earlier cells declared and this one can see, by name as written
	Imports map[string]Import       // packages that it can see, by name
	own     map[string]Import       // those that it imports itself
	Added   []string                // the packages that it uses and did not import: see autoImport
	dots    []Import
	dotted  []string // names of earlier cells that a dot import of this one takes
	Types   Methods  // types and methods that it declares

	Commands []source.Command
	Last     ast.Expr // whose value is the cell's

	Pkg  *types.Package
	Info *types.Info
}

// A Hoist is a declaration of variables at the top level of the statements. It
// becomes a declaration of package variables, which only gives them their types,
// and an assignment where it stood. The expressions of the two must be different
// nodes for the type checker: those of the declaration come from a second parse.
type Hoist struct {
	Names   []*ast.Ident
	typ     ast.Expr
	vals    []ast.Expr
	Defined bool // by :=
}

// fixes are what an attempt to check the cell taught about it; see Session.compile.
type fixes struct {
	void   bool                        // the last expression has no value
	fields map[token.Position]bool     // keys of literals that are fields, not variables
	keyed  map[token.Position][]string // unkeyed literals of session structs, and their fields
	unread map[token.Position]Unread   // statements whose errors nobody looks at; nil until that was asked
}

// Text returns a piece of the cell.
func (u *Unit) Text(c source.Chunk) string { return u.Src[c.Start:c.End] }

// parse fills imported, decls, main and, if there are variables to hoist, twin. extra is
// the source of earlier types that get new methods.
func (u *Unit) parse(extra string) error {
	line := source.LineDirective(source.FileName(u.Cell), 1, 1)
	const head, body = "package main;", "func main() {"
	var err error
	if u.imported, err = u.parseFile(head + line + source.Mask(u.Src, u.Chunks, source.Chunk.IsImport)); err != nil {
		return err
	}
	if u.Decls, err = u.parseFile(head + line + source.Mask(u.Src, u.Chunks, source.Chunk.IsDecl) + extra); err != nil {
		return err
	}
	statements := head + body + line + source.Mask(u.Src, u.Chunks, source.Chunk.IsStatement) + "\n}"
	if u.Main, err = u.parseFile(statements); err != nil {
		return err
	}
	u.function(u.Main).Name.Name = source.Entry
	if hasHoists(u.function(u.Main).Body) {
		if u.twin, err = u.parseFile(statements); err != nil {
			return err
		}
	}
	return nil
}

func (u *Unit) parseFile(text string) (*ast.File, error) {
	base := u.fset.Base()
	f, err := parser.ParseFile(u.fset, source.FileName(u.Cell), text, 0)
	if file := u.fset.File(token.Pos(base)); file != nil {
		u.Files = append(u.Files, file)
	}
	return f, err
}

// function returns the one function of main or twin.
func (u *Unit) function(f *ast.File) *ast.FuncDecl { return f.Decls[0].(*ast.FuncDecl) }

// Position returns where a node stands: in this cell, an earlier one or a file.
func (u *Unit) Position(pos token.Pos) token.Position { return u.fset.Position(pos) }

// Offset returns where in the cell a node of decls, main or twin begins.
func (u *Unit) Offset(pos token.Pos) int {
	p := u.fset.Position(pos)
	return source.OffsetOf(u.Src, p.Line, p.Column)
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

// syntaxErrors returns what the parser found.
func syntaxErrors(err error) scanner.ErrorList {
	if list, ok := err.(scanner.ErrorList); ok {
		list.Sort()
		return list
	}
	return scanner.ErrorList{&scanner.Error{Msg: err.Error()}}
}

// Methods maps the name of a type to its source.
type Methods map[string]*TypeText

// TypeText is the source of a type and its methods.
type TypeText struct {
	Spec    Text
	Methods map[string]Text
}

// Text is a piece of a cell and the line directive that says where it stood.
type Text struct{ at, Text string }

// line returns the piece as a line of its own.
func (t Text) line(keyword string) string { return "\n" + t.at + keyword + t.Text + "\n" }

// An Import is an import declaration of a cell.
type Import struct {
	Name string // as the cell calls the package
	Path string
	dir  string // of a folder of the user's, whose path changes with what is in it
}

func (sp Import) node(name string) *ast.ImportSpec {
	return &ast.ImportSpec{
		Name: ast.NewIdent(name),
		Path: &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(sp.Path)},
	}
}

// Unread says what of a statement has to be looked at after it has run.
type Unread struct {
	Names   []string // variables that it assigns, of which nobody asks whether there is an error
	others  []string // what it assigns besides
	Dropped bool     // the last result of a call that is all of it
}

// newInfo returns what the type checker fills in for the SSA builder.
func newInfo() *types.Info {
	return &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Implicits: map[ast.Node]types.Object{}, Scopes: map[ast.Node]*types.Scope{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{},
		FileVersions: map[*ast.File]string{},
	}
}

// sizes are those of the compiled packages.
var sizes = types.SizesFor("gc", runtime.GOARCH)

// ErrorType is the type error.
var ErrorType = types.Universe.Lookup("error").Type()
