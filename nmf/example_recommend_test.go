package nmf_test

import (
	"context"
	"fmt"
	"log"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

// kiosk is of six items and five users: three like papers, two sweets, and
// the third likes both a little.
func kiosk() *mat.Dense {
	return mat.NewDense(6, 5, []float64{
		1, 1, 0, 0, 0,
		1, 1, 1, 0, 0,
		0, 1, 1, 0, 0,
		0, 0, 0, 1, 0,
		0, 0, 1, 1, 1,
		0, 0, 0, 1, 1,
	})
}

// kioskRecommender recommends from a model of the kiosk.
func kioskRecommender() *nmf.Recommender {
	x := kiosk()
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	r, err := nmf.NewRecommender(m, x)
	if err != nil {
		log.Fatal(err)
	}
	return r
}

// A recommender knows what has been seen by the X that it is given: here
// nothing, so that it recommends what the user has already.
func ExampleNewRecommender() {
	x := kiosk()
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	for _, seen := range []*mat.Dense{x, mat.NewDense(6, 5, nil)} {
		r, err := nmf.NewRecommender(m, seen)
		if err != nil {
			log.Fatal(err)
		}
		best, err := r.ItemsFor(0, 1)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("item", best[0].Index)
	}
	// Output:
	// item 2
	// item 1
}

// User 0 has items 0 and 1.
func ExampleRecommender_ItemsFor() {
	best, err := kioskRecommender().ItemsFor(0, 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("item", best[0].Index)
	// Output:
	// item 2
}

// Whom to tell about item 3?
func ExampleRecommender_UsersFor() {
	best, err := kioskRecommender().UsersFor(3, 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("user", best[0].Index)
	// Output:
	// user 4
}

// A new item was bought by user 4 on its first day. Who is next?
func ExampleRecommender_UsersForNew() {
	best, err := kioskRecommender().UsersForNew([]int{4}, nil, 1)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("user", best[0].Index)
	// Output:
	// user 3
}

func ExampleRecommender_SimilarUsers() {
	alike, err := kioskRecommender().SimilarUsers(0, 2)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range alike {
		fmt.Printf("user %d, cosine %.2f\n", s.Index, s.Score)
	}
	// Output:
	// user 1, cosine 1.00
	// user 2, cosine 0.89
}

// A score is an entry of W H: of what the model would have in a place of X.
func ExampleScored() {
	x := kiosk()
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	r, err := nmf.NewRecommender(m, x)
	if err != nil {
		log.Fatal(err)
	}
	best, err := r.ItemsFor(0, 1)
	if err != nil {
		log.Fatal(err)
	}
	var all mat.Dense
	all.Mul(m.W, m.H)
	fmt.Printf("%.2f is %.2f\n", best[0].Score, all.At(best[0].Index, 0))
	// Output:
	// 0.59 is 0.59
}

// A fifth of each user's items is held out. Where everybody wants the same,
// the list of what is popular is hard to beat; here it is not.
func ExampleEvaluation() {
	ctx := context.Background()
	train, test, err := nmf.Split(groups(), nmf.SplitOptions{By: nmf.SplitUsers})
	if err != nil {
		log.Fatal(err)
	}
	m, err := nmf.Fit(ctx, train, nmf.Config{Components: 3})
	if err != nil {
		log.Fatal(err)
	}
	e, err := nmf.Evaluate(ctx, m, train, test, nmf.EvaluateOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(e)
	// Output:
	// at 10, mean of 60 users  model   popularity
	// precision                0.1000  0.0183
	// recall                   1.0000  0.1833
	// NDCG                     0.5296  0.0664
	// MAP                      0.3822  0.0325
	// hit rate                 1.0000  0.1833
	// catalogue coverage       1.0000  0.5000
}

// Short lists are harder to get right than long ones.
func ExampleEvaluateOptions() {
	ctx := context.Background()
	train, test, err := nmf.Split(groups(), nmf.SplitOptions{By: nmf.SplitUsers})
	if err != nil {
		log.Fatal(err)
	}
	m, err := nmf.Fit(ctx, train, nmf.Config{Components: 3})
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range []int{1, 3, 10} {
		e, err := nmf.Evaluate(ctx, m, train, test, nmf.EvaluateOptions{N: n})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("the best %d: hit rate %.2f\n", n, e.Model.HitRate)
	}
	// Output:
	// the best 1: hit rate 0.15
	// the best 3: hit rate 0.45
	// the best 10: hit rate 1.00
}

// One user, of whom two items are held out. The list of two has one of them,
// in the second place.
func ExampleRanking() {
	m := &nmf.Model{W: mat.NewDense(4, 1, []float64{1, .9, .5, .1}), H: mat.NewDense(1, 1, []float64{1})}
	train, test := mat.NewDense(4, 1, nil), mat.NewDense(4, 1, []float64{0, 1, 0, 1})
	e, err := nmf.Evaluate(context.Background(), m, train, test, nmf.EvaluateOptions{N: 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("precision %.2f, recall %.2f, NDCG %.2f\n", e.Model.Precision, e.Model.Recall, e.Model.NDCG)
	// Output:
	// precision 0.50, recall 0.50, NDCG 0.39
}

// From what the fifth is held out matters: of all entries some items may lose
// their only one.
func ExampleSplitBy() {
	x := mat.NewDense(4, 4, []float64{
		1, 1, 1, 1,
		1, 1, 1, 1,
		0, 1, 0, 0,
		0, 0, 1, 0,
	})
	for _, by := range []nmf.SplitBy{nmf.SplitEntries, nmf.SplitItems} {
		train, _, err := nmf.Split(x, nmf.SplitOptions{Fraction: .5, By: by, Seed: 2})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println("left of each item:", train.RowNNZ())
	}
	// Output:
	// left of each item: [2 1 1 1]
	// left of each item: [2 2 1 1]
}

// The same seed holds the same entries out.
func ExampleSplitOptions() {
	for _, seed := range []uint32{1, 1, 2} {
		_, test, err := nmf.Split(kiosk(), nmf.SplitOptions{Fraction: .25, Seed: seed})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(test.RowNNZ())
	}
	// Output:
	// [0 3 0 0 0 0]
	// [0 3 0 0 0 0]
	// [1 1 0 0 1 0]
}

// A FoldIn is prepared once and asked for every row that comes.
func ExampleNewFoldIn() {
	m, err := nmf.Fit(context.Background(), twoGroups(), nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	fold, err := nmf.NewFoldIn(m)
	if err != nil {
		log.Fatal(err)
	}
	w := make([]float64, m.Components())
	for _, row := range [][]float64{{5, 3, 0, 0}, {0, 0, 4, 6}} {
		if err := fold.Row(w, row); err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%.1f\n", w)
	}
	// Output:
	// [0.2 0.0]
	// [0.0 2.9]
}

// Of a sparse row only the entries are needed: column 0 has 5, column 1 has 3.
func ExampleFoldIn_SparseRow() {
	fold, err := nmf.NewFoldIn(&nmf.Model{H: mat.NewDense(2, 4, []float64{5, 3, 0, 0, 0, 0, 2, 3})})
	if err != nil {
		log.Fatal(err)
	}
	w := make([]float64, 2)
	if err := fold.SparseRow(w, []int32{0, 1}, []float64{5, 3}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(w)
	// Output:
	// [1 0]
}

// Rows come in blocks, and H gets better with each.
func ExampleOnline() {
	online, err := nmf.NewOnline(nmf.Config{Components: 2}, 4)
	if err != nil {
		log.Fatal(err)
	}
	for range 5 {
		if err := online.Partial(context.Background(), twoGroups()); err != nil {
			log.Fatal(err)
		}
	}
	m := online.Model()
	fmt.Println(m.Iter, "blocks, the error falls:", m.Errors()[4] < m.Errors()[0])
	// Output:
	// 5 blocks, the error falls: true
}

// A block that cannot be used changes nothing.
func ExampleOnline_Partial() {
	online, err := nmf.NewOnline(nmf.Config{Components: 2}, 4)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(online.Partial(context.Background(), mat.NewDense(1, 3, nil)))
	fmt.Println(online.Partial(context.Background(), twoGroups()))
	fmt.Println(online.Model().Iter, "block")
	// Output:
	// nmf: the block has 3 columns, but the fit is of 4: sizes do not fit
	// <nil>
	// 1 block
}

// The model is a copy: what comes later does not change it.
func ExampleOnline_Model() {
	ctx := context.Background()
	online, err := nmf.NewOnline(nmf.Config{Components: 2}, 4)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(online.Model() == nil)
	if err := online.Partial(ctx, twoGroups()); err != nil {
		log.Fatal(err)
	}
	monday := online.Model()
	if err := online.Partial(ctx, twoGroups()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(monday.Iter, online.Model().Iter)
	// Output:
	// true
	// 1 2
}

// A model that was fitted to old rows goes on with new ones.
func ExampleModel_Online() {
	ctx := context.Background()
	m, err := nmf.Fit(ctx, twoGroups(), nmf.Config{Components: 2, Solver: nmf.MiniBatch{}})
	if err != nil {
		log.Fatal(err)
	}
	online, err := m.Online()
	if err != nil {
		log.Fatal(err)
	}
	if err := online.Partial(ctx, mat.NewDense(1, 4, []float64{6, 4, 0, 0})); err != nil {
		log.Fatal(err)
	}
	fmt.Println(online.Model().W.Dims())
	// Output:
	// 1 2
}
