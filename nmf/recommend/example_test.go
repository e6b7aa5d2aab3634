package recommend_test

import (
	"context"
	"fmt"
	"log"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/recommend"
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
func kioskRecommender() *recommend.Recommender {
	x := kiosk()
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	r, err := recommend.NewRecommender(m, x)
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
		r, err := recommend.NewRecommender(m, seen)
		if err != nil {
			log.Fatal(err)
		}
		best, err := r.ItemsFor(0, 1)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(r, "begins with item", best[0].Index)
	}
	// Output:
	// a recommender of 6 items to 5 users, by 2 components begins with item 2
	// a recommender of 6 items to 5 users, by 2 components begins with item 1
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
	r, err := recommend.NewRecommender(m, x)
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
	train, test, err := recommend.Split(groups(), recommend.SplitOptions{By: recommend.SplitUsers})
	if err != nil {
		log.Fatal(err)
	}
	m, err := nmf.Fit(ctx, train, nmf.Config{Components: 3})
	if err != nil {
		log.Fatal(err)
	}
	e, err := recommend.Evaluate(ctx, m, train, test, recommend.EvaluateOptions{})
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
	train, test, err := recommend.Split(groups(), recommend.SplitOptions{By: recommend.SplitUsers})
	if err != nil {
		log.Fatal(err)
	}
	m, err := nmf.Fit(ctx, train, nmf.Config{Components: 3})
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range []int{1, 3, 10} {
		e, err := recommend.Evaluate(ctx, m, train, test, recommend.EvaluateOptions{N: n})
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
	e, err := recommend.Evaluate(context.Background(), m, train, test, recommend.EvaluateOptions{N: 2})
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
	for _, by := range []recommend.SplitBy{recommend.SplitEntries, recommend.SplitItems} {
		train, _, err := recommend.Split(x, recommend.SplitOptions{Fraction: .5, By: by, Seed: 2})
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
		_, test, err := recommend.Split(kiosk(), recommend.SplitOptions{Fraction: .25, Seed: seed})
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
