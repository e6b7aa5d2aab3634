package nmf_test

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// FuzzFit checks that no matrix and no settings end the process, and that a
// fit without an error has finite factors that are not negative.
func FuzzFit(f *testing.F) {
	f.Add([]byte{3, 2, 1, 0, 0, 0, 0}, []byte{1, 2, 3, 4, 5, 6})
	f.Add([]byte{8, 9, 3, 1, 2, 1, 3}, []byte{0, 0, 255, 7})
	f.Add([]byte{1, 1, 200, 4, 3, 2, 1}, []byte{9})
	f.Add([]byte{30, 5, 4, 5, 6, 3, 7}, []byte{1, 0, 200, 3, 0, 0, 0, 0, 0, 0, 240, 127})
	for solver := range solvers {
		for _, v := range []float64{1e150, 1e75, 1e-150, 5e-324, 1e-9} {
			data := binary.LittleEndian.AppendUint64([]byte{99, 70, 3, 255}, math.Float64bits(v))
			for _, init := range []byte{0, 1} {
				f.Add([]byte{9, 7, 3, byte(solver), init, 24, 0}, data)
				f.Add([]byte{9, 7, 3, byte(solver), init, 23, 6}, data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, settings, data []byte) {
		if len(settings) < 7 || len(data) == 0 {
			return
		}
		rows, cols, k := int(settings[0]%40), int(settings[1]%40), int(settings[2])%12
		if rows == 0 || cols == 0 {
			return
		}
		// Small numbers mostly, and any float64 where eight bytes are left.
		at := 0
		draw := func() float64 {
			b := data[at%len(data)]
			at++
			if b == 255 && len(data) >= at+8 {
				v := math.Float64frombits(binary.LittleEndian.Uint64(data[at:]))
				at += 8
				return v
			}
			if b < 60 {
				return 0
			}
			return float64(b) / 16
		}
		x := mat.NewDense(rows, cols, nil)
		x.Apply(func(int, int, float64) float64 { return draw() }, x)
		s := solvers[int(settings[3])%len(solvers)]
		cfg := nmf.Config{
			Components: k, Init: inits[int(settings[4])%len(inits)], Solver: s.solver, Loss: s.loss, MaxIter: 1 + int(settings[5])%25,
			AlphaW: float64(settings[5]%3) / 10, AlphaH: float64(settings[5]%5) / 10, L1Ratio: float64(settings[5]%4) / 3, Seed: uint32(settings[5]), Workers: 1,
		}
		if settings[6]&1 != 0 {
			cfg.Mask = x
		}
		if settings[6]&2 != 0 {
			cfg.Unobserved = .1
		}
		var given mat.Matrix = x
		if csr, err := sparse.FromDense(x); err == nil && settings[6]&4 != 0 {
			given = csr
		}
		m, err := nmf.Fit(t.Context(), given, cfg)
		if err != nil {
			return
		}
		checkMatrix(t, "W", m.W)
		checkMatrix(t, "H", m.H)
		if math.IsNaN(m.Err) {
			t.Fatalf("error %v", m.Err)
		}
		if cfg.Mask == nil {
			w, err := m.Transform(t.Context(), given)
			if errors.Is(err, nmf.ErrNotFinite) {
				return // the fit was of a multiple
			}
			if err != nil {
				t.Fatal(err)
			}
			checkMatrix(t, "W by Transform", w)
		}
	})
}
