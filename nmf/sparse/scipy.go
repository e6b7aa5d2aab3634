package sparse

import (
	"fmt"
	"io"

	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/npz"
)

// ReadNPZ reads a matrix that scipy.sparse.save_npz wrote, compressed or not,
// in the format csr, csc, coo, bsr or dia, of any type of numbers. As there,
// entries may come in any order and those of one place are summed. Of a file
// that numpy.savez wrote it reads the matrix, if there is one only. Of blocks,
// diagonals and dense matrices entries that are zero are left out. Errors about
// the content wrap [ErrFormat].
func ReadNPZ(r io.Reader) (*CSR, error) {
	arrays, err := npz.Read(r)
	if err != nil {
		return nil, fmt.Errorf("sparse: read .npz: %w (%w)", ErrFormat, err)
	}
	f := scipyFile(arrays)
	m, err := f.matrix()
	if err != nil {
		return nil, fmt.Errorf("sparse: read .npz: %w", err)
	}
	return m, nil
}

// scipyFile holds the arrays of a file by name.
type scipyFile map[string]*npz.Array

func (f scipyFile) matrix() (*CSR, error) {
	format := f["format"]
	if a := f.dense(); format == nil && a != nil {
		return fromArray(a)
	}
	if format == nil || len(format.Texts) != 1 {
		return nil, kind.Errorf(ErrFormat, "there is no array format: want a file that scipy.sparse.save_npz wrote, or one matrix")
	}
	shape, err := f.ints("shape")
	if err != nil {
		return nil, err
	}
	if len(shape) != 2 {
		return nil, kind.Errorf(ErrFormat, "shape is %v, want a matrix's", shape)
	}
	rows, cols := shape[0], shape[1]
	if name := format.Texts[0]; name == "bsr" || name == "dia" {
		return f.parts(name, rows, cols)
	}
	data, err := f.data()
	if err != nil {
		return nil, err
	}
	if err := checkSides(rows, cols, len(data)); err != nil {
		return nil, err
	}
	if m := f.canonical(rows, cols, data); m != nil {
		return m, nil
	}
	var i, j []int
	switch name := format.Texts[0]; name {
	case "csr":
		i, j, err = f.compressed(rows, len(data))
	case "csc":
		j, i, err = f.compressed(cols, len(data))
	case "coo":
		i, j, err = f.coordinates()
	default:
		err = kind.Errorf(ErrFormat, "the matrix is in format %q: convert it with .tocsr() before saving", name)
	}
	if err != nil {
		return nil, err
	}
	m, err := FromTriplets(rows, cols, i, j, data[:min(len(i), len(data))])
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrFormat, err)
	}
	return m, nil
}

// parts reads a matrix of dense blocks or of diagonals.
func (f scipyFile) parts(name string, rows, cols int) (*CSR, error) {
	entries := 0
	if a := f["data"]; a != nil {
		entries = max(len(a.Floats), len(a.Ints))
	}
	if err := checkSides(rows, cols, entries); err != nil {
		return nil, err
	}
	read := f.blocks
	if name == "dia" {
		read = f.diagonals
	}
	i, j, v, err := read(rows, cols)
	if err != nil {
		return nil, err
	}
	m, err := FromTriplets(rows, cols, i, j, v)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrFormat, err)
	}
	return m, nil
}

// canonical returns a csr matrix without a detour if its columns increase
// within each row, and otherwise nil.
func (f scipyFile) canonical(rows, cols int, data []float64) *CSR {
	indices, indptr := f["indices"], f["indptr"]
	if f["format"].Texts[0] != "csr" || indices == nil || indptr == nil {
		return nil
	}
	idx := make([]int32, len(indices.Ints))
	for p, j := range indices.Ints {
		if j < 0 || j >= int64(cols) {
			return nil
		}
		idx[p] = int32(j)
	}
	m, err := FromCSR(rows, cols, toInts(indptr.Ints), idx, data)
	if err != nil {
		return nil
	}
	return m
}

// data returns the values.
func (f scipyFile) data() ([]float64, error) {
	a := f["data"]
	if a == nil || len(a.Shape) != 1 || a.Texts != nil {
		return nil, kind.Errorf(ErrFormat, "there is no array data with a number for each entry")
	}
	return a.Numbers(), nil
}

// ints returns a list of integers.
func (f scipyFile) ints(name string) ([]int, error) {
	a := f[name]
	if a == nil || len(a.Shape) != 1 || a.Ints == nil {
		return nil, kind.Errorf(ErrFormat, "there is no array %s of integers", name)
	}
	return toInts(a.Ints), nil
}

// compressed returns the places of the entries of a csr or csc matrix: along
// the compressed axis, which has the given number of lines, and across it.
func (f scipyFile) compressed(lines, entries int) (along, across []int, err error) {
	ptr, err := f.ints("indptr")
	if err != nil {
		return nil, nil, err
	}
	if across, err = f.ints("indices"); err != nil {
		return nil, nil, err
	}
	if len(ptr) != lines+1 || ptr[0] != 0 {
		return nil, nil, kind.Errorf(ErrFormat, "indptr has %d elements for %d rows or columns, or does not start at 0", len(ptr), lines)
	}
	for l := range lines {
		if ptr[l+1] < ptr[l] || ptr[l+1] > min(entries, len(across)) {
			return nil, nil, kind.Errorf(ErrFormat, "indptr[%d] is %d after %d, with %d indices and %d values", l+1, ptr[l+1], ptr[l], len(across), entries)
		}
	}
	used := ptr[lines] // SciPy lets arrays be longer than what is used of them
	along = make([]int, 0, used)
	for l := range lines {
		for range ptr[l+1] - ptr[l] {
			along = append(along, l)
		}
	}
	return along, across[:used], nil
}

// coordinates returns the places of the entries of a coo matrix, which newer
// versions of SciPy may hold in one array.
func (f scipyFile) coordinates() (i, j []int, err error) {
	if a := f["coords"]; a != nil {
		if len(a.Shape) != 2 || a.Shape[0] != 2 || a.Ints == nil {
			return nil, nil, kind.Errorf(ErrFormat, "coords has shape %v, want two rows of integers", a.Shape)
		}
		both := toInts(a.Ints)
		return both[:a.Shape[1]], both[a.Shape[1]:], nil
	}
	if i, err = f.ints("row"); err != nil {
		return nil, nil, err
	}
	j, err = f.ints("col")
	return i, j, err
}

func toInts(a []int64) []int {
	out := make([]int, len(a))
	for p, v := range a {
		out[p] = int(v)
	}
	return out
}

// WriteNPZ writes the matrix as scipy.sparse.save_npz(f, m, compressed=False)
// does in the format csr; scipy.sparse.load_npz reads it. The same matrix
// gives the same bytes.
func (m *CSR) WriteNPZ(w io.Writer) error {
	indices := make([]int64, len(m.idx))
	for p, j := range m.idx {
		indices[p] = int64(j)
	}
	indptr := make([]int64, len(m.ptr))
	for i, p := range m.ptr {
		indptr[i] = int64(p)
	}
	err := npz.Write(w,
		npz.Array{Name: "indices", Shape: []int{len(indices)}, Ints: indices},
		npz.Array{Name: "indptr", Shape: []int{len(indptr)}, Ints: indptr},
		npz.Array{Name: "format", Texts: []string{"csr"}, Bytes: true},
		npz.Array{Name: "shape", Shape: []int{2}, Ints: []int64{int64(m.rows), int64(m.cols)}},
		npz.Array{Name: "data", Shape: []int{len(m.val)}, Floats: m.val},
	)
	if err != nil {
		return fmt.Errorf("sparse: write .npz: %w", err)
	}
	return nil
}
