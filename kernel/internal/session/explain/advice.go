package explain

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// What to do about mistakes that those make who are new to Go. A mistake is known by the
// checker's or parser's words, which only decide whether there is advice.

// typeAdvice says what to do about a type error.
func (ex *Explainer) typeAdvice(u *compile.Unit, pos token.Pos, msg string) string {
	at := enclosing(u, pos)
	if strings.HasPrefix(msg, "cannot use ") || strings.Contains(msg, "mismatched types") || strings.HasPrefix(msg, "type ") {
		if advice := ex.staleAdvice(u, at); advice != "" {
			return advice
		}
	}
	for _, a := range []struct {
		words  *regexp.Regexp
		advice func(u *compile.Unit, at []ast.Node, m []string) string
	}{
		{unknownField, fieldAdvice},
		{missingMember, ex.memberAdvice},
		{hiddenMember, hiddenAdvice},
		{notImplemented, ex.implementers},
		{multipleValues, valuesAdvice},
		{mismatched, mismatchAdvice},
		{unassignable, bytesAdvice},
		{notIndexed, indexAdvice},
		{noLength, lengthAdvice},
		{cannotBe, constantAdvice},
		{typeIsNoValue, typeAsValueAdvice},
		{assignsConstant, assignedConstantAdvice},
		{negativeIndex, negativeIndexAdvice},
		{otherType, otherTypeAdvice},
		{noCondition, conditionAdvice},
		{notConverted, convertAdvice},
		{tooFew, argumentsAdvice},
		{undefinedOperator, matrixAdvice},
		{blankValue, plainAdvice(": Out[3], or _3, is the value of cell 3")},
		{notChannel, sendAdvice},
		{notOrdered, plainAdvice(": slices.Max(xs) is that of a slice, mat.Max(x) that of a matrix")},
		{inMap, plainAdvice(": take the value out of the map, change it, and put it back")},
		{indirect, powerAdvice},
		{returnsNothing, plainAdvice("\n\tthe function says of no result: func f() int { ... }")},
	} {
		if m := a.words.FindStringSubmatch(msg); m != nil && len(at) > 0 {
			if advice := a.advice(u, at, m); advice != "" {
				return advice
			}
		}
	}
	return ""
}

// enclosing returns the nodes of the cell that pos is in, from the innermost outward.
// Those of hoisted variables are not where their file is.
func enclosing(u *compile.Unit, pos token.Pos) (path []ast.Node) {
	for _, f := range []*ast.File{u.Decls, u.Main} {
		ast.PreorderStack(f, nil, func(n ast.Node, around []ast.Node) bool {
			switch n := n.(type) {
			case *ast.File, *ast.GenDecl:
				return true
			case *ast.SelectorExpr:
				if x, ok := n.X.(*ast.Ident); ok && x.Name == source.HooksName {
					return false // not of the user
				}
			}
			if n.Pos() > pos || pos >= n.End() {
				return false
			}
			if len(around)+1 >= len(path) { // a compiled name is longer and may reach into what follows
				path = append(slices.Clone(around), n)
			}
			return true
		})
	}
	slices.Reverse(path)
	return path
}

// nearestNode returns the innermost node of a kind.
func nearestNode[N ast.Node](path []ast.Node) (node N, ok bool) {
	for _, n := range path {
		if node, ok = n.(N); ok {
			return node, true
		}
	}
	return node, false
}

var (
	unknownField   = regexp.MustCompile(`^unknown field (\w+) in struct literal of type \S+$`)
	missingMember  = regexp.MustCompile(`^(\S+) undefined \(type (.+) has no field or method (\w+)`)
	notImplemented = regexp.MustCompile(`does not implement (?:(\w+)\.)?(\w+) \(missing method`)
	multipleValues = regexp.MustCompile(`^multiple-value .*\(value of type \((.+)\)\) in single-value context$`)
	mismatched     = regexp.MustCompile(`^invalid operation: (.+) \(mismatched types (.+) and (.+)\)$`)
	inMap          = regexp.MustCompile(`^cannot assign to struct field .* in map$`)
	indirect       = regexp.MustCompile(`^invalid operation: cannot indirect `)
	returnsNothing = regexp.MustCompile(`^too many return values\n\thave .*\n\twant \(\)$`)
	unassignable   = regexp.MustCompile(`^cannot assign to (.+)\[.*\] \(neither addressable`)
)

func plainAdvice(text string) func(*compile.Unit, []ast.Node, []string) string {
	return func(*compile.Unit, []ast.Node, []string) string { return text }
}

// powerAdvice tells x ** y, which is a product with what y points to, from *y.
func powerAdvice(_ *compile.Unit, at []ast.Node, _ []string) string {
	product, ok := nearestNode[*ast.BinaryExpr](at)
	if _, star := nearestNode[*ast.StarExpr](at); !ok || !star || product.Op != token.MUL {
		return ""
	}
	return ": Go has no operator for powers: math.Pow(x, y), or x * x"
}

// maxListed is how many names are listed where none is near.
const maxListed = 20

func fieldAdvice(u *compile.Unit, at []ast.Node, m []string) string {
	lit, ok := nearestNode[*ast.CompositeLit](at)
	if !ok {
		return ""
	}
	fields := members(u.Info.TypeOf(lit), false)
	for _, f := range fields {
		if f == fieldsElsewhere[strings.ToLower(m[1])] || strings.EqualFold(f, strings.ReplaceAll(m[1], "_", "")) {
			return "; here it is " + f
		}
	}
	if near := didYouMean(m[1], fields, ""); near != "" || len(fields) == 0 || len(fields) > maxListed {
		return near
	}
	return "; its fields are " + strings.Join(fields, ", ")
}

// members returns the fields of a type, and its methods, that a cell may name.
func members(t types.Type, methods bool) (names []string) {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	own := func(obj types.Object) bool {
		return obj.Exported() || obj.Pkg() != nil && obj.Pkg().Path() == source.MainPath
	}
	if st, ok := t.Underlying().(*types.Struct); ok {
		for f := range st.Fields() {
			if own(f) {
				names = append(names, f.Name())
			}
		}
	}
	if !methods {
		return names
	}
	if !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for sel := range types.NewMethodSet(t).Methods() {
		if own(sel.Obj()) {
			names = append(names, sel.Obj().Name())
		}
	}
	return names
}

// memberAdvice explains a field or method that a type does not have. A value that was
// made before its type got the method still has the type as it was.
func (ex *Explainer) memberAdvice(u *compile.Unit, at []ast.Node, m []string) string {
	typ, member := m[2], m[3]
	expr := strings.TrimSuffix(m[1], "."+member)
	name, _, _ := strings.Cut(strings.TrimLeft(typ, "*[]"), "[") // without the arguments of a generic type
	if t := ex.Compiler.Methods[name]; t != nil {
		if _, ok := t.Methods[member]; ok {
			return fmt.Sprintf(": the value was made before %s got that method; run the cell that makes it again", name)
		}
	}
	switch {
	case member == "append" && strings.HasPrefix(typ, "[]"):
		return fmt.Sprintf(": append is a function: %[1]s = append(%[1]s, ...)", expr)
	case typ == "string":
		if pkg, err := ex.Compiler.Packages.Import("strings"); err == nil {
			for _, f := range exported(pkg.Scope().Names()) {
				if strings.EqualFold(f, member) {
					return fmt.Sprintf(": write strings.%s(%s, ...), after import \"strings\"", f, expr)
				}
			}
		}
	}
	if sel, ok := nearestNode[*ast.SelectorExpr](at); ok {
		if advice := otherMember(u, sel); advice != "" {
			return advice
		}
		near := didYouMean(member, members(u.Info.TypeOf(sel.X), true), "")
		if near == "" && typ == "dataframe.DataFrame" {
			return fmt.Sprintf(": a column is %s.Col(%q), and verbs on tables are in package frames", source.Demangle(types.ExprString(sel.X)), member)
		}
		return near
	}
	return ""
}

// implementers names the types that could stand where another does not implement an
// interface.
func (ex *Explainer) implementers(u *compile.Unit, at []ast.Node, m []string) string {
	if advice := insteadOf(u, at, m[1]+"."+m[2]); advice != "" {
		return advice
	}
	if m[1]+"."+m[2] == "mat.Matrix" {
		return "; mat.NewDense(rows, columns, numbers) makes one of a []float64 with the numbers row by row"
	}
	spec, ok := u.Imports[m[1]]
	if !ok {
		return ""
	}
	pkg, err := ex.Compiler.Packages.Import(spec.Path)
	if err != nil {
		return ""
	}
	obj, ok := pkg.Scope().Lookup(m[2]).(*types.TypeName)
	if !ok {
		return ""
	}
	face, ok := obj.Type().Underlying().(*types.Interface)
	if !ok {
		return ""
	}
	var names []string
	for _, name := range exported(pkg.Scope().Names()) {
		t, ok := pkg.Scope().Lookup(name).(*types.TypeName)
		switch {
		case !ok || types.IsInterface(t.Type()):
		case types.Implements(t.Type(), face):
			names = append(names, m[1]+"."+name+"{}")
		case types.Implements(types.NewPointer(t.Type()), face):
			names = append(names, "&"+m[1]+"."+name+"{}")
		}
	}
	if len(names) == 0 || len(names) > maxListed/2 {
		return ""
	}
	return "; write " + strings.Join(names, " or ")
}

// valuesAdvice says how to take all values of a call.
func valuesAdvice(_ *compile.Unit, at []ast.Node, m []string) string {
	values := strings.Split(m[1], ", ")
	var names []string
	if as, ok := nearestNode[*ast.AssignStmt](at); ok && compile.IsCall(as.Rhs[0]) {
		for _, l := range as.Lhs {
			names = append(names, types.ExprString(l))
		}
	} else if vs, ok := nearestNode[*ast.ValueSpec](at); ok && len(vs.Values) > 0 && compile.IsCall(vs.Values[0]) {
		for _, id := range vs.Names {
			names = append(names, id.Name)
		}
	}
	if len(names) != 1 || names[0] == "_" {
		return fmt.Sprintf(": it gives %d values, which have to be assigned first", len(values))
	}
	for _, t := range values[1:] {
		if t == "error" || strings.HasSuffix(t, " error") {
			names = append(names, "err")
		} else {
			names = append(names, "_")
		}
	}
	return fmt.Sprintf(": it gives %d values, so write %s := ...", len(values), source.Demangle(strings.Join(names, ", ")))
}

var numberType = regexp.MustCompile(`^(u?int(8|16|32|64)?|float(32|64))$`)

// mismatchAdvice says how two operands may get one type.
func mismatchAdvice(u *compile.Unit, at []ast.Node, m []string) string {
	x, y := m[2], m[3]
	either := func(is func(string) bool) bool { return is(x) || is(y) }
	text := func(t string) bool { return t == "string" || t == "untyped string" }
	char := func(t string) bool { return t == "rune" || t == "untyped rune" || t == "byte" }
	number := func(t string) bool { return numberType.MatchString(t) || t == "untyped int" || t == "untyped float" }
	switch {
	case numberType.MatchString(x) && numberType.MatchString(y):
		op, ok := nearestNode[*ast.BinaryExpr](at)
		if !ok {
			return ""
		}
		operand, to := op.Y, x
		if strings.HasPrefix(y, "float") && !strings.HasPrefix(x, "float") {
			operand, to = op.X, y
		}
		return fmt.Sprintf(": Go converts no numbers by itself: write %s(%s)", to, source.Demangle(types.ExprString(ast.Unparen(operand))))
	case either(func(t string) bool { return t == "time.Duration" }) && either(number):
		return ": write time.Duration(n) for a number n"
	case either(text) && either(char):
		return `: "a" is a string and 'a' a character; string(c) makes a string of a character`
	case either(text) && m[1][0] == '"' && strings.Contains(m[1], "\" * "):
		product, _ := nearestNode[*ast.BinaryExpr](at)
		if product == nil {
			return ""
		}
		return fmt.Sprintf(": write strings.Repeat(%s, %s)", types.ExprString(product.X), types.ExprString(product.Y))
	case either(text) && either(number):
		for _, n := range at {
			if call, ok := n.(*ast.CallExpr); ok && isOf(call.Fun, "frames") {
				return ": what is computed of columns stands in quotes: " + quoted(call, at)
			}
		}
		return ": fmt.Sprint makes a string of a number, strconv.Atoi a number of a string"
	case either(func(t string) bool { return t == "*mat.Dense" }):
		return matrixAdvice(u, at, m)
	case either(func(t string) bool { return t == "any" || t == "interface{}" }):
		return ": say what type the any has, as in v.(int)"
	}
	return ""
}

func bytesAdvice(u *compile.Unit, at []ast.Node, m []string) string {
	ix, ok := nearestNode[*ast.IndexExpr](at)
	if !ok || u.Info.TypeOf(ix.X) == nil {
		return ""
	}
	if b, ok := u.Info.TypeOf(ix.X).Underlying().(*types.Basic); ok && b.Info()&types.IsString != 0 {
		return fmt.Sprintf(": a string cannot be changed, but a slice can that is made of it: []byte(%s)", m[1])
	}
	return ""
}

// blockOf says where a name is declared that is out of sight.
func blockOf(u *compile.Unit, fset *token.FileSet, name string) string {
	var where []int
	for id, obj := range u.Info.Defs {
		if obj != nil && source.Demangle(id.Name) == name && obj.Parent() != nil && obj.Parent() != u.Pkg.Scope() {
			if line, _ := source.LineCol(u.Src, u.Offset(id.Pos())); !slices.Contains(where, line) {
				where = append(where, line)
			}
		}
	}
	if len(where) == 0 {
		return ""
	}
	return fmt.Sprintf(": the one in line %d is only known in its block", slices.Min(where))
}
