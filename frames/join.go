package frames

import (
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/columns"
	"gonmf/frames/internal/frame"
)

// Join puts beside each row of left the rows of right that are equal in some
// columns, and leaves out rows of left for which there is none: pandas'
// left.merge(right, on=[...]). Columns that are called differently are named
// as "item = product". Rows come in the order of left, and for one row in that
// of right. A column that both have and that is not joined on is called
// name_x from left and name_y from right.
func Join(left, right dataframe.DataFrame, on ...string) (dataframe.DataFrame, error) {
	return join(left, right, on, false)
}

// LeftJoin is [Join], but keeps all rows of left: where there is nothing in
// right, its columns are missing.
func LeftJoin(left, right dataframe.DataFrame, on ...string) (dataframe.DataFrame, error) {
	return join(left, right, on, true)
}

func join(left, right dataframe.DataFrame, on []string, all bool) (dataframe.DataFrame, error) {
	var leftNames, rightNames []string
	for _, name := range on {
		l, r := name, name
		if a, b, ok := strings.Cut(name, "="); ok && !slices.Contains(left.Names(), name) {
			l, r = strings.TrimSpace(a), strings.TrimSpace(b)
		}
		leftNames, rightNames = append(leftNames, l), append(rightNames, r)
	}
	leftKeys, err := find(left, leftNames, "Join, left table")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	rightKeys, err := find(right, rightNames, "Join, right table")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	for k := range leftKeys {
		if typeName(leftKeys[k].Type()) != typeName(rightKeys[k].Type()) {
			return dataframe.DataFrame{}, frame.Errorf(ErrArgument, "frames: Join: %q is of %ss in the left table and %q of %ss in the right: make them alike, as by Mutate with string(...)",
				leftKeys[k].Name, typeName(leftKeys[k].Type()), rightKeys[k].Name, typeName(rightKeys[k].Type()))
		}
	}
	rowsLeft, rowsRight := match(leftKeys, rightKeys, all)
	var out []series.Series
	both := func(name string) bool {
		return slices.Contains(left.Names(), name) && slices.Contains(right.Names(), name) && !slices.Contains(on, name)
	}
	for _, s := range columns.All(left) {
		s = columns.Take(s, rowsLeft)
		if both(s.Name) {
			s.Name += "_x"
		}
		out = append(out, s)
	}
	for _, s := range columns.All(right) {
		if slices.Contains(on, s.Name) && slices.Contains(leftNames, s.Name) {
			continue
		}
		s = columns.Take(s, rowsRight)
		if both(s.Name) {
			s.Name += "_y"
		}
		out = append(out, s)
	}
	return columns.Frame(out), nil
}

// match returns the pairs of rows that are equal in all keys, -1 on the right
// for a row of left that has none.
func match(left, right []series.Series, all bool) (rowsLeft, rowsRight []int) {
	n := left[0].Len()
	stacked := make([]series.Series, len(left))
	for k := range left {
		stacked[k] = columns.Stack(left[k], right[k])
	}
	g := columns.GroupRows(stacked)
	// The rows of right, group by group.
	of := columns.Groups{Of: g.Of[n:], First: g.First}
	rows, begin := of.Rows()
	rowsLeft, rowsRight = make([]int, 0, n), make([]int, 0, n)
	for r, group := range g.Of[:n] {
		matches := rows[begin[group]:begin[group+1]]
		for _, m := range matches {
			rowsLeft, rowsRight = append(rowsLeft, r), append(rowsRight, m)
		}
		if len(matches) == 0 && all {
			rowsLeft, rowsRight = append(rowsLeft, r), append(rowsRight, -1)
		}
	}
	return rowsLeft, rowsRight
}
