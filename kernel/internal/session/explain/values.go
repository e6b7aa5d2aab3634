package explain

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"strings"
	"unicode"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// What to do where a value is not what is asked for.

var (
	notIndexed        = regexp.MustCompile(`^(?:invalid operation: )?cannot index (.+) \(.* of (?:struct )?type (\S+)\)$`)
	noLength          = regexp.MustCompile(`^invalid argument: (.+) \(.* of (?:struct )?type (\S+)\) for built-in (?:len|cap)$`)
	cannotBe          = regexp.MustCompile(`^cannot use (.+) \((?:untyped \w+ constant.*|constant.* of type \w+)\) as (\S+) value in `)
	typeIsNoValue     = regexp.MustCompile(`^(\S+) \(type\) is not an expression$`)
	assignsConstant   = regexp.MustCompile(`^cannot assign to (\w+) \(neither addressable`)
	negativeIndex     = regexp.MustCompile(`^invalid argument: index (.+) \(constant of type int\) must not be negative$`)
	hiddenMember      = regexp.MustCompile(`^(\S+) undefined \(cannot refer to unexported (?:field|method) (\w+)\)$`)
	otherType         = regexp.MustCompile(`^cannot use .* as (\S+) value in assignment`)
	noCondition       = regexp.MustCompile(`^non-boolean condition in (\w+) statement$`)
	notConverted      = regexp.MustCompile(`^cannot convert (.+) \(.* of type (\S+)\) to type (\S+)$`)
	tooFew            = regexp.MustCompile(`^not enough arguments in call to (\S+)\n\thave`)
	undefinedOperator = regexp.MustCompile(`^invalid operation: operator (\S+) not defined on (\S+) \(.*(\*mat\.Dense|\[\]float64)\)$`)
	blankValue        = regexp.MustCompile(`^cannot use _ as value`)
	notChannel        = regexp.MustCompile(`cannot send to non-channel`)
	notOrdered        = regexp.MustCompile(`^invalid argument: (.+) \(.*\) cannot be ordered$`)
)

// text writes an expression as the cell does.
func text(x ast.Expr) string { return source.Demangle(types.ExprString(x)) }

// indexAdvice says how to get at a part of a table or a matrix.
func indexAdvice(_ *compile.Unit, at []ast.Node, m []string) string {
	ix, ok := nearestNode[*ast.IndexExpr](at)
	if !ok {
		return ""
	}
	x := text(ix.X)
	switch m[2] {
	case "dataframe.DataFrame":
		lit, isText := ix.Index.(*ast.BasicLit)
		switch {
		case isText && lit.Value[0] == '"':
			return fmt.Sprintf(": a column is %s.Col(%s)", x, lit.Value)
		case isText:
			return fmt.Sprintf(": a row is %s.Subset([]int{%s})", x, lit.Value)
		case isComparison(ix.Index):
			condition := strings.NewReplacer(x+".", "", `"`, "'").Replace(text(ix.Index))
			return fmt.Sprintf(": write frames.Where(%s, %q)", x, condition)
		}
		return fmt.Sprintf(`: a column is %s.Col("weight"), and some rows are frames.Where(%[1]s, "weight > 3")`, x)
	case "*mat.Dense", "mat.Matrix", "*sparse.CSR":
		for _, n := range at { // x[0][1]
			if outer, ok := n.(*ast.IndexExpr); ok && outer.X == ix {
				return fmt.Sprintf(": write %s.At(%s, %s)", x, text(ix.Index), text(outer.Index))
			}
		}
		return fmt.Sprintf(": write %s.At(%s, j) for an entry", x, text(ix.Index))
	case "*frames.Interactions":
		return fmt.Sprintf(": its matrix is %s.X, and its labels are %[1]s.Items and %[1]s.Users", x)
	}
	return ""
}

func isComparison(x ast.Expr) bool {
	_, ok := ast.Unparen(x).(*ast.BinaryExpr)
	return ok
}

// lengthAdvice says how long what has no len is.
func lengthAdvice(_ *compile.Unit, _ []ast.Node, m []string) string {
	switch m[2] {
	case "dataframe.DataFrame":
		return fmt.Sprintf(": write %s.Nrow()", m[1])
	case "series.Series":
		return fmt.Sprintf(": write %s.Len()", m[1])
	case "*mat.Dense", "mat.Matrix", "*sparse.CSR":
		return fmt.Sprintf(": rows, columns := %s.Dims()", m[1])
	case "*frames.Interactions":
		return fmt.Sprintf(": items, users := %s.X.Dims()", m[1])
	}
	return ""
}

// constantAdvice names the value of a type that a text or number is meant to be.
func constantAdvice(u *compile.Unit, at []ast.Node, m []string) string {
	t := expectedAt(u, at)
	if t == nil {
		return ""
	}
	if st, ok := t.Underlying().(*types.Struct); ok && len(u.ValuesOf(t)) == 0 {
		for f := range st.Fields() {
			if lit, ok := at[0].(*ast.BasicLit); ok && f.Exported() && types.AssignableTo(types.Default(u.Info.TypeOf(lit)), f.Type()) {
				return fmt.Sprintf("; write %s{%s: %s}", m[2], f.Name(), lit.Value)
			}
		}
		return fmt.Sprintf("; write %s{...}", m[2])
	}
	return valuesNamed(u.ValuesOf(t), m[1])
}

// expectedAt returns the type that is asked for where the innermost node of a path stands.
func expectedAt(u *compile.Unit, at []ast.Node) types.Type {
	for n := range min(len(at), 2) { // a sign, or parentheses, may be around it
		if t := u.Expected(at, n); t != nil {
			return t
		}
	}
	return nil
}

// valuesNamed says which of some values one is that is written otherwise, or which there are.
func valuesNamed(values []compile.Value, written string) string {
	var texts []string
	for _, v := range values {
		name := letters(v.Object.Name())
		if word := letters(written); word != "" && (name == word || strings.HasSuffix(name, word)) {
			return "; write " + v.Text
		}
		texts = append(texts, v.Text)
	}
	if len(texts) == 0 || len(texts) > maxListed/2 {
		return ""
	}
	return "; write " + strings.Join(texts, " or ")
}

// letters returns the letters of a text, small.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
}

// typeAsValueAdvice says how a value of a type is written.
func typeAsValueAdvice(u *compile.Unit, at []ast.Node, m []string) string {
	if labeled, ok := nearestNode[*ast.LabeledStmt](at); ok { // x: int = 3
		return fmt.Sprintf(": a new variable is declared by :=, as in %s := 3", labeled.Label.Name)
	}
	x, ok := at[0].(ast.Expr)
	if !ok {
		return ""
	}
	if sel, isSel := nearestNode[*ast.SelectorExpr](at); isSel && (sel.Sel == x || sel.X == x) {
		x = sel
	}
	switch t := u.Info.TypeOf(x); {
	case t == nil:
		return ""
	default:
		if _, isStruct := t.Underlying().(*types.Struct); isStruct {
			return fmt.Sprintf(": a value of it is %s{}", m[1])
		}
	}
	return fmt.Sprintf(": a value of it is %s(x)", m[1])
}

// assignedConstantAdvice tells a constant from a variable.
func assignedConstantAdvice(u *compile.Unit, at []ast.Node, m []string) string {
	id, ok := at[0].(*ast.Ident)
	if !ok {
		return ""
	}
	switch u.Info.ObjectOf(id).(type) {
	case *types.Const:
		return fmt.Sprintf(": it is a constant; %s := ... declares a variable of that name", m[1])
	case *types.Func:
		return fmt.Sprintf(": it is a function; %s := ... declares a variable of that name", m[1])
	}
	return ""
}

// negativeIndexAdvice counts from the end.
func negativeIndexAdvice(_ *compile.Unit, at []ast.Node, m []string) string {
	for _, n := range at {
		switch n := n.(type) {
		case *ast.IndexExpr:
			return fmt.Sprintf(": from the end it is %s[len(%[1]s)%s]", text(n.X), m[1])
		case *ast.SliceExpr:
			return fmt.Sprintf(": from the end it is len(%s)%s", text(n.X), m[1])
		}
	}
	return ""
}

// sendAdvice assigns what R assigns by an arrow.
func sendAdvice(_ *compile.Unit, at []ast.Node, _ []string) string {
	send, ok := nearestNode[*ast.SendStmt](at)
	if !ok {
		return ""
	}
	return fmt.Sprintf(": %s = %s assigns, and := declares a variable", text(send.Chan), text(send.Value))
}

// hiddenAdvice says what does what a member that cannot be named does elsewhere.
func hiddenAdvice(u *compile.Unit, at []ast.Node, _ []string) string {
	if sel, ok := nearestNode[*ast.SelectorExpr](at); ok {
		return otherMember(u, sel)
	}
	return ""
}

// otherTypeAdvice declares a variable of the notebook with another type.
func otherTypeAdvice(u *compile.Unit, at []ast.Node, _ []string) string {
	as, ok := nearestNode[*ast.AssignStmt](at)
	if !ok || as.Tok != token.ASSIGN || len(as.Lhs) != 1 || len(as.Rhs) != 1 || !atTop(u, as.Pos()) {
		return ""
	}
	if id, ok := as.Lhs[0].(*ast.Ident); ok && id.Name != "_" {
		return ": a variable keeps its type, and := declares another of that name: " + assignment(as)
	}
	return ""
}

// conditionAdvice compares what is no condition.
func conditionAdvice(u *compile.Unit, at []ast.Node, _ []string) string {
	x, ok := at[0].(ast.Expr)
	if !ok {
		return ""
	}
	t := u.Info.TypeOf(x)
	if t == nil {
		return ""
	}
	switch t := t.Underlying().(type) {
	case *types.Basic:
		switch {
		case t.Info()&types.IsNumeric != 0:
			return fmt.Sprintf(": a condition is true or false: %s != 0", text(x))
		case t.Info()&types.IsString != 0:
			return fmt.Sprintf(`: a condition is true or false: %s != ""`, text(x))
		}
	case *types.Slice, *types.Map:
		return fmt.Sprintf(": a condition is true or false: len(%s) > 0", text(x))
	case *types.Pointer, *types.Interface, *types.Signature, *types.Chan:
		return fmt.Sprintf(": a condition is true or false: %s != nil", text(x))
	}
	return ""
}

// convertAdvice makes numbers of texts, and texts of numbers.
func convertAdvice(_ *compile.Unit, _ []ast.Node, m []string) string {
	switch {
	case m[2] == "string" && strings.Contains(m[3], "int"):
		return fmt.Sprintf(": write n, err := strconv.Atoi(%s)", m[1])
	case m[2] == "string" && strings.Contains(m[3], "float"):
		return fmt.Sprintf(": write x, err := strconv.ParseFloat(%s, 64)", m[1])
	case m[3] == "string":
		return fmt.Sprintf(": write fmt.Sprint(%s)", m[1])
	case m[3] == "bool":
		return fmt.Sprintf(": compare it: %s != 0", m[1])
	case strings.HasPrefix(m[2], "[]") && strings.HasPrefix(m[3], "[]"):
		return fmt.Sprintf(": take one after the other: for i, x := range %s { ys[i] = %s(x) }", m[1], strings.TrimPrefix(m[3], "[]"))
	}
	return ""
}

// argumentsAdvice puts ctx before, and structs of settings behind, arguments that a call lacks.
func argumentsAdvice(u *compile.Unit, at []ast.Node, _ []string) string {
	call, ok := nearestNode[*ast.CallExpr](at)
	if !ok {
		return ""
	}
	sig, ok := u.Info.TypeOf(call.Fun).(*types.Signature)
	if !ok {
		return ""
	}
	var args []string
	given := call.Args
	for p := range sig.Params().Variables() {
		t := types.TypeString(p.Type(), func(p *types.Package) string { return p.Name() })
		_, isStruct := p.Type().Underlying().(*types.Struct)
		switch {
		case len(given) > 0 && (u.Info.TypeOf(given[0]) == nil || types.AssignableTo(u.Info.TypeOf(given[0]), p.Type())):
			args, given = append(args, text(given[0])), given[1:]
		case t == "context.Context":
			args = append(args, "ctx")
		case isStruct:
			args = append(args, t+"{}")
		default:
			args = append(args, p.Name())
		}
	}
	if len(given) > 0 && len(args) > 0 && strings.HasSuffix(args[len(args)-1], "{}") && len(given) == 1 {
		args[len(args)-1] = strings.TrimSuffix(args[len(args)-1], "}") + "...}"
		given = nil
	}
	if len(given) > 0 {
		return ""
	}
	return fmt.Sprintf("\n\twrite %s(%s)", text(call.Fun), strings.Join(args, ", "))
}

// matrixAdvice computes with matrices and slices, for which Go has no operators.
func matrixAdvice(u *compile.Unit, at []ast.Node, _ []string) string {
	op, ok := nearestNode[*ast.BinaryExpr](at)
	if !ok {
		return ""
	}
	x, y := text(op.X), text(op.Y)
	number := func(x ast.Expr) bool {
		tv := u.Info.Types[x]
		return tv.Value != nil && (tv.Value.Kind() == constant.Int || tv.Value.Kind() == constant.Float)
	}
	if t := u.Info.TypeOf(op.X); t != nil && strings.HasPrefix(t.String(), "[]") {
		return fmt.Sprintf(": Go computes number by number: for i := range %s { zs[i] = %[1]s[i] %s %s[i] }", x, op.Op, y)
	}
	method := map[string]string{"+": "Add", "-": "Sub", "*": "Mul", "/": "DivElem"}[op.Op.String()]
	switch {
	case method == "":
		return ""
	case number(op.Y) && op.Op.String() == "*":
		return fmt.Sprintf(": write var z mat.Dense; z.Scale(%s, %s)", y, x)
	case number(op.X) && op.Op.String() == "*":
		return fmt.Sprintf(": write var z mat.Dense; z.Scale(%s, %s)", x, y)
	case number(op.Y) || number(op.X):
		return fmt.Sprintf(": write var z mat.Dense; z.Apply(func(i, j int, v float64) float64 { return v %s %s }, %s)", op.Op, y, x)
	case method == "Mul":
		return fmt.Sprintf(": write var z mat.Dense; z.Mul(%s, %s), or z.MulElem entry by entry", x, y)
	}
	return fmt.Sprintf(": write var z mat.Dense; z.%s(%s, %s)", method, x, y)
}

// insteadOf says what of a value is the interface that is asked for.
func insteadOf(u *compile.Unit, at []ast.Node, face string) string {
	x, ok := at[0].(ast.Expr)
	if !ok || u.Info.TypeOf(x) == nil {
		return ""
	}
	call, _ := nearestNode[*ast.CallExpr](at)
	t := types.TypeString(u.Info.TypeOf(x), func(p *types.Package) string { return p.Name() })
	isText := t == "string" || t == "untyped string"
	switch {
	case face == "mat.Matrix" && t == "*frames.Interactions":
		return fmt.Sprintf("; its matrix is %s.X", text(x))
	case face == "mat.Matrix" && t == "dataframe.DataFrame":
		return fmt.Sprintf("; t, err := frames.NewInteractions(%s, frames.Columns{}) makes a table of items and users of it, whose matrix is t.X", text(x))
	case face == "mat.Matrix" && t == "*nmf.Model":
		return fmt.Sprintf("; its factors are %s.W and %[1]s.H", text(x))
	case face == "io.Reader" && isText && call != nil && isOf(call.Fun, "nmf"):
		return fmt.Sprintf("; write files.LoadModel(%s)", text(x))
	case face == "io.Reader" && isText && call != nil && strings.Contains(text(call.Fun), "Interactions"):
		return fmt.Sprintf("; write files.ReadInteractions(ctx, %s, frames.Columns{})", text(x))
	case face == "io.Reader" && isText:
		return fmt.Sprintf("; a table in a file is read by files.Read(ctx, %s), and strings.NewReader(%[1]s) reads the text itself", text(x))
	case face == "io.Writer" && isText && call != nil && strings.HasSuffix(text(call.Fun), ".Save"):
		return fmt.Sprintf("; write files.SaveModel(%s, %s)", text(x), strings.TrimSuffix(text(call.Fun), ".Save"))
	case face == "io.Writer" && isText:
		return fmt.Sprintf("; a table is written by files.Write(%s, df), and os.Create(%[1]s) makes a file", text(x))
	case face == "nmf.Solver" && isText:
		if t := expectedAt(u, at); t != nil {
			return valuesNamed(u.ValuesOf(t), text(x))
		}
	}
	return ""
}
