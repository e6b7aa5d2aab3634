package nmf_test

import (
	"errors"
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

// foreign is a mat.Matrix of somebody else's.
type foreign struct{ *mat.Dense }

func (f foreign) T() mat.Matrix { return mat.Transpose{Matrix: f} }

// onlyAt hides all but the methods of mat.Matrix.
type onlyAt struct{ m mat.Matrix }

func (o onlyAt) Dims() (int, int)    { return o.m.Dims() }
func (o onlyAt) At(i, j int) float64 { return o.m.At(i, j) }
func (o onlyAt) T() mat.Matrix       { return mat.Transpose{Matrix: o} }

// lister is a matrix that lists its nonzeros in an order of its own.
type lister struct{ onlyAt }

func (l lister) DoNonZero(fn func(i, j int, v float64)) {
	rows, cols := l.Dims()
	for j := cols - 1; j >= 0; j-- {
		for i := range rows {
			if v := l.At(i, j); v != 0 {
				fn(i, j, v)
			}
		}
	}
}

// liar lists an entry that is not there.
type liar struct{ onlyAt }

func (l liar) DoNonZero(fn func(i, j int, v float64)) { fn(9, 0, 1) }

// liarByRow does so by row.
type liarByRow struct{ onlyAt }

func (l liarByRow) DoRowNonZero(i int, fn func(i, j int, v float64)) { fn(i, -1, 1) }

func TestAMatrixThatListsWronglyIsRefused(t *testing.T) {
	x := onlyAt{uniform(4, 3, 1)}
	for want, bad := range map[string]mat.Matrix{
		"nmf: X lists its nonzeros wrongly: sizes do not fit (sparse: triplet 0 is at (9,0), outside 4 x 3)":  liar{x},
		"nmf: X lists its nonzeros wrongly: sizes do not fit (sparse: triplet 0 is at (0,-1), outside 4 x 3)": liarByRow{x},
	} {
		if _, err := nmf.Fit(t.Context(), bad, nmf.Config{Components: 1}); !errors.Is(err, nmf.ErrShape) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestAnyMatrixWillDo(t *testing.T) {
	square := goldenMatrix(t, "sparse", 9, 9, 3, false).(*mat.Dense)
	symmetric := mat.NewSymDense(9, nil)
	diagonal := mat.NewDiagDense(9, nil)
	upper := mat.NewTriDense(9, mat.Upper, nil)
	banded := mat.NewBandDense(9, 9, 1, 2, nil)
	for i := range 9 {
		diagonal.SetDiag(i, float64(i+1))
		for j := i; j < 9; j++ {
			symmetric.SetSym(i, j, square.At(i, j))
			upper.SetTri(i, j, square.At(i, j))
		}
		for j := max(0, i-1); j < min(9, i+3); j++ {
			banded.SetBand(i, j, square.At(i, j)+.1)
		}
	}
	wide := uniform(20, 30, 4)
	vector := mat.NewVecDense(9, nil)
	vector.CopyVec(square.ColView(0))
	vector.SetVec(0, 1)
	for name, x := range map[string]mat.Matrix{
		"Transpose": mat.Transpose{Matrix: square}, "Slice": wide.Slice(3, 12, 5, 14), "SymDense": symmetric, "DiagDense": diagonal,
		"TriDense": upper, "BandDense": banded, "VecDense": vector, "row vector": vector.T(), "column of Dense": wide.ColView(2),
		"embedded Dense": foreign{square}, "At only": onlyAt{square}, "lists nonzeros": lister{onlyAt{square}},
		"CSR": mustCSR(t, square), "CSR.T()": mustCSR(t, square).T(), "CSR.T().T()": mustCSR(t, square).T().T(),
		"Transpose of Transpose": mat.Transpose{Matrix: mat.Transpose{Matrix: square}},
	} {
		for _, s := range solvers {
			t.Run(name+" "+s.name, func(t *testing.T) {
				cfg := nmf.Config{Components: 2, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: 8}
				got, want := mustFit(t, x, cfg), mustFit(t, mat.DenseCopyOf(x), cfg)
				if !closeTo(product(got), product(want), 1e-9) || math.Abs(got.Err-want.Err) > 1e-7*(1+want.Err) {
					t.Errorf("%v, want %v", got, want)
				}
			})
		}
	}
}

func TestExtremeMatrices(t *testing.T) {
	fill := func(rows, cols int, v float64) *mat.Dense {
		x := mat.NewDense(rows, cols, nil)
		x.Apply(func(i, j int, _ float64) float64 { return v * float64(1+(i+j)%3) }, x)
		return x
	}
	for name, x := range map[string]*mat.Dense{
		"1 x 1": fill(1, 1, 3), "1 x 1 zero": fill(1, 1, 0), "zeros": fill(7, 5, 0), "one row": fill(1, 9, 1), "one column": fill(9, 1, 1),
		"large": fill(7, 5, 1e40), "small": fill(7, 5, 1e-150), "denormal": fill(7, 5, 5e-324), "constant": fill(7, 5, 1),
		"mixed": with(fill(7, 5, 1e-100), 2, 2, 1e40),
	} {
		for _, s := range solvers {
			for _, init := range []nmf.Init{nmf.InitAuto, nmf.InitRandom} {
				for _, k := range []int{1, 3} {
					t.Run(fmt.Sprint(name, s.name, init, k), func(t *testing.T) {
						m := mustFit(t, x, nmf.Config{Components: k, Init: init, Solver: s.solver, Loss: s.loss, MaxIter: 30})
						checkFactors(t, m)
						checkMatrix(t, "W by Transform", mustTransform(t, m, x))
						csr := mustFit(t, mustCSR(t, x), nmf.Config{Components: k, Init: init, Solver: s.solver, Loss: s.loss, MaxIter: 30})
						checkFactors(t, csr)
					})
				}
			}
		}
	}
}

func TestTheLargestMatricesOfTheFrobeniusLoss(t *testing.T) {
	x := uniform(7, 5, 1)
	x.Scale(1e153, x)
	for _, s := range []nmf.Solver{nmf.CD{}, nmf.MU{}} {
		m := mustFit(t, x, nmf.Config{Components: 2, Init: nmf.InitRandom, Solver: s, MaxIter: 50})
		checkFactors(t, m)
		if share := m.Err / mat.Norm(x, 2); share > .5 {
			t.Errorf("%T: %v of X is left", s, share)
		}
	}
}

func TestARowOfZerosFoldsInToZeros(t *testing.T) {
	x := goldenMatrix(t, "holes", 20, 15, 1, false)
	for _, s := range solvers {
		m := mustFit(t, x, nmf.Config{Components: 3, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: 20})
		if w := mustTransform(t, m, mat.NewDense(2, 15, nil)); mat.Max(w) != 0 {
			t.Errorf("%s: %v", s.name, mat.Formatted(w))
		}
	}
}
