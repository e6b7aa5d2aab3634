package frames

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// TestTFIDF compares with
//
//	TfidfTransformer().fit_transform([[3,0,1,0],[2,0,0,0],[3,0,0,5],[0,0,0,0],[4,0,2,1]])
//
// of scikit-learn 1.9.1. The zeros of the table are stored.
func TestTFIDF(t *testing.T) {
	want := mat.NewDense(5, 4, []float64{
		0.9024535726000642, 0, 0.43078712759480253, 0,
		1, 0, 0, 0,
		0.38643177402631146, 0, 0, 0.9223179950661691,
		0, 0, 0, 0,
		0.7806623724000604, 0, 0.5589749621002422, 0.2794874810501211,
	})
	for _, tc := range []struct {
		name      string
		columns   Columns
		opt       TFIDFOptions
		transpose bool
	}{
		{"items are documents", Columns{Item: "doc", User: "term"}, TFIDFOptions{}, false},
		{"users are documents", Columns{Item: "term", User: "doc"}, TFIDFOptions{UsersAreDocuments: true}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.columns.Weight = "count"
			it, err := ReadInteractions(strings.NewReader("doc,term,count\n"+
				"d1,a,3\nd1,b,0\nd1,c,1\nd2,a,2\nd3,a,3\nd3,d,5\nd4,b,0\nd5,a,4\nd5,c,2\nd5,d,1\n"), tc.columns)
			if err != nil {
				t.Fatal(err)
			}
			got, err := TFIDF(it, tc.opt)
			if err != nil {
				t.Fatal(err)
			}
			if got.Items != it.Items || got.Users != it.Users {
				t.Error("the labels are others")
			}
			x := mat.Matrix(got.X)
			if tc.transpose {
				x = x.T()
			}
			if !mat.EqualApprox(x, want, 1e-15) {
				t.Errorf("got\n%.17g", mat.Formatted(x))
			}
			if it.X.At(0, 0) != 3 {
				t.Error("the table itself was changed")
			}
		})
	}
}

// TestTFIDFLarge has counts whose squares a float64 does not hold.
func TestTFIDFLarge(t *testing.T) {
	it, err := ReadInteractions(strings.NewReader("item_id,user_id,weight\na,x,3e200\na,y,4e200\n"), Columns{Weight: "weight"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := TFIDF(it, TFIDFOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if v, w := got.X.At(0, 0), got.X.At(0, 1); math.Abs(v-0.6) > 1e-15 || math.Abs(w-0.8) > 1e-15 {
		t.Errorf("got %v, %v", v, w)
	}
}
