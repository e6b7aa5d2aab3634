package nmf_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

func save(t *testing.T, m *nmf.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLoadGivesWhatSaveTook(t *testing.T) {
	m, err := nmf.Fit(t.Context(), sixByTwo, nmf.Config{
		Components: 2, Solver: nmf.CD{Shuffle: true}, Init: nmf.InitRandom, Seed: 7, AlphaW: 1e-3, L1Ratio: .5, MaxIter: 9,
	})
	if err != nil {
		t.Fatal(err)
	}
	raw := save(t, m)
	got, err := nmf.Load(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if !mat.Equal(got.W, m.W) || !mat.Equal(got.H, m.H) {
		t.Error("W or H differ")
	}
	want := m.Config
	want.Workers = 0 // of the machine, not of the model
	if got.Config.String() != want.String() || got.Config.Solver != want.Solver {
		t.Errorf("settings %v, want %v", got.Config, want)
	}
	if got.Iter != m.Iter || got.Err != m.Err || got.Stop != m.Stop || len(got.History) != len(m.History) {
		t.Errorf("got %v, want %v", got, m)
	}
	if !bytes.Equal(save(t, got), raw) {
		t.Error("saving what was loaded gives other bytes")
	}
}

// A fit that was stopped, saved, loaded and resumed ends with the bits of one
// that was never stopped.
func TestResumeAfterLoad(t *testing.T) {
	cfg := nmf.Config{Components: 2, Init: nmf.InitRandom, Solver: nmf.CD{Shuffle: true}, Tol: 1e-6, MaxIter: 500}
	whole, err := nmf.Fit(t.Context(), sixByTwo, cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	stopping := cfg
	stopping.Progress = func(s nmf.Step) {
		if s.Iter == 11 {
			cancel()
		}
	}
	part, err := nmf.Fit(ctx, sixByTwo, stopping)
	if !errors.Is(err, context.Canceled) || part == nil || part.Stop != nmf.Cancelled || part.Iter != 11 {
		t.Fatalf("cancelled fit gave %v and error %v", part, err)
	}
	loaded, err := nmf.Load(bytes.NewReader(save(t, part)))
	if err != nil {
		t.Fatal(err)
	}
	rest, err := loaded.Resume(t.Context(), sixByTwo, 0)
	if err != nil {
		t.Fatal(err)
	}
	if rest.Iter != whole.Iter || !mat.Equal(rest.W, whole.W) || !mat.Equal(rest.H, whole.H) || rest.Err != whole.Err {
		t.Errorf("resumed: %v\nwhole:   %v", rest, whole)
	}
	if !bytes.Equal(save(t, rest), save(t, whole)) {
		t.Error("the resumed model's file differs from the whole one's")
	}
}

func TestLoadReadsNumPysFactors(t *testing.T) {
	f, err := os.Open("internal/npz/testdata/factors.npz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := nmf.Load(f)
	if err != nil {
		t.Fatal(err)
	}
	if !mat.Equal(m.W, mat.NewDense(3, 2, []float64{1, 0, 2, 3, 4, 5})) || !mat.Equal(m.H, mat.NewDense(2, 2, []float64{1, 2, 3, 4})) {
		t.Errorf("W = %v, H = %v", m.W, m.H)
	}
	// X = W H has the W that it was made of.
	var x mat.Dense
	x.Mul(m.W, m.H)
	m.Config.Tol, m.Config.MaxIter = 1e-14, 10000
	w, err := m.Transform(t.Context(), &x)
	if err != nil || !mat.EqualApprox(w, m.W, 1e-9) {
		t.Errorf("Transform = %v, %v", w, err)
	}
}

func TestLoadRefuses(t *testing.T) {
	m, err := nmf.Fit(t.Context(), sixByTwo, nmf.Config{Components: 2, Init: nmf.InitRandom})
	if err != nil {
		t.Fatal(err)
	}
	whole := save(t, m)
	for name, raw := range map[string][]byte{
		"empty":             nil,
		"truncated":         whole[:len(whole)-100],
		"other settings":    bytes.ReplaceAll(whole, []byte("o\x00\x00\x00n\x00\x00\x00m\x00\x00\x00f"), []byte("o\x00\x00\x00n\x00\x00\x00m\x00\x00\x00g")),
		"not an npz at all": []byte("W,H\n"),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := nmf.Load(bytes.NewReader(raw)); !errors.Is(err, nmf.ErrFormat) {
				t.Errorf("error %v, want one that wraps ErrFormat", err)
			}
		})
	}
}

func FuzzLoad(f *testing.F) {
	m, err := nmf.Fit(context.Background(), sixByTwo, nmf.Config{Components: 2, Init: nmf.InitRandom})
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := nmf.Load(bytes.NewReader(raw))
		if err == nil && m.Components() < 1 {
			t.Error("a model without components")
		}
	})
}
