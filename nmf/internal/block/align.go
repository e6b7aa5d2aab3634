package block

import (
	"unsafe"

	"gonmf/nmf/internal/kern"
)

// alignedSlice returns n zeros that start at a cache line.
func Aligned[T kern.Float](n int) []T {
	size := unsafe.Sizeof(T(0))
	line := 64 / int(size)
	a := make([]T, n+line)
	skip := 0
	if off := uintptr(unsafe.Pointer(unsafe.SliceData(a))) / size % uintptr(line); off != 0 {
		skip = line - int(off)
	}
	return a[skip : skip+n : skip+n]
}
