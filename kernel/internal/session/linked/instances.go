package linked

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
)

// Instances are compiled instances of generic functions of package slices, by the names that
// ssa gives them. There are those that sort and search, for the usual types of elements; what
// only loops runs unboxed, and may be part of a function that does.
var Instances = sync.OnceValue(func() map[string]any {
	all := map[string]any{}
	add[int](all, "int")
	add[int64](all, "int64")
	add[int32](all, "int32")
	add[rune](all, "rune")
	add[uint8](all, "uint8")
	add[byte](all, "byte")
	add[uint64](all, "uint64")
	add[float64](all, "float64")
	add[float32](all, "float32")
	add[string](all, "string")
	for name, f := range map[string]any{
		"Contains": slices.Contains[[]string], "Index": slices.Index[[]string], "Max": slices.Max[[]string], "Min": slices.Min[[]string],
		"Reverse": slices.Reverse[[]string], "Equal": slices.Equal[[]string], "Compact": slices.Compact[[]string],
		"IsSorted": slices.IsSorted[[]string],
	} {
		all[instance(name, "string")] = f
	}
	return all
})

func instance(name, elem string) string { return fmt.Sprintf("slices.%s[[]%s, %[2]s]", name, elem) }

func add[E cmp.Ordered](all map[string]any, elem string) {
	for name, f := range map[string]any{
		"Sort": slices.Sort[[]E], "SortFunc": slices.SortFunc[[]E], "SortStableFunc": slices.SortStableFunc[[]E],
		"BinarySearch": slices.BinarySearch[[]E],
	} {
		all[instance(name, elem)] = f
	}
}
