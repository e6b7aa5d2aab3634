package nmf

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/sparse"
)

// FoldIn folds single rows in, as they come: it gives what [Model.Transform]
// gives for the row, bit for bit, but is prepared once for all rows. With CD a
// row costs microseconds and no allocation; the other solvers prepare H anew
// for each row.
//
// Any number of goroutines may use one FoldIn.
type FoldIn struct {
	m       *Model
	k, cols int

	cd *cdRows // nil for other solvers
}

// NewFoldIn prepares the model's H. The model must not change while the FoldIn
// is in use.
func NewFoldIn(m *Model) (*FoldIn, error) {
	f := &FoldIn{m: m}
	f.k, f.cols = m.H.Dims()
	cfg := m.Config
	cfg.Components, cfg.Init, cfg.Workers = f.k, InitRandom, 1
	cfg, err := cfg.withDefaults(1, f.cols)
	if err != nil {
		return nil, err
	}
	if s, ok := cfg.Solver.(CD); ok && cfg.Unobserved == 0 {
		ht := newFactor(f.cols, f.k)
		ht.fromMatrix(m.H.T())
		f.cd = &cdRows{cfg: cfg, solver: s, ht: ht}
	}
	return f, nil
}

// Row sets w, of length k, to the weights of the row x, of as many entries as
// H has columns. Errors are as in [Fit].
func (f *FoldIn) Row(w, x []float64) error {
	if len(x) != f.cols {
		return fmt.Errorf("nmf: fold in: the row has %d entries, but the model's H has %d columns: %w", len(x), f.cols, ErrShape)
	}
	if err := f.check(w, nil, x); err != nil {
		return err
	}
	if f.cd != nil {
		f.cd.fold(w, func(product []float64, ht *factor) {
			clear(product)
			kern.MulDense(product, x, len(x), len(x), ht.a, ht.ld)
		})
		return nil
	}
	return f.transform(w, mat.NewDense(1, len(x), x))
}

// SparseRow sets w, of length k, to the weights of the row that has the
// entries val in the columns idx, which increase strictly, and zeros
// elsewhere: such as [sparse.CSR.Row] returns.
func (f *FoldIn) SparseRow(w []float64, idx []int32, val []float64) error {
	if len(idx) != len(val) {
		return fmt.Errorf("nmf: fold in: %d columns, but %d values: %w", len(idx), len(val), ErrShape)
	}
	if err := f.check(w, idx, val); err != nil {
		return err
	}
	if f.cd != nil {
		f.cd.fold(w, func(product []float64, ht *factor) {
			kern.MulSparse(product, val, idx, ht.a)
		})
		return nil
	}
	x, err := sparse.FromCSR(1, f.cols, []int{0, len(val)}, idx, val)
	if err != nil {
		return fmt.Errorf("nmf: %w (%w)", ErrShape, err)
	}
	return f.transform(w, x)
}

// check says whether a row can be folded in.
func (f *FoldIn) check(w []float64, idx []int32, val []float64) error {
	if len(w) != f.k {
		return fmt.Errorf("nmf: fold in: w has length %d, want a place for each of %d components: %w", len(w), f.k, ErrShape)
	}
	last := -1
	for _, j := range idx {
		if int(j) <= last || int(j) >= f.cols {
			return fmt.Errorf("nmf: fold in: column %d comes after %d, but columns increase and are below %d: %w", j, last, f.cols, ErrShape)
		}
		last = int(j)
	}
	in := input{rows: 1, cols: len(val), dense: val}
	err := in.check("X")
	if err != nil && idx != nil {
		// The place among the values is not the column.
		if e := (*EntryError)(nil); errors.As(err, &e) {
			e.Col = int(idx[e.Col])
		}
	}
	return err
}

// transform folds x in by the model's own method.
func (f *FoldIn) transform(w []float64, x mat.Matrix) error {
	out, err := f.m.Transform(context.Background(), x)
	if err != nil {
		return err
	}
	copy(w, out.RawRowView(0))
	return nil
}

// cdRows folds rows in by coordinate descent.
type cdRows struct {
	cfg    Config
	solver CD
	ht     *factor // never written

	mu   sync.Mutex
	free []*folding // each for one row at a time; as many as were ever in use
}

// fold sets w to the answer for the row whose product with H' multiply forms.
func (c *cdRows) fold(w []float64, multiply func(product []float64, ht *factor)) {
	f := c.take()
	s, row := &f.scratch[0], f.t.padded(0)
	product := s.products[:len(row)]
	multiply(product, c.ht)
	f.linear(s, product)
	f.settle(context.Background(), 0, s, row)
	copy(w, row)
	c.mu.Lock()
	c.free = append(c.free, f)
	c.mu.Unlock()
}

func (c *cdRows) take() *folding {
	c.mu.Lock()
	if n := len(c.free); n > 0 {
		f := c.free[n-1]
		c.free = c.free[:n-1]
		c.mu.Unlock()
		return f
	}
	c.mu.Unlock()
	p := &problem{in: &input{rows: 1, cols: c.ht.rows}, cfg: c.cfg, n: 1, m: c.ht.rows, k: c.ht.k, pool: newPool(1)}
	p.w, p.ht = newFactor(1, p.k), c.ht
	return newFolding(p, c.solver.orders(p))
}
