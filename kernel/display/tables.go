package display

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	"gonum.org/v1/gonum/mat"
)

// maxEntries bounds the maps that become tables, since all keys must be sorted to show the first.
const maxEntries = 100_000

// tableOf makes a table of the types that are one by nature.
func tableOf(v any) (table, bool) {
	switch v := v.(type) {
	case dataframe.DataFrame:
		return ofDataFrame(v), true
	case *dataframe.DataFrame:
		if v != nil {
			return ofDataFrame(*v), true
		}
	case series.Series:
		return ofSeries(v), true
	case *series.Series:
		if v != nil {
			return ofSeries(*v), true
		}
	case mat.Matrix:
		if !isNil(v) {
			return ofMatrix(v), true
		}
	default:
		return ofReflected(reflect.ValueOf(v))
	}
	return table{}, false
}

func ofDataFrame(df dataframe.DataFrame) table {
	if df.Err != nil {
		return table{caption: "DataFrame with an error: " + df.Err.Error()}
	}
	names, types := df.Names(), df.Types()
	return source{
		what: "DataFrame", size: frameSize(df), rows: df.Nrow(), cols: df.Ncol(),
		column: func(j int) column { return seriesColumn(names[j], types[j]) },
		cell:   func(i, j int) string { return element(df.Elem(i, j)) },
	}.build()
}

// frameSize returns what a DataFrame takes in memory, to a few percent: gota keeps with each value whether it is
// missing. The texts are those of a sample of the rows.
func frameSize(df dataframe.DataFrame) int {
	const sample = 1000
	rows, size := df.Nrow(), 0
	step := max(1, rows/sample)
	for j, t := range df.Types() {
		switch t {
		case series.String:
			text, seen := 0, 0
			for i := 0; i < rows; i += step {
				text += len(df.Elem(i, j).String())
				seen++
			}
			size += 24*rows + text*rows/max(1, seen)
		case series.Bool:
			size += 2 * rows
		default:
			size += 16 * rows
		}
	}
	return size
}

func ofSeries(s series.Series) table {
	if s.Err != nil {
		return table{caption: "Series with an error: " + s.Err.Error()}
	}
	return source{
		what: "Series", rows: s.Len(), cols: 1, unit: "elements", hideCols: true,
		column: func(int) column { return seriesColumn(s.Name, s.Type()) },
		cell:   func(i, _ int) string { return element(s.Elem(i)) },
	}.build()
}

func seriesColumn(name string, typ series.Type) column {
	return column{name: name, typ: string(typ), numeric: typ == series.Int || typ == series.Float}
}

func element(e series.Element) string {
	if e.Type() == series.Float {
		return number(e.Float())
	}
	return e.String()
}

// ofMatrix also serves vectors, and counts what a sparse matrix holds.
func ofMatrix(m mat.Matrix) table {
	rows, cols := m.Dims()
	s := source{
		what: strings.TrimPrefix(fmt.Sprintf("%T", m), "*"), rows: rows, cols: cols,
		column: func(j int) column { return column{name: fmt.Sprint(j), numeric: true} },
		cell:   func(i, j int) string { return number(m.At(i, j)) },
	}
	if _, ok := m.(mat.Vector); ok {
		s.unit, s.hideCols = "elements", true
		s.column = func(int) column { return column{typ: "float64", numeric: true} }
	}
	if sparse, ok := m.(interface{ NNZ() int }); ok {
		share := 0.0
		if n := float64(rows) * float64(cols); n > 0 {
			share = 100 * float64(sparse.NNZ()) / n
		}
		s.what += fmt.Sprintf(", %s entries (%.3g%%)", grouped(sparse.NNZ()), share)
	}
	return s.build()
}

// ofReflected makes tables of maps, of slices of structs, and of slices of slices of numbers.
func ofReflected(v reflect.Value) (table, bool) {
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Map:
		if n := v.Len(); n > 0 && n <= maxEntries {
			return ofMap(v), true
		}
	case reflect.Slice, reflect.Array:
		elem := v.Type().Elem()
		if elem.Kind() == reflect.Pointer {
			elem = elem.Elem()
		}
		switch {
		case v.Len() == 0:
		case elem.Kind() == reflect.Struct && exportedFields(elem) > 0 && !hasOwnText(v.Type().Elem()):
			return ofStructs(v, elem), true
		case elem.Kind() == reflect.Slice && isNumeric(elem.Elem().Kind()):
			return ofRows(v), true
		}
	}
	return table{}, false
}

func exportedFields(t reflect.Type) int {
	n := 0
	for i := range t.NumField() {
		if t.Field(i).IsExported() {
			n++
		}
	}
	return n
}

// hasOwnText is true for structs like time.Time, whose text says more than their fields.
func hasOwnText(t reflect.Type) bool {
	return t.Implements(reflect.TypeFor[fmt.Stringer]()) || t.Implements(reflect.TypeFor[error]())
}

func isNumeric(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Float64 }

func isPlain(k reflect.Kind) bool {
	return k >= reflect.Bool && k <= reflect.Complex128 || k == reflect.String
}

func ofStructs(v reflect.Value, elem reflect.Type) table {
	var fields []reflect.StructField
	for i := range elem.NumField() {
		if f := elem.Field(i); f.IsExported() {
			fields = append(fields, f)
		}
	}
	return source{
		what: v.Type().String(), rows: v.Len(), cols: len(fields),
		column: func(j int) column { return typedColumn(fields[j].Name, fields[j].Type) },
		cell: func(i, j int) string {
			row := v.Index(i)
			if row.Kind() == reflect.Pointer {
				if row.IsNil() {
					return "nil"
				}
				row = row.Elem()
			}
			return cellText(row.FieldByIndex(fields[j].Index))
		},
	}.build()
}

func ofRows(v reflect.Value) table {
	cols := 0
	for i := range v.Len() {
		cols = max(cols, v.Index(i).Len())
	}
	elem := v.Type().Elem().Elem()
	return source{
		what: v.Type().String(), rows: v.Len(), cols: cols,
		column: func(j int) column { return typedColumn(fmt.Sprint(j), elem) },
		cell: func(i, j int) string {
			if row := v.Index(i); j < row.Len() {
				return cellText(row.Index(j))
			}
			return "" // rows may differ in length
		},
	}.build()
}

// ofMap lists a map by its keys in order.
func ofMap(v reflect.Value) table {
	keys := v.MapKeys()
	slices.SortFunc(keys, compareKeys)
	return source{
		what: v.Type().String(), rows: len(keys), cols: 1, unit: "entries", hideCols: true,
		column: func(int) column { return typedColumn("", v.Type().Elem()) },
		label:  func(i int) string { return cellText(keys[i]) },
		cell:   func(i, _ int) string { return cellText(v.MapIndex(keys[i])) },
	}.build()
}

func compareKeys(a, b reflect.Value) int {
	switch {
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	}
	return cmp.Compare(cellText(a), cellText(b))
}

func typedColumn(name string, t reflect.Type) column {
	return column{name: name, typ: t.String(), numeric: isNumeric(t.Kind()) && !hasOwnText(t)}
}

func cellText(v reflect.Value) string {
	if v.Kind() == reflect.Pointer && !v.IsNil() && isPlain(v.Type().Elem().Kind()) && !hasOwnText(v.Type()) {
		v = v.Elem() // of a field that may be missing; its address tells nobody anything
	}
	if v.CanFloat() && !hasOwnText(v.Type()) {
		return number(v.Float())
	}
	if !v.CanInterface() {
		return v.String() // of an unexported type's field: its kind
	}
	return plain(v.Interface())
}
