package nmf_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

func blocksOf(x *mat.Dense, size int) []mat.Matrix {
	rows, cols := x.Dims()
	var out []mat.Matrix
	for at := 0; at < rows; at += size {
		out = append(out, x.Slice(at, min(at+size, rows), 0, cols))
	}
	return out
}

func TestBlocksGiveWhatAFitsOnePassGives(t *testing.T) {
	x := uniform(60, 12, 7)
	for _, loss := range []nmf.Loss{nmf.Frobenius, nmf.KullbackLeibler} {
		// With nothing forgotten, rho does not depend on the number of rows.
		cfg := nmf.Config{
			Components: 4, Init: nmf.InitCustom, W0: uniform(60, 4, 1), H0: uniform(4, 12, 2), Loss: loss, MaxIter: 1, Tol: -1,
			Solver: nmf.MiniBatch{BatchSize: 16, ForgetFactor: 1, FreshRestarts: true},
		}
		want := mustFit(t, x, cfg)
		cfg.W0 = nil // of no use to blocks
		got, err := nmf.FitBlocks(t.Context(), blocksOf(x, 16), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if !mat.Equal(got.H, want.H) {
			t.Errorf("%v: H of blocks\n%v\nof a fit\n%v", loss, mat.Formatted(got.H), mat.Formatted(want.H))
		}
		if got.Iter != 4 || len(got.History) != 4 || got.Stop != nmf.NotStopped {
			t.Errorf("%v: %d blocks, %d errors, %v", loss, got.Iter, len(got.History), got.Stop)
		}
	}
}

func TestOnlineGoesOnFromItsModel(t *testing.T) {
	x := uniform(60, 12, 7)
	blocks := blocksOf(x, 12)
	cfg := nmf.Config{Components: 3, Init: nmf.InitRandom}
	want, err := nmf.FitBlocks(t.Context(), blocks, cfg)
	if err != nil {
		t.Fatal(err)
	}
	half, err := nmf.FitBlocks(t.Context(), blocks[:2], cfg)
	if err != nil {
		t.Fatal(err)
	}
	o, err := half.Online()
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range blocks[2:] {
		if err := o.Partial(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	if got := o.Model(); !sameBits(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	// A model of another solver is a start, too.
	m := mustFit(t, x, nmf.Config{Components: 3})
	if o, err = m.Online(); err != nil {
		t.Fatal(err)
	}
	if err := o.Partial(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	checkFactors(t, o.Model())
}

// How much is forgotten depends on the rows of the first block, whatever the
// sizes of those after it, and by whatever way the fit goes on.
func TestOnlineGoesOnAfterBlocksOfAnySize(t *testing.T) {
	x := uniform(45, 4, 7)
	cfg := nmf.Config{Components: 2, Init: nmf.InitRandom, Solver: nmf.MiniBatch{BatchSize: 10}}
	ways := map[string]func(o *nmf.Online) (*nmf.Online, error){
		"living on": func(o *nmf.Online) (*nmf.Online, error) { return o, nil },
		"by models": func(o *nmf.Online) (*nmf.Online, error) { return o.Model().Online() },
		"by files": func(o *nmf.Online) (*nmf.Online, error) {
			var file bytes.Buffer
			if err := o.Model().Save(&file); err != nil {
				return nil, err
			}
			m, err := nmf.Load(&file)
			if err != nil {
				return nil, err
			}
			return m.Online()
		},
	}
	models := map[string]*nmf.Model{}
	for name, next := range ways {
		o, err := nmf.NewOnline(cfg, 4)
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for _, rows := range []int{20, 5, 20} {
			if err := o.Partial(t.Context(), x.Slice(at, at+rows, 0, 4)); err != nil {
				t.Fatal(err)
			}
			at += rows
			if o, err = next(o); err != nil {
				t.Fatal(err)
			}
		}
		models[name] = o.Model()
	}
	for name, m := range models {
		if want := models["living on"]; !sameBits(m, want) {
			t.Errorf("%s H is\n%v\nwant\n%v", name, mat.Formatted(m.H), mat.Formatted(want.H))
		}
	}
}

func TestOnlineIsAsBeforeAfterAnError(t *testing.T) {
	x := uniform(40, 6, 7)
	o, err := nmf.NewOnline(nmf.Config{Components: 2, Init: nmf.InitRandom}, 6)
	if err != nil {
		t.Fatal(err)
	}
	if m := o.Model(); m != nil {
		t.Errorf("a model before the first block: %v", m)
	}
	if err := o.Partial(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	want := o.Model()
	cancelled, cancel := context.WithCancelCause(t.Context())
	cancel(errEnough)
	bad := mat.NewDense(2, 6, nil)
	bad.Set(1, 3, -1)
	for name, c := range map[string]struct {
		ctx   context.Context
		block mat.Matrix
		is    error
		text  string
	}{
		"cancelled": {cancelled, x, errEnough, "nmf: online fit stopped after 1 blocks: enough"},
		"columns":   {t.Context(), uniform(4, 5, 1), nmf.ErrShape, "nmf: the block has 5 columns, but the fit is of 6"},
		"negative":  {t.Context(), bad, nmf.ErrNegative, "nmf: X[1,3] = -1: negative"},
	} {
		err := o.Partial(c.ctx, c.block)
		if !errors.Is(err, c.is) || err.Error() != c.text {
			t.Errorf("%s: %v, want %s", name, err, c.text)
		}
		if got := o.Model(); !sameBits(got, want) {
			t.Errorf("%s: the fit has changed", name)
		}
	}
}

func TestFitStreamReturnsWhatItHasWithAnError(t *testing.T) {
	x := uniform(40, 6, 7)
	stream := func(yield func(mat.Matrix, error) bool) {
		for _, b := range blocksOf(x, 20) {
			if !yield(b, nil) {
				return
			}
		}
		yield(nil, errEnough)
	}
	m, err := nmf.FitStream(t.Context(), stream, nmf.Config{Components: 2})
	if !errors.Is(err, errEnough) || err.Error() != "block 2: nmf: reading the stream: enough" {
		t.Errorf("error %v", err)
	}
	if m == nil || m.Iter != 2 {
		t.Errorf("model %v, want that of two blocks", m)
	}
	if m, err := nmf.FitBlocks(t.Context(), nil, nmf.Config{Components: 2}); m != nil || !errors.Is(err, nmf.ErrShape) {
		t.Errorf("no block: %v, %v", m, err)
	}
	if m, err := nmf.FitBlocks(t.Context(), []mat.Matrix{nil}, nmf.Config{Components: 2}); m != nil || !errors.Is(err, nmf.ErrShape) {
		t.Errorf("a nil block: %v, %v", m, err)
	}
	if m, err := nmf.FitBlocks(t.Context(), blocksOf(x, 20), nmf.Config{Components: 2, Solver: nmf.CD{}}); m != nil || !errors.Is(err, nmf.ErrConfig) {
		t.Errorf("coordinate descent: %v, %v", m, err)
	}
}

// A stream takes the memory of a block and of H, not of X.
func TestStreamTakesTheMemoryOfABlock(t *testing.T) {
	if testing.Short() {
		t.Skip("streams 200 MB")
	}
	const blockRows, cols, blocks = 500, 200, 256
	data := uniform(blockRows, cols, 3)
	var most uint64
	stream := func(yield func(mat.Matrix, error) bool) {
		for range blocks {
			if !yield(mat.DenseCopyOf(data), nil) {
				return
			}
			var s runtime.MemStats
			runtime.ReadMemStats(&s)
			most = max(most, s.HeapAlloc)
		}
	}
	m, err := nmf.FitStream(t.Context(), stream, nmf.Config{Components: 5, Init: nmf.InitRandom})
	if err != nil {
		t.Fatal(err)
	}
	if m.Iter != blocks {
		t.Errorf("%d blocks, want %d", m.Iter, blocks)
	}
	const size = blockRows * cols * 8
	if most > 60*size {
		t.Errorf("%d bytes in use, of a block %d and of the stream %d", most, size, blocks*size)
	}
}

func TestNewOnlineNamesWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		name string
		cfg  nmf.Config
		cols int
		is   error
		text string
	}{
		{"solver", nmf.Config{Components: 2, Solver: nmf.MU{}}, 5, nmf.ErrConfig, "nmf: Config.Solver mu does not fit blocks: use MiniBatch{} or nil"},
		{"columns", nmf.Config{Components: 2}, 0, nmf.ErrShape, "nmf: an online fit needs a column, got 0"},
		{"no H0", nmf.Config{Components: 2, Init: nmf.InitCustom}, 5, nmf.ErrConfig, "nmf: Config.H0 is nil: InitCustom needs it"},
		{"shape of H0", nmf.Config{Components: 2, Init: nmf.InitCustom, H0: uniform(3, 5, 1)}, 5, nmf.ErrShape, "nmf: Config.H0 is 3 x 5, want 2 x 5"},
	} {
		if o, err := nmf.NewOnline(c.cfg, c.cols); o != nil || !errors.Is(err, c.is) || err.Error() != c.text {
			t.Errorf("%s: %v, %v, want %s", c.name, o, err, c.text)
		}
	}
	// What depends on a block is said when it comes.
	for _, c := range []struct {
		name string
		cfg  nmf.Config
		text string
	}{
		{"components", nmf.Config{}, "nmf: Config.Components is 0: it must be at least 1"},
		{"nndsvd", nmf.Config{Components: 4, Init: nmf.InitNNDSVD}, "nmf: Config.Init nndsvd needs Components <= min(n, m), got 4 for a 3 x 5 matrix: use InitRandom"},
		{"mask", nmf.Config{Components: 2, Mask: uniform(3, 5, 1)}, "nmf: Config.Solver MiniBatch takes no Mask, Weights or Unobserved: use CD{} or MU{}"},
		{"zeros", nmf.Config{Components: 2, Loss: nmf.ItakuraSaito}, "nmf: X[0,0] = 0: a loss with beta <= 0 needs positive entries: add a small number to X, or use a larger beta"},
	} {
		o, err := nmf.NewOnline(c.cfg, 5)
		if err != nil {
			t.Fatal(err)
		}
		if err := o.Partial(t.Context(), with(uniform(3, 5, 2), 0, 0, 0)); !errors.Is(err, nmf.ErrConfig) || err.Error() != c.text {
			t.Errorf("%s: %v, want %s", c.name, err, c.text)
		}
	}
}

func TestOnlineTellsItsProgress(t *testing.T) {
	x := uniform(40, 6, 7)
	var steps []nmf.Step
	m, err := nmf.FitBlocks(t.Context(), blocksOf(x, 10), nmf.Config{
		Components: 2, Init: nmf.InitRandom, Progress: func(s nmf.Step) { steps = append(steps, s) },
	})
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range steps {
		if s.Iter != i+1 || s.Err != m.History[i].Err || !(s.Change > 0) {
			t.Errorf("%+v", s)
		}
	}
	if len(steps) != 4 {
		t.Errorf("%d steps", len(steps))
	}
}
