package frames

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

// random makes a table of items x users with a model fitted to it.
func random(t *testing.T, items, users, components int) (*nmf.Model, *Interactions) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, uint64(items)))
	var rows strings.Builder
	rows.WriteString("item_id,user_id,weight\n")
	for i := range items {
		for u := range users {
			if rng.Float64() < 1/float64(i%9+2) && (u+i)%components < 2 {
				fmt.Fprintf(&rows, "i%d,u%d,%d\n", i, u, 1+rng.IntN(5))
			}
		}
	}
	it, err := ReadInteractions(strings.NewReader(rows.String()), Columns{Weight: "weight"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := nmf.Fit(t.Context(), it.X, nmf.Config{Components: components, Init: nmf.InitRandom, MaxIter: 50})
	if err != nil {
		t.Fatal(err)
	}
	return m, it
}

// slowCoverage multiplies everything out, an item at a time.
func slowCoverage(t *testing.T, m *nmf.Model, it *Interactions) string {
	t.Helper()
	items, users := it.X.Dims()
	num, predicted := make([]int, items), make([]int, items)
	for i := range items {
		row := mat.NewDense(1, users, nil)
		for u := range users {
			row.Set(0, u, it.X.At(i, u))
			if row.At(0, u) != 0 {
				num[i]++
			}
		}
		w, err := m.Transform(t.Context(), row)
		if err != nil {
			t.Fatal(err)
		}
		var product mat.Dense
		product.Mul(w, m.H)
		for u := range users {
			if product.At(0, u) != 0 {
				predicted[i]++
			}
		}
	}
	df, err := coverageFrame(it.Items, num, predicted)
	return written(t, df, err)
}

func TestCoverageEqualsMultiplyingOut(t *testing.T) {
	m, it := random(t, 70, 130, 6)
	want := slowCoverage(t, m, it)
	for _, opt := range []CoverageOptions{{}, {Workers: 1}, {Workers: 7}, {Batch: 1}, {Batch: 32, Workers: 3}} {
		df, err := Coverage(t.Context(), m, it, opt)
		if got := written(t, df, err); got != want {
			t.Errorf("%+v: got\n%swant\n%s", opt, got, want)
		}
	}
}

// TestCoverageUnderflow has products that are too small for a float64.
func TestCoverageUnderflow(t *testing.T) {
	for _, tc := range []struct {
		name string
		w    []float64
		want int
	}{
		{"none", []float64{1, 0, 0}, 3},
		{"all", []float64{0, 1e-200, 0}, 0},
		{"some", []float64{0, 1e-160, 0}, 1},
		{"made up for by another component", []float64{1, 1e-200, 0}, 3},
		{"smallest times one", []float64{0, 0, math.SmallestNonzeroFloat64}, 1},
		{"half the smallest rounds to zero", []float64{0, 0, 0.5}, 1},
		{"more than half the smallest", []float64{0, 0, math.Nextafter(0.5, 1)}, 2},
		{"nothing", []float64{0, 0, 0}, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := mat.NewDense(3, 5, []float64{
				1, 1e-300, 0, 0, 5e-324,
				0, 1e-160, 1e-170, 1e-300, 0,
				0, 0, 1, math.SmallestNonzeroFloat64, 0,
			})
			w := mat.NewDense(1, 3, tc.w)
			var product mat.Dense
			product.Mul(w, h)
			multiplied := 0
			for _, v := range product.RawRowView(0) {
				if v != 0 {
					multiplied++
				}
			}
			out := []int{-1}
			newReach(h).count(out, w, 2)
			if out[0] != tc.want || multiplied != tc.want {
				t.Errorf("counted %d, multiplied out %d, want %d", out[0], multiplied, tc.want)
			}
		})
	}
}

// TestCoveragePositions keeps absent ids, as rows of zeros.
func TestCoveragePositions(t *testing.T) {
	it, err := NewInteractions(mustReadCSV(t, "item_id,user_id\n0,0\n0,2\n3,0\n3,2\n1,2\n"), Columns{Positions: true})
	if err != nil {
		t.Fatal(err)
	}
	m := &nmf.Model{W: mat.NewDense(4, 1, nil), H: mat.NewDense(1, 3, []float64{1, 0, 1}), Config: nmf.Config{Components: 1}}
	df, err := Coverage(t.Context(), m, it, CoverageOptions{})
	if got, want := written(t, df, err), "item_id,num,predict_num\n3,2,2\n0,2,2\n1,1,2\n2,0,0\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestCoverageOfNewItems folds in a table that the model was not fitted to.
func TestCoverageOfNewItems(t *testing.T) {
	m := &nmf.Model{H: mat.NewDense(1, 2, []float64{1, 1}), Config: nmf.Config{Components: 1}}
	it, err := NewInteractions(mustReadCSV(t, "item_id,user_id,weight\na,x,1\nb,y,0\nb,x,2\n"), Columns{Weight: "weight"})
	if err != nil {
		t.Fatal(err)
	}
	df, err := Coverage(t.Context(), m, it, CoverageOptions{})
	if got, want := written(t, df, err), "item_id,num,predict_num\nb,1,2\na,1,2\n"; got != want {
		t.Errorf("a weight of 0 is no observation: got\n%swant\n%s", got, want)
	}
}

func TestCoverageProgressAndCancel(t *testing.T) {
	m, it := random(t, 70, 130, 6)
	var seen []int
	_, err := Coverage(t.Context(), m, it, CoverageOptions{Batch: 30, Progress: func(done, total int) {
		if total != it.Items.Len() {
			t.Errorf("total is %d", total)
		}
		seen = append(seen, done)
	}})
	if err != nil || fmt.Sprint(seen) != fmt.Sprintf("[30 60 %d]", it.Items.Len()) {
		t.Errorf("progress was %v, %v", seen, err)
	}
	enough := errors.New("seen enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	_, err = Coverage(ctx, m, it, CoverageOptions{Batch: 30, Progress: func(int, int) { cancel(enough) }})
	if !errors.Is(err, enough) || !strings.Contains(err.Error(), "after 30 of") {
		t.Errorf("cancelled: %v", err)
	}
}

func TestSummarize(t *testing.T) {
	df := mustReadCSV(t, "item_id,num,predict_num\na,29,7\nb,20,3\nc,20,4\nd,19,1\ne,9,5\nf,9,6\ng,1,0\nh,0,0\n")
	sum, err := Summarize(df)
	want := "num,min,median,mean,max\n0,0,0.0,0.0,0\n1,0,0.0,0.0,0\n9,5,5.5,5.5,6\n10,1,1.0,1.0,1\n20,3,4.0,4.666666666666667,7\n"
	if got := written(t, sum, err); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

// TestSummarizePandas compares with what pandas made: testdata/make_summary.py.
func TestSummarizePandas(t *testing.T) {
	coverage, err := os.Open("testdata/coverage.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer coverage.Close()
	df, err := ReadCSV(coverage)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("testdata/summary.csv")
	if err != nil {
		t.Fatal(err)
	}
	sum, err := Summarize(df)
	if got := written(t, sum, err); got != string(want) {
		t.Errorf("got\n%spandas has\n%s", got, want)
	}
}

func TestSummarizeErrors(t *testing.T) {
	frame := func(num, predicted series.Series) dataframe.DataFrame {
		num.Name, predicted.Name = "num", "predict_num"
		return dataframe.New(num, predicted)
	}
	good := series.Ints([]int{1, 2})
	for _, tc := range []struct {
		name string
		df   dataframe.DataFrame
		want string
	}{
		{"error inside", dataframe.New(), "carries an error"},
		{"another table", mustReadCSV(t, "a,num\n1,2\n"), `no column "predict_num"; it has a, num`},
		{"missing", frame(good, series.Ints([]string{"1", "NaN"})), `row 2, column "predict_num": the count is missing`},
		{"negative", frame(series.Ints([]int{1, -1}), good), `row 2, column "num": "-1" is not a whole number`},
		{"fraction", frame(series.Floats([]float64{0.5, 1}), good), `row 1, column "num": "0.5" is not a whole number`},
		{"text", frame(series.Strings([]string{"1", "many"}), good), `row 2, column "num": "many" is not a whole number`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := Summarize(tc.df); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want an error with %q", err, tc.want)
			}
		})
	}
}
