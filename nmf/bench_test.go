package nmf_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// powerLaw returns a matrix in the shape of a shop's table.
func powerLaw(rows, cols, ones int, seed uint64) *sparse.CSR {
	x, err := sparse.PowerLaw(rows, cols, ones, seed)
	if err != nil {
		panic(err)
	}
	return x
}

func noise(rows, cols int) *mat.Dense {
	rng := rand.New(rand.NewPCG(1, 0))
	d := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			d.Set(i, j, rng.Float64())
		}
	}
	return d
}

// BenchmarkIteration reports the time of one iteration.
func BenchmarkIteration(b *testing.B) {
	large := powerLaw(10_000, 20_000, 1_000_000, 0)
	shop := powerLaw(3_659, 4_334, 223_000, 0)
	dense, small, tall, sounds := noise(2_000, 4_000), noise(1_797, 64), noise(100_000, 20), noise(513, 800)
	for _, c := range []struct {
		name string
		x    mat.Matrix
		cfg  nmf.Config
	}{
		{"CD/sparse 10000x20000/k=50", large, nmf.Config{Components: 50}},
		{"CD/sparse 10000x20000/k=50/float32", large, nmf.Config{Components: 50, Precision: nmf.Float32}},
		{"CD/sparse 3659x4334/k=50", shop, nmf.Config{Components: 50}},
		{"MU KL/sparse 3659x4334/k=50", shop, nmf.Config{Components: 50, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler}},
		{"MU Frobenius/sparse 3659x4334/k=50", shop, nmf.Config{Components: 50, Solver: nmf.MU{}}},
		{"MiniBatch/sparse 3659x4334/k=50", shop, nmf.Config{Components: 50, Solver: nmf.MiniBatch{}}},
		{"CD/dense 2000x4000/k=20", dense, nmf.Config{Components: 20}},
		{"CD/dense 2000x4000/k=100", dense, nmf.Config{Components: 100}},
		{"MU KL/dense 2000x4000/k=20", dense, nmf.Config{Components: 20, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler}},
		{"CD/dense 1797x64/k=10", small, nmf.Config{Components: 10}},
		{"CD/dense 100000x20/k=10", tall, nmf.Config{Components: 10}},
		{"MU Frobenius/dense 1797x64/k=10", small, nmf.Config{Components: 10, Solver: nmf.MU{}}},
		{"MU Frobenius/dense 100000x20/k=10", tall, nmf.Config{Components: 10, Solver: nmf.MU{}}},
		{"MU beta 0.5/dense 513x800/k=8", sounds, nmf.Config{Components: 8, Solver: nmf.MU{}, Loss: nmf.Beta(.5)}},
	} {
		b.Run(c.name, func(b *testing.B) {
			cfg := c.cfg
			cfg.Init, cfg.Tol = nmf.InitRandom, -1
			const few = 3
			// What a fit costs beside its iterations is not what is asked.
			cfg.MaxIter = few
			cfg.Progress = func(s nmf.Step) {
				if s.Iter == few {
					b.ResetTimer()
				}
				if s.Iter == cfg.MaxIter {
					b.StopTimer()
				}
			}
			cfg.MaxIter += b.N
			if _, err := nmf.Fit(b.Context(), c.x, cfg); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkTransform reports the time of a row, as the coverage study needs it.
func BenchmarkTransform(b *testing.B) {
	for _, c := range []struct{ rows, cols, draws int }{{3_659, 4_334, 223_000}, {10_000, 20_000, 1_000_000}} {
		x := powerLaw(c.rows, c.cols, c.draws, 0)
		m, err := nmf.Fit(b.Context(), x, nmf.Config{Components: 50, Init: nmf.InitRandom, MaxIter: 20})
		if err != nil {
			b.Fatal(err)
		}
		m.Config.MaxIter = 500
		b.Run(fmt.Sprintf("sparse %dx%d", c.rows, c.cols), func(b *testing.B) {
			for b.Loop() {
				if _, err := m.Transform(b.Context(), x); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*c.rows), "ns/row")
		})
	}
}

// BenchmarkInit reports the time of an NNDSVDa start.
func BenchmarkInit(b *testing.B) {
	x := powerLaw(3_659, 4_334, 223_000, 0)
	for b.Loop() {
		if _, err := nmf.Fit(b.Context(), x, nmf.Config{Components: 50, MaxIter: 1, Tol: -1}); err != nil {
			b.Fatal(err)
		}
	}
}
