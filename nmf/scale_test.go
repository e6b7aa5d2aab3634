package nmf_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
)

var units = []nmf.Unit{nmf.UnitSumH, nmf.UnitNormH, nmf.UnitMaxH, nmf.UnitSumW, nmf.UnitNormW, nmf.UnitMaxW}

// sizeOf measures component t's side of the model that the unit is about.
func sizeOf(m *nmf.Model, u nmf.Unit, t int) float64 {
	a := mat.Row(nil, t, m.H)
	if u >= nmf.UnitSumW {
		a = mat.Col(nil, t, m.W)
	}
	switch u {
	case nmf.UnitSumH, nmf.UnitSumW:
		return floats.Sum(a)
	case nmf.UnitNormH, nmf.UnitNormW:
		return floats.Norm(a, 2)
	default:
		return floats.Max(a)
	}
}

func TestNormalizeKeepsTheProduct(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := nmftest.DrawModel(t)
		unit := rapid.SampledFrom(units).Draw(t, "unit")
		got, err := m.Normalize(unit)
		if err != nil {
			t.Fatal(err)
		}
		var want, product mat.Dense
		want.Mul(m.W, m.H)
		product.Mul(got.W, got.H)
		if !mat.EqualApprox(&product, &want, 1e-12*(1+mat.Max(&want))) {
			t.Fatalf("%v: product\n%v\nwant\n%v", unit, mat.Formatted(&product), mat.Formatted(&want))
		}
		for c := range m.Components() {
			// A component that was zero is still as it was.
			if size := sizeOf(got, unit, c); sizeOf(m, unit, c) > 0 && math.Abs(size-1) > 1e-14 {
				t.Fatalf("%v: component %d has size %v", unit, c, size)
			}
		}
		again, err := got.Normalize(unit)
		if err != nil {
			t.Fatal(err)
		}
		if !mat.EqualApprox(again.H, got.H, 1e-12*(1+mat.Max(got.H))) {
			t.Fatalf("%v: a second time changed H", unit)
		}
	})
}

func TestNormalizeLeavesWhatCannotBeScaled(t *testing.T) {
	for _, test := range []struct {
		name string
		w, h float64
	}{
		{"zero in W", 0, 3},
		{"zero in H", 3, 0},
		{"too large together", 1e300, 1e300},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := &nmf.Model{W: mat.NewDense(1, 1, []float64{test.w}), H: mat.NewDense(1, 1, []float64{test.h})}
			for _, unit := range units {
				got, err := m.Normalize(unit)
				if err != nil {
					t.Fatal(err)
				}
				if test.w*test.h > math.MaxFloat64 && (got.W.At(0, 0) != test.w || got.H.At(0, 0) != test.h) {
					t.Errorf("%v: W = %v, H = %v", unit, got.W.At(0, 0), got.H.At(0, 0))
				}
				if p := got.W.At(0, 0) * got.H.At(0, 0); math.IsNaN(p) || p != test.w*test.h {
					t.Errorf("%v: W H = %v", unit, p)
				}
			}
		})
	}
	if _, err := (&nmf.Model{}).Normalize(nmf.Unit(9)); !errors.Is(err, nmf.ErrConfig) {
		t.Errorf("Unit(9): %v", err)
	}
}

func TestShares(t *testing.T) {
	// Three components on places of their own: the squares are 4, 36 and 0.
	w := mat.NewDense(2, 3, []float64{1, 0, 0, 0, 2, 0})
	h := mat.NewDense(3, 2, []float64{2, 0, 0, 3, 5, 5})
	for _, test := range []struct {
		name string
		m    *nmf.Model
		want []float64
	}{
		{"squares", &nmf.Model{W: w, H: h}, []float64{.1, .9, 0}},
		{"totals", &nmf.Model{W: w, H: h, Config: nmf.Config{Loss: nmf.KullbackLeibler}}, []float64{.25, .75, 0}},
		{"all zero", &nmf.Model{W: mat.NewDense(2, 3, nil), H: h}, []float64{0, 0, 0}},
		{"squares overflow", &nmf.Model{W: scaled(1e200, w), H: scaled(1e-300, h)}, []float64{.1, .9, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := test.m.Shares(); !floats.EqualApprox(got, test.want, 1e-15) {
				t.Errorf("shares %v, want %v", got, test.want)
			}
		})
	}
}

func scaled(f float64, a *mat.Dense) *mat.Dense {
	var out mat.Dense
	out.Scale(f, a)
	return &out
}

func TestSharesAreOfXWhereAFitHasConverged(t *testing.T) {
	m, err := nmf.Fit(t.Context(), sixByTwo, nmf.Config{Components: 2, Init: nmf.InitRandom, Tol: 1e-12, MaxIter: 5000})
	if err != nil {
		t.Fatal(err)
	}
	explained := 1 - m.Err*m.Err/math.Pow(mat.Norm(sixByTwo, 2), 2)
	for c, share := range m.Shares() {
		// <w_c h_c, X> / |X|^2
		part := mat.Inner(m.W.ColView(c), sixByTwo, m.H.RowView(c)) / math.Pow(mat.Norm(sixByTwo, 2), 2)
		if math.Abs(share*explained-part) > 1e-7 {
			t.Errorf("component %d: share %v of X, want %v", c, share*explained, part)
		}
	}
}

func TestSortByShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := nmftest.DrawModel(t)
		shares := m.Shares()
		for c := range m.Components() {
			m.Names = append(m.Names, fmt.Sprint("share ", shares[c]))
		}
		got := m.SortByShare()
		sorted := got.Shares()
		for c, share := range sorted {
			if c > 0 && share > sorted[c-1]*(1+1e-12) {
				t.Fatalf("shares %v", sorted)
			}
		}
		names := slices.Clone(got.Names)
		slices.Sort(names)
		was := slices.Clone(m.Names)
		slices.Sort(was)
		if !slices.Equal(names, was) {
			t.Fatalf("names %v of %v", names, was)
		}
		var a, b mat.Dense
		a.Mul(m.W, m.H)
		b.Mul(got.W, got.H)
		if !mat.EqualApprox(&a, &b, 1e-12*(1+mat.Max(&a))) {
			t.Fatal("the product changed")
		}
	})
}

func TestComponentNames(t *testing.T) {
	m := &nmf.Model{W: mat.NewDense(1, 3, nil), H: mat.NewDense(3, 1, nil)}
	for _, test := range []struct {
		name        string
		given, want []string
	}{
		{"none", nil, []string{"c0", "c1", "c2"}},
		{"some", []string{"", "toys"}, []string{"c0", "toys", "c2"}},
		{"too many", []string{"a", "b", "c", "d"}, []string{"a", "b", "c"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			m.Names = test.given
			if got := m.ComponentNames(); !slices.Equal(got, test.want) {
				t.Errorf("names %q, want %q", got, test.want)
			}
		})
	}
}

func ExampleModel_Normalize() {
	m := &nmf.Model{
		W: mat.NewDense(2, 2, []float64{1, 0, 2, .5}),
		H: mat.NewDense(2, 3, []float64{1, 3, 0, 0, 4, 4}),
	}
	p, err := m.Normalize(nmf.UnitSumH)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(mat.Formatted(p.W))
	fmt.Println(mat.Formatted(p.H))
	// Output:
	// ⎡4  0⎤
	// ⎣8  4⎦
	// ⎡0.25  0.75     0⎤
	// ⎣   0   0.5   0.5⎦
}

func ExampleModel_Shares() {
	m := &nmf.Model{
		W: mat.NewDense(2, 2, []float64{1, 0, 0, 2}),
		H: mat.NewDense(2, 2, []float64{2, 0, 0, 3}),
	}
	fmt.Printf("%.2f of the squares\n", m.Shares())
	m.Config.Loss = nmf.KullbackLeibler
	fmt.Printf("%.2f of the total\n", m.Shares())
	// Output:
	// [0.10 0.90] of the squares
	// [0.25 0.75] of the total
}

func ExampleModel_ComponentNames() {
	m := &nmf.Model{H: mat.NewDense(3, 2, nil), Names: []string{"toys", "", "tea"}}
	fmt.Println(m.ComponentNames())
	// Output: [toys c1 tea]
}

func ExampleModel_SortByShare() {
	m := &nmf.Model{
		W:     mat.NewDense(2, 2, []float64{1, 0, 0, 3}),
		H:     mat.NewDense(2, 2, []float64{1, 0, 0, 1}),
		Names: []string{"small", "large"},
	}
	s := m.SortByShare()
	for t, share := range s.Shares() {
		fmt.Printf("%s %.0f%%\n", s.ComponentNames()[t], 100*share)
	}
	// Output:
	// large 90%
	// small 10%
}

func TestNamesAreSavedAndResumed(t *testing.T) {
	m, err := nmf.Fit(t.Context(), sixByTwo, nmf.Config{Components: 2, MaxIter: 3})
	if err != nil {
		t.Fatal(err)
	}
	m.Names = []string{"toys", "tea & cake"}
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	back, err := nmf.Load(&b)
	if err != nil {
		t.Fatal(err)
	}
	if back, err = back.Resume(t.Context(), sixByTwo, 5); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(back.Names, m.Names) {
		t.Errorf("names %q, want %q", back.Names, m.Names)
	}
}

func TestObjectiveCountsPenalties(t *testing.T) {
	m := &nmf.Model{
		W: mat.NewDense(2, 1, []float64{1, 2}), H: mat.NewDense(1, 3, []float64{0, 1, 3}), Err: 2,
		Config: nmf.Config{AlphaW: .1, AlphaH: .01, L1Ratio: .5},
	}
	// 2 + 3*.1*(.5*3 + .25*5) + 2*.01*(.5*4 + .25*10)
	if got, want := m.Objective(), 2+.825+.09; got < want-1e-12 || got > want+1e-12 {
		t.Errorf("objective %v, want %v", got, want)
	}
}
