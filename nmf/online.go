package nmf

import (
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/solve"
)

// Online fits H to rows of X that come in blocks and are forgotten after
// their use, as [MiniBatch] with FreshRestarts does with the batches of a
// matrix. It holds about four times the size of H, and one block. It starts
// from its first block, as a fit of that block would.
//
// An Online must not be used by several goroutines at once.
type Online struct {
	cfg    Config
	solver MiniBatch
	cols   int

	ht     *block.Factor[float64] // nil before the first block
	w      *block.Factor[float64] // of the last block
	mem    *solve.Memory[float64]
	first  int // rows of the first block, which rho is of
	blocks int
	made   int     // batches of a fit that it went on from, and blocks
	err    float64 // of the last block
	past   []HistoryPoint
}

// NewOnline returns a fit of rows with the given number of columns.
//
// cfg.Solver is nil or a MiniBatch, of which ForgetFactor counts, and
// BatchSize where the first block has more rows than that. Every block is
// used, whatever cfg.MaxIter and cfg.Tol are: these are for Transform, and
// Tol for the W of a block. cfg.Progress is called after each block, with the
// error of that block. InitCustom needs H0 only.
func NewOnline(cfg Config, cols int) (*Online, error) {
	if cfg.Solver == nil {
		cfg.Solver = MiniBatch{}
	}
	solver, ok := cfg.Solver.(MiniBatch)
	if !ok {
		return nil, configError("Solver", "%s does not fit blocks: use MiniBatch{} or nil", cfg.Solver.name())
	}
	if cfg.Precision != Float64 {
		return nil, configError("Precision", "is %v, but blocks are fitted in Float64", cfg.Precision)
	}
	if cfg.Checkpoint.Dir != "" {
		return nil, configError("Checkpoint", "is for Fit: save what Online.Model returns")
	}
	if cols < 1 {
		return nil, kind.Errorf(ErrShape, "nmf: an online fit needs a column, got %d", cols)
	}
	if cfg.Init == InitCustom {
		if err := checkCustom("H0", cfg.H0, cfg.Components, cols); err != nil {
			return nil, err
		}
	}
	return &Online{cfg: cfg, solver: MiniBatch(solve.MiniBatch(solver).WithDefaults()), cols: cols}, nil
}

// Online returns a fit that goes on from m with more rows. A model that an
// Online or MiniBatch made goes on as if it had not been stopped, another as
// if H were where it started.
func (m *Model) Online() (*Online, error) {
	k, cols := m.H.Dims()
	cfg := m.Config
	cfg.Components = k
	if _, ok := cfg.Solver.(MiniBatch); !ok {
		cfg.Solver = nil
	}
	o, err := NewOnline(cfg, cols)
	if err != nil {
		return nil, err
	}
	n, _ := m.W.Dims()
	o.w, o.ht = block.NewFactor[float64](n, k), block.NewFactor[float64](cols, k)
	o.w.FromMatrix(m.W)
	o.ht.FromMatrix(m.H.T())
	o.first = n
	s := m.state.Batches
	if s != nil && s.Rows > 0 {
		o.first = s.Rows
	}
	o.mem = solve.NewMemory(o.ht, solve.MiniBatch(o.solver).Fade(o.first))
	if s != nil {
		o.mem.Restore(s)
		o.made = s.Made
	}
	o.blocks, o.err, o.past = m.Iter, m.Err, slices.Clone(m.History)
	return o, nil
}

// Partial fits the rows of block (r x cols): it finds their W, by up to 30
// updates from a constant, and then updates H. On an error, such as that ctx
// ended, the fit is as it was before. Errors are as those of [Fit].
func (o *Online) Partial(ctx context.Context, block mat.Matrix) error {
	in, err := newInput(block)
	if err != nil {
		return err
	}
	if in.Cols != o.cols {
		return kind.Errorf(ErrShape, "nmf: the block has %d columns, but the fit is of %d", in.Cols, o.cols)
	}
	if err := in.checkLoss(o.cfg.Loss, Float64); err != nil {
		return err
	}
	if err := in.checkMemory(o.cfg.Loss, Float64); err != nil {
		return err
	}
	p, mem, err := o.problem(in)
	if err != nil {
		return err
	}
	defer p.close()
	work := solve.NewBatch(p.Problem, mem, true)
	work.UpdateW(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("nmf: online fit stopped after %d blocks: %w", o.blocks, context.Cause(ctx))
	}
	before := slices.Clone(p.HT.A)
	if err := p.failed(); err != nil {
		return err
	}
	work.UpdateH()
	if o.ht == nil {
		o.first = in.Rows
	}
	o.ht, o.w, o.mem, o.err = p.HT, p.W, mem, p.Error()
	o.blocks++
	o.made++
	o.past = append(o.past, HistoryPoint{o.blocks, o.err})
	if o.cfg.Progress != nil {
		o.cfg.Progress(Step{Iter: o.blocks, Err: o.err, Change: solve.RelativeChange(before, o.ht.A)})
	}
	return nil
}

// problem returns that of a block, with the H that the fit has come to or, if
// there is none yet, the one that the block starts it with.
func (o *Online) problem(in *input) (*problem[float64], *solve.Memory[float64], error) {
	cfg := o.cfg
	if o.ht != nil || cfg.Init == InitCustom {
		cfg.Init = InitRandom // for the checks: nothing is drawn
	}
	cfg, err := cfg.withDefaults(in.Rows, in.Cols)
	if err != nil {
		return nil, nil, err
	}
	p := newProblem[float64](in, cfg)
	if o.ht != nil {
		p.HT = o.ht
		return p, o.mem, nil
	}
	if o.cfg.Init == InitCustom {
		p.HT.FromMatrix(cfg.H0.T())
	} else if err := p.initialise(in); err != nil {
		p.close()
		return nil, nil, err
	}
	return p, solve.NewMemory(p.HT, solve.MiniBatch(o.solver).Fade(in.Rows)), nil
}

// Model returns the model as it is, a copy: H, and the W and Err of the last
// block. Iter counts the blocks. Use Transform for the W of any rows. It is
// nil before the first block.
func (o *Online) Model() *Model {
	if o == nil || o.ht == nil {
		return nil
	}
	cfg := o.cfg
	cfg.Solver = o.solver
	if cfg.MaxIter == 0 {
		cfg.MaxIter = defaultMaxIter
	}
	if cfg.Tol == 0 {
		cfg.Tol = defaultTol
	}
	batches := o.mem.State(o.first, math.NaN(), math.NaN(), 0)
	batches.Made = o.made
	return &Model{
		W: o.w.Dense(), H: o.ht.DenseT(), Err: o.err, Iter: o.blocks, Config: cfg,
		History: slices.Clone(o.past),
		state:   solverState{State: solve.State{Batches: batches}},
	}
}

// FitStream fits the blocks of rows that seq yields, each used once: see
// [Online]. It ends at the first error, its own or seq's, and returns the
// model as far as it got, nil before the first block, with the error.
func FitStream(ctx context.Context, seq iter.Seq2[mat.Matrix, error], cfg Config) (*Model, error) {
	var o *Online
	block := 0
	for x, err := range seq {
		if err != nil {
			err = fmt.Errorf("nmf: reading the stream: %w", err)
		} else {
			o, err = o.next(ctx, x, cfg)
		}
		if err != nil {
			return o.Model(), fmt.Errorf("block %d: %w", block, err)
		}
		block++
	}
	if o == nil {
		return nil, kind.Errorf(ErrShape, "nmf: the stream has no block")
	}
	return o.Model(), nil
}

// next fits the next block of a stream, with a new Online for the first.
func (o *Online) next(ctx context.Context, x mat.Matrix, cfg Config) (*Online, error) {
	if o == nil {
		if x == nil {
			return nil, kind.Errorf(ErrShape, "nmf: X is nil")
		}
		_, cols := x.Dims()
		first, err := NewOnline(cfg, cols)
		if err != nil {
			return nil, err
		}
		o = first
	}
	return o, o.Partial(ctx, x)
}

// FitBlocks is [FitStream] for blocks that are at hand.
func FitBlocks(ctx context.Context, blocks []mat.Matrix, cfg Config) (*Model, error) {
	return FitStream(ctx, func(yield func(mat.Matrix, error) bool) {
		for _, x := range blocks {
			if !yield(x, nil) {
				return
			}
		}
	}, cfg)
}
