package nmf

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/npz"
)

// Checkpoint says where a fit keeps how far it has got, so that one that was
// killed goes on: to call [Fit] again with the same X and Config is enough, and
// gives the bits of a fit that was not stopped. MaxIter may be larger then, and
// Workers and Progress are free. A fit that had come to its end is not made
// again.
//
// The folder, which is made if need be, has one file, checkpoint.npz, a model as
// [Model.Save] writes it, which [Load] reads. It is the old one or the whole new
// one at any moment. It costs the time to write W and H, and no memory.
//
// If it cannot be written, Fit returns the model as far as it got together with
// an error that names the file. A file that is damaged, or of another X or
// Config, is an error before anything is done.
type Checkpoint struct {
	Dir   string // the folder; empty: nothing is kept
	Every int    // iterations between two writes; 0 means 10. The last is written, too
}

const (
	defaultEvery   = 10
	checkpointName = "checkpoint.npz"
)

func (c *Checkpoint) name() string { return filepath.Join(c.Dir, checkpointName) }

// check says whether it can be used.
func (c *Checkpoint) check() error {
	if c.Every < 0 || c.Every > 0 && c.Dir == "" {
		return configError("Checkpoint", "has Every %d and the Dir %q: name a folder, and a number of iterations from 1 or 0 for %d", c.Every, c.Dir, defaultEvery)
	}
	return nil
}

// identity tells one fit from another.
type identity struct {
	Data     string `json:"data"`
	Settings string `json:"settings"`
}

// identity returns that of the fit of X under a config.
func (in *input) identity(c *Config) (id identity, err error) {
	of := Model{Config: *c}
	s := of.settings(c.Components)
	s.MaxIter, s.Err = 0, 0
	text, err := json.Marshal(s)
	if err != nil {
		return id, err
	}
	id.Settings = string(text)
	id.Data = fmt.Sprintf("%d x %d, %d entries, sums %x %x %x", in.Rows, in.Cols, in.stored(), in.Sum, in.SumSq, in.Total)
	if c.Init != InitCustom {
		return id, nil
	}
	for _, a := range []mat.Matrix{c.W0, c.H0} {
		hash, err := HashData(a)
		if err != nil {
			return id, err
		}
		id.Settings += " " + hash.SHA256
	}
	return id, nil
}

// recall returns the model from which the fit of m is to go on: m, or what its
// checkpoint has if that is further, and whether there is nothing left to do.
func (in *input) recall(m *Model) (from *Model, done bool, err error) {
	c := &m.Config.Checkpoint
	if c.Dir == "" {
		return m, false, nil
	}
	if err := os.MkdirAll(c.Dir, 0o777); err != nil {
		return nil, false, fmt.Errorf("nmf: checkpoint: %w", err)
	}
	f, err := os.Open(c.name())
	if errors.Is(err, os.ErrNotExist) {
		return m, false, nil
	} else if err != nil {
		return nil, false, fmt.Errorf("nmf: checkpoint: %w", err)
	}
	defer f.Close()
	kept, arrays, err := load(f)
	var was identity
	if err == nil {
		a := arrays["checkpoint"]
		if a == nil || len(a.Texts) != 1 || json.Unmarshal([]byte(a.Texts[0]), &was) != nil {
			err = kind.Errorf(ErrFormat, "nmf: it is a model, but no checkpoint")
		}
	}
	if err != nil {
		return nil, false, fmt.Errorf("%s: %w: to begin anew, remove it", c.name(), err)
	}
	now, err := in.identity(&m.Config)
	switch {
	case err != nil:
		return nil, false, err
	case was.Data != now.Data:
		return nil, false, configError("Checkpoint", "has the file %s, which is of another X: remove it, or choose another folder", c.name())
	case was.Settings != now.Settings:
		return nil, false, configError("Checkpoint", "has the file %s, which is of a fit with other settings: remove it, or choose another folder", c.name())
	case kept.Iter > m.Config.MaxIter:
		return nil, false, configError("MaxIter", "is %d, but %s has made %d iterations: remove it, or choose another folder", m.Config.MaxIter, c.name(), kept.Iter)
	case kept.Iter <= m.Iter:
		return m, false, nil
	}
	kept.Config, kept.Names = m.Config, m.Names
	return kept, kept.Stop == Converged || kept.Stop == IterationLimit && kept.Iter == m.Config.MaxIter, nil
}

// keep writes the checkpoint of the fit of p as it is, of which m has all but W
// and H.
func (p *problem[T]) keep(in *input, m *Model) error {
	w := npz.Array{Name: "W", Shape: []int{p.W.Rows, p.W.K}, Stream: func(put func(float64)) { rowsTo(p.W, p.Scale.W, put) }}
	h := npz.Array{Name: "H", Shape: []int{p.HT.K, p.HT.Rows}, Stream: func(put func(float64)) { columnsTo(p.HT, p.Scale.H, put) }}
	return m.keep(in, w, h)
}

func rowsTo[T kern.Float](f *block.Factor[T], exponent int, put func(float64)) {
	for i := range f.Rows {
		for _, v := range f.Row(i) {
			put(math.Ldexp(float64(v), -exponent))
		}
	}
}

func columnsTo[T kern.Float](f *block.Factor[T], exponent int, put func(float64)) {
	for t := range f.K {
		for i := range f.Rows {
			put(math.Ldexp(float64(f.A[i*f.LD+t]), -exponent))
		}
	}
}

// keep writes a checkpoint with these factors.
func (m *Model) keep(in *input, w, h npz.Array) (err error) {
	id, err := in.identity(&m.Config)
	if err != nil {
		return err
	}
	text, err := json.Marshal(id)
	if err != nil {
		return err
	}
	to := m.Config.Checkpoint.name()
	part := to + ".part"
	f, err := os.Create(part)
	if err != nil {
		return fmt.Errorf("nmf: checkpoint: %w", err)
	}
	out := bufio.NewWriterSize(f, 1<<20)
	err = m.save(out, w, h, npz.Array{Name: "checkpoint", Texts: []string{string(text)}})
	for _, next := range []func() error{out.Flush, f.Sync} {
		if err == nil {
			err = next()
		}
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(part, to)
	}
	if err != nil {
		os.Remove(part)
		return fmt.Errorf("nmf: checkpoint: %w", err)
	}
	return nil
}
