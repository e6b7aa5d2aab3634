package selection_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"math/rand/v2"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/selection"
)

// threeParts is a matrix (30 x 20) of three parts that overlap, and noise.
func threeParts() *mat.Dense {
	random := rand.New(rand.NewPCG(1, 2))
	w, h := mat.NewDense(30, 3, nil), mat.NewDense(3, 20, nil)
	for _, m := range []*mat.Dense{w, h} {
		m.Apply(func(int, int, float64) float64 { return max(0, random.NormFloat64()) }, m)
	}
	x := mat.NewDense(30, 20, nil)
	x.Mul(w, h)
	x.Apply(func(_, _ int, v float64) float64 { return v + .05*random.Float64() }, x)
	return x
}

// A longer search that says how far it is.
func ExampleChooseKOptions() {
	scores := 0
	found, err := selection.ChooseK(context.Background(), threeParts(), nmf.Config{}, selection.ChooseKOptions{
		Ks:       []int{2, 3, 4},
		Folds:    4,
		HoldOut:  selection.HoldOutBlocks,
		Runs:     2,                                   // the better of two fits counts
		Progress: func(selection.KScore) { scores++ }, // one at a time, in the order in which they come
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(scores, "scores, best k:", found.Best)
	// Output: 12 scores, best k: 3
}

// Both ways to hide a part of X find the three components.
func ExampleHoldOut() {
	for _, how := range []selection.HoldOut{selection.HoldOutEntries, selection.HoldOutBlocks} {
		found, err := selection.ChooseK(context.Background(), threeParts(), nmf.Config{}, selection.ChooseKOptions{Ks: []int{1, 2, 3, 4, 5}, HoldOut: how})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(found.Suggested)
	}
	// Output:
	// 3
	// 3
}

// A result can be kept as JSON, and gone on with another day: what has been
// tried is not tried again.
func ExampleKResult() {
	ctx, x := context.Background(), threeParts()
	found, err := selection.ChooseK(ctx, x, nmf.Config{}, selection.ChooseKOptions{Ks: []int{1, 2}})
	if err != nil {
		log.Fatal(err)
	}
	kept, err := json.Marshal(found)
	if err != nil {
		log.Fatal(err)
	}

	var previous selection.KResult
	if err := json.Unmarshal(kept, &previous); err != nil {
		log.Fatal(err)
	}
	fits := 0
	found, err = selection.ChooseK(ctx, x, nmf.Config{}, selection.ChooseKOptions{
		Ks: []int{1, 2, 3}, Previous: &previous, Progress: func(selection.KScore) { fits++ },
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(fits, "more fits, the best is", found.Best)
	// Output:
	// 5 more fits, the best is 3
}

// What was shown is described better by every component, what was hidden is
// not.
func ExampleKPoint() {
	found, err := selection.ChooseK(context.Background(), threeParts(), nmf.Config{}, selection.ChooseKOptions{Ks: []int{2, 3, 6}})
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range found.Points {
		fmt.Printf("k=%d: shown %.2f, hidden %.2f\n", p.K, p.Train, p.Test)
	}
	// Output:
	// k=2: shown 0.10, hidden 0.17
	// k=3: shown 0.01, hidden 0.03
	// k=6: shown 0.01, hidden 0.14
}

// The folds of one k, to see how much they differ.
func ExampleKScore() {
	found, err := selection.ChooseK(context.Background(), threeParts(), nmf.Config{}, selection.ChooseKOptions{Ks: []int{2}, Folds: 3})
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range found.Scores {
		fmt.Printf("fold %d: %.2f\n", s.Fold, s.Test)
	}
	// Output:
	// fold 0: 0.21
	// fold 1: 0.16
	// fold 2: 0.21
}

func ExampleConsensusOptions() {
	for k := 2; k <= 5; k++ {
		found, err := selection.Consensus(context.Background(), threeParts(), nmf.Config{Components: k}, selection.ConsensusOptions{Runs: 8})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("k=%d: stability %.2f\n", k, found.Stability)
	}
	// Output:
	// k=2: stability 1.00
	// k=3: stability 1.00
	// k=4: stability 0.98
	// k=5: stability 0.95
}

// Which of the components does every fit find?
func ExampleConsensusResult() {
	found, err := selection.Consensus(context.Background(), threeParts(), nmf.Config{Components: 4}, selection.ConsensusOptions{Runs: 8})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("dispersion %.2f\n", found.Dispersion)
	fmt.Printf("%.2f\n", found.Components)
	// Output:
	// dispersion 0.69
	// [1.00 0.85 0.87 1.00]
}

// The clusters of each fit are kept, to be compared with anything.
func ExampleConsensusFit() {
	found, err := selection.Consensus(context.Background(), mat.NewDense(4, 4, []float64{
		5, 3, 0, 0,
		4, 3, 0, 0,
		0, 0, 2, 3,
		0, 0, 1, 2,
	}), nmf.Config{Components: 2}, selection.ConsensusOptions{Runs: 3})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range found.Fits {
		fmt.Println("seed", f.Fit.Seed, "together:", f.Labels[0] == f.Labels[1], f.Labels[1] == f.Labels[2], f.Labels[2] == f.Labels[3])
	}
	// Output:
	// seed 0 together: true false true
	// seed 1 together: true false true
	// seed 2 together: true false true
}

// Where fits end differs. Errors that are far above the least belong to
// valleys in which a fit was caught.
func ExampleRestart() {
	found, err := selection.Restarts(context.Background(), threeParts(), nmf.Config{Components: 5}, selection.RestartOptions{Runs: 4})
	if err != nil {
		log.Fatal(err)
	}
	for _, fit := range found.Fits {
		fmt.Printf("seed %d: error %.3f, %v\n", fit.Seed, fit.Err, fit.Stop)
	}
	// Output:
	// seed 0: error 0.334, iteration limit
	// seed 1: error 0.348, iteration limit
	// seed 2: error 0.334, iteration limit
	// seed 3: error 0.344, iteration limit
}

// Seeds of one's own, and word of each fit as it ends.
func ExampleRestartOptions() {
	ended := 0
	found, err := selection.Restarts(context.Background(), threeParts(), nmf.Config{Components: 3}, selection.RestartOptions{
		Seeds:    []uint32{2024, 2025, 2026},
		Progress: func(selection.Restart) { ended++ },
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(ended, "fits, the last of seed", found.Fits[2].Seed)
	// Output:
	// 3 fits, the last of seed 2026
}

// A search that was cut short is gone on with: the first three fits are not
// made again.
func ExampleRestartResult() {
	ctx, stop := context.WithCancel(context.Background())
	done := 0
	cfg := nmf.Config{Components: 3, Workers: 1}
	found, err := selection.Restarts(ctx, threeParts(), cfg, selection.RestartOptions{Runs: 5, Progress: func(selection.Restart) {
		if done++; done == 3 {
			stop()
		}
	}})
	fmt.Println(err != nil)
	found, err = selection.Restarts(context.Background(), threeParts(), cfg, selection.RestartOptions{Runs: 5, Previous: found})
	fmt.Println(len(found.Fits), err)
	// Output:
	// true
	// 5 <nil>
}

// Two fits have the same components in another order and of another size.
func ExampleMatch() {
	a := &nmf.Model{W: mat.NewDense(1, 2, nil), H: mat.NewDense(2, 3, []float64{1, 1, 0, 0, 0, 1})}
	b := &nmf.Model{W: mat.NewDense(1, 2, nil), H: mat.NewDense(2, 3, []float64{0, 0, 9, 2, 2, 0})}
	match, err := selection.MatchComponents(a, b)
	if err != nil {
		log.Fatal(err)
	}
	for t, to := range match.To {
		fmt.Printf("c%d is the other's c%d, cosine %.2f\n", t, to, match.Cosine[t])
	}
	// Output:
	// c0 is the other's c1, cosine 1.00
	// c1 is the other's c0, cosine 1.00
}
