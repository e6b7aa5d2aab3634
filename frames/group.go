package frames

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/columns"
	"gonmf/frames/internal/frame"
)

// Groups are the rows of a table by what some columns hold: see [GroupBy].
type Groups struct {
	df   dataframe.DataFrame
	keys []series.Series
	rows columns.Groups
	err  error
}

// GroupBy groups rows by what some columns hold, for [Groups.Agg]:
//
//	frames.GroupBy(df, "user_id").Agg("total = sum(weight)", "count()")
//
// Groups come in the order of their keys. As in pandas, rows in which a key is
// missing are in no group. An error, such as of a column that is not there, is
// returned by Agg.
func GroupBy(df dataframe.DataFrame, by ...string) Groups {
	keys, err := find(df, by, "GroupBy")
	if err != nil {
		return Groups{err: err}
	}
	if df, keys, err = complete(df, by, keys); err != nil {
		return Groups{err: err}
	}
	g := columns.SortedGroups(keys)
	return Groups{df: df, keys: keys, rows: g}
}

// complete leaves out the rows in which a key is missing.
func complete(df dataframe.DataFrame, by []string, keys []series.Series) (dataframe.DataFrame, []series.Series, error) {
	for _, key := range keys {
		if slices.Contains(columns.Missing(key), true) {
			df, err := DropNA(df, by...)
			if err != nil {
				return df, nil, err
			}
			keys, err = find(df, by, "GroupBy")
			return df, keys, err
		}
	}
	return df, keys, nil
}

// Len returns the number of groups.
func (g Groups) Len() int { return len(g.rows.First) }

// Names returns the names of the columns that [Groups.Agg] can compute with: those
// of the table that was grouped.
func (g Groups) Names() []string { return g.df.Names() }

// String says how many groups there are.
func (g Groups) String() string {
	if g.err != nil {
		return g.err.Error()
	}
	var names []string
	for _, key := range g.keys {
		names = append(names, key.Name)
	}
	return fmt.Sprintf("%s of %s by %s: Agg(\"count()\", \"mean(...)\") makes a table of them", plural(g.Len(), "group"), plural(g.df.Nrow(), "row"), listNames(names))
}

// aggregate is a function that makes one value of those of a group.
type aggregate struct {
	name string // of the column that it makes
	verb string
	of   string // the column that it is of; empty for count()
}

var aggregatePattern = regexp.MustCompile(`^\s*(?:([^=()]*?)\s*=)?\s*(\w+)\s*\(\s*(.*?)\s*\)\s*$`)

// aggregates are the functions there are.
var aggregates = []string{"count", "first", "last", "max", "mean", "median", "min", "nunique", "std", "sum"}

// alsoCalled is what others call them.
var alsoCalled = map[string]string{
	"avg": "mean", "average": "mean", "n": "count", "size": "count", "len": "count", "length": "count", "sd": "std", "stdev": "std",
	"distinct": "nunique", "n_distinct": "nunique", "unique": "nunique", "total": "sum", "maximum": "max", "minimum": "min",
}

func parseAggregate(text string, names []string) (aggregate, error) {
	m := aggregatePattern.FindStringSubmatch(text)
	if m == nil {
		return aggregate{}, frame.Errorf(ErrArgument, `frames: %q: want a function of a column, as "sum(weight)" or "total = sum(weight)", or "count()"`, text)
	}
	a := aggregate{name: m[1], verb: m[2], of: strings.Trim(m[3], "`'\"")}
	if !slices.Contains(aggregates, a.verb) {
		return a, frame.Errorf(ErrArgument, "frames: %q: no function %s; there are %s%s", text, a.verb, strings.Join(aggregates, ", "), didYouMean(cmp.Or(alsoCalled[strings.ToLower(a.verb)], a.verb), aggregates))
	}
	if a.of == "" && a.verb != "count" {
		return a, frame.Errorf(ErrArgument, `frames: %q: of which column? Write %s(NAME); the columns are %s`, text, a.verb, listNames(names))
	}
	if a.of != "" {
		if _, err := columnIndex(names, a.of); err != nil {
			return a, err
		}
	}
	if a.name == "" {
		a.name = strings.TrimPrefix(a.of+"_"+a.verb, "_")
	}
	return a, nil
}

// Agg makes a table with a row for each group: its keys, and what the
// functions give, each as "sum(weight)" or, with a name of one's own,
// "total = sum(weight)". There are count() for the number of rows, and of a
// column count (values that are there), nunique, first, last, min, max, of
// numbers also sum, mean, median and std. Missing values are left out, as
// pandas leaves them out; a function of nothing else is missing, but for sum,
// which is 0.
func (g Groups) Agg(functions ...string) (dataframe.DataFrame, error) {
	if g.err != nil {
		return dataframe.DataFrame{}, g.err
	}
	if len(g.keys) == 0 {
		return dataframe.DataFrame{}, frame.Errorf(ErrArgument, "frames: Agg: these are no groups: GroupBy makes some")
	}
	if len(functions) == 0 {
		functions = []string{"count()"}
	}
	var out []series.Series
	for _, key := range g.keys {
		out = append(out, columns.Take(key, g.rows.First))
	}
	for _, text := range functions {
		a, err := parseAggregate(text, g.df.Names())
		if err != nil {
			return dataframe.DataFrame{}, err
		}
		s, err := g.one(a)
		if err != nil {
			return dataframe.DataFrame{}, err
		}
		s.Name = a.name
		for _, before := range out {
			if before.Name == a.name {
				return dataframe.DataFrame{}, frame.Errorf(ErrArgument, `frames: Agg: two columns called %q: give one another name, as in "total = sum(weight)"`, a.name)
			}
		}
		out = append(out, s)
	}
	return columns.Frame(out), nil
}

// one computes one column of Agg.
func (g Groups) one(a aggregate) (series.Series, error) {
	if a.of == "" {
		return series.Ints(g.rows.Sizes()), nil
	}
	c, err := columnIndex(g.df.Names(), a.of)
	if err != nil {
		return series.Series{}, err
	}
	s := columns.All(g.df)[c]
	number := typeName(s.Type()) != "text"
	if !number && slices.Contains([]string{"sum", "mean", "median", "std"}, a.verb) {
		return series.Series{}, frame.Errorf(ErrArgument, "frames: %s of column %q: it is of texts; of those there are count, nunique, first, last, min and max", a.verb, a.of)
	}
	switch a.verb {
	case "count":
		return columns.CountIn(g.rows, s), nil
	case "nunique":
		return columns.DistinctIn(g.rows, s), nil
	case "first", "last", "min", "max":
		return columns.Take(s, columns.RowIn(g.rows, s, a.verb)), nil
	case "sum":
		return columns.SumIn(g.rows, s), nil
	case "median":
		return columns.MedianIn(g.rows, s), nil
	case "mean":
		return columns.MeanIn(g.rows, s), nil
	default:
		return columns.StdIn(g.rows, s), nil
	}
}

// Count counts how often each combination of values of some columns comes:
// those columns and count, the most frequent first, and what comes equally
// often in the order in which it first comes, as pandas' value_counts has it.
// Rows in which one is missing are left out.
func Count(df dataframe.DataFrame, by ...string) (dataframe.DataFrame, error) {
	keys, err := find(df, by, "Count")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	if _, keys, err = complete(df, by, keys); err != nil {
		return dataframe.DataFrame{}, err
	}
	g := columns.GroupRows(keys)
	counts := series.Ints(g.Sizes())
	counts.Name = "count"
	var out []series.Series
	for _, key := range keys {
		out = append(out, columns.Take(key, g.First))
	}
	if slices.Contains(by, "count") {
		return dataframe.DataFrame{}, frame.Errorf(ErrArgument, `frames: Count: a column is called "count" already: GroupBy(df, ...).Agg("n = count()") names it otherwise`)
	}
	return columns.TakeRows(columns.Frame(append(out, counts)), columns.Order([]series.Series{counts}, []bool{true})), nil
}

// Pivot makes a wide table of a long one: a row for each value of index, a
// column for each value of across, both in order, and in the cells a function
// of those rows, as "sum(weight)" (see [Groups.Agg]); missing where there are
// none.
func Pivot(df dataframe.DataFrame, index, across, function string) (dataframe.DataFrame, error) {
	g := GroupBy(df, index, across)
	if g.err != nil {
		return dataframe.DataFrame{}, g.err
	}
	a, err := parseAggregate(function, df.Names())
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	values, err := g.one(a)
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	rowKey, colKey := columns.Take(g.keys[0], g.rows.First), columns.Take(g.keys[1], g.rows.First)
	rows := columns.SortedGroups([]series.Series{rowKey})
	cols := columns.SortedGroups([]series.Series{colKey})
	if most := 10_000; len(cols.First) > most {
		return dataframe.DataFrame{}, frame.Errorf(ErrArgument, "frames: Pivot: %q has %s, more columns than a table can be read with (%s): NewInteractions makes a sparse matrix of a table like this",
			across, plural(len(cols.First), "value"), group(most))
	}
	out := []series.Series{columns.Take(rowKey, rows.First)}
	from := make([][]int, len(cols.First))
	for c := range from {
		from[c] = make([]int, len(rows.First))
		for r := range from[c] {
			from[c][r] = -1
		}
	}
	for at := range rows.Of {
		from[cols.Of[at]][rows.Of[at]] = at
	}
	for c, first := range cols.First {
		s := columns.Take(values, from[c])
		s.Name = elementLabel(colKey.Elem(first))
		out = append(out, s)
	}
	return columns.Frame(out), nil
}
