package selection_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
	"gonmf/nmf/selection"
)

func TestConsensusAgreesOnBlocks(t *testing.T) {
	r, err := selection.Consensus(t.Context(), nmftest.Blocks, nmf.Config{Components: 3}, selection.ConsensusOptions{Runs: 8})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 9 {
		for j := range 9 {
			want := 0.0
			if i/3 == j/3 {
				want = 1
			}
			if got := r.Matrix.At(i, j); got != want {
				t.Errorf("rows %d and %d are together in %v of the fits, want %v", i, j, got, want)
			}
		}
	}
	if r.Cophenetic < 1-1e-12 || r.Dispersion != 1 || r.Stability < .99 || slices.Min(r.Components) < .99 {
		t.Errorf("%v, components %v", r, r.Components)
	}
	if len(r.Fits) != 8 || r.Best == nil {
		t.Errorf("%d fits, the best %v", len(r.Fits), r.Best)
	}
	for _, f := range r.Fits {
		if f.Fit.Objective < r.Best.Objective() {
			t.Errorf("a better fit than the best: %+v", f.Fit)
		}
	}
}

func TestConsensusShowsTooManyComponents(t *testing.T) {
	x := plantedGroups(40, 30, 3, .1, 0)
	var of [2]*selection.ConsensusResult
	for i, k := range []int{3, 7} {
		var err error
		of[i], err = selection.Consensus(t.Context(), x, nmf.Config{Components: k}, selection.ConsensusOptions{Runs: 10})
		if err != nil {
			t.Fatal(err)
		}
	}
	if of[1].Cophenetic >= of[0].Cophenetic || of[1].Dispersion >= of[0].Dispersion || of[1].Stability >= of[0].Stability {
		t.Errorf("3 components: %v\n7 components: %v", of[0], of[1])
	}
}

func TestConsensusBySharesOfFits(t *testing.T) {
	x := plantedGroups(25, 12, 3, .4, 0)
	var first *selection.ConsensusResult
	for _, workers := range []int{1, 2, 7} {
		cfg := nmf.Config{Components: 4, MaxIter: 30, Workers: workers, Seed: 2}
		r, err := selection.Consensus(t.Context(), x, cfg, selection.ConsensusOptions{Runs: 6, MaxRows: 10})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Rows) != 10 || !slices.IsSorted(r.Rows) {
			t.Fatalf("rows %v", r.Rows)
		}
		if first == nil {
			first = r
		}
		if !mat.Equal(r.Matrix, first.Matrix) || r.Cophenetic != first.Cophenetic || r.Stability != first.Stability {
			t.Errorf("%d workers: %v, want %v", workers, r, first)
		}
	}
	dispersion := 0.0
	for i := range 10 {
		for j := range 10 {
			together := 0.0
			for _, f := range first.Fits {
				if f.Labels[i] == f.Labels[j] {
					together += 1. / 6
				}
			}
			if got := first.Matrix.At(i, j); math.Abs(got-together) > 1e-12 {
				t.Errorf("(%d,%d) is %v, want %v", i, j, got, together)
			}
			dispersion += 4 * (together - .5) * (together - .5) / 100
		}
	}
	if math.Abs(first.Dispersion-dispersion) > 1e-12 {
		t.Errorf("dispersion %v, want %v", first.Dispersion, dispersion)
	}
}

func TestConsensusOfRowsOfZeros(t *testing.T) {
	x := mat.NewDense(4, 3, []float64{1, 2, 0, 0, 0, 0, 0, 0, 0, 2, 4, 1})
	r, err := selection.Consensus(t.Context(), x, nmf.Config{Components: 1}, selection.ConsensusOptions{Runs: 3})
	if err != nil {
		t.Fatal(err)
	}
	if want := []int{0, -1, -1, 0}; !slices.Equal(r.Fits[0].Labels, want) {
		t.Errorf("labels %v, want %v", r.Fits[0].Labels, want)
	}
	if r.Matrix.At(0, 3) != 1 || r.Matrix.At(1, 2) != 0 || r.Matrix.At(1, 1) != 1 {
		t.Errorf("matrix\n%v", mat.Formatted(r.Matrix))
	}
}

func TestConsensusGoesOnAfterCancel(t *testing.T) {
	cfg := nmf.Config{Components: 3, MaxIter: 15, Workers: 1}
	whole, err := selection.Consensus(t.Context(), nmftest.Blocks, cfg, selection.ConsensusOptions{Runs: 5})
	if err != nil {
		t.Fatal(err)
	}
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	part, err := selection.Consensus(ctx, nmftest.Blocks, cfg, selection.ConsensusOptions{Runs: 5, Progress: func(selection.Restart) { cancel(why) }})
	if !errors.Is(err, why) || part == nil || len(part.Fits) < 1 || len(part.Fits) > 3 {
		t.Fatalf("stopped with %v, error %v", part, err)
	}
	rest, err := selection.Consensus(t.Context(), nmftest.Blocks, cfg, selection.ConsensusOptions{Runs: 5, Previous: part})
	if err != nil {
		t.Fatal(err)
	}
	if !mat.Equal(rest.Matrix, whole.Matrix) || rest.Stability != whole.Stability || rest.Best.Config.Seed != whole.Best.Config.Seed {
		t.Errorf("went on to %v, want %v", rest, whole)
	}
	cfg.Components = 2
	if _, err := selection.Consensus(t.Context(), nmftest.Blocks, cfg, selection.ConsensusOptions{Runs: 5, Previous: part}); !errors.Is(err, nmf.ErrConfig) {
		t.Errorf("with another k: %v", err)
	}
}

func TestConsensusCancelledAtOnce(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r, err := selection.Consensus(ctx, nmftest.Blocks, nmf.Config{Components: 3}, selection.ConsensusOptions{})
	if !errors.Is(err, context.Canceled) || r.Matrix != nil || !math.IsNaN(r.Cophenetic) {
		t.Errorf("got %v, error %v", r, err)
	}
}

func TestConsensusRefuses(t *testing.T) {
	for _, test := range []struct {
		name string
		x    mat.Matrix
		cfg  nmf.Config
		opt  selection.ConsensusOptions
		is   error
		text string
	}{
		{"one run", nmftest.Blocks, nmf.Config{Components: 2}, selection.ConsensusOptions{Runs: 1}, nmf.ErrConfig, "Runs 1"},
		{"one row", nmftest.Blocks, nmf.Config{Components: 2}, selection.ConsensusOptions{MaxRows: 1}, nmf.ErrConfig, "MaxRows 1"},
		{"one start", nmftest.Blocks, nmf.Config{Components: 2, Init: nmf.InitNNDSVDa}, selection.ConsensusOptions{}, nmf.ErrConfig, "use InitRandom"},
		{"no components", nmftest.Blocks, nmf.Config{}, selection.ConsensusOptions{}, nmf.ErrConfig, "Components"},
		{"no X", nil, nmf.Config{Components: 2}, selection.ConsensusOptions{}, nmf.ErrShape, "X is nil"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := selection.Consensus(t.Context(), test.x, test.cfg, test.opt)
			if !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.text) || r != nil {
				t.Errorf("got %v, error %v", r, err)
			}
		})
	}
}

func TestConsensusResultInWords(t *testing.T) {
	r := &selection.ConsensusResult{
		Rows: make([]int, 5), Cophenetic: .99, Dispersion: .5, Stability: .875,
		Components: []float64{1, .75}, Fits: make([]selection.ConsensusFit, 3),
	}
	if got, want := r.String(), "3 fits, 5 rows: cophenetic correlation 0.9900, dispersion 0.5000, stability of components 0.8750"; got != want {
		t.Errorf("text %q, want %q", got, want)
	}
	if got := r.HTML(); !strings.Contains(got, ">c1<") || !strings.Contains(got, ">0.7500<") || strings.Count(got, "<tr>") != 6 {
		t.Errorf("html %s", got)
	}
}

func ExampleConsensus() {
	x := plantedGroups(40, 30, 3, .1, 0) // three components and noise
	for _, k := range []int{2, 3, 4, 5} {
		r, err := selection.Consensus(context.Background(), x, nmf.Config{Components: k}, selection.ConsensusOptions{Runs: 10})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("k=%d cophenetic %.2f, stability %.2f\n", k, r.Cophenetic, r.Stability)
	}
	// Output:
	// k=2 cophenetic 1.00, stability 1.00
	// k=3 cophenetic 1.00, stability 1.00
	// k=4 cophenetic 0.99, stability 0.96
	// k=5 cophenetic 0.99, stability 0.95
}
