package sparse_test

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/sparse"
)

func TestFromTripletsSumsDuplicates(t *testing.T) {
	m, err := sparse.FromTriplets(3, 4, []int{2, 0, 2, 0, 2}, []int{3, 1, 0, 1, 3}, []float64{1, 2, 3, 4, 5})
	if err != nil {
		t.Fatal(err)
	}
	if want := mat.NewDense(3, 4, []float64{0, 6, 0, 0, 0, 0, 0, 0, 3, 0, 0, 6}); !mat.Equal(m, want) {
		t.Errorf("%v", mat.Formatted(m))
	}
	if m.NNZ() != 3 {
		t.Errorf("%d entries are stored, want 3", m.NNZ())
	}
}

// TestFromParts cuts triplets into parts of many sizes, and so many of them
// that goroutines share the work: the answer is that of FromTriplets.
func TestFromParts(t *testing.T) {
	const rows, cols, n = 300, 70_000, 200_000
	rng := rand.New(rand.NewPCG(1, 2))
	i, j, v := make([]int, n), make([]int, n), make([]float64, n)
	var parts []sparse.Triplets
	for p := range n {
		// A few long rows, a few columns that come again and again.
		i[p], j[p], v[p] = int(float64(rows)*math.Pow(rng.Float64(), 4)), rng.IntN(1+rng.IntN(cols)), rng.Float64()
		if rng.IntN(2) == 0 {
			j[p] /= 1000
		}
		if p == 0 || rng.IntN(100_000) == 0 {
			parts = append(parts, sparse.Triplets{}, sparse.Triplets{V: []float64{}})
		}
		last := &parts[len(parts)-1]
		last.I, last.J, last.V = append(last.I, int32(i[p])), append(last.J, int32(j[p])), append(last.V, v[p])
	}
	m, err := sparse.FromParts(rows, cols, parts)
	if err != nil {
		t.Fatal(err)
	}
	sums, stored := map[[2]int]float64{}, 0
	for p := range i {
		sums[[2]int{i[p], j[p]}] += v[p] // in the order given
	}
	m.DoNonZero(func(i, j int, v float64) {
		stored++
		if want := sums[[2]int{i, j}]; v != want {
			t.Fatalf("(%d,%d) is %v, want %v", i, j, v, want)
		}
	})
	if stored != len(sums) || m.NNZ() != stored {
		t.Errorf("%d of %d entries", stored, len(sums))
	}
	whole, err := sparse.FromTriplets(rows, cols, i, j, v)
	if err != nil {
		t.Fatal(err)
	}
	ptr, idx, val := m.Raw()
	wantPtr, wantIdx, wantVal := whole.Raw()
	if !slices.Equal(ptr, wantPtr) || !slices.Equal(idx, wantIdx) || !slices.Equal(val, wantVal) {
		t.Error("the parts give another matrix than the whole")
	}
	if _, err := sparse.FromCSR(rows, cols, ptr, idx, val); err != nil {
		t.Error(err)
	}
	ones, err := sparse.FromParts(2, 2, []sparse.Triplets{{I: []int32{1, 1}, J: []int32{0, 0}}, {I: []int32{1}, J: []int32{0}}})
	if err != nil || ones.At(1, 0) != 3 {
		t.Errorf("%v, %v", ones, err)
	}
}

// BenchmarkFromTriplets has rows of these lengths, unordered: it chose spreadRow
// and insertedRow.
func BenchmarkFromTriplets(b *testing.B) {
	for _, length := range []int{12, 24, 48, 96, 192, 1000} {
		b.Run(strconv.Itoa(length), func(b *testing.B) {
			const n = 1_000_000
			rng := rand.New(rand.NewPCG(1, 2))
			i, j, v := make([]int, n), make([]int, n), make([]float64, n)
			for p := range n {
				i[p], j[p] = rng.IntN(n/length), rng.IntN(50_000)
			}
			for b.Loop() {
				if _, err := sparse.FromTriplets(n/length, 50_000, i, j, v); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestCSRNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name string
		err  error
		text string
	}{
		{"negative side", second(sparse.FromTriplets(-1, 2, nil, nil, nil)), "sparse: -1 x 2: a side must be from 0 to 2147483647"},
		{"large side", second(sparse.FromTriplets(1<<31, 2, nil, nil, nil)), "sparse: 2147483648 x 2: a side must be from 0 to 2147483647"},
		{"lengths", second(sparse.FromTriplets(2, 2, []int{0}, []int{0, 1}, []float64{1})), "sparse: 1 row indices, 2 column indices, 1 values"},
		{"row", second(sparse.FromTriplets(2, 2, []int{0, 2}, []int{0, 1}, []float64{1, 1})), "sparse: triplet 1 is at (2,1), outside 2 x 2"},
		{"column", second(sparse.FromTriplets(2, 2, []int{0}, []int{-1}, []float64{1})), "sparse: triplet 0 is at (0,-1), outside 2 x 2"},
		{"lengths of a part", second(sparse.FromParts(2, 2, []sparse.Triplets{{}, {I: []int32{0}}})), "sparse: part 1 has 1 row indices, 0 column indices, 0 values"},
		{"row of a part", second(sparse.FromParts(2, 2, []sparse.Triplets{{I: []int32{0}, J: []int32{0}}, {I: []int32{-1}, J: []int32{0}}})), "sparse: triplet 1 is at (-1,0), outside 2 x 2"},
		{"pointers", second(sparse.FromCSR(2, 2, []int{0, 1}, []int32{0}, []float64{1})), "sparse: 2 row pointers, 1 column indices and 1 values do not make a matrix of 2 rows"},
		{"decreasing pointers", second(sparse.FromCSR(2, 2, []int{0, 2, 1}, []int32{0}, []float64{1})), "sparse: row pointer 1 is 2 after 0"},
		{"unordered columns", second(sparse.FromCSR(1, 3, []int{0, 2}, []int32{1, 1}, []float64{1, 2})), "sparse: row 0: column 1 after 1 in a matrix of 3 columns"},
		{"column outside", second(sparse.FromCSR(1, 3, []int{0, 1}, []int32{3}, []float64{1})), "sparse: row 0: column 3 after -1 in a matrix of 3 columns"},
	} {
		if c.err == nil || !errors.Is(c.err, sparse.ErrShape) || c.err.Error() != c.text {
			t.Errorf("%s: %v\nwant %s", c.name, c.err, c.text)
		}
	}
}

func second(_ *sparse.CSR, err error) error { return err }

func TestSliceRows(t *testing.T) {
	m, err := sparse.FromTriplets(4, 3, []int{0, 1, 1, 3}, []int{2, 0, 1, 1}, []float64{1, 2, 3, 4})
	if err != nil {
		t.Fatal(err)
	}
	d, err := m.ToDense()
	if err != nil {
		t.Fatal(err)
	}
	for lo := range 4 {
		for hi := lo + 1; hi <= 4; hi++ {
			part := m.SliceRows(lo, hi)
			if !mat.Equal(part, d.Slice(lo, hi, 0, 3)) || !mat.Equal(part.Transpose(), d.Slice(lo, hi, 0, 3).T()) {
				t.Errorf("rows %d to %d:\n%v", lo, hi-1, mat.Formatted(part))
			}
		}
	}
	if r, c := m.SliceRows(2, 2).Dims(); r != 0 || c != 3 {
		t.Errorf("no rows: %d x %d", r, c)
	}
	for _, bad := range [][2]int{{-1, 2}, {3, 2}, {0, 5}} {
		if !panics(func() { m.SliceRows(bad[0], bad[1]) }) {
			t.Errorf("rows %v: no panic", bad)
		}
	}
}

func TestAccessOutsidePanics(t *testing.T) {
	m, err := sparse.FromTriplets(2, 3, []int{1}, []int{2}, []float64{5})
	if err != nil {
		t.Fatal(err)
	}
	if m.At(1, 2) != 5 || m.At(0, 2) != 0 || m.T().At(2, 1) != 5 {
		t.Error("wrong entries")
	}
	for name, f := range map[string]func(){
		"row": func() { m.At(2, 0) }, "column": func() { m.At(0, 3) }, "negative row": func() { m.At(-1, 0) },
		"negative column": func() { m.At(0, -1) }, "Row": func() { m.Row(2) },
	} {
		if !panics(f) {
			t.Errorf("%s: no panic", name)
		}
	}
}

func panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}

// FuzzFromTriplets compares with a dense matrix that adds entry by entry.
func FuzzFromTriplets(f *testing.F) {
	f.Add(uint8(3), uint8(4), []byte{0, 1, 5, 2, 3, 7, 0, 1, 9})
	f.Add(uint8(1), uint8(1), []byte{0, 0, 1, 0, 0, 2})
	f.Add(uint8(0), uint8(0), []byte{})
	f.Add(uint8(2), uint8(2), []byte{9, 9, 9})
	f.Fuzz(func(t *testing.T, rows, cols uint8, data []byte) {
		var is, js []int
		var vs []float64
		inside := true
		for len(data) >= 3 {
			i, j := int(data[0]), int(data[1])
			is, js, vs = append(is, i), append(js, j), append(vs, float64(int8(data[2])))
			inside = inside && i < int(rows) && j < int(cols)
			data = data[3:]
		}
		m, err := sparse.FromTriplets(int(rows), int(cols), is, js, vs)
		if (err == nil) != inside {
			t.Fatalf("%v for triplets of which inside is %v", err, inside)
		}
		if err != nil {
			return
		}
		want := map[[2]int]float64{}
		for p := range is {
			want[[2]int{is[p], js[p]}] += vs[p]
		}
		if m.NNZ() != len(want) {
			t.Fatalf("%d entries, want %d", m.NNZ(), len(want))
		}
		twice := m.Transpose().Transpose()
		for at, v := range want {
			if m.At(at[0], at[1]) != v || twice.At(at[0], at[1]) != v || m.Transpose().At(at[1], at[0]) != v {
				t.Fatalf("entry %v is %v, want %v", at, m.At(at[0], at[1]), v)
			}
		}
		ptr, idx, val := m.Raw()
		if _, err := sparse.FromCSR(int(rows), int(cols), ptr, idx, val); err != nil {
			t.Fatalf("its own arrays are refused: %v", err)
		}
	})
}

// FuzzFromCSR checks that no arrays end the process.
func FuzzFromCSR(f *testing.F) {
	f.Add(2, 3, []byte{0, 1, 2, 0, 2})
	f.Add(-1, 3, []byte{})
	f.Add(1, 1<<40, []byte{0, 9})
	f.Fuzz(func(t *testing.T, rows, cols int, data []byte) {
		var ptr []int
		var idx []int32
		for p, b := range data {
			if p < len(data)/2 {
				ptr = append(ptr, int(int8(b)))
			} else {
				idx = append(idx, int32(int8(b)))
			}
		}
		if len(data) >= 8 {
			ptr = append(ptr, int(int64(binary.LittleEndian.Uint64(data))))
		}
		m, err := sparse.FromCSR(rows, cols, ptr, idx, make([]float64, len(idx)))
		if err != nil {
			return
		}
		for i := range rows {
			m.Row(i)
		}
		if cols < 1<<20 {
			m.Transpose()
		}
	})
}
