package nmf

import (
	"unsafe"

	"gonmf/nmf/internal/kern"
)

// alignedSlice returns n zeros that start at a cache line.
func alignedSlice[T kern.Float](n int) []T {
	line := kern.Line[T]()
	a := make([]T, n+line)
	skip := 0
	size := unsafe.Sizeof(a[0])
	if off := uintptr(unsafe.Pointer(unsafe.SliceData(a))) / size % uintptr(line); off != 0 {
		skip = line - int(off)
	}
	return a[skip : skip+n : skip+n]
}
