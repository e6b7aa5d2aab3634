package frames

import (
	"errors"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

// written returns a DataFrame as CSV.
func written(t *testing.T, df dataframe.DataFrame, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := WriteCSV(&b, df); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// small is a table of four items and three users, and a model of it.
func small(t *testing.T, users string) (*nmf.Model, *Interactions) {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("item_id,user_id\n")
	for _, item := range []string{"7", "8", "9", "10"} {
		for user := range strings.FieldsSeq(users) {
			rows.WriteString(item + "," + user + "\n")
		}
	}
	it, err := NewInteractions(mustReadCSV(t, rows.String()), Columns{})
	if err != nil {
		t.Fatal(err)
	}
	return &nmf.Model{
		W: mat.NewDense(4, 2, []float64{0, 2, 3, 1, 0, 0, 0.5, 0.5}),
		H: mat.NewDense(2, 3, []float64{0.25, 0, 1e-5, 0, 4, 4}),
	}, it
}

func TestFactors(t *testing.T) {
	m, it := small(t, "ann bob component")
	w, h, err := Factors(m, it)
	if got, want := written(t, w, err), "item_id,c0,c1\n7,0.0,2.0\n8,3.0,1.0\n9,0.0,0.0\n10,0.5,0.5\n"; got != want {
		t.Errorf("w is\n%swant\n%s", got, want)
	}
	if got, want := written(t, h, err), "component,ann,bob,component\nc0,0.25,0.0,1e-05\nc1,0.0,4.0,4.0\n"; got != want {
		t.Errorf("h is\n%swant\n%s", got, want)
	}
}

func TestClusters(t *testing.T) {
	m, it := small(t, "a b c")
	df, err := Clusters(m, it)
	if got, want := written(t, df, err), "item_id,cluster\n7,1\n8,0\n9,0\n10,0\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	df, err = ClustersOrNone(m, it)
	if got, want := written(t, df, err), "item_id,cluster\n7,1\n8,0\n9,-1\n10,0\n"; got != want {
		t.Errorf("or none: got\n%swant\n%s", got, want)
	}
}

// An item that nobody has is in no cluster, however soon the fit ends.
func TestClustersOrNoneOfAFit(t *testing.T) {
	_, it := small(t, "a b c")
	x := mat.NewDense(4, 3, []float64{2, 4, 0, 1, 2, 0, 0, 0, 0, 3, 6, 0})
	for seed := range uint32(20) {
		m, err := nmf.Fit(t.Context(), x, nmf.Config{Components: 1, Init: nmf.InitRandom, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		df, err := ClustersOrNone(m, it)
		if got, want := written(t, df, err), "item_id,cluster\n7,0\n8,0\n9,-1\n10,0\n"; got != want {
			t.Errorf("seed %d: got\n%swant\n%s", seed, got, want)
		}
	}
}

func TestTop(t *testing.T) {
	m, it := small(t, "a b c")
	items, users, err := Top(m, it, 2)
	if got, want := written(t, items, err), "component,place,item_id,weight\nc0,1,8,3.0\nc0,2,10,0.5\nc1,1,7,2.0\nc1,2,8,1.0\n"; got != want {
		t.Errorf("items are\n%swant\n%s", got, want)
	}
	if got, want := written(t, users, err), "component,place,user_id,weight\nc0,1,a,0.25\nc0,2,c,1e-05\nc1,1,b,4.0\nc1,2,c,4.0\n"; got != want {
		t.Errorf("users are\n%swant\n%s", got, want)
	}
	if _, _, err := Top(m, it, 0); !errors.Is(err, nmf.ErrConfig) {
		t.Errorf("the top 0: %v", err)
	}
}

func TestModelOfAnotherTable(t *testing.T) {
	m, it := small(t, "a b c")
	fewer, err := NewInteractions(mustReadCSV(t, "item_id,user_id\n1,a\n2,b\n1,c\n"), Columns{})
	if err != nil {
		t.Fatal(err)
	}
	others, err := NewInteractions(mustReadCSV(t, "item_id,user_id\n1,a\n2,b\n"), Columns{})
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		m    *nmf.Model
		t    *Interactions
		want string
	}{
		{"fewer items", m, fewer, "the model has 4 items, the table 2"},
		{"fewer users", m, others, "the model has 3 users, the table 2"},
		{"no table", m, nil, "the table lacks its matrix or its labels"},
		{"no labels", m, &Interactions{X: it.X}, "the table lacks its matrix or its labels"},
		{"labels of another table", m, &Interactions{X: it.X, Items: it.Users, Users: it.Items}, "3 and 4 labels do not fit a 4 x 3 matrix"},
		{"no model", nil, it, "no factors"},
		{"no factors", &nmf.Model{}, it, "no factors"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, _, factors := Factors(tc.m, tc.t)
			_, clusters := Clusters(tc.m, tc.t)
			_, _, top := Top(tc.m, tc.t, 1)
			errs := []error{factors, clusters, top}
			if tc.m == m && tc.t != fewer { // a model may fold in any number of items
				_, coverage := Coverage(t.Context(), tc.m, tc.t, CoverageOptions{})
				errs = append(errs, coverage)
			}
			for _, err := range errs {
				if err == nil || !strings.Contains(err.Error(), tc.want) || !errors.Is(err, nmf.ErrShape) {
					t.Errorf("got %v, want an error with %q", err, tc.want)
				}
			}
		})
	}
}
