package recommend_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
	"gonmf/nmf/recommend"
	"gonmf/nmf/sparse"
)

// shopRecommender is of a model with a component for each group.
func shopRecommender(t *testing.T) *recommend.Recommender {
	t.Helper()
	m := &nmf.Model{W: mat.NewDense(6, 2, nil), H: mat.NewDense(2, 6, nil)}
	for i := range 6 {
		m.W.Set(i, i/3, 1)
		m.H.Set(i/3, i, .5+.1*float64(i%3))
	}
	r, err := recommend.NewRecommender(m, nmftest.Shop)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func indices(list []recommend.Scored) []int {
	var out []int
	for _, s := range list {
		out = append(out, s.Index)
	}
	return out
}

func TestRecommenderKeepsToTheGroup(t *testing.T) {
	r := shopRecommender(t)
	for _, test := range []struct {
		name string
		list func() ([]recommend.Scored, error)
		want []int // in any order
	}{
		{"items for a user who lacks one", func() ([]recommend.Scored, error) { return r.ItemsFor(1, 5) }, []int{2}},
		{"items for a user who has them all", func() ([]recommend.Scored, error) { return r.ItemsFor(0, 5) }, nil},
		{"users for an item", func() ([]recommend.Scored, error) { return r.UsersFor(5, 5) }, []int{4}},
		{"items for a new user", func() ([]recommend.Scored, error) { return r.ItemsForNew([]int{4}, nil, 5) }, []int{3, 5}},
		{"items for a new user with weights", func() ([]recommend.Scored, error) { return r.ItemsForNew([]int{2, 0}, []float64{3, 1}, 5) }, []int{1}},
		{"users for a new item", func() ([]recommend.Scored, error) { return r.UsersForNew([]int{0, 0}, nil, 5) }, []int{1, 2}},
		{"no items for a user of nothing", func() ([]recommend.Scored, error) { return r.ItemsForNew(nil, nil, 5) }, nil},
		{"similar items", func() ([]recommend.Scored, error) { return r.SimilarItems(0, 5) }, []int{1, 2}},
		{"similar users", func() ([]recommend.Scored, error) { return r.SimilarUsers(3, 5) }, []int{4, 5}},
	} {
		t.Run(test.name, func(t *testing.T) {
			list, err := test.list()
			if err != nil {
				t.Fatal(err)
			}
			if !slices.IsSortedFunc(list, func(a, b recommend.Scored) int { return cmp.Compare(b.Score, a.Score) }) {
				t.Errorf("%v does not fall", list)
			}
			got := indices(list)
			slices.Sort(got)
			if !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", list, test.want)
			}
		})
	}
}

func TestRecommenderNamesWhatIsWrong(t *testing.T) {
	r := shopRecommender(t)
	for _, test := range []struct {
		name string
		list func() ([]recommend.Scored, error)
		is   error
		text string
	}{
		{"user", func() ([]recommend.Scored, error) { return r.ItemsFor(6, 1) }, nmf.ErrShape, "recommend: user 6 is outside a model of 6 users"},
		{"item", func() ([]recommend.Scored, error) { return r.UsersFor(-1, 1) }, nmf.ErrShape, "recommend: item -1 is outside a model of 6 items"},
		{"similar item", func() ([]recommend.Scored, error) { return r.SimilarItems(9, 1) }, nmf.ErrShape, "recommend: item 9 is outside a model of 6 items"},
		{"similar user", func() ([]recommend.Scored, error) { return r.SimilarUsers(9, 1) }, nmf.ErrShape, "recommend: user 9 is outside a model of 6 users"},
		{"none", func() ([]recommend.Scored, error) { return r.ItemsFor(0, 0) }, nmf.ErrConfig, "recommend: ask for at least 1, not 0"},
		{"none for a new user", func() ([]recommend.Scored, error) { return r.ItemsForNew(nil, nil, -1) }, nmf.ErrConfig, "recommend: ask for at least 1, not -1"},
		{"an item that is not there", func() ([]recommend.Scored, error) { return r.ItemsForNew([]int{6}, nil, 1) }, nmf.ErrShape,
			"recommend: the items seen: sizes do not fit (sparse: triplet 0 is at (0,6), outside 1 x 6)"},
		{"a negative weight", func() ([]recommend.Scored, error) { return r.UsersForNew([]int{2}, []float64{-1}, 1) }, nmf.ErrNegative, "nmf: X[0,2] = -1: negative"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := test.list()
			if !errors.Is(err, test.is) || err.Error() != test.text {
				t.Errorf("error %q, want %q", err, test.text)
			}
		})
	}
	m := &nmf.Model{W: mat.NewDense(2, 1, nil), H: mat.NewDense(1, 2, nil)}
	if _, err := recommend.NewRecommender(m, nmftest.Shop); !errors.Is(err, nmf.ErrShape) {
		t.Errorf("another matrix: %v", err)
	}
}

func TestRecommenderTakesStoredZerosForUnseen(t *testing.T) {
	x, err := sparse.FromTriplets(2, 1, []int{0, 1}, []int{0, 0}, []float64{0, 1})
	if err != nil {
		t.Fatal(err)
	}
	r, err := recommend.NewRecommender(&nmf.Model{W: mat.NewDense(2, 1, []float64{1, 1}), H: mat.NewDense(1, 1, []float64{1})}, x)
	if err != nil {
		t.Fatal(err)
	}
	list, err := r.ItemsFor(0, 2)
	if err != nil || !slices.Equal(indices(list), []int{0}) {
		t.Errorf("got %v, error %v", list, err)
	}
}

// Against sorting all of W H: nothing seen, nothing of score zero, the order
// of columns among equals, and the first n.
func TestRecommenderGivesTheBestOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := nmftest.DrawModel(t)
		n, _ := m.W.Dims()
		_, cols := m.H.Dims()
		x := mat.NewDense(n, cols, nil)
		x.Apply(func(_, _ int, _ float64) float64 {
			return float64(rapid.IntRange(0, 1).Draw(t, "seen"))
		}, x)
		r, err := recommend.NewRecommender(m, x)
		if err != nil {
			t.Fatal(err)
		}
		all, err := m.Reconstruct(nil)
		if err != nil {
			t.Fatal(err)
		}
		count := rapid.IntRange(1, 6).Draw(t, "count")
		user := rapid.IntRange(0, cols-1).Draw(t, "user")
		list, err := r.ItemsFor(user, count)
		if err != nil {
			t.Fatal(err)
		}
		var want []recommend.Scored
		for i := range n {
			if x.At(i, user) == 0 && all.At(i, user) > 0 {
				want = append(want, recommend.Scored{Index: i, Score: all.At(i, user)})
			}
		}
		slices.SortStableFunc(want, func(a, b recommend.Scored) int { return cmp.Compare(b.Score, a.Score) })
		want = want[:min(count, len(want))]
		if len(list) != len(want) {
			t.Fatalf("got %v, want %v", list, want)
		}
		for i, s := range list {
			// Scores that differ in the last digit may change places.
			if math.Abs(s.Score-want[i].Score) > 1e-9*(1+want[i].Score) || x.At(s.Index, user) != 0 {
				t.Fatalf("got %v, want %v", list, want)
			}
		}
	})
}

func TestSimilarItemsDoesNotDependOnScale(t *testing.T) {
	m := &nmf.Model{
		W: mat.NewDense(3, 2, []float64{1, 0, 1, 1, 0, 2}),
		H: mat.NewDense(2, 2, []float64{3, 4, 0, 5}),
	}
	x := mat.NewDense(3, 2, nil)
	var lists [2][]recommend.Scored
	for i := range lists {
		if i == 1 {
			var err error
			if m, err = m.Normalize(nmf.UnitSumW); err != nil {
				t.Fatal(err)
			}
		}
		r, err := recommend.NewRecommender(m, x)
		if err != nil {
			t.Fatal(err)
		}
		if lists[i], err = r.SimilarItems(1, 2); err != nil {
			t.Fatal(err)
		}
	}
	for i, s := range lists[0] {
		// Both components have norm 5 in H: the angles are those in W.
		if math.Abs(s.Score-math.Sqrt(.5)) > 1e-15 || math.Abs(lists[1][i].Score-s.Score) > 1e-15 {
			t.Errorf("similar %v, and scaled %v", lists[0], lists[1])
		}
	}
}

func ExampleRecommender() {
	x, err := sparse.FromTriplets(4, 4, // items x users
		[]int{0, 0, 1, 1, 1, 2, 2, 3}, []int{0, 1, 0, 1, 2, 2, 3, 3}, []float64{1, 1, 1, 1, 1, 1, 1, 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := recommend.NewRecommender(m, x)
	if err != nil {
		fmt.Println(err)
		return
	}
	items, err := r.ItemsFor(2, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range items {
		fmt.Printf("item %d, score %.2f\n", s.Index, s.Score)
	}
	// Output:
	// item 3, score 0.46
	// item 0, score 0.42
}

func ExampleRecommender_ItemsForNew() {
	m, err := nmf.Fit(context.Background(), nmftest.Shop, nmf.Config{Components: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := recommend.NewRecommender(m, nmftest.Shop)
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := r.ItemsForNew([]int{3, 5}, nil, 1) // someone who bought items 3 and 5
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("item %d, score %.2f\n", list[0].Index, list[0].Score)
	// Output: item 4, score 0.71
}

func ExampleRecommender_SimilarItems() {
	m, err := nmf.Fit(context.Background(), nmftest.Shop, nmf.Config{Components: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := recommend.NewRecommender(m, nmftest.Shop)
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := r.SimilarItems(0, 2)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range list {
		fmt.Printf("item %d, cosine %.2f\n", s.Index, s.Score)
	}
	// Output:
	// item 1, cosine 1.00
	// item 2, cosine 1.00
}
