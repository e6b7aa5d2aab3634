package nmf

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"gonmf/nmf/internal/kind"
	"hash"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Report is what must be known of a fit to check it later: of which data, by
// which program, with which outcome. It is saved with its model, as the JSON
// text "report" of the .npz file beside "settings".
type Report struct {
	Build             // the program that made the report
	Data     DataHash `json:"data"`
	Settings string   `json:"settings"` // as [Config.String] has them
	Iter     int      `json:"n_iter"`
	Err      float64  `json:"reconstruction_err"`
	Stop     string   `json:"stop"`

	// Notes are the caller's own, such as the columns of a table that became
	// items and users.
	Notes map[string]string `json:"notes,omitempty"`
}

// DataHash identifies a matrix: two that are equal entry by entry have the
// same DataHash, dense or sparse.
type DataHash struct {
	Rows    int `json:"rows"`
	Cols    int `json:"cols"`
	NonZero int `json:"nonzero"` // entries

	// SHA256, in hexadecimal, is of the matrix in compressed sparse row form
	// without zeros, columns ascending: one after the other the numbers of
	// rows, columns and nonzeros; the row pointers, one more than rows; the
	// column of each nonzero; all these as 8-byte integers; and the value of
	// each nonzero as a float64; everything little-endian. In Python:
	//
	//	x = scipy.sparse.csr_matrix(x, dtype="<f8", copy=True)
	//	x.sum_duplicates(); x.eliminate_zeros(); x.sort_indices()
	//	ints = numpy.concatenate([[*x.shape, x.nnz], x.indptr, x.indices])
	//	hashlib.sha256(ints.astype("<i8").tobytes() + x.data.tobytes()).hexdigest()
	SHA256 string `json:"sha256"`
}

// HashData returns the DataHash of a matrix. Errors wrap [ErrShape].
func HashData(x mat.Matrix) (DataHash, error) {
	in, err := readMatrix("X", x)
	if err != nil {
		return DataHash{}, err
	}
	h := hasher{to: sha256.New()}
	nonzero := func(use func(j int, v float64), end func(i int)) error {
		return in.each(func(i int, idx []int32, val []float64) error {
			for p, v := range val {
				if v == 0 {
					continue
				}
				j := p
				if idx != nil {
					j = int(idx[p])
				}
				use(j, v)
			}
			end(i)
			return nil
		})
	}
	ends := make([]int, in.Rows) // of rows among the nonzeros
	n := 0
	if err := nonzero(func(int, float64) { n++ }, func(i int) { ends[i] = n }); err != nil {
		return DataHash{}, err
	}
	h.add(uint64(in.Rows))
	h.add(uint64(in.Cols))
	h.add(uint64(n))
	h.add(0)
	for _, end := range ends {
		h.add(uint64(end))
	}
	columns := func(j int, _ float64) { h.add(uint64(j)) }
	values := func(_ int, v float64) { h.add(math.Float64bits(v)) }
	for _, use := range []func(int, float64){columns, values} {
		if err := nonzero(use, func(int) {}); err != nil {
			return DataHash{}, err
		}
	}
	return DataHash{in.Rows, in.Cols, n, h.sum()}, nil
}

// hasher hashes words of eight bytes.
type hasher struct {
	to  hash.Hash
	buf []byte
}

func (h *hasher) add(word uint64) {
	h.buf = binary.LittleEndian.AppendUint64(h.buf, word)
	if len(h.buf) >= 1<<16 {
		h.flush()
	}
}

func (h *hasher) flush() {
	_, _ = h.to.Write(h.buf) // a hash never fails
	h.buf = h.buf[:0]
}

func (h *hasher) sum() string {
	h.flush()
	return hex.EncodeToString(h.to.Sum(nil))
}

// AddReport sets m.Report to one about m as it is and the x that it was fitted
// to, with notes of the caller's own. [Model.Save] then saves it, and
// [Model.Verify] compares with it. Errors wrap [ErrShape], or [ErrNotFinite] for
// a model whose error is not a number.
func (m *Model) AddReport(x mat.Matrix, notes map[string]string) error {
	data, err := HashData(x)
	if err != nil {
		return err
	}
	n, _ := m.W.Dims()
	if _, cols := m.H.Dims(); data.Rows != n || data.Cols != cols {
		return kind.Errorf(ErrShape, "nmf: X is %d x %d, but the model is of a %d x %d matrix", data.Rows, data.Cols, n, cols)
	}
	if math.IsNaN(m.Err) || math.IsInf(m.Err, 0) {
		return kind.Errorf(ErrNotFinite, "nmf: the error of the model is %v: there is nothing to report", m.Err)
	}
	m.Report = &Report{
		Build: ThisBuild(), Data: data, Settings: m.Config.String(),
		Iter: m.Iter, Err: m.Err, Stop: m.Stop.String(), Notes: notes,
	}
	return nil
}
