package csr_test

import (
	"reflect"
	"testing"

	"gonmf/nmf/internal/csr"
)

func TestTranspose(t *testing.T) {
	for _, c := range []struct {
		name string
		cols int
		ptr  []int
		idx  []int32
		val  []float32
		ptrT []int
		idxT []int32
		valT []float32
	}{
		{"three by two", 2, []int{0, 1, 1, 3}, []int32{1, 0, 1}, []float32{5, 6, 7}, []int{0, 1, 3}, []int32{2, 0, 2}, []float32{6, 5, 7}},
		{"no rows", 2, []int{0}, []int32{}, []float32{}, []int{0, 0, 0}, []int32{}, []float32{}},
		{"no columns", 0, []int{0, 0}, []int32{}, []float32{}, []int{0}, []int32{}, []float32{}},
	} {
		ptr, idx, val := csr.Transpose[int32, float32](c.cols, c.ptr, c.idx, c.val)
		if !reflect.DeepEqual(ptr, c.ptrT) || !reflect.DeepEqual(idx, c.idxT) || !reflect.DeepEqual(val, c.valT) {
			t.Errorf("%s: %v %v %v", c.name, ptr, idx, val)
		}
	}
}
