package help

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"gonmf/kernel/internal/session/source"
)

// The columns of a table, where a string that is being written is to name one: in the call of
// a method of the table, or of a function that takes it, and in a struct that is an argument
// there. What the columns are the table's value says, or that of the table that it is made of,
// or the file that it is read from.

// fieldsOfColumns are the fields of structs that name a column: of frames.Columns, of chart.Options,
// and of gota's F and Order.
var fieldsOfColumns = []string{"Item", "User", "Weight", "X", "Y", "Colname"}

// verbsOfExpressions are functions whose strings are expressions, in which columns stand as names.
var verbsOfExpressions = []string{"Where", "Mutate", "Agg"}

// printers are the packages whose functions name no column even if they are given a table.
var printers = []string{"fmt", "log", "errors", "os"}

// completeColumn completes the name of a column in the string that begins at lit.
func (g *Guide) completeColumn(src string, pos int, lit source.Literal) (c Completion, ok bool) {
	end := pos
	quote := src[lit.Start : lit.Start+1]
	if i := strings.IndexAny(src[pos:], quote+"\n"); i >= 0 && src[pos+i] == quote[0] {
		end = pos + i + 1
	}
	text, ok := source.Repair(src, lit.Start, end, here)
	if !ok {
		return c, false
	}
	a, done, ok := g.analyse(text, lit.Start)
	defer done()
	if !ok {
		return c, false
	}
	verb, names := g.columnsAt(a)
	written := src[lit.Start+1 : pos]
	isExpression := slices.Contains(verbsOfExpressions, verb)
	if isExpression {
		start, _ := source.IdentAround(src[:pos], pos)
		written = src[max(start, lit.Start+1):pos]
	} else if verb == "Sort" {
		written = strings.TrimPrefix(written, "-")
	}
	c = Completion{Start: pos - len(written), End: pos}
	for _, name := range names {
		if strings.HasPrefix(name, written) {
			c.Matches = append(c.Matches, Match{Text: spelled(name, quote, isExpression && verb != "Agg"), Kind: KindColumn})
		}
	}
	return c, len(c.Matches) > 0
}

// spelled writes the name of a column into a string that begins with quote; in an expression, one
// that is no word is named by col.
func spelled(name, quote string, isExpression bool) string {
	if isExpression && !token.IsIdentifier(name) {
		return "col('" + strings.ReplaceAll(name, "'", `\'`) + "')"
	}
	if quote == `"` {
		name = strconv.Quote(name)
		return name[1 : len(name)-1]
	}
	return name
}

// columnsAt returns the columns that the string in place of a's identifier can name, and the
// function that it is an argument of.
func (g *Guide) columnsAt(a *analysis) (verb string, names []string) {
	isColumn := false // it stands in a field that names one
	for n := 1; n < len(a.path); n++ {
		inner := a.path[n-1]
		switch at := a.path[n].(type) {
		case *ast.KeyValueExpr:
			key, ok := at.Key.(*ast.Ident)
			if !ok || at.Value != inner || !slices.Contains(fieldsOfColumns, key.Name) {
				return "", nil
			}
			isColumn = true
		case *ast.CallExpr:
			if verb, names = g.columnsOfCall(a, at, inner); len(names) > 0 {
				return verb, names
			}
		case *ast.CompositeLit, *ast.BinaryExpr, *ast.ParenExpr:
		default:
			if isColumn {
				return "", g.columnsNear()
			}
			return "", nil
		}
	}
	return "", nil
}

// columnsOfCall returns the columns of what a method is called of, or of what a function is
// given before an argument.
func (g *Guide) columnsOfCall(a *analysis, call *ast.CallExpr, arg ast.Node) (verb string, names []string) {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return "", nil
	}
	if x, isName := fun.X.(*ast.Ident); isName && slices.Contains(printers, x.Name) {
		return "", nil
	}
	before := []ast.Expr{fun.X}
	for _, x := range call.Args {
		if x == arg {
			for _, x := range before {
				if names = g.columnsOf(a, x, 0); len(names) > 0 {
					return fun.Sel.Name, names
				}
			}
			return "", nil
		}
		before = append(before, x)
	}
	return "", nil
}

// columnsOf returns the columns of the table that an expression is or is made of.
func (g *Guide) columnsOf(a *analysis, x ast.Expr, depth int) []string {
	if depth > 20 {
		return nil
	}
	switch x := x.(type) {
	case *ast.Ident:
		if made := madeBy(a, x); made != nil {
			return g.columnsOf(a, made, depth+1)
		}
	case *ast.ParenExpr:
		return g.columnsOf(a, x.X, depth+1)
	case *ast.UnaryExpr:
		return g.columnsOf(a, x.X, depth+1)
	case *ast.CallExpr:
		fun, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
		if !ok {
			return nil
		}
		for _, of := range append([]ast.Expr{fun.X}, x.Args...) {
			if names := g.columnsOf(a, of, depth+1); len(names) > 0 {
				return append(slices.Clone(names), made(fun.Sel.Name, x.Args)...)
			}
		}
		return nil
	case *ast.BasicLit:
		if name, err := strconv.Unquote(x.Value); err == nil && x.Kind == token.STRING && g.FileColumns != nil {
			return g.FileColumns(name)
		}
		return nil
	}
	v, ok := g.valueOf(a, x)
	if !ok {
		return nil
	}
	return columnsOfValue(v)
}

// made returns the columns that a verb adds to those of the table that it is given.
func made(verb string, args []ast.Expr) (names []string) {
	if verb != "Mutate" && verb != "Agg" {
		return nil
	}
	for _, x := range args {
		if lit, ok := x.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if name, _, ok := strings.Cut(strings.Trim(lit.Value, "\"`"), "="); ok {
				names = append(names, strings.TrimSpace(name))
			}
		}
	}
	return names
}

// madeBy returns what the cell that is being written assigns to a variable before it is used, if
// anything.
func madeBy(a *analysis, use *ast.Ident) (made ast.Expr) {
	for _, st := range a.path {
		block, ok := st.(*ast.BlockStmt)
		if !ok {
			continue
		}
		for _, st := range block.List {
			as, ok := st.(*ast.AssignStmt)
			if !ok || as.Pos() >= use.Pos() || as.End() > a.id.Pos() || len(as.Rhs) == 0 {
				continue
			}
			for i, l := range as.Lhs {
				if id, ok := l.(*ast.Ident); ok && source.Demangle(id.Name) == source.Demangle(use.Name) {
					made = as.Rhs[min(i, len(as.Rhs)-1)]
				}
			}
		}
	}
	return made
}

// valueOf returns the value of an expression that costs nothing: a variable, or what is in one.
func (g *Guide) valueOf(a *analysis, x ast.Expr) (v reflect.Value, ok bool) {
	defer func() {
		if recover() != nil { // nil, or an index out of range
			v, ok = reflect.Value{}, false
		}
	}()
	switch x := x.(type) {
	case *ast.Ident:
		return g.Value(source.Demangle(x.Name))
	case *ast.ParenExpr:
		return g.valueOf(a, x.X)
	case *ast.StarExpr:
		v, ok = g.valueOf(a, x.X)
		return v.Elem(), ok
	case *ast.SelectorExpr:
		if v, ok = g.valueOf(a, x.X); !ok {
			return v, false
		}
		v = reflect.Indirect(v).FieldByName(x.Sel.Name)
		return v, v.IsValid()
	case *ast.IndexExpr:
		if v, ok = g.valueOf(a, x.X); !ok {
			return v, false
		}
		of := a.u.Info.Types[x.Index].Value
		if of == nil {
			return v, false
		}
		if i, exact := constant.Int64Val(constant.ToInt(of)); exact && v.Kind() != reflect.Map {
			return v.Index(int(i)), true
		}
		v = v.MapIndex(reflect.ValueOf(constant.StringVal(of)).Convert(v.Type().Key()))
		return v, v.IsValid()
	}
	return v, false
}

// tables are the packages whose types have names of columns.
var tables = []string{"github.com/go-gota/gota/dataframe", "gonmf/frames"}

// columnsOfValue returns the columns of a table or of its groups. It calls no method of a cell.
func columnsOfValue(v reflect.Value) []string {
	if !v.IsValid() || !v.CanInterface() || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil
	}
	t := v.Type()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	table, ok := v.Interface().(interface{ Names() []string })
	if !ok || !slices.Contains(tables, t.PkgPath()) {
		return nil
	}
	return table.Names()
}

// columnsNear returns the columns of the table that was assigned in the latest cell.
func (g *Guide) columnsNear() (names []string) {
	latest := -1
	for name, obj := range g.Compiler.Scope {
		if _, isVar := obj.(*types.Var); !isVar {
			continue
		}
		cell, ok := g.CellOf(obj)
		if !ok || cell <= latest {
			continue
		}
		if v, ok := g.Value(name); ok {
			if found := columnsOfValue(v); len(found) > 0 {
				latest, names = cell, found
			}
		}
	}
	return names
}
