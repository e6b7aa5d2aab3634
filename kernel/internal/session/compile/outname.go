package compile

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"
)

// OutName is what the value of a cell is called.
func OutName(cell int) string { return fmt.Sprintf("_%d", cell) }

var outNames = regexp.MustCompile(`^_[1-9]\d{0,8}$`)

// resolvePast replaces Out[7] by _7 where the value is known, and declares those
// variables that f mentions.
func (c *Compiler) resolvePast(u *Unit, f *ast.File) {
	if f == nil {
		return
	}
	replace := false
	for _, id := range f.Unresolved {
		if outNames.MatchString(id.Name) {
			cell, _ := strconv.Atoi(id.Name[1:])
			c.declareOutput(u, cell)
		}
		replace = replace || id.Name == "Out"
	}
	if obj := u.Scope["Out"]; !replace || obj == nil || c.Declared(obj) || u.Names["Out"] != "" {
		return
	}
	astutil.Apply(f, nil, func(at *astutil.Cursor) bool {
		ix, ok := at.Node().(*ast.IndexExpr)
		if !ok {
			return true
		}
		x, isName := ix.X.(*ast.Ident)
		lit, isLiteral := ix.Index.(*ast.BasicLit)
		if !isName || !isLiteral || x.Name != "Out" || x.Obj != nil || lit.Kind != token.INT {
			return true
		}
		if as, ok := at.Parent().(*ast.AssignStmt); ok && (at.Name() == "Lhs" || len(as.Lhs) > len(as.Rhs)) {
			return true // a map, which may be assigned to and asked v, ok := Out[7]
		}
		if cell, err := strconv.Atoi(lit.Value); err == nil && c.declareOutput(u, cell) {
			id := &ast.Ident{Name: OutName(cell), NamePos: ix.Pos()}
			f.Unresolved = append(f.Unresolved, id)
			at.Replace(id)
		}
		return true
	})
}

// declareOutput declares the variable for the value of a cell that u mentions, and says
// whether there is one.
func (c *Compiler) declareOutput(u *Unit, cell int) bool {
	name := OutName(cell)
	if obj := c.Scope[name]; obj != nil {
		return !c.Declared(obj)
	}
	obj := c.Output(cell)
	if obj == nil {
		return false
	}
	u.Scope[name] = obj
	return true
}
