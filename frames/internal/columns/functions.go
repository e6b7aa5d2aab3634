package columns

import (
	"fmt"
	"math"
	"time"

	"github.com/expr-lang/expr"
)

// reals are functions of a number that give a number; the first are expr's
// own.
var reals = map[string]func(float64) float64{
	"abs": math.Abs, "ceil": math.Ceil, "floor": math.Floor, "round": math.Round,
	"sqrt": math.Sqrt, "exp": math.Exp, "log": math.Log, "log1p": math.Log1p, "log2": math.Log2, "log10": math.Log10,
}

// dateParts are functions of a date or time written as text. Days of a week
// count from 0, a Monday, as pandas has them.
var dateParts = map[string]func(time.Time) int{
	"year":    time.Time.Year,
	"month":   func(t time.Time) int { return int(t.Month()) },
	"day":     time.Time.Day,
	"hour":    time.Time.Hour,
	"minute":  time.Time.Minute,
	"weekday": func(t time.Time) int { return (int(t.Weekday()) + 6) % 7 },
}

var functions, functionNames = makeFunctions()

// makeFunctions returns the functions that expr lacks and their names.
func makeFunctions() (options []expr.Option, names []string) {
	for _, name := range []string{"sqrt", "exp", "log", "log1p", "log2", "log10"} {
		f := reals[name]
		names = append(names, name)
		options = append(options, expr.Function(name, func(args ...any) (any, error) {
			switch v := args[0].(type) {
			case int:
				return f(float64(v)), nil
			case float64:
				return f(v), nil
			}
			return nil, fmt.Errorf("%s takes a number", name)
		}, new(func(float64) float64), new(func(int) float64)))
	}
	for name, part := range dateParts {
		names = append(names, name)
		options = append(options, expr.Function(name, func(args ...any) (any, error) {
			t, err := ParseTime(args[0].(string))
			if err != nil {
				return nil, err
			}
			return part(t), nil
		}, new(func(string) int)))
	}
	// These are gone before anything runs: see byName.
	gone := func(args ...any) (any, error) {
		return nil, fmt.Errorf("col and missing take one column: col(\"order value\"), missing(weight)")
	}
	names = append(names, "col", "missing")
	options = append(options,
		expr.Function("col", gone, new(func(string) any)),
		expr.Function("missing", gone, new(func(any) bool)))
	return options, names
}

// datePart is a part of a date by rows, NaN where the text is missing.
func datePart(s rows[Cell[string]], part func(time.Time) int) node {
	return node{f: func(lo, hi int, free *arena) []float64 {
		out := space[float64](free, hi-lo)
		for i, v := range s(lo, hi, free) {
			if v.NA {
				out[i] = nan
				continue
			}
			t, err := ParseTime(v.V)
			if err != nil {
				panic(rowError{lo + i, err})
			}
			out[i] = float64(part(t))
		}
		return out
	}}
}
