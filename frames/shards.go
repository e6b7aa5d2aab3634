package frames

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"gonmf/frames/internal/code"
	"gonmf/frames/internal/frame"
	"gonmf/nmf/sparse"
)

// A table that memory does not hold is written into a folder of files while it
// is read, [Columns.Shards], and has Shards instead of X. nmf.Fit and what else
// takes a matrix takes Matrix; [Factors], [Clusters], [Top] and [Coverage] take
// the table.

// Matrix returns X, or where the table is in files Shards.
func (t *Interactions) Matrix() mat.Matrix {
	if t.X == nil && t.Shards != nil {
		return t.Shards
	}
	return t.X
}

// InMemory returns the table with its matrix in memory: t itself where it is.
func (t *Interactions) InMemory() (*Interactions, error) {
	if t.X != nil || t.Shards == nil {
		return t, t.whole()
	}
	x, err := t.Shards.CSR()
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	return &Interactions{X: x, Items: t.Items, Users: t.Users}, nil
}

// OpenShards opens the folder of a table that was read with [Columns.Shards],
// or of any [sparse.Shards]: labels that are not in it count from 0.
func OpenShards(dir string) (*Interactions, error) {
	x, err := sparse.OpenShards(dir)
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	rows, cols := x.Dims()
	t := &Interactions{Shards: x}
	if t.Items, err = keptLabels(x.RowLabels, rows); err != nil {
		return nil, err
	}
	t.Users, err = keptLabels(x.ColLabels, cols)
	return t, err
}

// keptLabels makes labels of names that a folder has.
func keptLabels(read func() ([]string, error), n int) (*Labels, error) {
	names, err := read()
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	if names == nil {
		return &Labels{n: n, numeric: true}, nil
	}
	integer := func(name string) bool { _, ok := code.ParseInteger(name); return ok }
	switch {
	case !slices.Contains(names, "") && allOf(names, integer) && increase(names, code.CompareIntegers):
		return &Labels{names: names, n: n, numeric: true}, nil
	case !slices.Contains(names, "") && !allOf(names, integer) && increase(names, strings.Compare):
		return &Labels{names: names, n: n}, nil
	default:
		return NewLabels(names)
	}
}

func allOf(names []string, is func(string) bool) bool {
	return !slices.ContainsFunc(names, func(name string) bool { return !is(name) })
}

func increase(names []string, compare func(a, b string) int) bool {
	for i := range len(names) - 1 {
		if compare(names[i], names[i+1]) >= 0 {
			return false
		}
	}
	return true
}

// toKeep returns the names that a folder is to have, nil where they count from 0.
func (l *Labels) toKeep() []string {
	if l.names == nil {
		return nil
	}
	return l.names
}

// WriteShards writes a table whose matrix is in memory into a folder, which must
// not be there yet, and returns it as [OpenShards] does.
func (t *Interactions) WriteShards(dir string) (*Interactions, error) {
	if err := t.whole(); err != nil {
		return nil, err
	}
	x, err := t.X.WriteShards(dir, sparse.ShardOptions{RowLabels: t.Items.toKeep(), ColLabels: t.Users.toKeep()})
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	return &Interactions{Shards: x, Items: t.Items, Users: t.Users}, nil
}

// spill is the folder that the rows of a table go to instead of memory.
type spill struct {
	dir string
	to  *sparse.ShardWriter // nil before the first
}

// add writes rows.
func (s *spill) add(t sparse.Triplets) error {
	if s.to == nil {
		var err error
		if s.to, err = sparse.CreateShards(s.dir); err != nil {
			return fmt.Errorf("frames: %w", err)
		}
	}
	if err := s.to.AddTriplets(t); err != nil {
		return fmt.Errorf("frames: %w", err)
	}
	return nil
}

// discard removes what was written.
func (s *spill) discard() error {
	if s.to == nil {
		return nil
	}
	return s.to.Discard()
}

// table ends the writing; the rows and columns that were added are codes of the
// dicts.
func (s *spill) table(items, users *code.Dict, opt Columns) (t *Interactions, err error) {
	if s.to == nil {
		return nil, frame.Errorf(ErrEmpty, "frames: the table has no rows")
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.discard())
		}
	}()
	i, err := newSide([]*code.Dict{items}, opt.Positions)
	if err != nil {
		return nil, fmt.Errorf("frames: column %q: %w", opt.Item, err)
	}
	j, err := newSide([]*code.Dict{users}, opt.Positions)
	if err != nil {
		return nil, fmt.Errorf("frames: column %q: %w", opt.User, err)
	}
	x, err := s.to.Close(i.labels.Len(), j.labels.Len(), sparse.ShardOptions{
		RowLabels: i.labels.toKeep(), ColLabels: j.labels.toKeep(),
		PlaceRows: func(codes []int32) { i.place(codes, 0) }, PlaceCols: func(codes []int32) { j.place(codes, 0) },
		Progress: opt.ProgressShards,
	})
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	return &Interactions{Shards: x, Items: i.labels, Users: j.labels}, nil
}
