package sparse

import (
	"fmt"
	"io"

	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/npz"
)

// ReadNPY reads the entries that are not zero of a matrix that numpy.save
// wrote, of any type of numbers and in either order. Errors about the content
// wrap [ErrFormat].
func ReadNPY(r io.Reader) (*CSR, error) {
	a, err := npz.ReadNPY(r)
	if err != nil {
		return nil, fmt.Errorf("sparse: read .npy: %w (%w)", ErrFormat, err)
	}
	m, err := fromArray(a)
	if err != nil {
		return nil, fmt.Errorf("sparse: read .npy: %w", err)
	}
	return m, nil
}

// fromArray takes over the entries of a dense matrix that are not zero.
func fromArray(a *npz.Array) (*CSR, error) {
	if len(a.Shape) != 2 || a.Texts != nil {
		return nil, kind.Errorf(ErrFormat, "an array of shape %v: want a matrix of numbers", a.Shape)
	}
	rows, cols, data := a.Shape[0], a.Shape[1], a.Numbers()
	if err := checkSides(rows, cols, len(data)); err != nil {
		return nil, err
	}
	ptr := make([]int, 1, rows+1)
	var idx []int32
	var val []float64
	for i := range rows {
		for j, v := range data[i*cols:][:cols] {
			if v != 0 {
				idx, val = append(idx, int32(j)), append(val, v)
			}
		}
		ptr = append(ptr, len(val))
	}
	return FromCSR(rows, cols, ptr, idx, val)
}

// dense returns the only matrix of a file that numpy.savez wrote; nil if it has
// none, or is SciPy's.
func (f scipyFile) dense() (found *npz.Array) {
	for _, a := range f {
		if len(a.Shape) != 2 || a.Texts != nil {
			continue
		}
		if found != nil {
			return nil
		}
		found = a
	}
	return found
}

// blocks returns the entries of a bsr matrix that are not zero: dense blocks
// in place of entries.
func (f scipyFile) blocks(rows, cols int) (i, j []int, v []float64, err error) {
	a := f["data"]
	if a == nil || len(a.Shape) != 3 || a.Texts != nil || a.Shape[1] <= 0 || a.Shape[2] <= 0 {
		return nil, nil, nil, kind.Errorf(ErrFormat, "there is no array data of blocks")
	}
	high, wide := a.Shape[1], a.Shape[2]
	if rows%high != 0 || cols%wide != 0 {
		return nil, nil, nil, kind.Errorf(ErrFormat, "blocks of %d x %d in a %d x %d matrix", high, wide, rows, cols)
	}
	along, across, err := f.compressed(rows/high, a.Shape[0])
	if err != nil {
		return nil, nil, nil, err
	}
	data := a.Numbers()
	for b := range along {
		for at, value := range data[b*high*wide:][:high*wide] {
			if value != 0 {
				i = append(i, along[b]*high+at/wide)
				j = append(j, across[b]*wide+at%wide)
				v = append(v, value)
			}
		}
	}
	return i, j, v, nil
}

// diagonals returns the entries of a dia matrix that are not zero.
func (f scipyFile) diagonals(rows, cols int) (i, j []int, v []float64, err error) {
	offsets, err := f.ints("offsets")
	if err != nil {
		return nil, nil, nil, err
	}
	a := f["data"]
	if a == nil || len(a.Shape) != 2 || a.Texts != nil || a.Shape[0] != len(offsets) {
		return nil, nil, nil, kind.Errorf(ErrFormat, "there is no array data with a row for each of %d diagonals", len(offsets))
	}
	data, length := a.Numbers(), a.Shape[1]
	for d, offset := range offsets {
		for col, value := range data[d*length:][:min(length, cols)] {
			if row := col - offset; value != 0 && row >= 0 && row < rows {
				i, j, v = append(i, row), append(j, col), append(v, value)
			}
		}
	}
	return i, j, v, nil
}
