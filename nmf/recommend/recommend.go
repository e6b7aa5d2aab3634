package recommend

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/sparse"
)

// Recommender answers from a model of an interactions table X, whose rows are
// items and whose columns are users: which items suit a user, which users an
// item, and which are alike. How well they suit is W H; an entry of X that is
// not zero has been seen and is not recommended again, nor is what scores zero.
//
// Whether that beats a list of the most popular items is a question of the
// data: on baskets from a short catalogue it often does not. [Evaluate] tells.
//
// Any number of goroutines may use one Recommender.
type Recommender struct {
	w, ht            *block.Factor[float64]
	unitW, unitHT    *block.Factor[float64] // for cosines: see unitRows
	byItem, byUser   *sparse.CSR
	newItem, newUser *nmf.FoldIn
}

// NewRecommender returns one for the model of x (items x users). Both may
// change afterwards.
func NewRecommender(m *nmf.Model, x mat.Matrix) (*Recommender, error) {
	seen, err := interactionsOf(m, x, "X")
	if err != nil {
		return nil, err
	}
	r := &Recommender{byItem: seen, byUser: seen.Transpose()}
	r.w, r.ht = block.FactorOf(m.W), block.FactorOf(m.H.T())
	r.unitW, r.unitHT = unitRows(r.w, r.ht), unitRows(r.ht, r.w)
	if r.newItem, err = nmf.NewFoldIn(m); err != nil {
		return nil, err
	}
	if r.newUser, err = nmf.NewFoldIn(m.Transpose()); err != nil {
		return nil, err
	}
	return r, nil
}

// interactionsOf returns the entries of x, of the model's size, that are not
// zero.
func interactionsOf(m *nmf.Model, x mat.Matrix, name string) (*sparse.CSR, error) {
	seen, err := sparseOf(name, x)
	if err != nil {
		return nil, err
	}
	n, _ := m.W.Dims()
	_, cols := m.H.Dims()
	if rows, c := seen.Dims(); rows != n || c != cols {
		return nil, kind.Errorf(nmf.ErrShape, "recommend: %s is %d x %d, but the model is of a %d x %d matrix", name, rows, c, n, cols)
	}
	return seen.Filter(func(_, _ int, v float64) bool { return v != 0 }), nil
}

// sparseOf returns x as a sparse matrix, its entries checked.
func sparseOf(name string, x mat.Matrix) (*sparse.CSR, error) {
	if s, ok := x.(*sparse.Shards); ok {
		csr, err := s.CSR()
		if err != nil {
			return nil, fmt.Errorf("recommend: %s: %w", name, err)
		}
		x = csr
	}
	data, err := nmf.NewData(x, nmf.Config{})
	if bad := (*nmf.EntryError)(nil); errors.As(err, &bad) {
		bad.Matrix = name
		return nil, bad
	}
	if err != nil {
		return nil, fmt.Errorf("recommend: %s: %w", name, err)
	}
	if csr, ok := data.Matrix().(*sparse.CSR); ok {
		return csr, nil
	}
	csr, err := sparse.FromDense(x)
	if err != nil {
		return nil, fmt.Errorf("recommend: %s: %w (%w)", name, nmf.ErrShape, err)
	}
	return csr, nil
}

// unitRows returns the rows of a, scaled to length 1, in coordinates in which
// a component of the other factor has length 1: so their inner products do not
// depend on the scale that a factorization leaves open.
func unitRows(a, other *block.Factor[float64]) *block.Factor[float64] {
	sizes := make([]float64, a.K)
	column := make([]float64, other.Rows)
	for t := range sizes {
		for i := range column {
			column[i] = other.Row(i)[t]
		}
		sizes[t] = floats.Norm(column, 2)
	}
	unit := block.NewFactor[float64](a.Rows, a.K)
	for i := range a.Rows {
		row := unit.Row(i)
		for t, v := range a.Row(i) {
			row[t] = v * sizes[t]
		}
		if length := floats.Norm(row, 2); length > 0 && !math.IsInf(length, 1) {
			for t := range row {
				row[t] /= length
			}
		}
	}
	return unit
}

// String says what is ranked.
func (r *Recommender) String() string {
	return fmt.Sprintf("a recommender of %d items to %d users, by %d components", r.w.Rows, r.ht.Rows, r.w.K)
}

// ItemsFor returns up to n items for a user, the best first: those that the
// user has not seen, by (W H)[item, user].
func (r *Recommender) ItemsFor(user, n int) ([]Scored, error) {
	if err := r.check("user", user, r.ht.Rows, n); err != nil {
		return nil, err
	}
	seen, _ := r.byUser.Row(user)
	return best(r.w, r.ht.Padded(user), seen, n), nil
}

// UsersFor returns up to n users for an item, the best first: those who have
// not seen it, by (W H)[item, user].
func (r *Recommender) UsersFor(item, n int) ([]Scored, error) {
	if err := r.check("item", item, r.w.Rows, n); err != nil {
		return nil, err
	}
	seen, _ := r.byItem.Row(item)
	return best(r.ht, r.w.Padded(item), seen, n), nil
}

// ItemsForNew returns up to n items for a user who is not in X and has seen
// the given items, with the given weights (nil: each weighs 1). The user is
// folded in: see [nmf.FoldIn].
func (r *Recommender) ItemsForNew(items []int, weights []float64, n int) ([]Scored, error) {
	return forNew("item", r.newUser, r.w, items, weights, n)
}

// UsersForNew returns up to n users for an item that is not in X and that the
// given users have seen, with the given weights (nil: each weighs 1). The item
// is folded in: see [nmf.FoldIn].
func (r *Recommender) UsersForNew(users []int, weights []float64, n int) ([]Scored, error) {
	return forNew("user", r.newItem, r.ht, users, weights, n)
}

func forNew(what string, fold *nmf.FoldIn, others *block.Factor[float64], seen []int, weights []float64, n int) ([]Scored, error) {
	if n < 1 {
		return nil, kind.Errorf(nmf.ErrConfig, "recommend: ask for at least 1, not %d", n)
	}
	if weights == nil {
		weights = make([]float64, len(seen))
		for i := range weights {
			weights[i] = 1
		}
	}
	row, err := sparse.FromTriplets(1, others.Rows, make([]int, len(seen)), seen, weights)
	if err != nil {
		return nil, fmt.Errorf("recommend: the %ss seen: %w (%w)", what, nmf.ErrShape, err)
	}
	idx, val := row.Row(0)
	w := block.Aligned[float64](others.LD)
	if err := fold.SparseRow(w[:others.K], idx, val); err != nil {
		return nil, err
	}
	return best(others, w, idx, n), nil
}

// SimilarItems returns up to n items, the most alike first, by the cosine of
// their rows of W, the components scaled as for UnitNormH.
func (r *Recommender) SimilarItems(item, n int) ([]Scored, error) {
	if err := r.check("item", item, r.w.Rows, n); err != nil {
		return nil, err
	}
	return best(r.unitW, r.unitW.Padded(item), []int32{int32(item)}, n), nil
}

// SimilarUsers returns up to n users, the most alike first, by the cosine of
// their columns of H, the components scaled as for UnitNormW.
func (r *Recommender) SimilarUsers(user, n int) ([]Scored, error) {
	if err := r.check("user", user, r.ht.Rows, n); err != nil {
		return nil, err
	}
	return best(r.unitHT, r.unitHT.Padded(user), []int32{int32(user)}, n), nil
}

func (r *Recommender) check(what string, i, count, n int) error {
	switch {
	case i < 0 || i >= count:
		return kind.Errorf(nmf.ErrShape, "recommend: %s %d is outside a model of %d %ss", what, i, count, what)
	case n < 1:
		return kind.Errorf(nmf.ErrConfig, "recommend: ask for at least 1, not %d", n)
	}
	return nil
}

// best returns the n rows of f with the largest positive products with v,
// but for those in without, which increase.
func best(f *block.Factor[float64], v []float64, without []int32, n int) []Scored {
	t := newTop(min(n, f.Rows))
	for i := range f.Rows {
		if len(without) > 0 && int(without[0]) == i {
			without = without[1:]
			continue
		}
		if score := f.Dot(i, v); score > 0 {
			t.add(Scored{i, score})
		}
	}
	return t.sorted()
}
