package nmf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/kind"
)

// Precision is the type of number that a fit computes with.
type Precision int

// The precisions.
const (
	Float64 Precision = iota
	Float32
)

var precisionNames = [...]string{"float64", "float32"}

// String returns the name of the type.
func (p Precision) String() string {
	if p < 0 || int(p) >= len(precisionNames) {
		return fmt.Sprintf("Precision(%d)", int(p))
	}
	return precisionNames[p]
}

// ParsePrecision is the inverse of [Precision.String].
func ParsePrecision(s string) (Precision, error) {
	for p, name := range precisionNames {
		if s == name {
			return Precision(p), nil
		}
	}
	return 0, kind.Errorf(ErrConfig, "nmf: precision %q: want one of %q", s, precisionNames)
}

// largest returns the largest number of the precision.
func (p Precision) largest() float64 {
	if p == Float32 {
		return math.MaxFloat32
	}
	return math.MaxFloat64
}

// precisionOf returns the precision of T.
func precisionOf[T kern.Float]() Precision {
	if block.Single[T]() {
		return Float32
	}
	return Float64
}

// errSingle is of a number that single precision does not have.
var errSingle = kind.Errorf(ErrNotFinite, "more than a float32 can be: divide by the largest entry, or use Float64")

// checkRange returns an error if single precision is asked for, and the
// entries, their weights or the sum of their squares are beyond it.
func (in *input) checkRange(p Precision) error {
	if p != Float32 || in.SumSq <= math.MaxFloat32 && in.Total <= math.MaxFloat32 {
		return nil
	}
	err := in.each(func(i int, idx []int32, val []float64) error {
		for at, v := range val {
			if v > math.MaxFloat32 {
				if idx != nil {
					at = int(idx[at])
				}
				return &EntryError{"X", i, at, v, errSingle}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return fmt.Errorf("nmf: the sum of the squares of X or of the weights is %w", errSingle)
}

// checkPenalties returns an error if they are beyond the precision of c for a
// fit of an n x m matrix.
func (c *Config) checkPenalties(n, m int) error {
	l1W, l2W, l1H, l2H := c.penalties(n, m)
	if c.Precision == Float32 && max(l1W, l2W, l1H, l2H, c.Unobserved) > math.MaxFloat32 {
		return configError("Precision", "is Float32, and what AlphaW, AlphaH or Unobserved come to is more than that can be: use Float64")
	}
	return nil
}

// check returns an error about the first entry of a factor that is beyond the
// precision.
func (p Precision) check(name string, a mat.Matrix) error {
	if p != Float32 {
		return nil
	}
	rows, cols := a.Dims()
	for i := range rows {
		for j := range cols {
			if v := a.At(i, j); v > math.MaxFloat32 {
				return &EntryError{name, i, j, v, errSingle}
			}
		}
	}
	return nil
}
