package sparse_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/npz"
	"gonmf/nmf/sparse"
)

// threeByFour is what every readable file of testdata holds.
var threeByFour = mat.NewDense(3, 4, []float64{
	0, 1.5, 0, 0,
	2, 0, 0, 3,
	0, 0, .25, 0,
})

func TestReadNPZReadsWhatSciPyWrites(t *testing.T) {
	for _, name := range []string{
		"csr", "csc", "coo", "csr_compressed", "csc_compressed", "coo_compressed",
		"csr_array_float32", "coo_duplicates", "csr_unsorted", "bsr", "dia", "dense",
	} {
		t.Run(name, func(t *testing.T) {
			f, err := os.Open(filepath.Join("testdata", name+".npz"))
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			m, err := sparse.ReadNPZ(f)
			if err != nil {
				t.Fatal(err)
			}
			if !mat.Equal(m, threeByFour) {
				t.Errorf("read\n%v", mat.Formatted(m))
			}
			if m.NNZ() != 4 {
				t.Errorf("%d entries, want 4", m.NNZ())
			}
		})
	}
}

func TestReadNPZNamesWhatIsWrong(t *testing.T) {
	ints := func(name string, v ...int64) npz.Array {
		return npz.Array{Name: name, Shape: []int{len(v)}, Ints: v}
	}
	format := func(name string) npz.Array { return npz.Array{Name: "format", Texts: []string{name}, Bytes: true} }
	data := func(v ...float64) npz.Array { return npz.Array{Name: "data", Shape: []int{len(v)}, Floats: v} }
	for _, test := range []struct {
		name   string
		arrays []npz.Array
		want   string
	}{
		{"no format", []npz.Array{data(1)}, "there is no array format"},
		{"no shape", []npz.Array{format("csr"), data(1)}, "there is no array shape"},
		{"three sides", []npz.Array{format("csr"), ints("shape", 1, 2, 3), data(1)}, "shape is [1 2 3]"},
		{"no data", []npz.Array{format("csr"), ints("shape", 1, 1)}, "there is no array data"},
		{"negative side", []npz.Array{format("csr"), ints("shape", -1, 1), data(1)}, "-1 x 1"},
		{"huge and empty", []npz.Array{format("coo"), ints("shape", 1, 1<<30), data(1), ints("row", 0), ints("col", 0)}, "leave out empty rows and columns"},
		{"short indptr", []npz.Array{format("csr"), ints("shape", 2, 2), data(1), ints("indices", 0), ints("indptr", 0, 1)}, "indptr has 2 elements"},
		{"falling indptr", []npz.Array{format("csr"), ints("shape", 2, 2), data(1), ints("indices", 0), ints("indptr", 0, 1, 0)}, "indptr[2] is 0 after 1"},
		{"indptr past the end", []npz.Array{format("csc"), ints("shape", 2, 1), data(1), ints("indices", 0), ints("indptr", 0, 7)}, "indptr[1] is 7 after 0"},
		{"column outside", []npz.Array{format("csr"), ints("shape", 1, 2), data(1), ints("indices", 2), ints("indptr", 0, 1)}, "(0,2), outside 1 x 2"},
		{"row and col differ", []npz.Array{format("coo"), ints("shape", 2, 2), data(1, 2), ints("row", 0, 1), ints("col", 0)}, "2 row indices, 1 column indices"},
		{"no row", []npz.Array{format("coo"), ints("shape", 2, 2), data(1)}, "there is no array row"},
		{"coords of one row", []npz.Array{format("coo"), ints("shape", 2, 2), data(1), {Name: "coords", Shape: []int{1, 2}, Ints: []int64{0, 0}}}, "coords has shape [1 2]"},
		{"other format", []npz.Array{format("lil"), ints("shape", 2, 2), data(1)}, `format "lil": convert it with .tocsr()`},
		{"no blocks", []npz.Array{format("bsr"), ints("shape", 2, 2), data(1)}, "there is no array data of blocks"},
		{"blocks that do not fit", []npz.Array{format("bsr"), ints("shape", 3, 2), {Name: "data", Shape: []int{1, 2, 2}, Floats: make([]float64, 4)}}, "blocks of 2 x 2 in a 3 x 2 matrix"},
		{"a block outside", []npz.Array{format("bsr"), ints("shape", 2, 2), {Name: "data", Shape: []int{1, 2, 2}, Floats: []float64{1, 0, 0, 0}}, ints("indptr", 0, 1), ints("indices", 1)}, "(0,2), outside 2 x 2"},
		{"fewer diagonals", []npz.Array{format("dia"), ints("shape", 2, 2), {Name: "data", Shape: []int{1, 2}, Floats: []float64{1, 2}}, ints("offsets", 0, 1)}, "a row for each of 2 diagonals"},
		{"two matrices", []npz.Array{{Name: "a", Shape: []int{1, 1}, Floats: []float64{1}}, {Name: "b", Shape: []int{1, 1}, Floats: []float64{1}}}, "there is no array format"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := npz.Write(&b, test.arrays...); err != nil {
				t.Fatal(err)
			}
			_, err := sparse.ReadNPZ(&b)
			if !errors.Is(err, sparse.ErrFormat) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestReadNPZReadsCoordinatesInOneArray(t *testing.T) {
	var b bytes.Buffer
	err := npz.Write(&b,
		npz.Array{Name: "format", Texts: []string{"coo"}, Bytes: true},
		npz.Array{Name: "shape", Shape: []int{2}, Ints: []int64{3, 4}},
		npz.Array{Name: "coords", Shape: []int{2, 4}, Ints: []int64{0, 1, 1, 2, 1, 0, 3, 2}},
		npz.Array{Name: "data", Shape: []int{4}, Floats: []float64{1.5, 2, 3, .25}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := sparse.ReadNPZ(&b)
	if err != nil {
		t.Fatal(err)
	}
	if !mat.Equal(m, threeByFour) {
		t.Errorf("read\n%v", mat.Formatted(m))
	}
}

func TestNPZRoundTrip(t *testing.T) {
	for name, x := range map[string]mat.Matrix{
		"3 x 4":   threeByFour,
		"1 x 1":   mat.NewDense(1, 1, []float64{5}),
		"all 0":   mat.NewDense(2, 3, nil),
		"no rows": &mat.Dense{},
	} {
		t.Run(name, func(t *testing.T) {
			m, err := sparse.FromDense(x)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := m.WriteNPZ(&b); err != nil {
				t.Fatal(err)
			}
			back, err := sparse.ReadNPZ(&b)
			if err != nil {
				t.Fatal(err)
			}
			if !mat.Equal(back, m) || back.NNZ() != m.NNZ() {
				t.Errorf("read back %v", back)
			}
		})
	}
}

func FuzzReadNPZ(f *testing.F) {
	files, err := filepath.Glob("testdata/*.npz")
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds: %v", err)
	}
	for _, name := range files {
		seed, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := sparse.ReadNPZ(bytes.NewReader(file))
		if (m == nil) == (err == nil) {
			t.Fatalf("matrix %v and error %v", m, err)
		}
		if err != nil && !errors.Is(err, sparse.ErrFormat) {
			t.Fatalf("error %v does not wrap ErrFormat", err)
		}
	})
}

func TestReadNPY(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("testdata", "dense.npy"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := sparse.ReadNPY(bytes.NewReader(raw))
	if err != nil || !mat.Equal(m, threeByFour) || m.NNZ() != 4 {
		t.Errorf("read %v, %v", m, err)
	}
	for n := range raw {
		if _, err := sparse.ReadNPY(bytes.NewReader(raw[:n])); !errors.Is(err, sparse.ErrFormat) {
			t.Errorf("cut off after %d bytes: %v", n, err)
		}
	}
	line := bytes.Replace(raw, []byte("(3, 4)"), []byte("(12,) "), 1)
	if _, err := sparse.ReadNPY(bytes.NewReader(line)); !errors.Is(err, sparse.ErrFormat) || !strings.Contains(err.Error(), "shape [12]") {
		t.Errorf("a vector: %v", err)
	}
}
