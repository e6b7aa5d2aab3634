package nmf_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/internal/nmftest"
	"gonmf/nmf/internal/nprand"
	"gonmf/nmf/recommend"
	"gonmf/nmf/sparse"
)

// supportSetting is the twin of setting in testdata/support.py.
func supportSetting(number uint32) (*mat.Dense, nmf.Config) {
	rng := nprand.New(number)
	below := func(n int) int { return int(rng.Float64() * float64(n)) }
	pick := func(values ...float64) float64 { return values[below(len(values))] }
	rows, cols, k := 2+below(23), 2+below(11), 1+below(6)
	scale := pick(1, 10, 100, 1000, 10000)
	cfg := nmf.Config{Components: k, Seed: number}
	cfg.AlphaW, cfg.AlphaH = pick(.001, .01, .1, .3, 1), pick(0, .01, .1, .3, 1)
	cfg.L1Ratio = pick(0, 0, .5, 1)
	cfg.Init = []nmf.Init{nmf.InitRandom, nmf.InitNNDSVD, nmf.InitNNDSVDa}[below(3)]
	if k > min(rows, cols) {
		cfg.Init = nmf.InitRandom
	}
	x := mat.NewDense(rows, cols, nil)
	for i := range rows {
		for j := range cols {
			u := rng.Float64()
			if v := float64(int(6*u*u*u)) * scale; i%5 != 3 {
				x.Set(i, j, v)
			}
		}
	}
	return x, cfg
}

// W and H have zeros in the places in which scikit-learn has them, with the
// instructions that this process uses; see TestEveryInstructionSet.
func TestZerosAreScikitLearns(t *testing.T) {
	f, err := os.Open("testdata/support.json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Cases []struct {
			Number  uint32
			Iter    int `json:"n_iter"`
			Support string
		}
	}
	if err := json.NewDecoder(z).Decode(&all); err != nil {
		t.Fatal(err)
	}
	if len(all.Cases) != 500 {
		t.Fatalf("%d cases", len(all.Cases))
	}
	for _, c := range all.Cases {
		x, cfg := supportSetting(c.Number)
		csr, err := sparse.FromDense(x)
		if err != nil {
			t.Fatal(err)
		}
		ones := mat.NewDense(x.RawMatrix().Rows, x.RawMatrix().Cols, slices.Repeat([]float64{1}, len(x.RawMatrix().Data)))
		weighted := cfg
		weighted.Weights = ones
		for _, way := range []struct {
			name string
			x    mat.Matrix
			cfg  nmf.Config
		}{{"dense", x, cfg}, {"sparse", csr, cfg}, {"weights of 1", x, weighted}} {
			m := mustFit(t, way.x, way.cfg)
			if m.Iter != c.Iter {
				t.Errorf("setting %d, %s: %d iterations, want %d", c.Number, way.name, m.Iter, c.Iter)
			}
			if got := supportOf(m.W) + supportOf(m.H); got != c.Support {
				t.Errorf("setting %d, %s: support of W and H\n%s, want\n%s", c.Number, way.name, got, c.Support)
			}
		}
	}
}

// Where penalties have killed a component it stays dead: rounding that revives
// it leads to another model, of the error 26.9.
func TestADeadComponentStaysDead(t *testing.T) {
	x := mat.NewDense(2, 2, []float64{10000, 10000, 0, 10000})
	for iters, want := range map[int]float64{10: 6215.98, 200: 6180.47} {
		m := mustFit(t, x, nmf.Config{Components: 2, AlphaW: .3, AlphaH: .3, Seed: 255051005, MaxIter: iters, Tol: -1})
		if math.Abs(m.Err-want) > .005 || m.H.At(0, 0) != 0 || m.H.At(0, 1) != 0 {
			t.Errorf("after %d iterations the error is %v, want %v, and row 0 of H %v", iters, m.Err, want, m.H.RawRowView(0))
		}
	}
}

// A row or column of zeros has no weight at all, after however few iterations,
// is like nothing, and recommends nothing.
func TestAbsentItems(t *testing.T) {
	table := func(rows, cols, absent int) *mat.Dense {
		x := uniform(rows, cols, uint32(rows))
		x.Apply(func(i, j int, v float64) float64 {
			if i%absent == 0 || j == 1 {
				return 0
			}
			return float64(int(6 * v * v * v))
		}, x)
		return x
	}
	for _, test := range []struct {
		name   string
		x      *mat.Dense
		cfg    nmf.Config
		absent int // every so manieth row
	}{
		{"rank one", mat.NewDense(3, 3, []float64{0, 0, 0, 2, 0, 4, 1, 0, 2}), nmf.Config{Components: 1}, 3},
		{"many rows", table(400, 80, 4), nmf.Config{Components: 5, MaxIter: 5}, 4},
		{"many rows, many components", table(90, 40, 4), nmf.Config{Components: 13, MaxIter: 5}, 4},
	} {
		for _, solver := range []nmf.Solver{nmf.CD{}, nmf.CD{Shuffle: true}, nmf.AcceleratedCD{}} {
			for _, precision := range []nmf.Precision{nmf.Float64, nmf.Float32} {
				for seed := range uint32(6) {
					cfg := test.cfg
					cfg.Solver, cfg.Precision, cfg.Seed = solver, precision, seed
					if seed > 0 {
						cfg.Init = nmf.InitRandom
					}
					name := fmt.Sprintf("%s, %v", test.name, cfg)
					m := mustFit(t, test.x, cfg)
					for i := 0; i < len(m.W.RawMatrix().Data)/cfg.Components; i += test.absent {
						if norm := mat.Norm(m.W.RowView(i), 2); norm != 0 {
							t.Fatalf("%s: row %d of W is %v", name, i, m.W.RawRowView(i))
						}
					}
					if norm := mat.Norm(m.H.ColView(1), 2); norm != 0 {
						t.Fatalf("%s: column 1 of H has norm %v", name, norm)
					}
					r, err := recommend.NewRecommender(m, test.x)
					if err != nil {
						t.Fatal(err)
					}
					items, err := r.SimilarItems(0, 5)
					users, err2 := r.SimilarUsers(1, 5)
					if err != nil || err2 != nil || len(items)+len(users) > 0 {
						t.Fatalf("%s: the absent are like %v and %v, %v, %v", name, items, users, err, err2)
					}
				}
			}
		}
	}
}

// supportOf has a 1 for each entry that is not zero.
func supportOf(a *mat.Dense) string {
	var b strings.Builder
	rows, cols := a.Dims()
	for i := range rows {
		for j := range cols {
			if a.At(i, j) == 0 {
				b.WriteByte('0')
			} else {
				b.WriteByte('1')
			}
		}
	}
	return b.String()
}

// The numbers are scikit-learn's with every instruction set that the processor
// has, which GONMF_CPU says.
func TestEveryInstructionSet(t *testing.T) {
	best := nmf.ThisBuild().Instructions
	if os.Getenv("GONMF_CPU") != "" {
		t.Skip("GONMF_CPU is set")
	}
	for _, name := range []string{"purego", "avx2", "avx512", "neon"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^(TestZerosAreScikitLearns|TestEverySizeOfEntries|TestOneComponentConverges|TestADeadComponentStaysDead|TestAbsentItems|TestNumbersAreScikitLearns|TestInstructions)$")
			cmd.Env = append(os.Environ(), "GONMF_CPU="+name)
			out, err := cmd.CombinedOutput()
			if bytes.Contains(out, []byte("but this program has on this processor: ")) && name != "purego" && name != best {
				t.Skip("not here")
			}
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// TestInstructions checks that a refused GONMF_CPU is an error of every way to
// start, and another in use.
func TestInstructions(t *testing.T) {
	name := os.Getenv("GONMF_CPU")
	_, err := nmf.Fit(t.Context(), nmftest.NewRows, nmf.Config{Components: 1})
	if err != nil {
		if want := `nmf: GONMF_CPU is "` + name + `", but this program has on this processor: generic`; !errors.Is(err, nmf.ErrConfig) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
		t.Fatal(err)
	}
	if got := nmf.ThisBuild().Instructions; name != "" && got != strings.Replace(name, "purego", "generic", 1) {
		t.Errorf("instructions %s, want %s", got, name)
	}
}
