package machine

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"runtime"

	"golang.org/x/tools/go/ssa"
)

// What Go knows without computing it and ssa computes: the length of an array that a loop
// ranges over, and the offset of a field in a generic function.

// goSizes are the sizes of the compiled packages.
var goSizes = types.SizesFor("gc", runtime.GOARCH)

// constants changes the checked files so that a loop over an array whose elements are not
// asked for counts to its length: Go does not evaluate the array, which may be reached
// through a nil pointer. It also notes how the arguments of unsafe.Offsetof are selected.
func (e *editor) constants(info *types.Info, files ...*ast.File) {
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.RangeStmt:
				if length, ok := arrayLength(info.TypeOf(n.X)); ok && n.Value == nil && !evaluated(info, n.X) {
					n.X = intConstant(info, n.X.Pos(), length)
				}
			case *ast.CallExpr:
				if len(n.Args) != 1 || info.Types[n].Value != nil {
					break
				}
				if sel, ok := ast.Unparen(n.Args[0]).(*ast.SelectorExpr); ok && info.Types[n.Fun].IsBuiltin() && info.Selections[sel] != nil {
					e.selected[n.Lparen] = len(info.Selections[sel].Index())
				}
			}
			return true
		})
	}
}

// arrayLength returns the length of an array type, or of what a pointer to one points to.
func arrayLength(t types.Type) (int64, bool) {
	if t == nil {
		return 0, false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	a, ok := t.Underlying().(*types.Array)
	if !ok {
		return 0, false
	}
	return a.Len(), true
}

// evaluated says whether an expression has to be evaluated though only its length counts:
// if it calls something or receives.
func evaluated(info *types.Info, x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.ARROW
		case *ast.CallExpr:
			found = found || !info.Types[n.Fun].IsType() && info.Types[n].Value == nil
		}
		return !found
	})
	return found
}

// intConstant returns an expression for n, of the type that a loop's variable then has.
func intConstant(info *types.Info, pos token.Pos, n int64) ast.Expr {
	lit := &ast.BasicLit{ValuePos: pos, Kind: token.INT, Value: constant.MakeInt64(n).ExactString()}
	tv, err := types.Eval(token.NewFileSet(), nil, token.NoPos, "int("+lit.Value+")")
	if err != nil {
		panic(err) // a number is a constant
	}
	info.Types[lit] = tv
	return lit
}

// offsetOfField replaces a call of unsafe.Offsetof, which only generic functions have
// left, by its value.
func (e *editor) offsetOfField(c *ssa.Call) bool {
	b, ok := c.Call.Value.(*ssa.Builtin)
	if f := c.Parent(); !ok || b.Name() != "Offsetof" || f.TypeParams().Len() > len(f.TypeArgs()) {
		return false
	}
	v := c.Call.Args[0]
	if load, ok := v.(*ssa.UnOp); ok {
		v = load.X
	}
	var offset int64
	for range e.selected[c.Pos()] {
		var st types.Type
		var field int
		switch f := v.(type) {
		case *ssa.FieldAddr:
			v, field, st = f.X, f.Field, f.X.Type().Underlying().(*types.Pointer).Elem()
		case *ssa.Field:
			v, field, st = f.X, f.Field, f.X.Type()
		default:
			return false
		}
		var fields []*types.Var
		for f := range st.Underlying().(*types.Struct).Fields() {
			fields = append(fields, f)
		}
		offset += goSizes.Offsetsof(fields)[field]
	}
	k := ssa.NewConst(constant.MakeInt64(offset), types.Typ[types.Uintptr])
	var buf [8]*ssa.Value
	for _, user := range *c.Referrers() {
		for _, op := range user.Operands(buf[:0]) {
			if *op == ssa.Value(c) {
				*op = k
			}
		}
	}
	return true
}
