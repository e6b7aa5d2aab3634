package nmf

import (
	"cmp"
	"fmt"
	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kind"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Unit says which factor [Model.Normalize] brings to size one, and by what
// measure.
type Unit int

// The measures: of the rows of H, or of the columns of W.
const (
	UnitSumH  Unit = iota // rows of H sum to 1: each is a distribution over the columns of X
	UnitNormH             // rows of H have Euclidean norm 1
	UnitMaxH              // the largest entry of each row of H is 1
	UnitSumW              // columns of W sum to 1
	UnitNormW             // columns of W have Euclidean norm 1
	UnitMaxW              // the largest entry of each column of W is 1
)

var unitNames = [...]string{"sum of H", "norm of H", "max of H", "sum of W", "norm of W", "max of W"}

// String returns the unit in words.
func (u Unit) String() string {
	if u < 0 || int(u) >= len(unitNames) {
		return fmt.Sprintf("Unit(%d)", int(u))
	}
	return unitNames[u]
}

// Normalize returns a model with the same product W H, up to rounding, in
// which the components are scaled as by says: for UnitSumH
//
//	s_t = sum_j H[t,j],  H[t,j] <- H[t,j] / s_t,  W[i,t] <- W[i,t] s_t
//
// and likewise for the others. NMF leaves this scale open, so entries of W can
// be compared across components only after it is fixed. A component that is
// zero, or whose scaled entries a float64 could not hold, stays as it is.
//
// Err, Shares and Reconstruct do not change. A fit that goes on from the
// result by [Model.Resume] starts from the scaled factors, and penalties on W
// and H weigh them differently from the fitted ones.
func (m *Model) Normalize(by Unit) (*Model, error) {
	if by < UnitSumH || by > UnitMaxW {
		return nil, kind.Errorf(ErrConfig, "nmf: normalize by %v: want UnitSumH, UnitNormH, UnitMaxH, UnitSumW, UnitNormW or UnitMaxW", by)
	}
	out := m.withFactors(mat.DenseCopyOf(m.W), mat.DenseCopyOf(m.H))
	for t := range m.Components() {
		w, h := columnOf(m.W, t), m.H.RawRowView(t)
		unit, other := h, w
		if by >= UnitSumW {
			unit, other = w, h
		}
		size := by.measure(unit)
		unit = each(unit, func(v float64) float64 { return v / size })
		other = each(other, func(v float64) float64 { return v * size })
		if unit == nil || other == nil {
			continue
		}
		w, h = other, unit
		if by >= UnitSumW {
			w, h = unit, other
		}
		out.W.SetCol(t, w)
		out.H.SetRow(t, h)
	}
	return out, nil
}

// withFactors returns a copy of m with other factors, without what mini-batches
// remember of the old.
func (m *Model) withFactors(w, h *mat.Dense) *Model {
	out := *m
	out.W, out.H = w, h
	out.state.Batches = nil
	return &out
}

func columnOf(a *mat.Dense, t int) []float64 { return mat.Col(nil, t, a) }

// measure returns the size of a in this unit.
func (u Unit) measure(a []float64) float64 {
	switch u {
	case UnitSumH, UnitSumW:
		return block.Sum(a)
	case UnitNormH, UnitNormW:
		return floats.Norm(a, 2)
	default:
		return floats.Max(a)
	}
}

// each returns f of each entry of a, or nil if one is no finite number.
func each(a []float64, f func(float64) float64) []float64 {
	out := make([]float64, len(a))
	for i, v := range a {
		if out[i] = f(v); !(out[i] <= math.MaxFloat64) {
			return nil
		}
	}
	return out
}

// Shares returns for each component its share of W H; the shares sum to 1, or
// are all 0 if W H is. Neither the scale of the components nor their order
// matters.
//
// For the Frobenius loss it is a share of the sum of squares,
//
//	share_t = <w_t h_t, WH> / |WH|^2
//
// which splits what two components say together evenly between them. Where
// the fit has converged without penalties <w_t h_t, WH> = <w_t h_t, X> and
// |X|^2 = |WH|^2 + Err^2, so that share_t (1 - Err^2/|X|^2) is the part of the
// sum of squares of X that component t explains. For the other losses it is a
// share of the total,
//
//	share_t = sum(w_t) sum(h_t) / sum(WH)
//
// and sum(WH) = sum(X) where a Kullback-Leibler fit has converged without
// penalties.
func (m *Model) Shares() []float64 {
	k := m.Components()
	shares := make([]float64, k)
	// Shares do not depend on the scale of W and H, but squares overflow.
	w, h := overLargest(m.W), overLargest(m.H)
	if m.Config.Loss == Frobenius {
		var gramW, gramH mat.Dense
		gramW.Mul(w.T(), w)
		gramH.Mul(h, h.T())
		for t := range k {
			for s := range k {
				shares[t] += gramW.At(t, s) * gramH.At(t, s)
			}
		}
	} else {
		for t := range k {
			shares[t] = block.Sum(columnOf(w, t)) * block.Sum(h.RawRowView(t))
		}
	}
	if total := block.Sum(shares); total > 0 {
		for t := range shares {
			shares[t] /= total
		}
	}
	return shares
}

// overLargest returns a with its entries divided by the largest.
func overLargest(a *mat.Dense) *mat.Dense {
	largest := mat.Max(a)
	if largest == 0 {
		return a
	}
	var out mat.Dense
	out.Apply(func(_, _ int, v float64) float64 { return v / largest }, a)
	return &out
}

// descending returns the places of a's values from the largest on; those of
// equal values increase.
func descending(a []float64) []int {
	order := make([]int, len(a))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(a[j], a[i]) })
	return order
}

// SortByShare returns a model with the same components, the one with the
// largest of the [Model.Shares] first; equal ones keep their order. Names go
// with the components; without names, c0 is then the largest.
func (m *Model) SortByShare() *Model {
	return m.reorder(descending(m.Shares()))
}

// reorder returns a model whose component t is component order[t] of m.
func (m *Model) reorder(order []int) *Model {
	n, k := m.W.Dims()
	_, cols := m.H.Dims()
	out := m.withFactors(mat.NewDense(n, k, nil), mat.NewDense(k, cols, nil))
	if m.Names != nil {
		out.Names = make([]string, k)
	}
	names := m.ComponentNames()
	for t, from := range order {
		out.W.SetCol(t, columnOf(m.W, from))
		out.H.SetRow(t, m.H.RawRowView(from))
		if m.Names != nil {
			out.Names[t] = names[from]
		}
	}
	return out
}

// ComponentNames returns a name for each component: those in m.Names, and c0,
// c1, ... where that has none.
func (m *Model) ComponentNames() []string {
	names := make([]string, m.Components())
	for t := range names {
		if t < len(m.Names) && m.Names[t] != "" {
			names[t] = m.Names[t]
		} else {
			names[t] = "c" + strconv.Itoa(t)
		}
	}
	return names
}
