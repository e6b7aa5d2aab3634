package nmf

import "unsafe"

// alignedSlice returns n zeros that start at a cache line.
func alignedSlice(n int) []float64 {
	const line = 64
	a := make([]float64, n+line/8)
	skip := 0
	if off := uintptr(unsafe.Pointer(unsafe.SliceData(a))) % line; off != 0 {
		skip = int(line-off) / 8
	}
	return a[skip : skip+n : skip+n]
}
