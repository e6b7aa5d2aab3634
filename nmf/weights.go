package nmf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/sparse"
)

// Entries with weights: see Config.Mask, Weights and Unobserved for the
// objective. An entry is observed where the mask is not zero and its weight is
// not. Without Unobserved the others are missing values: they are not zeros,
// and have no part in the fit.
//
// Inits use the weighted mean; those by SVD take X with zeros where it is not
// observed. A row of W without an observed entry becomes zero if Unobserved is.

// input returns X with the weights that c says.
func (c *Config) input(x mat.Matrix) (*input, error) {
	if c.Mask == nil && c.Weights == nil && c.Unobserved == 0 {
		return newInput(x)
	}
	x, err := inMemory(x)
	if err != nil {
		return nil, err
	}
	in, err := readMatrix("X", x)
	if err != nil {
		return nil, err
	}
	mask, err := in.readBeside("Config.Mask", c.Mask)
	if err != nil {
		return nil, err
	}
	weights, err := in.readBeside("Config.Weights", c.Weights)
	if err != nil {
		return nil, err
	}
	pattern := in
	if mask != nil {
		pattern = mask
	} else if weights != nil {
		pattern = weights
	}
	return in.observed(pattern, weights, c.Unobserved)
}

// checkSomething returns an error if there is nothing to fit.
func (in *input) checkSomething() error {
	if in.Weights != nil && in.Total == 0 {
		return kind.Errorf(ErrConfig, "nmf: no entry of X is observed")
	}
	return nil
}

// readBeside reads a matrix that must have the shape of X; nil if a is.
func (in *input) readBeside(name string, a mat.Matrix) (*input, error) {
	if a == nil {
		return nil, nil
	}
	if r, c := a.Dims(); r != in.Rows || c != in.Cols {
		return nil, kind.Errorf(ErrShape, "nmf: %s is %d x %d, want %d x %d as X", name, r, c, in.Rows, in.Cols)
	}
	a, err := inMemory(a)
	if err != nil {
		return nil, err
	}
	out, err := readMatrix(name, a)
	if err != nil {
		return nil, err
	}
	return out, out.check(name)
}

// observed returns the entries of X where pattern, and weights unless nil, are
// not zero.
func (in *input) observed(pattern, weights *input, common float64) (*input, error) {
	ptr := make([]int, in.Rows+1)
	var idx []int32
	var val, wts []float64
	for i := range in.Rows {
		cols, marks := pattern.Row(i)
		xs, vs := in.cursor(i), weights.cursor(i)
		for p, mark := range marks {
			if mark == 0 {
				continue
			}
			j := p
			if cols != nil {
				j = int(cols[p])
			}
			v := vs.at(j, 1)
			if v == 0 {
				continue
			}
			x := xs.at(j, 0)
			if err := checkEntry("X", i, j, x); err != nil {
				return nil, err
			}
			idx, val, wts = append(idx, int32(j)), append(val, x), append(wts, v)
		}
		ptr[i+1] = len(idx)
	}
	out := &input{Entries: block.Entries[float64]{Rows: in.Rows, Cols: in.Cols, Common: common, Weights: &block.Compressed[float64]{Ptr: ptr, Idx: idx, Val: wts}}}
	x, err := sparse.FromCSR(in.Rows, in.Cols, ptr, idx, val)
	if err != nil {
		return nil, fmt.Errorf("nmf: X: %w (%w)", ErrShape, err)
	}
	out.set(x)
	out.Total = common * (float64(in.Rows)*float64(in.Cols) - float64(len(idx)))
	for p, v := range wts {
		out.Sum += v * val[p]
		out.SumSq += v * val[p] * val[p]
		out.Total += v
	}
	if out.Total > math.MaxFloat64 || out.Sum > math.MaxFloat64 {
		return nil, out.tooLarge("X", "the weighted sum of all entries overflows: divide X, or the weights, by the largest")
	}
	return out, nil
}

// cursor reads a row at columns that increase.
type cursor struct {
	all  bool
	idx  []int32
	val  []float64
	none bool // there is no matrix
}

func (in *input) cursor(i int) cursor {
	if in == nil {
		return cursor{none: true}
	}
	idx, val := in.Row(i)
	return cursor{all: idx == nil, idx: idx, val: val}
}

// at returns the entry in column j, or without a matrix otherwise.
func (c *cursor) at(j int, otherwise float64) float64 {
	if c.none {
		return otherwise
	}
	if c.all {
		return c.val[j]
	}
	for len(c.idx) > 0 && int(c.idx[0]) < j {
		c.idx, c.val = c.idx[1:], c.val[1:]
	}
	if len(c.idx) > 0 && int(c.idx[0]) == j {
		return c.val[0]
	}
	return 0
}
