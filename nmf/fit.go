package nmf

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/solve"
)

// Fit finds W (n x k) and H (k x m), both without negative entries, such that
// WH is close to X (n x m) in the sense of cfg.Loss and cfg's penalties.
//
// X may be any gonum matrix; a [sparse.CSR], or one that can list its
// nonzeros, is never made dense, and a dense one not copied if it has raw
// data. A [sparse.Shards] stays in its files: it is fitted with the bits of the
// same in memory, unless entries have weights or are so large or small that the
// fit is of a multiple, for which it is read into memory. X must not change
// during the fit.
//
// Reaching cfg.MaxIter is no error: Model.Stop.Early tells. If ctx ends, Fit
// returns the model as far as it got together with an error that wraps
// [context.Cause]; [Model.Resume] goes on from there. Bad input is an
// [*EntryError] or wraps [ErrShape], [ErrNotFinite] or [ErrConfig].
//
// [sparse.CSR]: https://pkg.go.dev/gonmf/nmf/sparse#CSR
// [sparse.Shards]: https://pkg.go.dev/gonmf/nmf/sparse#Shards
func Fit(ctx context.Context, x mat.Matrix, cfg Config) (*Model, error) {
	in, err := cfg.input(x)
	if err != nil {
		return nil, err
	}
	return in.fit(ctx, cfg)
}

// fit is Fit for an X that has been read with cfg's weights.
func (in *input) fit(ctx context.Context, cfg Config) (*Model, error) {
	cfg, err := cfg.withDefaults(in.Rows, in.Cols)
	if err != nil {
		return nil, err
	}
	if err := in.checkFit(&cfg); err != nil {
		return nil, err
	}
	return in.run(ctx, &Model{Config: cfg})
}

// run makes the fit of X from m on, or from its checkpoint, in the precision that
// m.Config says.
func (in *input) run(ctx context.Context, m *Model) (*Model, error) {
	m, done, err := in.recall(m)
	if err != nil || done {
		return m, err
	}
	if m.Config.Precision == Float32 {
		return runAs[float32](ctx, in, m)
	}
	return runAs[float64](ctx, in, m)
}

func runAs[T kern.Float](ctx context.Context, in *input, m *Model) (*Model, error) {
	if outOfRange[T](in, m) {
		return runScaled[T](ctx, in, m)
	}
	cfg := m.Config
	cfg.Workers = in.workers(&cfg)
	p := newProblem[T](in, cfg)
	defer p.close()
	if m.W != nil {
		if err := p.from("W", m.W, "H", m.H); err != nil {
			return nil, err
		}
	} else if err := p.initialise(in); err != nil {
		return nil, err
	}
	return p.fit(ctx, in, m)
}

// aloneBelow is about the number of operations of an iteration up to which one
// worker makes it sooner than several do that have to be told.
const aloneBelow = 1 << 17

// workers returns how many workers a fit of X has, of those that cfg allows.
func (in *input) workers(cfg *Config) int {
	k, perEntry := float64(cfg.Components), 0.
	if cfg.Loss != Frobenius {
		perEntry = 20 // divisions and powers
	}
	if 4*float64(in.stored())*(k+perEntry)+float64(in.Rows+in.Cols)*2*k*k < aloneBelow {
		return 1
	}
	return cfg.Workers
}

// Resume goes on with the fit of X that m is the result of, until it converges
// or has made maxIter iterations in all (0: as many as m.Config says). Every
// iteration gives the bits that it would have given in a fit that had not
// been stopped. m itself does not change. The result has m's settings;
// errors are as in [Fit].
func (m *Model) Resume(ctx context.Context, x mat.Matrix, maxIter int) (*Model, error) {
	if m.state.Masked && m.Config.Mask == nil {
		return nil, configError("Mask", "is nil, but the fit had one, which is not in a file: set it before Resume")
	}
	if m.state.Weighted && m.Config.Weights == nil {
		return nil, configError("Weights", "is nil, but the fit had some, which are not in a file: set them before Resume")
	}
	in, err := m.Config.input(x)
	if err != nil {
		return nil, err
	}
	n, k := m.W.Dims()
	_, cols := m.H.Dims()
	if in.Rows != n || in.Cols != cols {
		return nil, kind.Errorf(ErrShape, "nmf: X is %d x %d, but the model is of a %d x %d matrix", in.Rows, in.Cols, n, cols)
	}
	cfg := m.Config
	cfg.Components = k
	if maxIter != 0 {
		cfg.MaxIter = maxIter
	}
	// W and H are where the fit goes on, whatever its Init was.
	given := cfg
	given.Init = InitRandom
	given, err = given.withDefaults(n, cols)
	if err != nil {
		return nil, err
	}
	if err := in.checkFit(&cfg); err != nil {
		return nil, err
	}
	if err := checkEntries("W", m.W); err != nil {
		return nil, err
	}
	if err := checkEntries("H", m.H); err != nil {
		return nil, err
	}
	given.Init = cfg.Init
	return in.run(ctx, &Model{
		W: m.W, H: m.H, Config: given, Iter: m.Iter, Err: m.Err, History: m.History[:len(m.History):len(m.History)], Names: m.Names, state: m.state,
	})
}

// historyAhead bounds the errors that room is made for before a fit starts.
const historyAhead = 1 << 12

// fit is the one loop that drives every solver. It goes on from m.Iter and
// fills in m, a fit of in.
func (p *problem[T]) fit(ctx context.Context, in *input, m *Model) (*Model, error) {
	cfg := m.Config
	st := solve.Start(cfg.Solver.method(), p.Problem)
	if m.Iter > 0 {
		st.Restore(m.state.State, m.Iter)
	}
	m.Stop = IterationLimit
	var lost error // a checkpoint that could not be written
	every := cfg.Checkpoint.Every
	if every == 0 {
		every = defaultEvery
	}
	m.History = slices.Grow(m.History, max(0, min(cfg.MaxIter-m.Iter, historyAhead)))
	for m.Iter < cfg.MaxIter {
		if ctx.Err() != nil {
			m.Stop = Cancelled
			break
		}
		m.Iter++
		st.Step(m.Iter)
		if err := p.failed(); err != nil {
			return nil, err
		}
		step := Step{Iter: m.Iter, MaxIter: cfg.MaxIter, Err: math.NaN(), Change: st.Change(m.Iter)}
		if e, known := st.Err(); known {
			e = p.Unscaled(e)
			step.Err = e
			m.History = append(m.History, HistoryPoint{m.Iter, e})
		}
		if s, ok := st.(solve.Sweeper); ok && !s.Finite() {
			return nil, kind.Errorf(ErrNotFinite, "nmf: the fit has left the range of %v at iteration %d: bring the entries of X nearer to 1", cfg.Precision, m.Iter)
		}
		switch {
		case cfg.Tol >= 0 && step.Change <= cfg.Tol:
			step.Stop = Converged
		case m.Iter == cfg.MaxIter:
			step.Stop = IterationLimit
		}
		if cfg.Progress != nil {
			cfg.Progress(step)
		}
		if step.Stop == Converged {
			m.Stop = Converged
			break
		}
		if step.Stop == NotStopped && cfg.Checkpoint.Dir != "" && m.Iter%every == 0 {
			m.state = p.stateOf(st)
			m.Stop, m.Err = NotStopped, step.Err
			lost = p.keep(in, m)
			if m.Stop = IterationLimit; lost != nil {
				m.Stop = Cancelled
				break
			}
		}
	}
	if f, ok := st.(solve.Finisher); ok && m.Stop != Cancelled {
		if f.Finish(ctx); ctx.Err() != nil {
			m.Stop = Cancelled
		}
	}
	m.state = p.stateOf(st)
	if e, known := st.Err(); known {
		m.Err = p.Unscaled(e)
	} else {
		m.Err = p.Unscaled(p.Error())
	}
	if err := p.failed(); err != nil {
		return nil, err
	}
	// What the iterations worked on may go before there is a copy of W and H.
	p.Carrier = nil
	p.held.Forget()
	m.H = p.HT.DenseT()
	p.HT = nil
	m.W = p.W.Dense()
	back(m.W, p.Scale.W)
	back(m.H, p.Scale.H)
	if err := m.checkFinite(); err != nil {
		return nil, err
	}
	if lost == nil && cfg.Checkpoint.Dir != "" {
		lost = m.keep(in, matrixArray("W", m.W), matrixArray("H", m.H))
	}
	if m.Stop == Cancelled && ctx.Err() != nil {
		return m, fmt.Errorf("nmf: fit stopped after %d iterations: %w", m.Iter, context.Cause(ctx))
	}
	return m, lost
}

// stateOf returns what the next iterations depend on.
func (p *problem[T]) stateOf(st solve.Stepper) solverState {
	s := solverState{State: st.Save(), Masked: p.cfg.Mask != nil, Weighted: p.cfg.Weights != nil}
	if p.Scale != (solve.Scaling{}) {
		s.Scale = &p.Scale
	}
	return s
}
