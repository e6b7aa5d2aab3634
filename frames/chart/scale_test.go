package chart

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestLinearTicks(t *testing.T) {
	for _, tc := range []struct {
		name   string
		lo, hi float64
		n      int
		whole  bool
		want   []string
	}{
		{"hundreds", 0, 612, 5, false, []string{"0", "200", "400", "600"}},
		{"halves", 0, 1.06, 3, false, []string{"0", "0.5", "1.0"}},
		{"across zero", -3, 4, 4, false, []string{"−2", "0", "2", "4"}},
		{"whole", 1, 3, 8, true, []string{"1", "2", "3"}},
		{"thousands", 0, 12_345_678, 3, false, []string{"0", "5,000,000", "10,000,000"}},
		{"tiny", 0, 3e-7, 3, false, []string{"0", "1e−7", "2e−7", "3e−7"}},
		{"equal", 7, 7, 5, false, []string{"7"}},
		{"equal but for rounding", 1, math.Nextafter(1, 2), 5, false, []string{"1"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := numbers(linearTicks(tc.lo, tc.hi, tc.n, tc.whole)); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestLogTicks(t *testing.T) {
	for _, tc := range []struct {
		name   string
		lo, hi float64
		n      int
		want   []string
	}{
		{"1 2 5", 1, 670, 9, []string{"1", "2", "5", "10", "20", "50", "100", "200", "500"}},
		{"powers", 1, 12_000, 6, []string{"1", "10", "100", "1,000", "10,000"}},
		{"below one", 0.001, 1, 5, []string{"0.001", "0.01", "0.1", "1"}},
		{"every third power", 1e-12, 1, 5, []string{"1e−12", "1e−9", "1e−6", "0.001", "1"}},
		{"less than a decade", 210, 640, 5, []string{"300", "400", "500", "600"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := numbers(logTicks(tc.lo, tc.hi, tc.n)); !slices.Equal(got, tc.want) {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestTicksStayOnTheirAxis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := rapid.Float64Range(-huge, huge).Draw(t, "a")
		b := rapid.Float64Range(-huge, huge).Draw(t, "b")
		n := rapid.IntRange(1, 20).Draw(t, "n")
		lo, hi := min(a, b), max(a, b)
		axes := map[string][]float64{"linear": linearTicks(lo, hi, n, false)}
		if lo > 0 && !same(lo, hi) {
			axes["log"] = logTicks(lo, hi, n)
		}
		if hi > 0 && !same(0, hi) {
			axes["root"] = rootTicks(0, hi, n)
			lo = min(lo, 0)
		}
		slack := 1e-9 * max(math.Abs(lo), math.Abs(hi))
		for name, ticks := range axes {
			if len(ticks) > 2*n+3 {
				t.Fatalf("%s: %d ticks instead of about %d", name, len(ticks), n)
			}
			for i, v := range ticks {
				if v < lo-slack || v > hi+slack || i > 0 && v <= ticks[i-1] {
					t.Fatalf("%s: tick %g of %v on %g..%g", name, v, ticks, lo, hi)
				}
			}
		}
	})
}

func TestRootTicks(t *testing.T) {
	if got, want := numbers(rootTicks(0, 95, 5)), []string{"0", "5", "20", "50"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 1: "1", -3: "−3", 0.05: "0.05", 153.0279: "153", 12.3456: "12.35", 1234.5: "1,234", 99.999: "100",
		1e6: "1,000,000", 1e9: "1e9", -2.5e12: "−2.5e12", 0.0011599: "0.00116", 153.046: "153", 1e-10: "1e−10",
	} {
		if got := number(v, 0); got != want {
			t.Errorf("number(%v) is %q, want %q", v, got, want)
		}
	}
}

func TestGrow(t *testing.T) {
	for _, tc := range []struct{ lo, hi, wantLo, wantHi float64 }{
		{153, 403, 150, 450}, {0, 0, 0, 1}, {4, 4, 2, 6}, {-2, -2, -3, -1}, {0.12, 0.19, 0.12, 0.2},
	} {
		lo, hi, step := grow(tc.lo, tc.hi, 5)
		if math.Abs(lo-tc.wantLo) > 1e-9 || math.Abs(hi-tc.wantHi) > 1e-9 {
			t.Errorf("%g..%g grows to %g..%g, want %g..%g", tc.lo, tc.hi, lo, hi, tc.wantLo, tc.wantHi)
		}
		if parts := (hi - lo) / step; parts > 7 || math.Abs(parts-math.Round(parts)) > 1e-9 {
			t.Errorf("%g..%g is cut into %g parts", lo, hi, parts)
		}
	}
}
