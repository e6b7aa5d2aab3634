package selection

import (
	"context"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/par"
	"gonmf/nmf/internal/table"
)

// RestartOptions says from where [Restarts] fits. The zero value fits from ten
// seeds.
type RestartOptions struct {
	// Runs is the number of fits; 0 means 10, or as many as there are Seeds.
	Runs int

	// Seeds are the seeds of the fits; nil means cfg.Seed, cfg.Seed+1, ...
	Seeds []uint32

	// Progress is called after each fit, from the goroutine that called
	// Restarts, in the order in which fits end; nil is silent.
	Progress func(Restart)

	// Previous is what a call that was cancelled returned: fits from its
	// seeds are not made again.
	Previous *RestartResult
}

// Restart tells how a fit from one seed ended.
type Restart struct {
	Seed      uint32
	Objective float64 // as nmf.Model.Objective
	Err       float64 // as nmf.Model.Err
	Iter      int
	Stop      nmf.Stop
}

// RestartResult is what [Restarts] found.
type RestartResult struct {
	// Best is the model with the least objective; of equal ones that of the
	// first seed.
	Best *nmf.Model

	// Fits tells of every fit, in the order of the seeds.
	Fits []Restart
}

// Restarts fits X several times, from different random starts, and keeps the
// best: NMF's objective is not convex, and where a fit ends depends on where
// it began. Fits run side by side as far as cfg.Workers allows, each with a
// W and H of its own; the result does not depend on how many do.
//
// InitAuto becomes InitRandom here, and an Init that starts every fit at the
// same place is an error unless the solver draws random numbers.
// cfg.Progress is not called.
//
// If ctx ends, Restarts returns what it has together with an error that wraps
// [context.Cause]: hand it in as opt.Previous to go on. Where not one fit has
// ended, Best is the best of those that were stopped.
func Restarts(ctx context.Context, x mat.Matrix, cfg nmf.Config, opt RestartOptions) (*RestartResult, error) {
	seeds, err := opt.seeds(cfg.Seed)
	if err != nil {
		return nil, err
	}
	if cfg, err = forRestarts(cfg, len(seeds)); err != nil {
		return nil, err
	}
	data, err := nmf.NewData(x, cfg)
	if err != nil {
		return nil, err
	}
	out := &RestartResult{}
	fitted := map[uint32]Restart{}
	if opt.Previous != nil {
		// A model that was stopped is not what its seed leads to.
		if best := opt.Previous.Best; best != nil && best.Stop != nmf.Cancelled {
			out.Best = best
		}
		for _, f := range opt.Previous.Fits {
			fitted[f.Seed] = f
		}
	}
	todo := slices.DeleteFunc(slices.Clone(seeds), func(s uint32) bool { _, ok := fitted[s]; return ok })

	stopped, err := fitSeeds(ctx, data, cfg, todo, func(m *nmf.Model) {
		f := asRestart(m)
		fitted[f.Seed] = f
		out.keep(m, seeds)
		if opt.Progress != nil {
			opt.Progress(f)
		}
	})
	for _, s := range seeds {
		if f, ok := fitted[s]; ok {
			out.Fits = append(out.Fits, f)
		}
	}
	if err == nil {
		return out, nil
	}
	if ctx.Err() == nil {
		return nil, err
	}
	if len(out.Fits) == 0 {
		for _, m := range stopped {
			out.keep(m, seeds)
		}
	}
	return out, fmt.Errorf("selection: restarts stopped after %d of %d fits: %w", len(out.Fits), len(seeds), context.Cause(ctx))
}

// fitSeeds fits X from each seed and calls each with the models that are done,
// one at a time, in the order in which fits end. It returns the models that
// ctx stopped.
func fitSeeds(ctx context.Context, data *nmf.Data, cfg nmf.Config, seeds []uint32, each func(*nmf.Model)) (stopped []*nmf.Model, err error) {
	models := make([]*nmf.Model, len(seeds))
	err = par.Jobs(ctx, cfg.Workers, len(seeds), func(ctx context.Context, i, inner int) (err error) {
		c := cfg
		c.Seed, c.Workers = seeds[i], inner
		models[i], err = data.Fit(ctx, c)
		return err
	}, func(i int) {
		each(models[i])
		models[i] = nil
	})
	return slices.DeleteFunc(models, func(m *nmf.Model) bool { return m == nil }), err
}

// asRestart returns how the fit that m is the result of ended.
func asRestart(m *nmf.Model) Restart {
	return Restart{m.Config.Seed, m.Objective(), m.Err, m.Iter, m.Stop}
}

// keep makes m the best if it is, whatever the order in which models come.
func (r *RestartResult) keep(m *nmf.Model, seeds []uint32) {
	if r.Best == nil {
		r.Best = m
		return
	}
	now, best := m.Objective(), r.Best.Objective()
	if now < best || math.IsNaN(best) && !math.IsNaN(now) ||
		now == best && slices.Index(seeds, m.Config.Seed) < slices.Index(seeds, r.Best.Config.Seed) {
		r.Best = m
	}
}

// seeds returns the seeds to fit from.
func (o *RestartOptions) seeds(first uint32) ([]uint32, error) {
	n := o.Runs
	switch {
	case n < 0:
		return nil, kind.Errorf(nmf.ErrConfig, "selection: RestartOptions.Runs is %d: it must not be negative", n)
	case o.Seeds != nil && n > 0 && n != len(o.Seeds):
		return nil, kind.Errorf(nmf.ErrConfig, "selection: RestartOptions.Runs is %d, but there are %d Seeds", n, len(o.Seeds))
	case o.Seeds != nil:
		return o.Seeds, nil
	case n == 0:
		n = 10
	}
	return seedsFrom(first, n), nil
}

// seedsFrom returns n seeds from first on.
func seedsFrom(first uint32, n int) []uint32 {
	seeds := make([]uint32, n)
	for i := range seeds {
		seeds[i] = first + uint32(i)
	}
	return seeds
}

// forRestarts returns the configuration of n fits that start at different
// places.
func forRestarts(c nmf.Config, n int) (nmf.Config, error) {
	c.Progress = nil
	if c.Checkpoint.Dir != "" {
		return c, &nmf.ConfigError{Field: "Checkpoint", Reason: "is for one fit, not for several: leave it out"}
	}
	if n == 1 {
		return c, nil
	}
	cd, _ := c.Solver.(nmf.CD)
	switch {
	case c.Init == nmf.InitAuto:
		c.Init = nmf.InitRandom
	case c.Init == nmf.InitRandom, c.Init == nmf.InitNNDSVDar, cd.Shuffle:
	default:
		return c, &nmf.ConfigError{Field: "Init", Reason: fmt.Sprintf("is %v, which starts every fit at the same place: use InitRandom", c.Init)}
	}
	return c, nil
}

// String describes the result in one line.
func (r *RestartResult) String() string {
	if r.Best == nil {
		return "no fit"
	}
	best, worst := math.Inf(1), math.Inf(-1)
	for _, f := range r.Fits {
		best, worst = min(best, f.Err), max(worst, f.Err)
	}
	return fmt.Sprintf("%d fits, errors from %.6g to %.6g, the best from seed %d", len(r.Fits), best, worst, r.Best.Config.Seed)
}

// HTML lists the fits for notebooks.
func (r *RestartResult) HTML() string {
	rows := [][]string{{"seed", "objective", "error", "iterations", ""}}
	for _, f := range r.Fits {
		note := f.Stop.String()
		if r.Best != nil && f.Seed == r.Best.Config.Seed {
			note += ", the best"
		}
		rows = append(rows, []string{fmt.Sprint(f.Seed), fmt.Sprintf("%.6g", f.Objective), fmt.Sprintf("%.6g", f.Err), fmt.Sprint(f.Iter), note})
	}
	return table.HTML(rows)
}
