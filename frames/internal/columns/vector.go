package columns

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr/ast"
	"github.com/go-gota/gota/series"
)

// rows gives values of some rows. What it returns may be a column's own
// memory: nobody writes to it.
type rows[T any] func(lo, hi int, free *arena) []T

// arena keeps the memory of a chunk's intermediate values for the next chunk.
type arena struct {
	floats pile[float64]
	ints   pile[int]
	texts  pile[Cell[string]]
	bools  pile[bool]
}

// pile is slices of the length of a chunk, of which the first are in use.
type pile[T any] struct {
	slices [][]T
	used   int
}

func (p *pile[T]) take(n int) []T {
	if p.used == len(p.slices) {
		p.slices = append(p.slices, make([]T, chunk))
	}
	p.used++
	return p.slices[p.used-1][:n]
}

// reset takes all memory back.
func (a *arena) reset() { a.floats.used, a.ints.used, a.texts.used, a.bools.used = 0, 0, 0, 0 }

// space returns room for n values, until the next reset.
func space[T any](a *arena, n int) []T {
	switch any(*new(T)).(type) {
	case float64:
		return any(a.floats.take(n)).([]T)
	case int:
		return any(a.ints.take(n)).([]T)
	case bool:
		return any(a.bools.take(n)).([]T)
	default:
		return any(a.texts.take(n)).([]T)
	}
}

// node is a part of an expression, of one of four kinds, or of none if only
// expr's machine knows it. Missing numbers are NaN.
type node struct {
	f        rows[float64]
	i        rows[int]
	asFloats rows[float64] // those of i, where they can be had without these
	s        rows[Cell[string]]
	b        rows[bool]
	constant any // the value of each row, where that is one
}

func (n node) known() bool { return n.f != nil || n.i != nil || n.s != nil || n.b != nil }

// floats returns the node as numbers, nil if it is something else.
func (n node) floats() rows[float64] {
	switch {
	case n.f != nil || n.i == nil:
		return n.f
	case n.asFloats != nil:
		return n.asFloats
	}
	return apply(n.i, func(v int) float64 { return float64(v) })
}

// apply is a function of one value, by rows.
func apply[A, B any](a rows[A], f func(A) B) rows[B] {
	return func(lo, hi int, free *arena) []B {
		out := space[B](free, hi-lo)
		for i, v := range a(lo, hi, free) {
			out[i] = f(v)
		}
		return out
	}
}

// apply2 is a function of two values, by rows.
func apply2[A, B, C any](a rows[A], b rows[B], f func(A, B) C) rows[C] {
	return func(lo, hi int, free *arena) []C {
		out := space[C](free, hi-lo)
		x, y := a(lo, hi, free), b(lo, hi, free)
		for i := range out {
			out[i] = f(x[i], y[i])
		}
		return out
	}
}

// each is the same value in all rows.
func each[T any](v T) rows[T] {
	return func(lo, hi int, free *arena) []T {
		out := space[T](free, hi-lo)
		for i := range out {
			out[i] = v
		}
		return out
	}
}

// vectorizer makes nodes of an expression's tree.
type vectorizer struct {
	columns []series.Series
	place   map[string]int
	missing func(c int) bool // whether a column has a missing value
}

func (z vectorizer) node(n ast.Node) node {
	switch n := n.(type) {
	case *ast.IntegerNode:
		return node{i: each(n.Value), constant: n.Value}
	case *ast.FloatNode:
		return node{f: each(n.Value), constant: n.Value}
	case *ast.StringNode:
		return node{s: each(Cell[string]{V: n.Value}), constant: n.Value}
	case *ast.BoolNode:
		return node{b: each(n.Value), constant: n.Value}
	case *ast.IdentifierNode:
		return z.column(n.Value)
	case *ast.UnaryNode:
		return z.unary(n.Operator, z.node(n.Node))
	case *ast.BinaryNode:
		if n.Operator == "in" || n.Operator == "not in" {
			return z.in(n)
		}
		return binary(n.Operator, z.node(n.Left), z.node(n.Right))
	case *ast.ConditionalNode:
		return choose(z.node(n.Cond), z.node(n.Exp1), z.node(n.Exp2))
	case *ast.BuiltinNode:
		return z.function(n.Name, n.Arguments)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return z.function(callee.Value, n.Arguments)
		}
	case *ast.MemberNode:
		return z.part(n)
	}
	return node{}
}

// column is a column of the table, or whether it is missing.
func (z vectorizer) column(name string) node {
	if of, ok := strings.CutSuffix(name, "\x00missing"); ok {
		na := Missing(z.columns[z.place[of]])
		return node{b: func(lo, hi int, free *arena) []bool { return na[lo:hi] }}
	}
	c, ok := z.place[name]
	if !ok {
		return node{}
	}
	switch s := z.columns[c]; s.Type() {
	case series.Float:
		cells := Of[float64](s)
		return node{f: func(lo, hi int, free *arena) []float64 {
			out, from := space[float64](free, hi-lo), cells[lo:hi]
			for i := range out {
				if out[i] = from[i].V; from[i].NA {
					out[i] = nan
				}
			}
			return out
		}}
	case series.Int:
		cells := Of[int](s)
		floats := func(lo, hi int, free *arena) []float64 {
			out := space[float64](free, hi-lo)
			numbers(cells[lo:hi], out, func(v int) float64 { return float64(v) })
			return out
		}
		if z.missing(c) {
			return node{f: floats}
		}
		return node{asFloats: floats, i: func(lo, hi int, free *arena) []int {
			out := space[int](free, hi-lo)
			for i := range out {
				out[i] = cells[lo+i].V
			}
			return out
		}}
	case series.String:
		cells := Of[string](s)
		return node{s: func(lo, hi int, free *arena) []Cell[string] { return cells[lo:hi] }}
	default:
		cells := Of[bool](s)
		if z.missing(c) {
			return node{} // of three values: for the machine
		}
		return node{b: func(lo, hi int, free *arena) []bool {
			out := space[bool](free, hi-lo)
			for i, c := range cells[lo:hi] {
				out[i] = c.V
			}
			return out
		}}
	}
}

func (z vectorizer) unary(op string, a node) node {
	switch {
	case (op == "!" || op == "not") && a.b != nil:
		return node{b: apply(a.b, func(v bool) bool { return !v })}
	case op == "-" && a.i != nil:
		return node{i: apply(a.i, func(v int) int { return -v })}
	case op == "-" && a.f != nil:
		return node{f: apply(a.f, func(v float64) float64 { return -v })}
	case op == "+" && (a.i != nil || a.f != nil):
		return a
	}
	return node{}
}

func binary(op string, a, b node) node {
	switch {
	case a.b != nil && b.b != nil:
		return logic(op, a.b, b.b)
	case a.s != nil && b.s != nil:
		return text(op, a, b)
	case a.i != nil && b.i != nil:
		return whole(op, a, b)
	case a.floats() != nil && b.floats() != nil:
		return real(op, a, b)
	}
	return node{}
}

func logic(op string, a, b rows[bool]) node {
	var f func(x, y bool) bool
	switch op {
	case "&&", "and":
		f = func(x, y bool) bool { return x && y }
	case "||", "or":
		f = func(x, y bool) bool { return x || y }
	case "==":
		f = func(x, y bool) bool { return x == y }
	case "!=":
		f = func(x, y bool) bool { return x != y }
	default:
		return node{}
	}
	return node{b: apply2(a, b, f)}
}

// whole is an operator on whole numbers, which stay whole but for / and **.
func whole(op string, a, b node) node {
	var constant *int
	if c, ok := b.constant.(int); ok {
		constant = &c
	}
	if is := compare(op, a.i, b.i, constant); is != nil {
		return node{b: is}
	}
	switch op {
	case "+", "-", "*":
		return node{i: arithmetic(op, a.i, b.i, constant)}
	case "%":
		if constant != nil && *constant != 0 {
			return node{i: apply(a.i, func(x int) int { return x % *constant })}
		}
		return node{} // the machine tells a division by zero
	}
	return real(op, a, b)
}

func real(op string, a, b node) node {
	x, y := a.floats(), b.floats()
	var constant *float64
	switch c := b.constant.(type) {
	case int:
		f := float64(c)
		constant = &f
	case float64:
		constant = &c
	}
	if is := compare(op, x, y, constant); is != nil {
		return node{b: is}
	}
	switch op {
	case "+", "-", "*":
		return node{f: arithmetic(op, x, y, constant)}
	case "/":
		return node{f: divide(x, y, constant)}
	case "**", "^":
		return node{f: apply2(x, y, math.Pow)}
	case "??":
		return node{f: apply2(x, y, func(x, y float64) float64 {
			if x != x {
				return y
			}
			return x
		})}
	}
	return node{}
}

// text is an operator on texts. A missing one is unlike each other, and
// nothing else is true of it.
func text(op string, a, b node) node {
	is := func(f func(x, y string) bool) node {
		return node{b: apply2(a.s, b.s, func(x, y Cell[string]) bool { return !x.NA && !y.NA && f(x.V, y.V) })}
	}
	with := func(f func(x, y string) bool) node {
		c, ok := b.constant.(string)
		if !ok {
			return is(f)
		}
		return node{b: apply(a.s, func(x Cell[string]) bool { return !x.NA && f(x.V, c) })}
	}
	switch op {
	case "==":
		return with(func(x, y string) bool { return x == y })
	case "!=":
		equal := with(func(x, y string) bool { return x == y })
		return node{b: apply(equal.b, func(v bool) bool { return !v })}
	case "<":
		return with(func(x, y string) bool { return x < y })
	case "<=":
		return with(func(x, y string) bool { return x <= y })
	case ">":
		return with(func(x, y string) bool { return x > y })
	case ">=":
		return with(func(x, y string) bool { return x >= y })
	case "contains":
		return with(strings.Contains)
	case "startsWith":
		return with(strings.HasPrefix)
	case "endsWith":
		return with(strings.HasSuffix)
	case "matches":
		if c, ok := b.constant.(string); ok {
			if pattern, err := regexp.Compile(c); err == nil {
				return node{b: apply(a.s, func(x Cell[string]) bool { return !x.NA && pattern.MatchString(x.V) })}
			}
		}
	case "+":
		return node{s: apply2(a.s, b.s, func(x, y Cell[string]) Cell[string] {
			if x.NA || y.NA {
				return Cell[string]{NA: true}
			}
			return Cell[string]{V: x.V + y.V}
		})}
	case "??":
		return node{s: apply2(a.s, b.s, func(x, y Cell[string]) Cell[string] {
			if x.NA {
				return y
			}
			return x
		})}
	}
	return node{}
}

// in asks whether a value is one of a list of constants.
func (z vectorizer) in(n *ast.BinaryNode) node {
	list, ok := n.Right.(*ast.ArrayNode)
	if !ok {
		return node{}
	}
	a := z.node(n.Left)
	texts, numbers := make(map[string]bool), make(map[float64]bool)
	for _, item := range list.Nodes {
		switch c := z.node(item).constant.(type) {
		case string:
			texts[c] = true
		case int:
			numbers[float64(c)] = true
		case float64:
			numbers[c] = true
		default:
			return node{}
		}
	}
	wanted := n.Operator == "in"
	switch {
	case a.s != nil && len(numbers) == 0:
		return node{b: apply(a.s, func(v Cell[string]) bool { return (!v.NA && texts[v.V]) == wanted })}
	case a.floats() != nil && len(texts) == 0:
		return node{b: apply(a.floats(), func(v float64) bool { return numbers[v] == wanted })}
	}
	return node{}
}

// choose is cond ? yes : no.
func choose(cond, yes, no node) node {
	switch {
	case cond.b == nil:
	case yes.i != nil && no.i != nil:
		return node{i: pickRows(cond.b, yes.i, no.i)}
	case yes.floats() != nil && no.floats() != nil:
		return node{f: pickRows(cond.b, yes.floats(), no.floats())}
	case yes.s != nil && no.s != nil:
		return node{s: pickRows(cond.b, yes.s, no.s)}
	case yes.b != nil && no.b != nil:
		return node{b: pickRows(cond.b, yes.b, no.b)}
	}
	return node{}
}

func pickRows[T any](cond rows[bool], yes, no rows[T]) rows[T] {
	return func(lo, hi int, free *arena) []T {
		out := space[T](free, hi-lo)
		copy(out, no(lo, hi, free))
		y := yes(lo, hi, free)
		for i, is := range cond(lo, hi, free) {
			if is {
				out[i] = y[i]
			}
		}
		return out
	}
}

// function is a call of a function.
func (z vectorizer) function(name string, args []ast.Node) node {
	if len(args) != 1 {
		return node{}
	}
	a := z.node(args[0])
	onText := func(f func(string) string) node {
		return node{s: apply(a.s, func(v Cell[string]) Cell[string] { return Cell[string]{f(v.V), v.NA} })}
	}
	switch {
	case a.s != nil:
		switch name {
		case "upper":
			return onText(strings.ToUpper)
		case "lower":
			return onText(strings.ToLower)
		case "trim":
			return onText(strings.TrimSpace)
		case "len":
			return node{f: apply(a.s, func(v Cell[string]) float64 {
				if v.NA {
					return nan
				}
				return float64(utf8.RuneCountInString(v.V))
			})}.wholeIf(z.complete(args[0]))
		}
		if part, ok := dateParts[name]; ok {
			return datePart(a.s, part).wholeIf(z.complete(args[0]))
		}
	case name == "abs" && a.i != nil:
		return node{i: apply(a.i, func(v int) int { return max(v, -v) })}
	case a.floats() != nil:
		if loop, ok := loops[name]; ok {
			return node{f: applied(loop, a.floats())}
		}
		if f, ok := reals[name]; ok {
			return node{f: apply(a.floats(), f)}
		}
		if name == "int" && a.i != nil || name == "float" {
			return map[bool]node{true: a, false: {f: a.floats()}}[name == "int"]
		}
		if name == "string" && a.i != nil {
			return node{s: apply(a.i, func(v int) Cell[string] { return Cell[string]{V: strconv.Itoa(v)} })}
		}
	}
	return node{}
}

// complete reports whether a part of the expression is a column of text
// without missing values.
func (z vectorizer) complete(n ast.Node) bool {
	id, ok := n.(*ast.IdentifierNode)
	if !ok {
		return false
	}
	c, ok := z.place[id.Value]
	return ok && z.columns[c].Type() == series.String && !z.missing(c)
}

// wholeIf makes numbers that are whole, and of which none is missing, whole.
func (n node) wholeIf(complete bool) node {
	if !complete {
		return n
	}
	return node{i: apply(n.f, func(v float64) int { return int(v) })}
}

// part is one of the parts of a text: split(text, separator)[0].
func (z vectorizer) part(n *ast.MemberNode) node {
	at, ok := n.Property.(*ast.IntegerNode)
	split, isSplit := n.Node.(*ast.BuiltinNode)
	if !ok || at.Value != 0 || !isSplit || split.Name != "split" || len(split.Arguments) != 2 {
		return node{}
	}
	a := z.node(split.Arguments[0])
	separator, ok := z.node(split.Arguments[1]).constant.(string)
	if a.s == nil || !ok || separator == "" {
		return node{}
	}
	return node{s: apply(a.s, func(v Cell[string]) Cell[string] {
		first, _, _ := strings.Cut(v.V, separator)
		return Cell[string]{first, v.NA}
	})}
}
