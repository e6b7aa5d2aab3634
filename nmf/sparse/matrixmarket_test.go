package sparse_test

import (
	"bytes"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"gonmf/nmf/sparse"
)

func TestReadMatrixMarket(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       *mat.Dense
	}{
		{"coordinate real", "%%MatrixMarket matrix coordinate real general\n% a comment\n\n2 3 2\n1 2 1.5\n2 3 -4e-3\n",
			mat.NewDense(2, 3, []float64{0, 1.5, 0, 0, 0, -4e-3})},
		{"capitals, tabs and \\r\\n", "%%MatrixMarket MATRIX Coordinate Integer General\r\n2 2 1\r\n 2\t1\t7 \r\n",
			mat.NewDense(2, 2, []float64{0, 0, 7, 0})},
		{"no line end at the end", "%%MatrixMarket matrix coordinate integer general\n1 1 1\n1 1 3",
			mat.NewDense(1, 1, []float64{3})},
		{"pattern", "%%MatrixMarket matrix coordinate pattern general\n2 2 2\n1 1\n2 2\n",
			mat.NewDense(2, 2, []float64{1, 0, 0, 1})},
		{"twice at one place", "%%MatrixMarket matrix coordinate real general\n1 2 2\n1 2 1\n1 2 2\n",
			mat.NewDense(1, 2, []float64{0, 3})},
		{"symmetric", "%%MatrixMarket matrix coordinate real symmetric\n2 2 2\n1 1 5\n2 1 6\n",
			mat.NewDense(2, 2, []float64{5, 6, 6, 0})},
		{"skew-symmetric", "%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 1 6\n",
			mat.NewDense(2, 2, []float64{0, -6, 6, 0})},
		{"array", "%%MatrixMarket matrix array real general\n2 3\n1\n2\n3\n4\n5\n6\n",
			mat.NewDense(2, 3, []float64{1, 3, 5, 2, 4, 6})},
		{"array symmetric", "%%MatrixMarket matrix array integer symmetric\n2 2\n1\n2\n3\n",
			mat.NewDense(2, 2, []float64{1, 2, 2, 3})},
		{"array skew-symmetric", "%%MatrixMarket matrix array real skew-symmetric\n2 2\n2\n",
			mat.NewDense(2, 2, []float64{0, -2, 2, 0})},
	} {
		t.Run(test.name, func(t *testing.T) {
			// One byte at a time: lines do not depend on how they arrive.
			m, err := sparse.ReadMatrixMarket(iotest.OneByteReader(strings.NewReader(test.text)))
			if err != nil {
				t.Fatal(err)
			}
			if !mat.Equal(m, test.want) {
				t.Errorf("read\n%v", mat.Formatted(m))
			}
		})
	}
}

func TestReadMatrixMarketReadsWhatSciPyWrites(t *testing.T) {
	for _, name := range []string{"coordinate", "array"} {
		t.Run(name, func(t *testing.T) {
			f, err := os.Open("testdata/" + name + ".mtx")
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			m, err := sparse.ReadMatrixMarket(f)
			if err != nil {
				t.Fatal(err)
			}
			if !mat.Equal(m, threeByFour) || m.NNZ() != 4 {
				t.Errorf("read\n%v", mat.Formatted(m))
			}
		})
	}
}

func TestReadMatrixMarketNamesTheLine(t *testing.T) {
	const real = "%%MatrixMarket matrix coordinate real general\n"
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "line 1: want"},
		{"no banner", "1 1 1\n1 1 1\n", "line 1: want"},
		{"layout", "%%MatrixMarket matrix band real general\n", `line 1: layout "band"`},
		{"complex", "%%MatrixMarket matrix coordinate complex general\n", `line 1: entries of type "complex"`},
		{"pattern array", "%%MatrixMarket matrix array pattern general\n", `line 1: entries of type "pattern" in layout array`},
		{"hermitian", "%%MatrixMarket matrix coordinate real hermitian\n", `line 1: symmetry "hermitian"`},
		{"no sizes", real, "line 1: ends before the line of sizes"},
		{"two sizes", real + "2 2\n", "line 2: 2 sizes, want 3"},
		{"negative size", real + "2 -2 1\n", `line 2: size "-2"`},
		{"huge side", real + "2 3000000000 1\n", "line 2: bad format (sparse: 2 x 3000000000"},
		{"huge and empty", real + "2000000000 2 0\n", "line 2: a 2000000000 x 2 matrix with 0 entries"},
		{"not square", "%%MatrixMarket matrix coordinate real symmetric\n2 3 0\n", "line 2: a symmetric matrix of 2 x 3"},
		{"row 0", real + "2 2 1\n0 1 1\n", "line 3: place (0,1) is outside a 2 x 2 matrix"},
		{"column outside", real + "2 2 1\n1 3 1\n", "line 3: place (1,3)"},
		{"no number", real + "% comment\n2 2 1\n1 1 one\n", `line 4: "one" is no number`},
		{"too large a number", real + "2 2 1\n1 1 1e999\n", `line 3: "1e999" is no number that a float64 can hold`},
		{"too few fields", real + "2 2 1\n1 1\n", "line 3: 2 fields, want 3"},
		{"too many fields", real + "2 2 1\n1 1 1 1 1\n", "line 3: more than 4 fields"},
		{"too few entries", real + "2 2 2\n1 1 1\n", "line 3: ends after 1 of 2 entries"},
		{"too many entries", real + "2 2 1\n1 1 1\n2 2 2\n", "line 4: goes on after the last entry"},
		{"above the diagonal", "%%MatrixMarket matrix coordinate real symmetric\n2 2 1\n1 2 1\n", "line 3: place (1,2) is not below the diagonal"},
		{"long line", real + "2 2 1\n" + strings.Repeat("1", 1<<17), "line 3: longer than 65536 bytes"},
		{"array too short", "%%MatrixMarket matrix array real general\n2 2\n1\n", "line 3: ends after 1 of 4 entries"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := sparse.ReadMatrixMarket(strings.NewReader(test.text))
			if !errors.Is(err, sparse.ErrFormat) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestMatrixMarketPassesOnErrors(t *testing.T) {
	broken := errors.New("unplugged")
	_, err := sparse.ReadMatrixMarket(iotest.ErrReader(broken))
	if !errors.Is(err, broken) {
		t.Errorf("read: %v", err)
	}
	m, err := sparse.FromDense(threeByFour)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.WriteMatrixMarket(failingWriter{broken}); !errors.Is(err, broken) {
		t.Errorf("write: %v", err)
	}
	if err := m.WriteNPZ(failingWriter{broken}); !errors.Is(err, broken) {
		t.Errorf("write .npz: %v", err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }

func TestMatrixMarketRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawCSR(t)
		var b bytes.Buffer
		if err := m.WriteMatrixMarket(&b); err != nil {
			t.Fatal(err)
		}
		back, err := sparse.ReadMatrixMarket(&b)
		if err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(back, m) || back.NNZ() != m.NNZ() {
			t.Fatalf("wrote\n%v\nread\n%v", mat.Formatted(m), mat.Formatted(back))
		}
	})
}

// drawCSR draws a small matrix, some rows and columns of which are empty.
func drawCSR(t *rapid.T) *sparse.CSR {
	rows, cols := rapid.IntRange(1, 6).Draw(t, "rows"), rapid.IntRange(1, 6).Draw(t, "cols")
	n := rapid.IntRange(0, 12).Draw(t, "entries")
	var i, j []int
	var v []float64
	for range n {
		i = append(i, rapid.IntRange(0, rows-1).Draw(t, "i"))
		j = append(j, rapid.IntRange(0, cols-1).Draw(t, "j"))
		v = append(v, rapid.Float64Range(0, math.MaxFloat64/16).Draw(t, "v"))
	}
	m, err := sparse.FromTriplets(rows, cols, i, j, v)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func FuzzReadMatrixMarket(f *testing.F) {
	f.Add([]byte("%%MatrixMarket matrix coordinate real general\n2 3 2\n1 2 1.5\n2 3 4\n"))
	f.Add([]byte("%%MatrixMarket matrix array real symmetric\n2 2\n1\n2\n3\n"))
	f.Add([]byte("%%MatrixMarket matrix coordinate pattern skew-symmetric\n% c\n2 2 1\n2 1\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := sparse.ReadMatrixMarket(bytes.NewReader(file))
		if err != nil {
			if m != nil || !errors.Is(err, sparse.ErrFormat) {
				t.Fatalf("matrix %v and error %v", m, err)
			}
			return
		}
		var b bytes.Buffer
		if err := m.WriteMatrixMarket(&b); err != nil {
			t.Fatal(err)
		}
		if back, err := sparse.ReadMatrixMarket(&b); err != nil || back.NNZ() != m.NNZ() {
			t.Fatalf("read %v, and what was written of it as %v (%v)", m, back, err)
		}
	})
}
