package recommend

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/par"
	"gonmf/nmf/internal/table"
	"gonmf/nmf/sparse"
)

// EvaluateOptions says how [Evaluate] judges. The zero value looks at the ten
// best items.
type EvaluateOptions struct {
	N       int // length of a user's list; 0 means 10
	Workers int // goroutines; 0 means GOMAXPROCS, and results do not depend on it
}

// Evaluation tells how well lists of N items foretell what was held out.
type Evaluation struct {
	N     int
	Users int // with something held out, over whom the means are taken

	Model      Ranking
	Popularity Ranking // of the items that most users of train have seen
}

// Ranking holds means over users. L is a user's list of up to N items that the
// user has not seen in train, R the items held out of the user, and hit_r is 1
// if the r-th item of L is in R and otherwise 0:
//
//	Precision  |L and R| / N
//	Recall     |L and R| / min(N, |R|), which a perfect list brings to 1 (Liang et al. 2018, doi:10.1145/3178876.3186150)
//	NDCG       sum_r hit_r / log2(r+1), over the most that it could be (Järvelin and Kekäläinen 2002, doi:10.1145/582415.582418)
//	MAP        sum_r hit_r (hits up to r)/r, over min(N, |R|)
//	HitRate    1 if L and R have an item in common
//
// Coverage is no mean: it is the share of all items that are in some list.
type Ranking struct {
	Precision, Recall, NDCG, MAP, HitRate, Coverage float64
}

// Evaluate judges a model that was fitted to train by how it ranks, for each
// user, the items of test, which were held out ([Split] makes both; items x
// users). Beside it stands the list that needs no model: the most popular
// items. On data in which most people want the same things that is hard to
// beat, and NMF often does not beat it where there are few items or few
// entries a user. For users ranked for items, hand in [nmf.Model.Transpose] and
// transposed matrices.
//
// If ctx ends, Evaluate returns nil and an error that wraps [context.Cause].
func Evaluate(ctx context.Context, m *nmf.Model, train, test mat.Matrix, opt EvaluateOptions) (*Evaluation, error) {
	if opt.N == 0 {
		opt.N = 10
	}
	if opt.Workers == 0 {
		opt.Workers = runtime.GOMAXPROCS(0)
	}
	if opt.N < 0 || opt.Workers < 0 {
		return nil, kind.Errorf(nmf.ErrConfig, "recommend: EvaluateOptions has N %d and Workers %d: they must not be negative", opt.N, opt.Workers)
	}
	seen, err := interactionsOf(m, train, "train")
	if err != nil {
		return nil, err
	}
	held, err := interactionsOf(m, test, "test")
	if err != nil {
		return nil, err
	}
	e := newEvaluation(m, seen, held.Transpose(), opt)
	if len(e.users) == 0 {
		return nil, kind.Errorf(nmf.ErrShape, "recommend: evaluate: nothing is held out in test")
	}
	if err := e.run(ctx, opt.Workers); err != nil {
		return nil, err
	}
	return e.result(), nil
}

// evaluation is an [Evaluate] under way.
type evaluation struct {
	n          int
	w, ht      *block.Factor[float64]
	seen, held *sparse.CSR // a row for each user
	popular    []Scored    // all items, the most popular first
	users      []int       // with something held out

	model, popularity        []Ranking // of each of users
	shownModel, shownPopular [][]bool  // by worker: items that were in a list
}

func newEvaluation(m *nmf.Model, seen, held *sparse.CSR, opt EvaluateOptions) *evaluation {
	e := &evaluation{n: opt.N, seen: seen.Transpose(), held: held}
	e.w, e.ht = block.FactorOf(m.W), block.FactorOf(m.H.T())
	t := newTop(e.w.Rows)
	for i, count := range seen.RowNNZ() {
		t.add(Scored{i, float64(count)})
	}
	e.popular = t.sorted()
	for u, count := range held.RowNNZ() {
		if count > 0 {
			e.users = append(e.users, u)
		}
	}
	e.model, e.popularity = make([]Ranking, len(e.users)), make([]Ranking, len(e.users))
	for range opt.Workers {
		e.shownModel = append(e.shownModel, make([]bool, e.w.Rows))
		e.shownPopular = append(e.shownPopular, make([]bool, e.w.Rows))
	}
	return e
}

func (e *evaluation) run(ctx context.Context, workers int) error {
	const users = 16 // of a block
	pool := par.NewPool(workers)
	defer pool.Close()
	pool.Run((len(e.users)+users-1)/users, func(worker, b int) {
		for at := b * users; at < min((b+1)*users, len(e.users)) && ctx.Err() == nil; at++ {
			e.judge(worker, at)
		}
	})
	if ctx.Err() != nil {
		return fmt.Errorf("recommend: evaluate stopped: %w", context.Cause(ctx))
	}
	return nil
}

// judge ranks the items for a user both ways.
func (e *evaluation) judge(worker, at int) {
	user := e.users[at]
	seen, _ := e.seen.Row(user)
	relevant, _ := e.held.Row(user)
	e.model[at] = judge(best(e.w, e.ht.Padded(user), seen, e.n), relevant, e.n, e.shownModel[worker])
	e.popularity[at] = judge(e.mostPopular(seen), relevant, e.n, e.shownPopular[worker])
}

// mostPopular returns the n most popular items that are not in seen.
func (e *evaluation) mostPopular(seen []int32) []Scored {
	var list []Scored
	for _, s := range e.popular {
		if len(list) == e.n || s.Score == 0 {
			break
		}
		if !contains(seen, s.Index) {
			list = append(list, s)
		}
	}
	return list
}

// contains tells whether i is in sorted.
func contains(sorted []int32, i int) bool {
	_, found := slices.BinarySearch(sorted, int32(i))
	return found
}

// judge returns the measures of a list for one user, and marks its items.
func judge(list []Scored, relevant []int32, n int, shown []bool) Ranking {
	var hits, gain, precisions float64
	for r, s := range list {
		shown[s.Index] = true
		if contains(relevant, s.Index) {
			hits++
			gain += discount(r)
			precisions += hits / float64(r+1)
		}
	}
	most, ideal := min(n, len(relevant)), 0.0
	for r := range most {
		ideal += discount(r)
	}
	return Ranking{
		Precision: hits / float64(n),
		Recall:    hits / float64(most),
		NDCG:      gain / ideal,
		MAP:       precisions / float64(most),
		HitRate:   min(hits, 1),
	}
}

// discount is what a hit at rank r, from 0, is worth.
func discount(r int) float64 { return 1 / math.Log2(float64(r)+2) }

func (e *evaluation) result() *Evaluation {
	return &Evaluation{
		N: e.n, Users: len(e.users),
		Model:      meanRanking(e.model, e.shownModel),
		Popularity: meanRanking(e.popularity, e.shownPopular),
	}
}

func meanRanking(users []Ranking, shown [][]bool) Ranking {
	var m Ranking
	for _, u := range users {
		m.Precision += u.Precision
		m.Recall += u.Recall
		m.NDCG += u.NDCG
		m.MAP += u.MAP
		m.HitRate += u.HitRate
	}
	count := float64(len(users))
	m.Precision /= count
	m.Recall /= count
	m.NDCG /= count
	m.MAP /= count
	m.HitRate /= count
	items := shown[0]
	for _, more := range shown[1:] {
		for i, was := range more {
			items[i] = items[i] || was
		}
	}
	for _, was := range items {
		if was {
			m.Coverage++
		}
	}
	m.Coverage /= float64(len(items))
	return m
}

// rows has a row for each measure.
func (e *Evaluation) rows() [][]string {
	rows := [][]string{{fmt.Sprintf("at %d, mean of %d users", e.N, e.Users), "model", "popularity"}}
	add := func(name string, model, popularity float64) {
		rows = append(rows, []string{name, fmt.Sprintf("%.4f", model), fmt.Sprintf("%.4f", popularity)})
	}
	add("precision", e.Model.Precision, e.Popularity.Precision)
	add("recall", e.Model.Recall, e.Popularity.Recall)
	add("NDCG", e.Model.NDCG, e.Popularity.NDCG)
	add("MAP", e.Model.MAP, e.Popularity.MAP)
	add("hit rate", e.Model.HitRate, e.Popularity.HitRate)
	add("catalogue coverage", e.Model.Coverage, e.Popularity.Coverage)
	return rows
}

// String lists the measures, a line each.
func (e *Evaluation) String() string { return table.Text(e.rows()) }

// HTML is the same as a table for notebooks.
func (e *Evaluation) HTML() string { return table.HTML(e.rows()) }
