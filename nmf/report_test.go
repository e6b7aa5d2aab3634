package nmf_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// awkward is a matrix with empty rows, a stored zero and a place named twice.
func awkward(t *testing.T) *sparse.CSR {
	t.Helper()
	x, err := sparse.FromTriplets(5, 4, []int{1, 1, 3, 3, 3, 0}, []int{2, 2, 0, 3, 1, 1}, []float64{1, .1, 3e-300, 0, 7, 2})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestHashDataLooksAtEntriesAlone(t *testing.T) {
	x := awkward(t)
	d, err := x.ToDense()
	if err != nil {
		t.Fatal(err)
	}
	want, err := nmf.HashData(x)
	if err != nil || want.Rows != 5 || want.Cols != 4 || want.NonZero != 4 {
		t.Fatalf("%+v, %v", want, err)
	}
	for name, same := range map[string]mat.Matrix{"dense": d, "transposed twice": mat.Transpose{Matrix: x.Transpose()}, "view": mat.DenseCopyOf(d).Slice(0, 5, 0, 4)} {
		if got, err := nmf.HashData(same); err != nil || got != want {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, want)
		}
	}
	d.Set(4, 3, 1e-9)
	if got, _ := nmf.HashData(d); got.SHA256 == want.SHA256 {
		t.Error("another entry gives the same hash")
	}
	if _, err := nmf.HashData(nil); !errors.Is(err, nmf.ErrShape) {
		t.Errorf("nil: %v", err)
	}
}

// saved returns the model as it comes back from a file.
func saved(t *testing.T, m *nmf.Model) *nmf.Model {
	t.Helper()
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	m, err := nmf.Load(&b)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// results are the outcomes by name.
func results(checks []nmf.Check) map[string]nmf.CheckResult {
	m := map[string]nmf.CheckResult{}
	for _, c := range checks {
		m[c.Name] = c.Result
	}
	return m
}

func TestVerify(t *testing.T) {
	x := powerLaw(120, 80, 1500, 1)
	other, err := x.ToDense()
	if err != nil {
		t.Fatal(err)
	}
	other.Set(3, 3, other.At(3, 3)+1)
	for _, cfg := range []nmf.Config{
		{Components: 4}, {Components: 4, Init: nmf.InitRandom, Seed: 7, Solver: nmf.MU{}, Loss: nmf.KullbackLeibler},
		{Components: 4, Solver: nmf.MiniBatch{}, MaxIter: 10}, {Components: 3, Unobserved: 1, Solver: nmf.CD{}},
		{Components: 3, AlphaW: .01, AlphaH: .02, L1Ratio: .5},
	} {
		t.Run(cfg.String(), func(t *testing.T) {
			m, err := nmf.Fit(t.Context(), x, cfg)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.AddReport(x, nil); err != nil {
				t.Fatal(err)
			}
			m = saved(t, m)
			checks, err := m.Verify(x)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range checks {
				if c.Result != nmf.CheckSame {
					t.Errorf("%v", c)
				}
			}
			if c, err := m.Refit(t.Context(), x); err != nil || c.Result != nmf.CheckSame || !strings.Contains(c.Detail, "to the last bit") {
				t.Errorf("%v, %v", c, err)
			}
			checks, err = m.Verify(other)
			if got := results(checks); err != nil || got["data"] != nmf.CheckDiffers || got["error"] != nmf.CheckDiffers {
				t.Errorf("with another entry: %v, %v", checks, err)
			}
			m.W.Set(0, 0, m.W.At(0, 0)+.5)
			checks, err = m.Verify(x)
			if got := results(checks); err != nil || got["data"] != nmf.CheckSame || got["error"] != nmf.CheckDiffers {
				t.Errorf("with another W: %v, %v", checks, err)
			}
			if c, err := m.Refit(t.Context(), x); err != nil || c.Result != nmf.CheckDiffers {
				t.Errorf("with another W: %v, %v", c, err)
			}
		})
	}
}

func TestVerifyWhatCannotBeTold(t *testing.T) {
	x := powerLaw(60, 40, 500, 1)
	fit := func(cfg nmf.Config) *nmf.Model {
		t.Helper()
		m, err := nmf.Fit(t.Context(), x, cfg)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	t.Run("no report", func(t *testing.T) {
		checks, err := saved(t, fit(nmf.Config{Components: 2})).Verify(x)
		if got := results(checks); err != nil || got["data"] != nmf.CheckUnknown || got["error"] != nmf.CheckSame || got["program"] != nmf.CheckUnknown {
			t.Errorf("%v, %v", checks, err)
		}
	})
	t.Run("mask", func(t *testing.T) {
		m := fit(nmf.Config{Components: 2, Mask: x})
		checks, err := saved(t, m).Verify(x)
		if got := results(checks); err != nil || got["error"] != nmf.CheckUnknown {
			t.Errorf("%v, %v", checks, err)
		}
		if c, err := saved(t, m).Refit(t.Context(), x); err != nil || c.Result != nmf.CheckUnknown || !strings.Contains(c.Detail, "mask") {
			t.Errorf("%v, %v", c, err)
		}
	})
	t.Run("custom start", func(t *testing.T) {
		random := fit(nmf.Config{Components: 2, MaxIter: 1})
		m := saved(t, fit(nmf.Config{Components: 2, Init: nmf.InitCustom, W0: random.W, H0: random.H}))
		if c, err := m.Refit(t.Context(), x); err != nil || c.Result != nmf.CheckUnknown {
			t.Errorf("%v, %v", c, err)
		}
	})
	t.Run("stopped", func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cfg := nmf.Config{Components: 3, Tol: -1, Progress: func(s nmf.Step) {
			if s.Iter == 5 {
				stop()
			}
		}}
		m, err := nmf.Fit(ctx, x, cfg)
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if c, err := saved(t, m).Refit(t.Context(), x); err != nil || c.Result != nmf.CheckSame {
			t.Errorf("%v, %v", c, err)
		}
	})
	t.Run("another size", func(t *testing.T) {
		m := fit(nmf.Config{Components: 2})
		if err := m.AddReport(x.Transpose(), nil); !errors.Is(err, nmf.ErrShape) {
			t.Errorf("AddReport: %v", err)
		}
		if err := m.AddReport(x, nil); err != nil {
			t.Fatal(err)
		}
		checks, err := m.Verify(x.Transpose())
		if got := results(checks); err != nil || got["data"] != nmf.CheckDiffers || got["error"] != nmf.CheckDiffers {
			t.Errorf("%v, %v", checks, err)
		}
	})
	t.Run("another program", func(t *testing.T) {
		m := fit(nmf.Config{Components: 2})
		if err := m.AddReport(x, nil); err != nil {
			t.Fatal(err)
		}
		m.Report.Build.Instructions = "abacus"
		checks, err := m.Verify(x)
		if got := results(checks); err != nil || got["program"] != nmf.CheckUnknown || !strings.Contains(checks[2].String(), "abacus") {
			t.Errorf("%v, %v", checks, err)
		}
	})
	if got := nmf.CheckResult(9).String(); got != "CheckResult(9)" {
		t.Error(got)
	}
}

func TestLoadBadReport(t *testing.T) {
	x := powerLaw(20, 20, 50, 1)
	m, err := nmf.Fit(t.Context(), x, nmf.Config{Components: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.AddReport(x, map[string]string{"note": "kept"}); err != nil {
		t.Fatal(err)
	}
	if got := saved(t, m).Report; got == nil || got.Notes["note"] != "kept" || got.Data != m.Report.Data || got.Build != m.Report.Build {
		t.Errorf("%+v", got)
	}
	text, err := json.Marshal(m.Report)
	if err != nil || !strings.Contains(string(text), `"instructions"`) || !strings.Contains(string(text), `"n_iter"`) {
		t.Errorf("%s, %v", text, err)
	}
	var b bytes.Buffer
	if err := m.Save(&b); err != nil {
		t.Fatal(err)
	}
	if _, err := nmf.Load(bytes.NewReader(bytes.Replace(b.Bytes(), []byte("n\x00\x00\x00_\x00\x00\x00i\x00\x00\x00t"), []byte("n\x00\x00\x00\"\x00\x00\x00i\x00\x00\x00t"), -1))); !errors.Is(err, nmf.ErrFormat) {
		t.Errorf("a damaged report: %v", err)
	}
}
