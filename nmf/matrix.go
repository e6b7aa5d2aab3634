package nmf

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/shard"
	"gonmf/nmf/internal/solve"
	"gonmf/nmf/sparse"
)

// problem is a fit or a fold-in under way, with the carrier of its X.
type problem[T kern.Float] struct {
	*solve.Problem[T]
	cfg  Config
	held holder
}

// holder is a carrier that has something to let go of.
type holder interface {
	Close()
	Forget()
}

// newProblem returns that of fitting X, whose W and H are zero. It is to be
// closed.
func newProblem[T kern.Float](in *input, cfg Config) *problem[T] {
	w, ht := block.NewFactor[T](in.Rows, cfg.Components), block.NewFactor[T](in.Cols, cfg.Components)
	if in.shards != nil {
		disk := block.NewDisk[T](in.shards.Folder(), cfg.Workers)
		return &problem[T]{solve.NewProblem(disk, cfg.settings(), w, ht), cfg, disk}
	}
	memory := block.NewMemory(entriesOf[T](in), cfg.Workers)
	return &problem[T]{solve.NewProblem(memory, cfg.settings(), w, ht), cfg, memory}
}

func (p *problem[T]) close() { p.held.Close() }

// failed returns an error if X could not be read.
func (p *problem[T]) failed() error {
	if err := p.Failed(); err != nil {
		return unread(err)
	}
	return nil
}

// unread is an error of reading X from files.
func unread(err error) error {
	if errors.Is(err, shard.ErrFormat) {
		return kind.Errorf(ErrFormat, "nmf: X: %v", err)
	}
	return fmt.Errorf("nmf: X: %w", err)
}

// input is X as it was given, dense or sparse, its entries checked.
type input struct {
	block.Entries[float64]
	sparse *sparse.CSR             // X, where it is sparse and in memory
	shards *sparse.Shards          // X, where it is in files: there are no Entries but for their sums
	single *block.Entries[float32] // X in single precision; made when a fit needs it
}

// newInput takes x as it is where its layout is known, and copies it
// otherwise: matrices that can list their nonzeros become sparse, others dense.
func newInput(x mat.Matrix) (*input, error) {
	in, err := readMatrix("X", x)
	if err != nil {
		return nil, err
	}
	return in, in.check("X")
}

// readMatrix is newInput without a look at the entries.
func readMatrix(name string, x mat.Matrix) (*input, error) {
	if x == nil {
		return nil, kind.Errorf(ErrShape, "nmf: %s is nil", name)
	}
	rows, cols := x.Dims()
	if rows == 0 || cols == 0 {
		return nil, kind.Errorf(ErrShape, "nmf: %s is %d x %d: it must have a row and a column", name, rows, cols)
	}
	in := &input{Entries: block.Entries[float64]{Rows: rows, Cols: cols}}
	switch x := x.(type) {
	case *sparse.CSR:
		in.set(x)
	case *sparse.Shards:
		in.shards = x
	case mat.RawMatrixer:
		raw := x.RawMatrix()
		in.Dense, in.Stride = raw.Data, raw.Stride
	case mat.RowNonZeroDoer:
		csr, err := fromNonZeros(name, rows, cols, func(add func(i, j int, v float64)) {
			for i := range rows {
				x.DoRowNonZero(i, add)
			}
		})
		if err != nil {
			return nil, err
		}
		in.set(csr)
	case mat.NonZeroDoer:
		csr, err := fromNonZeros(name, rows, cols, x.DoNonZero)
		if err != nil {
			return nil, err
		}
		in.set(csr)
	case mat.Transpose:
		switch t := x.Matrix.(type) {
		case *sparse.CSR:
			in.set(t.Transpose())
			in.CSRT = compressedOf(t)
		case *sparse.Shards:
			csr, err := t.ReadCols(0, rows)
			if err != nil {
				return nil, unread(err)
			}
			in.set(csr)
		default:
			in.copyDense(x)
		}
	default:
		in.copyDense(x)
	}
	return in, nil
}

// inMemory returns x, of which it reads what is in files into memory.
func inMemory(x mat.Matrix) (mat.Matrix, error) {
	s, ok := x.(*sparse.Shards)
	if !ok {
		return x, nil
	}
	csr, err := s.CSR()
	if err != nil {
		return nil, unread(err)
	}
	return csr, nil
}

// each shows every row, as [block.Entries.Row] has it, until one gives an error.
func (in *input) each(see func(i int, idx []int32, val []float64) error) error {
	if in.shards == nil {
		for i := range in.Rows {
			idx, val := in.Row(i)
			if err := see(i, idx, val); err != nil {
				return err
			}
		}
		return nil
	}
	f := in.shards.Folder()
	var buf shard.Buffer
	for b, rows := range f.RowBlocks {
		if err := f.Read(shard.Rows, b, &buf); err != nil {
			return unread(err)
		}
		for i := range rows.Rows {
			from, to := buf.Ptr[i], buf.Ptr[i+1]
			if err := see(rows.First+i, buf.Idx[from:to:to], buf.Val[from:to:to]); err != nil {
				return err
			}
		}
	}
	return nil
}

// stored returns the number of entries that a pass over X reads.
func (in *input) stored() int {
	if in.shards != nil {
		return in.shards.NNZ()
	}
	return in.NNZ()
}

// set makes x the entries.
func (in *input) set(x *sparse.CSR) { in.sparse, in.CSR = x, compressedOf(x) }

func compressedOf(x *sparse.CSR) *block.Compressed[float64] {
	ptr, idx, val := x.Raw()
	return &block.Compressed[float64]{Ptr: ptr, Idx: idx, Val: val}
}

func (in *input) copyDense(x mat.Matrix) {
	in.Dense, in.Stride = make([]float64, in.Rows*in.Cols), in.Cols
	for i := range in.Rows {
		row := in.Dense[i*in.Cols : (i+1)*in.Cols]
		for j := range row {
			row[j] = x.At(i, j)
		}
	}
}

// fromNonZeros collects what do lists.
func fromNonZeros(name string, rows, cols int, do func(func(i, j int, v float64))) (*sparse.CSR, error) {
	var is, js []int
	var vs []float64
	do(func(i, j int, v float64) {
		is, js, vs = append(is, i), append(js, j), append(vs, v)
	})
	csr, err := sparse.FromTriplets(rows, cols, is, js, vs)
	if err != nil {
		return nil, fmt.Errorf("nmf: %s lists its nonzeros wrongly: %w (%w)", name, ErrShape, err)
	}
	return csr, nil
}

// check looks at every entry and sums them.
func (in *input) check(name string) error {
	look := func(i int, idx []int32, val []float64) error {
		for p, v := range val {
			j := p
			if idx != nil {
				j = int(idx[p])
			}
			if err := checkEntry(name, i, j, v); err != nil {
				return err
			}
		}
		return nil
	}
	if in.shards != nil {
		f := in.shards.Folder()
		in.Sum, in.SumSq = f.Whole.Sum, f.Whole.SumSquares
		if f.Least < 0 {
			return in.each(look)
		}
		return nil
	}
	for i := range in.Rows {
		idx, val := in.Row(i)
		sum, sumSq := 0.0, 0.0
		for _, v := range val {
			sum += v
			sumSq += v * v
		}
		// A bad entry shows in the sums; only then is it worth looking for.
		if !(sum >= 0 && sumSq <= math.MaxFloat64) || hasNegative(val) {
			if err := look(i, idx, val); err != nil {
				return err
			}
		}
		in.Sum += sum
		in.SumSq += sumSq
	}
	if math.IsInf(in.Sum, 0) {
		return in.tooLarge(name, "the sum of all entries overflows: divide them by the largest")
	}
	return nil
}

// checkSquares returns an error if the sum of the squares of X overflows.
func (in *input) checkSquares() error {
	if math.IsInf(in.SumSq, 0) {
		return in.tooLarge("X", "the sum of squares overflows: divide X by its largest entry")
	}
	return nil
}

// tooLarge returns an error that names the largest entry.
func (in *input) tooLarge(name, format string, args ...any) error {
	e := &EntryError{Matrix: name, err: kind.Errorf(ErrNotFinite, "%s", fmt.Sprintf(format, args...))}
	err := in.each(func(i int, idx []int32, val []float64) error {
		for p, v := range val {
			if v > e.Value {
				if e.Row, e.Col, e.Value = i, p, v; idx != nil {
					e.Col = int(idx[p])
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return e
}

func hasNegative(val []float64) bool {
	for _, v := range val {
		if v < 0 {
			return true
		}
	}
	return false
}

// entriesOf returns X in the precision of T.
func entriesOf[T kern.Float](in *input) *block.Entries[T] {
	if e, ok := any(&in.Entries).(*block.Entries[T]); ok {
		return e
	}
	if in.single == nil {
		in.single = block.Rounded(&in.Entries)
	}
	return any(in.single).(*block.Entries[T])
}

// share makes what is made once, so that fits may read X side by side.
func (in *input) share(p Precision) {
	if in.shards != nil {
		return
	}
	if p == Float32 {
		entriesOf[float32](in).Share()
	} else {
		in.Entries.Share()
	}
}
