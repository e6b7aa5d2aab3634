// Package columns works on the columns of gota DataFrames as slices.
//
// gota hands out a column an element at a time, by an interface, and copies a
// column whenever it is named. Here a column is the slice that lies beneath,
// of cells that hold a value and whether it is missing: [Of] shows the cells
// of a Series, [Series] makes one of cells and [Frame] a DataFrame of Series,
// none of them with a copy. On top of that stand rows taken ([Take]), put in
// order ([Order]) and grouped ([GroupRows]), and expressions ([Compile]).
//
// It knows gota and nothing of package frames.
package columns

import (
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

// Value is what a cell may hold.
type Value interface{ float64 | int | string | bool }

// Cell is a value, or a missing one. It lies in memory as gota's elements do.
type Cell[T Value] struct {
	V  T
	NA bool
}

// sharing says whether gota's elements are what [Cell] takes them for. With
// another version of gota they may not be: then columns are copied.
var sharing = sameLayout[float64](series.Float) && sameLayout[int](series.Int) &&
	sameLayout[string](series.String) && sameLayout[bool](series.Bool) && knownFields()

// sameLayout reports whether a Series of type t keeps its values as
// []Cell[T].
func sameLayout[T Value](t series.Type) bool {
	elements, ok := reflect.TypeFor[series.Series]().FieldByName("elements")
	if !ok || elements.Type.Kind() != reflect.Interface {
		return false
	}
	slice := reflect.ValueOf(series.New(nil, t, "")).FieldByName("elements").Elem().Type()
	if slice.Kind() != reflect.Slice || slice.Elem().Kind() != reflect.Struct || slice.Elem().NumField() != 2 {
		return false
	}
	value, missing := slice.Elem().Field(0), slice.Elem().Field(1)
	cell := reflect.TypeFor[Cell[T]]()
	return value.Type == reflect.TypeFor[T]() && missing.Type.Kind() == reflect.Bool &&
		missing.Offset == cell.Field(1).Offset && slice.Elem().Size() == cell.Size()
}

// knownFields reports whether a DataFrame keeps what [Frame] sets.
func knownFields() bool {
	df := reflect.TypeFor[dataframe.DataFrame]()
	columns, okColumns := df.FieldByName("columns")
	rows, okRows := df.FieldByName("nrows")
	cols, okCols := df.FieldByName("ncols")
	return okColumns && okRows && okCols && df.NumField() == 4 && columns.Type == reflect.TypeFor[[]series.Series]() &&
		rows.Type.Kind() == reflect.Int && cols.Type.Kind() == reflect.Int
}

// field returns a field of *s that is not exported, so that it can be set.
func field[S any](s *S, name string) reflect.Value {
	f := reflect.ValueOf(s).Elem().FieldByName(name)
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}

// Of returns the cells of a Series, whose type must be that of T. They are the
// Series' own: nobody may write to them.
func Of[T Value](s series.Series) []Cell[T] {
	if !sharing {
		return copied[T](s)
	}
	elements := field(&s, "elements").Elem()
	if elements.Len() == 0 {
		return nil
	}
	return unsafe.Slice((*Cell[T])(elements.UnsafePointer()), elements.Len())
}

// copied is Of for a gota that is not known.
func copied[T Value](s series.Series) []Cell[T] {
	cells := make([]Cell[T], s.Len())
	for i := range cells {
		e := s.Elem(i)
		if e.IsNA() {
			cells[i].NA = true
			continue
		}
		cells[i].V = e.Val().(T)
	}
	return cells
}

// typeOf returns gota's name of T.
func typeOf[T Value]() series.Type {
	switch any(*new(T)).(type) {
	case float64:
		return series.Float
	case int:
		return series.Int
	case string:
		return series.String
	default:
		return series.Bool
	}
}

// Series makes a column of cells, which are its own from then on.
func Series[T Value](name string, cells []Cell[T]) series.Series {
	s := series.New(nil, typeOf[T](), name)
	if !sharing {
		values := make([]any, len(cells))
		for i, c := range cells {
			if !c.NA {
				values[i] = c.V
			}
		}
		s = series.New(values, typeOf[T](), name)
		for i, c := range cells { // gota takes the text NaN for a missing value
			if text, ok := any(c.V).(string); ok && text == "NaN" && !c.NA {
				s.Elem(i).Set(literal{text: text})
			}
		}
		return s
	}
	elements := field(&s, "elements")
	elements.Set(reflect.NewAt(elements.Elem().Type(), unsafe.Pointer(&cells)).Elem())
	return s
}

// literal is an element that a String column takes over letter by letter.
type literal struct {
	series.Element // never called: Set of a String element asks for String alone
	text           string
}

func (l literal) String() string { return l.text }

// All returns the columns of a DataFrame without an error. They are its own:
// nobody may write to them.
func All(df dataframe.DataFrame) []series.Series {
	if !sharing {
		columns := make([]series.Series, df.Ncol())
		for c, name := range df.Names() {
			columns[c] = df.Select(c).Col(df.Select(c).Names()[0])
			columns[c].Name = name
		}
		return columns
	}
	return field(&df, "columns").Interface().([]series.Series)
}

// Frame makes a DataFrame of columns of one length, which are its own from
// then on, with exactly their names.
func Frame(columns []series.Series) dataframe.DataFrame {
	if len(columns) == 0 {
		return dataframe.DataFrame{}
	}
	if !sharing {
		names := make([]string, len(columns))
		for c := range columns {
			names[c] = columns[c].Name
		}
		df := dataframe.New(columns...)
		_ = df.SetNames(names...) // as many as there are columns
		return df
	}
	var df dataframe.DataFrame
	field(&df, "columns").Set(reflect.ValueOf(columns))
	field(&df, "ncols").SetInt(int64(len(columns)))
	field(&df, "nrows").SetInt(int64(columns[0].Len()))
	return df
}

// Take returns the rows of a column that are named, in that order; a row of -1
// becomes a missing value.
func Take(s series.Series, rows []int) series.Series {
	switch s.Type() {
	case series.Float:
		return Series(s.Name, take(Of[float64](s), rows))
	case series.Int:
		return Series(s.Name, take(Of[int](s), rows))
	case series.Bool:
		return Series(s.Name, take(Of[bool](s), rows))
	default:
		return Series(s.Name, take(Of[string](s), rows))
	}
}

func take[T Value](from []Cell[T], rows []int) []Cell[T] {
	to := make([]Cell[T], len(rows))
	Parallel(len(rows), func(lo, hi int) {
		for i, r := range rows[lo:hi] {
			if r < 0 {
				to[lo+i].NA = true
			} else {
				to[lo+i] = from[r]
			}
		}
	})
	return to
}

// TakeRows returns the rows of a DataFrame that are named, in that order.
func TakeRows(df dataframe.DataFrame, rows []int) dataframe.DataFrame {
	from := All(df)
	to := make([]series.Series, len(from))
	for c := range from {
		to[c] = Take(from[c], rows)
	}
	return Frame(to)
}

// HasMissing reports whether a column has a missing value.
func HasMissing(s series.Series) bool {
	switch s.Type() {
	case series.Float:
		return anyOf(Of[float64](s), func(cells []Cell[float64]) bool {
			for i := range cells {
				if c := &cells[i]; c.NA || c.V != c.V {
					return true
				}
			}
			return false
		})
	case series.Int:
		return hasNA(Of[int](s))
	case series.Bool:
		return hasNA(Of[bool](s))
	default:
		return hasNA(Of[string](s))
	}
}

// anyOf reports whether is says so of some of the cells, which it is given a chunk at
// a time and on all processors.
func anyOf[T Value](cells []Cell[T], is func([]Cell[T]) bool) bool {
	var found atomic.Bool
	Parallel(len(cells), func(lo, hi int) {
		for at := lo; at < hi && !found.Load(); at += chunk {
			if is(cells[at:min(at+chunk, hi)]) {
				found.Store(true)
			}
		}
	})
	return found.Load()
}

func hasNA[T Value](cells []Cell[T]) bool {
	return anyOf(cells, func(cells []Cell[T]) bool {
		for i := range cells {
			if cells[i].NA {
				return true
			}
		}
		return false
	})
}

// Missing returns where a column has missing values.
func Missing(s series.Series) []bool {
	switch s.Type() {
	case series.Float:
		cells, na := Of[float64](s), make([]bool, s.Len())
		for i, c := range cells {
			na[i] = c.NA || c.V != c.V
		}
		return na
	case series.Int:
		return missing(Of[int](s))
	case series.Bool:
		return missing(Of[bool](s))
	default:
		return missing(Of[string](s))
	}
}

func missing[T Value](cells []Cell[T]) []bool {
	na := make([]bool, len(cells))
	for i, c := range cells {
		na[i] = c.NA
	}
	return na
}

// Numbers returns a column of numbers (or of Bool, as 0 and 1), NaN where one
// is missing.
func Numbers(s series.Series) []float64 {
	out := make([]float64, s.Len())
	switch s.Type() {
	case series.Float:
		cells := Of[float64](s)
		Parallel(len(out), func(lo, hi int) { numbers(cells[lo:hi], out[lo:hi], func(v float64) float64 { return v }) })
	case series.Int:
		cells := Of[int](s)
		Parallel(len(out), func(lo, hi int) { numbers(cells[lo:hi], out[lo:hi], func(v int) float64 { return float64(v) }) })
	case series.Bool:
		numbers(Of[bool](s), out, func(v bool) float64 {
			if v {
				return 1
			}
			return 0
		})
	default:
		for i := range out {
			out[i] = nan
		}
	}
	return out
}

func numbers[T Value](cells []Cell[T], out []float64, number func(T) float64) {
	for i, c := range cells {
		if out[i] = number(c.V); c.NA {
			out[i] = nan
		}
	}
}

// grain is the smallest number of rows for which a goroutine of its own pays.
const grain = 8 * chunk

// Parallel calls do for ranges that together are 0 to n, side by side where
// that pays. Each begins at a multiple of [chunk].
func Parallel(n int, do func(lo, hi int)) {
	parts := min(runtime.GOMAXPROCS(0), n/grain)
	if parts <= 1 {
		do(0, n)
		return
	}
	bound := func(p int) int {
		if p == parts {
			return n
		}
		return n * p / parts / chunk * chunk
	}
	var wg sync.WaitGroup
	for p := range parts {
		wg.Go(func() { do(bound(p), bound(p+1)) })
	}
	wg.Wait()
}

// Stack returns the cells of a and then those of b, which hold the same kind of
// value, as a column.
func Stack(a, b series.Series) series.Series {
	switch {
	case a.Type() == series.String:
		return Series(a.Name, slices.Concat(Of[string](a), Of[string](b)))
	case a.Type() == series.Bool:
		return Series(a.Name, slices.Concat(Of[bool](a), Of[bool](b)))
	case a.Type() == series.Int && b.Type() == series.Int:
		return Series(a.Name, slices.Concat(Of[int](a), Of[int](b)))
	}
	numbers := slices.Concat(Numbers(a), Numbers(b))
	cells := make([]Cell[float64], len(numbers))
	for r, v := range numbers {
		cells[r] = Cell[float64]{v, v != v}
	}
	return Series(a.Name, cells)
}
