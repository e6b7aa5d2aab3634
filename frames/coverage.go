package frames

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	"gonum.org/v1/gonum/mat"

	"gonmf/frames/internal/frame"
	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// CoverageOptions says how [Coverage] works. The zero value has a default for
// everything; none of it changes the result.
type CoverageOptions struct {
	// Workers is the number of goroutines; 0 means GOMAXPROCS.
	Workers int

	// Batch is the number of items folded in together; 0 means as many as
	// there are users, and at least 4,096. Memory grows with
	// Batch x components.
	Batch int

	// Progress is called after each batch, from the goroutine that called
	// Coverage, with the items done and all items; nil is silent.
	Progress func(done, total int)
}

// minBatch is what keeps the setting up of a batch, which reads all of H,
// small beside its work.
const minBatch = 4096

// Coverage answers for each item to how many users the model could recommend
// it, knowing nothing but the item's own observations. Each item is folded in
// by itself, w = Transform(row), and the columns are
//
//	item_id
//	num          observed users: entries of the item's row that are not zero
//	predict_num  predicted users: entries of w H that are not zero
//
// ordered by num, largest first, and among equal ones from the last item of
// the table to the first.
//
// The count is the one that multiplying out in float64 gives, but items x
// users are never multiplied: w H is nonzero where a component has weight in
// both, so that counting takes a union of sets of users.
//
// The items need not be those that the model was fitted to; the users must be.
// When ctx ends, Coverage returns an error that wraps context.Cause(ctx).
func Coverage(ctx context.Context, m *nmf.Model, t *Interactions, opt CoverageOptions) (dataframe.DataFrame, error) {
	if err := t.check(m, true); err != nil {
		return dataframe.DataFrame{}, err
	}
	items, users := t.Items.Len(), t.Users.Len()
	if opt.Workers <= 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	if opt.Batch <= 0 {
		opt.Batch = max(minBatch, users)
	}
	model := *m
	model.Config.Workers = opt.Workers
	reach := newReach(m.H)
	num, predicted := make([]int, items), make([]int, items)
	for lo := 0; lo < items; lo += opt.Batch {
		hi := min(lo+opt.Batch, items)
		x, err := t.rows(lo, hi)
		if err != nil {
			return dataframe.DataFrame{}, err
		}
		w, err := model.Transform(ctx, x)
		if err != nil {
			return dataframe.DataFrame{}, fmt.Errorf("frames: coverage, after %d of %d items: %w", lo, items, err)
		}
		reach.count(predicted[lo:hi], w, opt.Workers)
		for i := lo; i < hi; i++ {
			num[i] = observed(x, i-lo)
		}
		if opt.Progress != nil {
			opt.Progress(hi, items)
		}
	}
	return coverageFrame(t.Items, num, predicted)
}

// coverageFrame orders the rows.
func coverageFrame(items *Labels, num, predicted []int) (dataframe.DataFrame, error) {
	order := make([]int, len(num))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(num[b], num[a]), cmp.Compare(b, a))
	})
	names, nums, counts := make([]string, len(order)), make([]int, len(order)), make([]int, len(order))
	for r, i := range order {
		names[r], nums[r], counts[r] = items.At(i), num[i], predicted[i]
	}
	return frame.New([]string{itemColumn, "num", "predict_num"},
		[]series.Series{labelColumn(names), series.Ints(nums), series.Ints(counts)})
}

// rows returns rows lo to hi-1.
func (t *Interactions) rows(lo, hi int) (*sparse.CSR, error) {
	if t.X != nil {
		return t.X.SliceRows(lo, hi), nil
	}
	x, err := t.Shards.ReadRows(lo, hi)
	if err != nil {
		return nil, fmt.Errorf("frames: coverage: %w", err)
	}
	return x, nil
}

// observed counts the entries of a row that are not zero.
func observed(x *sparse.CSR, i int) int {
	_, values := x.Row(i)
	n := 0
	for _, v := range values {
		if v != 0 {
			n++
		}
	}
	return n
}

// reach knows which users each component reaches: the supports of the rows of
// H, as bit sets.
type reach struct {
	h       *mat.Dense
	words   int
	support [][]uint64
	least   []float64 // the least entry of each support
}

func newReach(h *mat.Dense) *reach {
	k, users := h.Dims()
	r := &reach{h: h, words: (users + 63) / 64, support: make([][]uint64, k), least: make([]float64, k)}
	for c := range k {
		r.support[c] = make([]uint64, r.words)
		for u, v := range h.RawRowView(c) {
			if v == 0 {
				continue
			}
			r.support[c][u/64] |= 1 << (u % 64)
			if r.least[c] == 0 || v < r.least[c] {
				r.least[c] = v
			}
		}
	}
	return r
}

// count sets out[i] to the number of nonzero entries of row i of w H.
func (r *reach) count(out []int, w *mat.Dense, workers int) {
	var wg sync.WaitGroup
	share := (len(out) + workers - 1) / workers
	for lo := 0; lo < len(out); lo += share {
		wg.Go(func() {
			union := make([]uint64, r.words)
			for i := lo; i < min(lo+share, len(out)); i++ {
				out[i] = r.row(w.RawRowView(i), union)
			}
		})
	}
	wg.Wait()
}

// row counts the nonzero entries of w H; union is room for a set.
//
// No entry of w or H is negative, so an entry of w H is nonzero exactly if one
// of its products is, rounded to float64. That is the case wherever both
// factors are nonzero, unless the product underflows; where the product with
// the component's least entry does not, none does.
func (r *reach) row(w []float64, union []uint64) int {
	clear(union)
	for c, v := range w {
		switch {
		case v == 0:
		case v*r.least[c] != 0:
			for i, s := range r.support[c] {
				union[i] |= s
			}
		default:
			for u, h := range r.h.RawRowView(c) {
				if v*h != 0 {
					union[u/64] |= 1 << (u % 64)
				}
			}
		}
	}
	n := 0
	for _, s := range union {
		n += bits.OnesCount64(s)
	}
	return n
}

// Summarize tells how predict_num depends on num, both columns of a DataFrame
// that [Coverage] made. Its columns are num, min, median, mean, max, and num
// increases; from 10 on it is floored to tens, so that the row of 20 is about
// the items with 20 to 29 observations.
func Summarize(coverage dataframe.DataFrame) (dataframe.DataFrame, error) {
	if err := frame.Check(coverage); err != nil {
		return dataframe.DataFrame{}, err
	}
	nums, err := counts(coverage, "num")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	predicted, err := counts(coverage, "predict_num")
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	groups := make(map[int][]int)
	for r, num := range nums {
		if num >= 10 {
			num -= num % 10
		}
		groups[num] = append(groups[num], predicted[r])
	}
	var keys, least, most []int
	var median, mean []float64
	for num := range groups {
		keys = append(keys, num)
	}
	slices.Sort(keys)
	for _, num := range keys {
		g := groups[num]
		slices.Sort(g)
		n := len(g)
		sum := 0
		for _, v := range g {
			sum += v
		}
		least, most = append(least, g[0]), append(most, g[n-1])
		median = append(median, float64(g[(n-1)/2]+g[n/2])/2)
		mean = append(mean, float64(sum)/float64(n))
	}
	return frame.New([]string{"num", "min", "median", "mean", "max"},
		[]series.Series{series.Ints(keys), series.Ints(least), series.Floats(median), series.Floats(mean), series.Ints(most)})
}

// counts reads a column of whole numbers of 0 or more.
func counts(df dataframe.DataFrame, name string) ([]int, error) {
	c, err := columnIndex(df.Names(), name)
	if err != nil {
		return nil, err
	}
	out := make([]int, df.Nrow())
	for r := range out {
		e := df.Elem(r, c)
		v, err := e.Int()
		switch {
		case e.IsNA():
			return nil, frame.At(&CellError{Detail: "the count is missing", Err: ErrMissing}, r+1, 0, name)
		case err != nil || v < 0 || e.Type() == series.Float && float64(v) != e.Float():
			return nil, frame.At(&CellError{Detail: fmt.Sprintf("%q is not a whole number of 0 or more", frame.Shorten(elementText(e))), Err: ErrNotNumber}, r+1, 0, name)
		}
		out[r] = v
	}
	return out, nil
}
