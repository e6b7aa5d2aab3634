package cli

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gonmf/frames"
	"gonmf/frames/files"
	"gonmf/nmf"
	"gonmf/notebooks/data"
)

// Table is what a script's flags say of the table that it reads.
type Table struct {
	In, Item, User, Weight string
	CSV                    frames.CSV // how In is written, if it is text

	// Progress is told how many bytes of how many were read; nil is silent.
	Progress func(done, total int)

	// Shards and ProgressShards are those of [frames.Columns].
	Shards         string
	ProgressShards func(done, total int)
}

// TableFlags adds -in, -item, -user, -weight, and how -in is written, to f.
func TableFlags(f *flag.FlagSet) *Table {
	t := &Table{}
	f.StringVar(&t.In, "in", "", "the table to read, a `FILE` of CSV, compressed or not, Parquet, Arrow, Excel or JSON, or of a matrix (Matrix Market, NumPy, SciPy, GCT, a folder of 10x's), or a folder that gonmf shards made of one; without it the embedded set of American first names")
	f.StringVar(&t.Item, "item", "item_id", "the `column` of items, which become rows")
	f.StringVar(&t.User, "user", "user_id", "the `column` of users, which become columns")
	f.StringVar(&t.Weight, "weight", "", "the `column` of weights; without it every observation weighs 1")
	csvFlags(f, &t.CSV)
	return t
}

// Read is [Table.ReadContext] without an end to ctx.
func (t *Table) Read() (*frames.Interactions, error) { return t.ReadContext(context.Background()) }

// ReadContext reads the table, as long as ctx goes on.
func (t *Table) ReadContext(ctx context.Context) (*frames.Interactions, error) {
	columns := frames.Columns{Item: t.Item, User: t.User, Weight: t.Weight, CSV: t.CSV, ProgressBytes: t.Progress, Shards: t.Shards, ProgressShards: t.ProgressShards}
	if columns.CSV.Notice == nil {
		columns.CSV.Notice = func(text string) { fmt.Fprintf(os.Stderr, "%s: %s\n", filepath.Base(t.In), text) }
	}
	if t.In == "" {
		f, err := data.Open(data.Names)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return frames.ReadInteractions(f, columns)
	}
	return files.ReadInteractions(ctx, t.In, columns)
}

// AddReport adds to a model that was fitted to x a report of it, which says
// how the table was read too: gonmf verify reads it so again.
func (t *Table) AddReport(m *nmf.Model, x *frames.Interactions) error {
	file := "" // of the embedded set
	if t.In != "" {
		file = filepath.Base(t.In)
	}
	notes := map[string]string{
		"file": file, "item": t.Item, "user": t.User, "weight": t.Weight,
		"items_sha256": x.Items.SHA256(), "users_sha256": x.Users.SHA256(),
	}
	how, err := csvNote(t.CSV)
	if err != nil {
		return err
	}
	if how != "" {
		notes["csv"] = how
	}
	return m.AddReport(x.Matrix(), notes)
}

// Settings is what a script's flags say of the fit.
type Settings struct {
	init, solver, loss, precision string
	seed                          uint
	cfg                           nmf.Config
}

// FitFlags adds -k, -init, -seed, -max-iter, -tol, -precision and -workers to f.
func FitFlags(f *flag.FlagSet) *Settings {
	s := &Settings{}
	f.IntVar(&s.cfg.Components, "k", 20, "the number of components")
	f.StringVar(&s.init, "init", "random", "the start: random, nndsvd, nndsvda, nndsvdar or auto")
	f.UintVar(&s.seed, "seed", 0, "the seed, of NumPy's random stream")
	f.IntVar(&s.cfg.MaxIter, "max-iter", 500, "the most iterations")
	f.Float64Var(&s.cfg.Tol, "tol", 1e-4, "the stopping tolerance; negative: make all iterations")
	f.StringVar(&s.precision, "precision", "float64", "float64, or float32, which is faster and takes less memory")
	f.IntVar(&s.cfg.Workers, "workers", 0, "the number of goroutines, 0: one a core; the answer is the same for each")
	return s
}

// Config returns the settings for [nmf.Fit].
func (s *Settings) Config() (nmf.Config, error) {
	cfg := s.cfg
	if s.seed > 1<<32-1 {
		return cfg, fmt.Errorf("-seed %d: the largest seed is %d", s.seed, uint32(1<<32-1))
	}
	cfg.Seed = uint32(s.seed)
	var err error
	if cfg.Init, err = nmf.ParseInit(s.init); err != nil || cfg.Init == nmf.InitCustom {
		return cfg, fmt.Errorf("-init %q: want random, nndsvd, nndsvda, nndsvdar or auto", s.init)
	}
	if cfg.Precision, err = nmf.ParsePrecision(s.precision); err != nil {
		return cfg, err
	}
	switch s.solver {
	case "", "cd":
		cfg.Solver = nmf.CD{}
	case "mu":
		cfg.Solver = nmf.MU{}
	case "minibatch":
		cfg.Solver = nmf.MiniBatch{}
	case "accelerated-cd":
		cfg.Solver = nmf.AcceleratedCD{}
	default:
		return cfg, fmt.Errorf("-solver %q: want cd, accelerated-cd, mu or minibatch", s.solver)
	}
	if s.loss != "" {
		if cfg.Loss, err = nmf.ParseLoss(s.loss); err != nil {
			return cfg, err
		}
	}
	if strings.HasSuffix(s.solver, "cd") && cfg.Loss != nmf.Frobenius {
		return cfg, fmt.Errorf("-loss %s: -solver %s is for the Frobenius loss; -solver mu and minibatch are for every loss", s.loss, s.solver)
	}
	return cfg, nil
}

// SolverFlags adds -solver, -loss and the penalties to f.
func (s *Settings) SolverFlags(f *flag.FlagSet) {
	f.StringVar(&s.solver, "solver", "cd", "cd (coordinate descent), accelerated-cd (the same with extrapolation), mu (multiplicative updates) or minibatch")
	f.StringVar(&s.loss, "loss", "frobenius", "frobenius, kullback-leibler, itakura-saito or a number, beta")
	f.Float64Var(&s.cfg.AlphaW, "alpha-w", 0, "the weight of W's penalty")
	f.Float64Var(&s.cfg.AlphaH, "alpha-h", 0, "the weight of H's penalty")
	f.Float64Var(&s.cfg.L1Ratio, "l1-ratio", 0, "the share of L1 in the penalties, from 0 to 1")
}

// ReadClasses reads a CSV file whose first two columns are items and their
// classes, and returns the class of each item; one that the file lacks has
// the class "?".
func ReadClasses(path string, items *frames.Labels) ([]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	df, err := frames.ReadCSVText(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	names := df.Names()
	if len(names) < 2 {
		return nil, fmt.Errorf("%s: it has the columns %q: want one of items and one of classes", path, names)
	}
	classes := make([]string, items.Len())
	for i := range classes {
		classes[i] = "?"
	}
	class := df.Col(names[1]).Records()
	for row, item := range df.Col(names[0]).Records() {
		if i, ok := items.Index(item); ok {
			classes[i] = class[row]
		}
	}
	return classes, nil
}
