package callback

import (
	"reflect"
	"sort"
)

// SortFunc is slices.SortFunc for a slice of any type, with a comparison of a cell. It
// compares and swaps what that does: package sort has the same algorithm.
func (t *Table) SortFunc(x, compare any) { sort.Slice(x, t.less(x, compare)) }

// SortStableFunc is slices.SortStableFunc likewise.
func (t *Table) SortStableFunc(x, compare any) { sort.SliceStable(x, t.less(x, compare)) }

// less compares two elements of the slice x by their indices.
func (t *Table) less(x, compare any) func(i, j int) bool {
	v := reflect.ValueOf(x)
	if c := of(compare); c != nil {
		return func(i, j int) bool { return as[int](c.call(v.Index(i).Interface(), v.Index(j).Interface())) < 0 }
	}
	f := reflect.ValueOf(compare)
	return func(i, j int) bool { return f.Call([]reflect.Value{v.Index(i), v.Index(j)})[0].Int() < 0 }
}
