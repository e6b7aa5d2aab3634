package frames

import (
	"errors"

	"gonmf/frames/internal/code"
	"gonmf/frames/internal/frame"
	"gonmf/nmf/sparse"
)

// Builder makes an [Interactions] table of rows that come from anywhere, one
// after the other: a database, a queue, a format of one's own. It needs little
// more memory than the table. Labels are text, as in [ReadInteractions].
//
// The zero value is not usable; it is not safe for concurrent use.
type Builder struct {
	opt          Columns
	items, users code.Dict
	parts        []sparse.Triplets
	rows         int
	item, user   []byte // of the row under way
	spill        spill
}

// NewBuilder returns an empty Builder. Of opt it looks at the names of the
// columns, for errors, at Positions and at Shards.
func NewBuilder(opt Columns) *Builder {
	return &Builder{opt: opt.withDefaults(), spill: spill{dir: opt.Shards}}
}

// Rows returns the number of rows added.
func (b *Builder) Rows() int { return b.rows }

// Add adds a row. The weights of rows with the same item and user are summed.
// A missing label or a weight that is not a finite number of 0 or more is a
// [*CellError], and the row is not added.
func (b *Builder) Add(item, user string, weight float64) error {
	b.item, b.user = append(b.item[:0], item...), append(b.user[:0], user...)
	return b.AddBytes(b.item, b.user, weight)
}

// AddText is [Builder.Add] for a weight that is text, as it stands in a CSV
// file: one that is empty is missing.
func (b *Builder) AddText(item, user, weight string) error {
	v, err := parseEntry(weight)
	if err != nil {
		return frame.At(err, b.rows+1, 0, b.opt.Weight)
	}
	return b.Add(item, user, v)
}

// AddBytes is [Builder.Add] for labels that are bytes, which it does not keep.
func (b *Builder) AddBytes(item, user []byte, weight float64) error {
	if err := checkEntry(weight); err != nil {
		return frame.At(err, b.rows+1, 0, b.opt.Weight)
	}
	i, err := b.items.Number(item)
	if err != nil {
		return frame.At(err, b.rows+1, 0, b.opt.Item)
	}
	j, err := b.users.Number(user)
	if err != nil {
		return frame.At(err, b.rows+1, 0, b.opt.User)
	}
	const size = 1 << 16 // of a part
	if b.rows%size == 0 {
		if err := b.flush(); err != nil {
			return err
		}
		b.parts = append(b.parts, sparse.Triplets{})
	}
	p := &b.parts[len(b.parts)-1]
	if weight != 1 && p.V == nil { // until now each row weighs 1
		p.V = make([]float64, len(p.I), max(len(p.I), 64))
		for n := range p.V {
			p.V[n] = 1
		}
	}
	p.I, p.J = append(p.I, i), append(p.J, j)
	if p.V != nil {
		p.V = append(p.V, weight)
	}
	b.rows++
	return nil
}

// flush writes the parts into the folder, if there is to be one.
func (b *Builder) flush() error {
	if b.opt.Shards == "" {
		return nil
	}
	for _, p := range b.parts {
		if err := b.spill.add(p); err != nil {
			return err
		}
	}
	b.parts = b.parts[:0]
	return nil
}

// Discard gives up: what was written into the folder of Columns.Shards goes.
func (b *Builder) Discard() error { return b.spill.discard() }

// Table returns the table of all rows. The Builder must not be used after
// that. An error wraps [ErrEmpty] where there are no rows.
func (b *Builder) Table() (*Interactions, error) {
	if b.opt.Shards != "" {
		if err := b.flush(); err != nil {
			return nil, errors.Join(err, b.Discard())
		}
		return b.spill.table(&b.items, &b.users, b.opt)
	}
	return interactions([]*code.Dict{&b.items}, []*code.Dict{&b.users}, b.parts, make([]int, len(b.parts)), b.opt)
}

// Find returns the places of the columns among names, for those who read a
// format of their own; weight is -1 where none is asked for. Errors list the
// columns that there are, and wrap [ErrColumn].
func (c Columns) Find(names []string) (item, user, weight int, err error) {
	return c.withDefaults().find(names)
}
