package cli

import (
	"flag"
	"fmt"
	"os"

	"gonmf/frames"
	"gonmf/nmf"
	"gonmf/notebooks/data"
)

// Table is what a script's flags say of the table that it reads.
type Table struct {
	In, Item, User, Weight string
}

// TableFlags adds -in, -item, -user and -weight to f.
func TableFlags(f *flag.FlagSet) *Table {
	t := &Table{}
	f.StringVar(&t.In, "in", "", "the table to read, `FILE.csv[.gz]`; without it the embedded set of American first names")
	f.StringVar(&t.Item, "item", "item_id", "the `column` of items, which become rows")
	f.StringVar(&t.User, "user", "user_id", "the `column` of users, which become columns")
	f.StringVar(&t.Weight, "weight", "", "the `column` of weights; without it every observation weighs 1")
	return t
}

// Read reads the table.
func (t *Table) Read() (*frames.Interactions, error) {
	columns := frames.Columns{Item: t.Item, User: t.User, Weight: t.Weight}
	if t.In == "" {
		f, err := data.Open(data.Names)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return frames.ReadInteractions(f, columns)
	}
	f, err := os.Open(t.In)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	x, err := frames.ReadInteractions(f, columns)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.In, err)
	}
	return x, nil
}

// Settings is what a script's flags say of the fit.
type Settings struct {
	init string
	seed uint
	cfg  nmf.Config
}

// FitFlags adds -k, -init, -seed, -max-iter, -tol and -workers to f.
func FitFlags(f *flag.FlagSet) *Settings {
	s := &Settings{}
	f.IntVar(&s.cfg.Components, "k", 20, "the number of components")
	f.StringVar(&s.init, "init", "random", "the start: random, nndsvd, nndsvda, nndsvdar or auto")
	f.UintVar(&s.seed, "seed", 0, "the seed, of NumPy's random stream")
	f.IntVar(&s.cfg.MaxIter, "max-iter", 500, "the most iterations")
	f.Float64Var(&s.cfg.Tol, "tol", 1e-4, "the stopping tolerance; negative: make all iterations")
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
	cfg.Init, err = nmf.ParseInit(s.init)
	return cfg, err
}
