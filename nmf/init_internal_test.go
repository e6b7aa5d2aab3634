package nmf

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/nprand"
)

// started returns the factors that an init gives, as W and H.
func started(t *testing.T, x mat.Matrix, k int, init Init) (w, h *mat.Dense) {
	t.Helper()
	in, err := newInput(x)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := Config{Components: k, Init: init, Workers: 1}.withDefaults(in.Rows, in.Cols)
	if err != nil {
		t.Fatal(err)
	}
	p := newProblem[float64](in, cfg)
	defer p.close()
	if err := p.initialise(in); err != nil {
		t.Fatal(err)
	}
	return p.W.Dense(), p.HT.DenseT()
}

func normal(rows, cols int, seed uint32) *mat.Dense {
	rng := nprand.New(seed)
	x := mat.NewDense(rows, cols, nil)
	x.Apply(func(int, int, float64) float64 { return math.Abs(rng.Normal()) }, x)
	return x
}

func TestNNDSVDIsNoWorseThanTheMean(t *testing.T) {
	for _, shape := range [][2]int{{10, 10}, {40, 12}, {12, 40}} {
		x := normal(shape[0], shape[1], 42)
		w, h := started(t, x, 10, InitNNDSVD)
		var off mat.Dense
		off.Mul(w, h)
		off.Sub(x, &off)
		mean := mat.Sum(x) / float64(shape[0]*shape[1])
		spread := mat.DenseCopyOf(x)
		spread.Apply(func(_, _ int, v float64) float64 { return v - mean }, spread)
		if got, most := mat.Norm(&off, 2), mat.Norm(spread, 2); got > most {
			t.Errorf("%v: error %v, of the mean %v", shape, got, most)
		}
	}
}

func TestNNDSVDVariantsDifferAtZerosOnly(t *testing.T) {
	x := normal(15, 11, 42)
	w, h := started(t, x, 6, InitNNDSVD)
	mean := mat.Sum(x) / 165
	for _, init := range []Init{InitNNDSVDa, InitNNDSVDar} {
		wa, ha := started(t, x, 6, init)
		zeros := 0
		for name, pair := range map[string][2]*mat.Dense{"W": {w, wa}, "H": {h, ha}} {
			rows, cols := pair[0].Dims()
			for i := range rows {
				for j := range cols {
					was, is := pair[0].At(i, j), pair[1].At(i, j)
					switch {
					case was != 0 && is != was:
						t.Errorf("%v: %s[%d,%d] = %v, with nndsvd %v", init, name, i, j, is, was)
					case was == 0 && init == InitNNDSVDa && math.Abs(is-mean) > 1e-14:
						t.Errorf("%v: %s[%d,%d] = %v, want the mean, %v", init, name, i, j, is, mean)
					case was == 0 && init == InitNNDSVDar && !(is > 0 && is < mean):
						t.Errorf("%v: %s[%d,%d] = %v, want a part of the mean, %v", init, name, i, j, is, mean)
					}
					if was == 0 {
						zeros++
					}
				}
			}
		}
		if zeros == 0 {
			t.Fatal("nndsvd has no zero to fill")
		}
	}
}

func TestRandomStartIsOfTheSizeOfX(t *testing.T) {
	x := normal(60, 50, 1)
	x.Scale(1000, x)
	w, h := started(t, x, 5, InitRandom)
	var wh mat.Dense
	wh.Mul(w, h)
	if ratio := mat.Sum(&wh) / mat.Sum(x); ratio < .5 || ratio > 2 {
		t.Errorf("the sum of WH is %v of X's", ratio)
	}
}
