package session

import (
	"slices"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
)

// best returns the shortest of several runs: what else the machine does only makes
// them longer.
func best(runs int, f func()) time.Duration {
	shortest := time.Hour
	for range runs {
		start := time.Now()
		f()
		shortest = min(shortest, time.Since(start))
	}
	return shortest
}

// within holds a time to a limit, and to more on a machine that is busy.
func within(t *testing.T, limit, took time.Duration) {
	t.Helper()
	if took > limit {
		if busy := time.Duration(float64(limit) * kerneltest.Busy()); took > busy {
			t.Errorf("it takes %v, the limit is %v (%v on a machine as busy as this)", took, limit, busy)
		}
	}
}

func TestSpeed(t *testing.T) {
	if testing.Short() {
		t.Skip("measures time, which says little on a busy machine")
	}
	const loop = "s := 0\nfor i := 0; i < 10_000_000; i++ { s += i }\n"
	for _, c := range []struct {
		name, define, src string
		limit             time.Duration
	}{
		{"10M turns at top level", "", loop, 440 * time.Millisecond},
		{"10M turns in a function", "func f() int {\n" + loop + "return s }", "f()", 440 * time.Millisecond},
		{"fib(27)", "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }", "fib(27)", 200 * time.Millisecond},
		{"1M elements of a slice", "a := make([]float64, 1_000_000)", "for i := range a { a[i] += float64(i) }", 100 * time.Millisecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := newScribe(t, nil)
			eval(t, s, 1, c.define)
			within(t, c.limit, best(5, func() { eval(t, s, 2, c.src) }))
		})
	}
}

func TestTrivialCellsAreFast(t *testing.T) {
	s, _ := newScribe(t, nil)
	var times []time.Duration
	for i := range 600 {
		start := time.Now()
		eval(t, s, i+1, "x := 1\nx + 1")
		if i >= 500 {
			times = append(times, time.Since(start))
		}
	}
	slices.Sort(times)
	within(t, 5*time.Millisecond, times[len(times)/2])
}

func TestCompletionIsFast(t *testing.T) {
	b := wellStocked(t)
	for range 200 {
		b.run("filler := func(x int) int { return x }")
	}
	src, pos := at(t, "for _, p := range people {\n\tif p.Age > 3 {\n\t\tfmt.Println(p.‸")
	within(t, 50*time.Millisecond, best(5, func() { b.Complete(src, pos) }))
	within(t, 50*time.Millisecond, best(5, func() { b.Inspect(src, pos) }))
}
