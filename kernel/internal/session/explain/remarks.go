package explain

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"strings"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// divided is a line that ends in a comment of a number, as if // divided by it.
var divided = regexp.MustCompile(`^(?:.*=\s*)?([\w.]+|.*[\w)\]])\s*//\s*(\d+(?:\.\d+)?)\s*$`)

// Remarks are on what compiles and means something else than in other languages, a line each.
func Remarks(u *compile.Unit) (remarks []string) {
	remark := func(line int, format string, args ...any) {
		remarks = append(remarks, fmt.Sprintf("note: line %d: ", line)+fmt.Sprintf(format, args...))
	}
	if strings.Contains(u.Src, "//") {
		for i, line := range strings.Split(u.Src, "\n") {
			if m := divided.FindStringSubmatch(line); m != nil && !strings.Contains(line, `"`) {
				remark(i+1, "// %s is a comment; integers are divided by /, as in %s / %s", m[2], m[1], m[2])
			}
		}
	}
	ast.Inspect(u.Main, func(n ast.Node) bool {
		op, ok := n.(*ast.BinaryExpr)
		if !ok || op.Op != token.XOR {
			return true
		}
		if lit, ok := op.Y.(*ast.BasicLit); ok && (lit.Value == "2" || lit.Value == "3") {
			line, _ := source.LineCol(u.Src, u.Offset(op.Pos()))
			remark(line, "^ is exclusive or; a power is math.Pow(%s, %s)", text(op.X), lit.Value)
		}
		return true
	})
	return remarks
}
