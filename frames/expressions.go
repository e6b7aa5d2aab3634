package frames

import (
	"errors"
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/columns"
	"gonmf/frames/internal/frame"
)

// Where returns the rows for which a condition is true:
//
//	frames.Where(df, "weight > 3 && item_id startsWith 'and_'")
//
// The condition is written in the language of github.com/expr-lang/expr, with
// columns by their names: == != < <= > >=, && || ! (or and, or, not), + - * /
// % **, in and not in with a list, cond ? a : b, a ?? b; of texts contains,
// startsWith, endsWith and matches (a regular expression), upper, lower, trim,
// len, split(text, " ")[0]; of numbers abs, ceil, floor, round, sqrt, exp, log,
// log1p, log2, log10, int, float, string; of dates and times written as text
// year, month, day, hour, minute, weekday (0 is Monday). missing(weight) asks
// whether a value is missing, and col("order value") names a column whose name
// is no word.
//
// It is checked against the columns' types before a row is looked at. As in
// pandas, a missing value equals nothing and is less than nothing.
func Where(df dataframe.DataFrame, condition string) (dataframe.DataFrame, error) {
	e, err := compile(df, "Where", condition)
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	rows, err := e.Rows()
	if err != nil {
		return dataframe.DataFrame{}, evaluated("Where", condition, err)
	}
	return columns.TakeRows(df, rows), nil
}

// Mutate returns the table with columns that are computed from others, one
// after another:
//
//	frames.Mutate(df, "first = split(item_id, ' ')[0]", "share = weight / total")
//
// Expressions are those of [Where]. A column that is there already is
// replaced, and a new one comes last. A number computed from a missing one is
// missing, and so is a text.
func Mutate(df dataframe.DataFrame, assignments ...string) (dataframe.DataFrame, error) {
	if err := frame.Check(df); err != nil {
		return dataframe.DataFrame{}, err
	}
	for _, a := range assignments {
		name, expression, ok := assignment(a)
		if !ok {
			return dataframe.DataFrame{}, frame.Errorf(ErrArgument, `frames: Mutate: %q is not "name = expression"`, a)
		}
		e, err := compile(df, "Mutate", expression)
		if err != nil {
			return dataframe.DataFrame{}, err
		}
		column, err := e.Column(name)
		if err != nil {
			return dataframe.DataFrame{}, evaluated("Mutate", expression, err)
		}
		df = with(df, column)
	}
	return df, nil
}

// assignment cuts "name = expression" in two.
func assignment(text string) (name, expression string, ok bool) {
	name, expression, ok = strings.Cut(text, "=")
	name, expression = strings.TrimSpace(name), strings.TrimSpace(expression)
	if quoted, is := strings.CutPrefix(name, `col("`); is {
		name = strings.TrimSuffix(quoted, `")`)
	} else if strings.ContainsAny(name, `"'()<>!`) {
		ok = false
	}
	return name, expression, ok && name != "" && expression != "" && expression[0] != '='
}

// with returns df with a column more, or in place of one of that name.
func with(df dataframe.DataFrame, column series.Series) dataframe.DataFrame {
	all := slices.Clone(columns.All(df))
	if c := slices.Index(df.Names(), column.Name); c >= 0 {
		all[c] = column
	} else {
		all = append(all, column)
	}
	return columns.Frame(all)
}

// compile checks an expression over the columns of df.
func compile(df dataframe.DataFrame, verb, expression string) (*columns.Expr, error) {
	if err := frame.Check(df); err != nil {
		return nil, err
	}
	if df.Ncol() == 0 {
		return nil, frame.Errorf(ErrEmpty, "frames: %s: the table has no columns", verb)
	}
	e, err := columns.Compile(expression, columns.All(df))
	var unknown *columns.UnknownName
	if errors.As(err, &unknown) {
		_, err = columnIndex(df.Names(), unknown.Name)
		return nil, frame.Errorf(ErrColumn, "%s (in %q)", err, expression)
	}
	if err != nil {
		return nil, evaluated(verb, expression, err)
	}
	return e, nil
}

// evaluated says of which expression an error is.
func evaluated(verb, expression string, err error) error {
	return frame.Errorf(ErrExpression, "frames: %s %q: %v", verb, expression, err)
}

// listNames lists the names of columns as they are written in an error, the
// first of many.
func listNames(names []string) string {
	const most = 20
	var shown []string
	for i, n := range names {
		if i == most {
			shown = append(shown, fmt.Sprintf("and %d more", len(names)-most))
			break
		}
		if !token.IsIdentifier(n) {
			n = fmt.Sprintf("%q", n)
		}
		shown = append(shown, n)
	}
	return strings.Join(shown, ", ")
}
