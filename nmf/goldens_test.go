package nmf_test

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/sparse"
)

// golden is a fit that scikit-learn made: see testdata/goldens.py.
type golden struct {
	Name       string
	Kind       string
	Rows, Cols int
	Seed       uint32
	Sparse     bool
	Solver     string
	Batches    []int
	Params     struct {
		Components       int     `json:"n_components"`
		Init             string  `json:"init"`
		Seed             uint32  `json:"random_state"`
		AlphaW           float64 `json:"alpha_W"`
		AlphaH           float64 `json:"alpha_H"`
		L1Ratio          float64 `json:"l1_ratio"`
		MaxIter          int     `json:"max_iter"`
		Tol              float64 `json:"tol"`
		Beta             float64 `json:"beta_loss"`
		Shuffle          bool    `json:"shuffle"`
		BatchSize        int     `json:"batch_size"`
		ForgetFactor     float64 `json:"forget_factor"`
		FreshRestarts    bool    `json:"fresh_restarts"`
		MaxNoImprovement *int    `json:"max_no_improvement"`
	}
	W, H         []float64
	Iter         int `json:"n_iter"`
	Err          float64
	Joint, Alone []float64
}

func readGoldens(t *testing.T) []golden {
	t.Helper()
	f, err := os.Open("testdata/goldens.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Cases []golden }
	if err := json.NewDecoder(z).Decode(&all); err != nil {
		t.Fatal(err)
	}
	return all.Cases
}

// goldenMatrix is the twin of matrix in testdata/goldens.py.
func goldenMatrix(t *testing.T, kind string, rows, cols int, seed uint32, compressed bool) mat.Matrix {
	t.Helper()
	rng := nprand.New(seed)
	x := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			v := rng.Float64()
			switch kind {
			case "uniform":
			case "positive":
				v += .1
			case "sparse":
				if v < .25 {
					v *= 16
				} else {
					v = 0
				}
			case "holes":
				if i%7 == 1 || j%5 == 2 {
					v = 0
				}
			case "tiny":
				v *= 1e-9
			default:
				t.Fatalf("no matrix of kind %q", kind)
			}
			x.Set(i, j, v)
		}
	}
	if !compressed {
		return x
	}
	s, err := sparse.FromDense(x)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (g *golden) config(t *testing.T) nmf.Config {
	t.Helper()
	p := g.Params
	init, err := nmf.ParseInit(p.Init)
	if err != nil {
		t.Fatal(err)
	}
	cfg := nmf.Config{
		Components: p.Components, Init: init, Seed: p.Seed, Loss: nmf.Beta(p.Beta),
		AlphaW: p.AlphaW, AlphaH: p.AlphaH, L1Ratio: p.L1Ratio, MaxIter: p.MaxIter, Tol: p.Tol,
	}
	if p.Tol == 0 {
		cfg.Tol = -1
	}
	if init == nmf.InitCustom {
		cfg.W0 = goldenMatrix(t, "uniform", g.Rows, p.Components, 101, false)
		cfg.H0 = goldenMatrix(t, "uniform", p.Components, g.Cols, 102, false)
	}
	switch g.Solver {
	case "cd":
		cfg.Solver = nmf.CD{Shuffle: p.Shuffle}
	case "mu":
		cfg.Solver = nmf.MU{}
	case "minibatch":
		cfg.Solver = nmf.MiniBatch{BatchSize: p.BatchSize, ForgetFactor: p.ForgetFactor, FreshRestarts: p.FreshRestarts}
	default:
		t.Fatalf("no solver %q", g.Solver)
	}
	return cfg
}

func TestNumbersAreScikitLearns(t *testing.T) {
	cases := readGoldens(t)
	if len(cases) < 60 {
		t.Fatalf("%d cases", len(cases))
	}
	for _, g := range cases {
		t.Run(g.Name, func(t *testing.T) {
			x := goldenMatrix(t, g.Kind, g.Rows, g.Cols, g.Seed, g.Sparse)
			var m *nmf.Model
			if g.Batches != nil {
				m = g.fitBlocks(t)
			} else {
				var err error
				if m, err = nmf.Fit(t.Context(), x, g.config(t)); err != nil {
					t.Fatal(err)
				}
				if m.Iter != g.Iter {
					t.Fatalf("%d iterations, want %d", m.Iter, g.Iter)
				}
				near(t, "W", m.W, g.W)
				// Where next to nothing of X is left, scikit-learn's own
				// rounding is all there is in the error.
				if norm := mat.Norm(m.W, 2) * mat.Norm(m.H, 2); math.Abs(m.Err-g.Err) > 1e-9*(g.Err+norm) {
					t.Errorf("error %v, want %v", m.Err, g.Err)
				}
			}
			near(t, "H", m.H, g.H)
			if g.Joint == nil {
				return
			}
			rows := goldenMatrix(t, g.Kind, 6, g.Cols, g.Seed+1000, g.Sparse)
			joint, err := m.TransformJoint(t.Context(), rows)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "TransformJoint", joint, g.Joint)
			alone, err := m.Transform(t.Context(), rows)
			if err != nil {
				t.Fatal(err)
			}
			near(t, "Transform", alone, g.Alone)
		})
	}
}

func (g *golden) fitBlocks(t *testing.T) *nmf.Model {
	t.Helper()
	all := goldenMatrix(t, g.Kind, g.Rows, g.Cols, g.Seed, false).(*mat.Dense)
	var blocks []mat.Matrix
	at := 0
	for _, size := range g.Batches {
		var block mat.Matrix = all.Slice(at, at+size, 0, g.Cols)
		if g.Sparse {
			var err error
			if block, err = sparse.FromDense(block); err != nil {
				t.Fatal(err)
			}
		}
		blocks = append(blocks, block)
		at += size
	}
	m, err := nmf.FitBlocks(t.Context(), blocks, g.config(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// near checks got against the entries of want, to 1e-9 of the largest.
func near(t *testing.T, name string, got *mat.Dense, want []float64) {
	t.Helper()
	rows, cols := got.Dims()
	if rows*cols != len(want) {
		t.Fatalf("%s is %d x %d, want %d entries", name, rows, cols, len(want))
	}
	largest := 0.0
	for _, v := range want {
		largest = max(largest, v)
	}
	worst, at := 0.0, 0
	for p, v := range want {
		if d := math.Abs(got.At(p/cols, p%cols) - v); !(d <= worst) {
			worst, at = d, p
		}
	}
	if !(worst <= 1e-9*largest) {
		t.Errorf("%s[%d,%d] = %v, want %v", name, at/cols, at%cols, got.At(at/cols, at%cols), want[at])
	}
}
