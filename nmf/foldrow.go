package nmf

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/solve"
	"gonmf/nmf/sparse"
)

// FoldIn folds single rows in, as they come: it gives what [Model.Transform]
// gives for the row, bit for bit, but looks at H once for all rows. With CD or
// AcceleratedCD and without weights a row costs microseconds and no allocation.
//
// Any number of goroutines may use one FoldIn.
type FoldIn struct {
	k, cols int
	cd      *cdRows   // nil for solvers that do not descend and for weights
	others  otherRows // for those
}

// NewFoldIn prepares the model's H. The model may change afterwards.
func NewFoldIn(m *Model) (*FoldIn, error) {
	if err := checkEntries("H", m.H); err != nil {
		return nil, err
	}
	f := &FoldIn{}
	f.k, f.cols = m.H.Dims()
	cfg := m.Config
	cfg.Components, cfg.Init, cfg.Workers, cfg.Mask, cfg.Weights = f.k, InitRandom, 1, nil, nil
	cfg, err := cfg.withDefaults(1, f.cols)
	if err != nil {
		return nil, err
	}
	ht := block.NewFactor[float64](f.cols, f.k)
	ht.FromMatrix(m.H.T())
	if s, ok := descends(cfg.Solver); ok && cfg.Unobserved == 0 {
		f.cd = &cdRows{cfg: cfg, solver: s, ht: ht}
	} else {
		f.others = otherRows{cfg: cfg, ht: ht}
	}
	return f, nil
}

// descends returns the coordinate descent by which a solver folds rows in, and
// whether it does so.
func descends(s Solver) (CD, bool) {
	switch s := s.(type) {
	case CD:
		return s, true
	case AcceleratedCD:
		return CD{}, true
	default:
		return CD{}, false
	}
}

// Row sets w, of length k, to the weights of the row x, of as many entries as
// H has columns. Errors are as in [Fit].
func (f *FoldIn) Row(w, x []float64) error {
	if len(x) != f.cols {
		return kind.Errorf(ErrShape, "nmf: fold in: the row has %d entries, but the model's H has %d columns", len(x), f.cols)
	}
	if err := f.check(w, nil, x); err != nil {
		return err
	}
	if f.cd == nil {
		return f.others.fold(w, mat.NewDense(1, len(x), x))
	}
	f.cd.fold(func(r *solve.OneRow) { r.Dense(w, x) })
	return finiteRow(w)
}

// SparseRow sets w, of length k, to the weights of the row that has the
// entries val in the columns idx, which increase strictly, and zeros
// elsewhere: such as [sparse.CSR.Row] returns.
func (f *FoldIn) SparseRow(w []float64, idx []int32, val []float64) error {
	if len(idx) != len(val) {
		return kind.Errorf(ErrShape, "nmf: fold in: %d columns, but %d values", len(idx), len(val))
	}
	if err := f.check(w, idx, val); err != nil {
		return err
	}
	if f.cd == nil {
		x, err := sparse.FromCSR(1, f.cols, []int{0, len(val)}, idx, val)
		if err != nil {
			return fmt.Errorf("nmf: %w (%w)", ErrShape, err)
		}
		return f.others.fold(w, x)
	}
	f.cd.fold(func(r *solve.OneRow) { r.Sparse(w, idx, val) })
	return finiteRow(w)
}

// check says whether a row can be folded in.
func (f *FoldIn) check(w []float64, idx []int32, val []float64) error {
	if len(w) != f.k {
		return kind.Errorf(ErrShape, "nmf: fold in: w has length %d, want a place for each of %d components", len(w), f.k)
	}
	last := -1
	for _, j := range idx {
		if int(j) <= last || int(j) >= f.cols {
			return kind.Errorf(ErrShape, "nmf: fold in: column %d comes after %d, but columns increase and are below %d", j, last, f.cols)
		}
		last = int(j)
	}
	in := input{Entries: block.Entries[float64]{Rows: 1, Cols: len(val), Dense: val}}
	err := in.check("X")
	if err != nil && idx != nil {
		// The place among the values is not the column.
		if e := (*EntryError)(nil); errors.As(err, &e) {
			e.Col = int(idx[e.Col])
		}
	}
	return err
}

// cdRows folds rows in by coordinate descent.
type cdRows struct {
	cfg    Config
	solver CD
	ht     *block.Factor[float64] // never written
	idle   idle[*solve.OneRow]
}

// fold has one of those who fold rows in do so.
func (c *cdRows) fold(do func(*solve.OneRow)) {
	r, ok := c.idle.take()
	if !ok {
		p, _ := oneRow(&block.Entries[float64]{Rows: 1, Cols: c.ht.Rows}, c.cfg, c.ht)
		r = solve.CD(c.solver).OneRow(p.Problem)
	}
	do(r)
	c.idle.give(r)
}

// otherRows folds rows in by the other solvers.
type otherRows struct {
	cfg           Config
	ht            *block.Factor[float64] // never written
	dense, sparse idle[*otherRow]
}

// otherRow is what one row at a time needs.
type otherRow struct {
	p      *problem[float64]
	memory *block.Memory[float64] // of the row
	solve.RowSolver
}

// fold sets w to the answer for x, which is one row.
func (o *otherRows) fold(w []float64, x mat.Matrix) error {
	in, err := o.cfg.input(x)
	if err != nil {
		return err
	}
	if err := in.checkLoss(o.cfg.Loss, Float64); err != nil {
		return err
	}
	free := &o.dense
	if in.CSR != nil {
		free = &o.sparse
	}
	r, ok := free.take()
	if !ok {
		p, memory := oneRow(&in.Entries, o.cfg, o.ht)
		r = &otherRow{p, memory, o.cfg.Solver.method().RowSolver(p.Problem)}
	}
	r.memory.X = &in.Entries
	r.FoldOne(r.p.Problem, r.p.Rows(r.p.W, r.p.HT))
	copy(w, r.p.W.Row(0))
	free.give(r)
	return finiteRow(w)
}

// finiteRow is finiteRows for one of them.
func finiteRow(w []float64) error {
	if block.Sum(w) <= math.MaxFloat64 {
		return nil
	}
	return finiteRows(mat.NewDense(1, len(w), slices.Clone(w)))
}

// oneRow returns the problem of folding one row in, and the carrier of the row.
func oneRow(in *block.Entries[float64], cfg Config, ht *block.Factor[float64]) (*problem[float64], *block.Memory[float64]) {
	memory := block.NewMemory(in, 1)
	return &problem[float64]{solve.NewProblem(memory, cfg.settings(), block.NewFactor[float64](1, ht.K), ht), cfg, memory}, memory
}

// idle holds what is not in use: as many as were ever in use at one time.
type idle[T any] struct {
	mu   sync.Mutex
	list []T
}

func (f *idle[T]) take() (v T, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := len(f.list)
	if n == 0 {
		return v, false
	}
	v = f.list[n-1]
	f.list = f.list[:n-1]
	return v, true
}

func (f *idle[T]) give(v T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, v)
}
