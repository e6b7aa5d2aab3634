package columns

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
	"github.com/go-gota/gota/series"
)

// Expr is an expression over the columns of a table, checked against their
// types. The language is that of github.com/expr-lang/expr. What most
// expressions are made of is computed a few thousand rows at a time from the
// columns' memory (vector.go); the rest a row at a time by expr's machine.
type Expr struct {
	source  string
	columns []series.Series
	program *vm.Program
	vector  node  // of no kind where the machine has to do it
	used    []int // the columns that it names
	asks    bool  // whether one is missing
}

// UnknownName is the error of an expression that names what is no column.
type UnknownName struct{ Name string }

func (e *UnknownName) Error() string { return fmt.Sprintf("no column %q", e.Name) }

// Compile checks an expression.
func Compile(source string, columns []series.Series) (*Expr, error) {
	e := &Expr{source: source, columns: columns}
	place := make(map[string]int, len(columns))
	for c := len(columns) - 1; c >= 0; c-- { // of two equal names the first counts
		place[columns[c].Name] = c
	}
	tree, err := parser.Parse(source)
	if err != nil {
		return nil, told(err)
	}
	names := &nameFinder{place: place}
	ast.Walk(&tree.Node, names)
	if names.err != nil {
		return nil, names.err
	}
	e.used, e.asks = names.used, names.asks
	holes := map[int]bool{} // columns that it names, and whether something in them is missing
	missing := func(c int) bool {
		has, known := holes[c]
		if !known {
			has = HasMissing(columns[c])
			holes[c] = has
		}
		return has
	}
	env := make(map[string]any, len(columns))
	for name, c := range place {
		env[name] = zero(columns[c], slices.Contains(e.used, c) && columns[c].Type() == series.Int && missing(c))
		env[missingName(name)] = false
	}
	options := append([]expr.Option{expr.Env(env), expr.Patch(&byName{place})}, functions...)
	if e.program, err = expr.Compile(source, options...); err != nil {
		return nil, told(err)
	}
	plain, err := expr.Compile(source, append(options, expr.Optimize(false))...)
	if err != nil {
		return nil, told(err)
	}
	v := vectorizer{columns: columns, place: place, missing: missing}
	e.vector = v.node(plain.Node())
	return e, nil
}

// told makes one line of an error of expr, which draws the place below it.
func told(err error) error {
	var at *file.Error
	if !errors.As(err, &at) {
		return err
	}
	text, _, _ := strings.Cut(at.Message, "\n")
	return fmt.Errorf("%s (at character %d)", text, at.Column+1)
}

// zero is a value of the type that an expression sees in a column: one of whole
// numbers of which some are missing is of numbers.
func zero(s series.Series, holes bool) any {
	switch s.Type() {
	case series.Float:
		return 0.0
	case series.Int:
		if holes {
			return 0.0
		}
		return 0
	case series.Bool:
		return false
	default:
		return ""
	}
}

// missingName is how the machine is asked whether a column is missing: no
// column's own name ends so.
func missingName(column string) string { return column + "\x00missing" }

// byName turns col("order value") into the column of that name, and
// missing(x) into the question whether it is missing.
type byName struct{ place map[string]int }

func (b *byName) Visit(n *ast.Node) {
	if name, ok := columnCall(*n); ok {
		ast.Patch(n, &ast.IdentifierNode{Value: name})
		return
	}
	if name, ok := missingCall(*n); ok {
		ast.Patch(n, &ast.IdentifierNode{Value: missingName(name)})
	}
}

// call returns the arguments of a call of the function called name.
func call(n ast.Node, name string) []ast.Node {
	c, ok := n.(*ast.CallNode)
	if !ok {
		return nil
	}
	if callee, ok := c.Callee.(*ast.IdentifierNode); !ok || callee.Value != name {
		return nil
	}
	return c.Arguments
}

func columnCall(n ast.Node) (string, bool) {
	if args := call(n, "col"); len(args) == 1 {
		if text, ok := args[0].(*ast.StringNode); ok {
			return text.Value, true
		}
	}
	return "", false
}

func missingCall(n ast.Node) (string, bool) {
	args := call(n, "missing")
	if len(args) != 1 {
		return "", false
	}
	if name, ok := columnCall(args[0]); ok {
		return name, true
	}
	if id, ok := args[0].(*ast.IdentifierNode); ok {
		return id.Value, true
	}
	return "", false
}

// nameFinder collects the columns that an expression names.
type nameFinder struct {
	place map[string]int
	local []string // names that the expression declares itself
	used  []int
	asks  bool
	err   error
}

func (f *nameFinder) Visit(n *ast.Node) {
	name := ""
	switch at := (*n).(type) {
	case *ast.VariableDeclaratorNode:
		f.local = append(f.local, at.Name)
		// Children come before their parents: what was taken for a column is not.
		if unknown := (*UnknownName)(nil); errors.As(f.err, &unknown) && unknown.Name == at.Name {
			f.err = nil
		}
		return
	case *ast.IdentifierNode:
		if at.Value == "missing" || at.Value == "col" {
			f.asks = f.asks || at.Value == "missing"
			return
		}
		name = at.Value
	default:
		var ok bool
		if name, ok = columnCall(*n); !ok {
			return
		}
	}
	c, ok := f.place[name]
	switch {
	case ok && !slices.Contains(f.used, c):
		f.used = append(f.used, c)
	case !ok && name != "$env" && !slices.Contains(functionNames, name) && !slices.Contains(f.local, name) && f.err == nil:
		f.err = &UnknownName{name}
	}
}

// chunk is the number of rows that are worked on at a time, few enough to stay
// in the processor's caches.
const chunk = 4096

// rowError is what went wrong in a row.
type rowError struct {
	row int
	err error
}

func (e rowError) Error() string { return fmt.Sprintf("row %d: %v", e.row+1, e.err) }

// caught runs do, which may panic with a rowError.
func caught(do func()) (err error) {
	defer func() {
		if r := recover(); r != nil {
			at, ok := r.(rowError)
			if !ok {
				panic(r)
			}
			err = at
		}
	}()
	do()
	return nil
}

// chunks calls do for the rows, a chunk at a time and on all processors, and
// returns the first row's error.
func (e *Expr) chunks(do func(lo, hi int, free *arena)) error {
	n := e.columns[0].Len()
	errs := make([]error, n/chunk+1)
	Parallel(n, func(lo, hi int) {
		var free arena
		for at := lo; at < hi; at += chunk {
			free.reset()
			if errs[at/chunk] = caught(func() { do(at, min(at+chunk, hi), &free) }); errs[at/chunk] != nil {
				return
			}
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// ErrNotBool is the error of a condition that is none.
var ErrNotBool = errors.New("this is not true or false in each row: compare something, as in weight > 3")

// Rows returns the rows for which the expression, a condition, is true.
func (e *Expr) Rows() ([]int, error) {
	n := e.columns[0].Len()
	parts := make([][]int, n/chunk+1)
	collect := func(lo int, is []bool) {
		count := 0
		for _, b := range is {
			if b {
				count++
			}
		}
		rows := make([]int, 0, count)
		for i, b := range is {
			if b {
				rows = append(rows, lo+i)
			}
		}
		parts[lo/chunk] = rows
	}
	var err error
	switch {
	case e.vector.b != nil:
		err = e.chunks(func(lo, hi int, free *arena) {
			collect(lo, e.vector.b(lo, hi, free))
		})
	case e.vector.known() || e.program.Node().Type() != nil && !slices.Contains([]reflect.Kind{reflect.Bool, reflect.Interface}, e.program.Node().Type().Kind()):
		return nil, ErrNotBool
	default:
		err = e.chunks(func(lo, hi int, _ *arena) {
			is := make([]bool, hi-lo)
			for i, v := range e.machine(lo, hi) {
				var ok bool
				if is[i], ok = v.(bool); !ok && v != nil {
					panic(rowError{lo + i, ErrNotBool})
				}
			}
			collect(lo, is)
		})
	}
	return slices.Concat(parts...), err
}

// Column returns the expression's value in each row as a column.
func (e *Expr) Column(name string) (series.Series, error) {
	n := e.columns[0].Len()
	switch v := e.vector; {
	case v.f != nil:
		return fill(e, name, v.f, func(to []Cell[float64], from []float64) {
			for i, x := range from {
				to[i] = Cell[float64]{x, x != x}
			}
		})
	case v.i != nil:
		return fill(e, name, v.i, values[int])
	case v.b != nil:
		return fill(e, name, v.b, values[bool])
	case v.s != nil:
		return fill(e, name, v.s, func(to, from []Cell[string]) { copy(to, from) })
	}
	values := make([]any, n)
	if err := e.chunks(func(lo, hi int, free *arena) { copy(values[lo:hi], e.machine(lo, hi)) }); err != nil {
		return series.Series{}, err
	}
	return ofValues(name, values)
}

// fill makes a column of what v gives, which put puts into cells.
func fill[T any, V Value](e *Expr, name string, v rows[T], put func(to []Cell[V], from []T)) (series.Series, error) {
	cells := make([]Cell[V], e.columns[0].Len())
	err := e.chunks(func(lo, hi int, free *arena) { put(cells[lo:hi], v(lo, hi, free)) })
	return Series(name, cells), err
}

// values puts values into cells of which none is missing.
func values[V Value](to []Cell[V], from []V) {
	for i, x := range from {
		to[i].V = x
	}
}

// machine runs the expression for some rows by expr's machine. Where a text
// that it uses is missing, and it does not ask for that, so is the value.
func (e *Expr) machine(lo, hi int) []any {
	env := make(map[string]any, 2*len(e.used))
	values := make([]any, hi-lo)
	read := make([]func(r int) (any, bool), len(e.used))
	for u, c := range e.used {
		read[u] = reader(e.columns[c])
	}
	var m vm.VM
	for r := lo; r < hi; r++ {
		absent := false
		for u, c := range e.used {
			name := e.columns[c].Name
			v, missing := read[u](r)
			env[name], env[missingName(name)] = v, missing
			if _, number := v.(float64); missing && !number {
				absent = true
			}
		}
		if absent && !e.asks {
			continue
		}
		v, err := m.Run(e.program, env)
		if err != nil {
			panic(rowError{r, told(err)})
		}
		values[r-lo] = v
	}
	return values
}

// reader returns what gives a column's value in a row, and whether it is
// missing: NaN where a number is.
func reader(s series.Series) func(r int) (any, bool) {
	switch s.Type() {
	case series.Float:
		cells := Of[float64](s)
		return func(r int) (any, bool) {
			if c := cells[r]; !c.NA {
				return c.V, c.V != c.V
			}
			return nan, true
		}
	case series.Int:
		cells, float := Of[int](s), HasMissing(s)
		return func(r int) (any, bool) {
			switch c := cells[r]; {
			case c.NA:
				return nan, true
			case float:
				return float64(c.V), false
			default:
				return c.V, false
			}
		}
	case series.Bool:
		cells := Of[bool](s)
		return func(r int) (any, bool) { return cells[r].V, cells[r].NA }
	default:
		cells := Of[string](s)
		return func(r int) (any, bool) { return cells[r].V, cells[r].NA }
	}
}

// ofValues makes a column of what the machine gave: of Int, Float, Bool or
// String, as all that is there is one.
func ofValues(name string, values []any) (series.Series, error) {
	ints, floats, bools, texts := true, true, true, true
	for r, v := range values {
		switch v.(type) {
		case nil:
		case int:
			bools, texts = false, false
		case float64:
			ints, bools, texts = false, false, false
		case bool:
			ints, floats, texts = false, false, false
		case string:
			ints, floats, bools = false, false, false
		default:
			return series.Series{}, rowError{r, fmt.Errorf("the value is a %T, which is no number, text, true or false: take one of its parts", v)}
		}
		if !ints && !floats && !bools && !texts {
			return series.Series{}, rowError{r, fmt.Errorf("the value is %v, a %T, which those above are not: make all of one kind, as by string(...)", v, v)}
		}
	}
	switch {
	case ints:
		return pick[int](name, values), nil
	case floats:
		for r, v := range values {
			if i, ok := v.(int); ok {
				values[r] = float64(i)
			}
		}
		return pick[float64](name, values), nil
	case bools:
		return pick[bool](name, values), nil
	default:
		return pick[string](name, values), nil
	}
}

func pick[T Value](name string, values []any) series.Series {
	cells := make([]Cell[T], len(values))
	for r, v := range values {
		x, ok := v.(T)
		cells[r] = Cell[T]{x, !ok}
	}
	return Series(name, cells)
}
