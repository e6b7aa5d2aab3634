package nmf_test

import (
	"fmt"
	"math"
	"testing"

	"gonmf/nmf"
)

func TestIterationsDoNotAllocate(t *testing.T) {
	for _, compressed := range []bool{false, true} {
		x := goldenMatrix(t, "sparse", 60, 40, 2, compressed)
		for _, s := range solvers {
			for _, common := range []float64{0, .1} {
				if common != 0 && (!takesWeights(s.solver) || s.loss != nmf.Frobenius && s.loss != nmf.KullbackLeibler) {
					continue
				}
				for _, precision := range []nmf.Precision{nmf.Float64, nmf.Float32} {
					t.Run(fmt.Sprint(s.name, compressed, common, precision), func(t *testing.T) {
						count := func(iters int) float64 {
							least := math.Inf(1) // now and then the runtime allocates too
							for range 3 {
								least = min(least, testing.AllocsPerRun(1, func() {
									mustFit(t, x, nmf.Config{
										Components: 5, Init: nmf.InitRandom, Solver: s.solver, Loss: s.loss, MaxIter: iters, Tol: 1e-300, Workers: 1,
										Unobserved: common, Precision: precision,
									})
								}))
							}
							return least
						}
						if few, many := count(15), count(75); many > few {
							t.Errorf("%v allocations in 15 iterations, %v in 75", few, many)
						}
					})
				}
			}
		}
	}
}
