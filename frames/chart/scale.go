package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// A scale maps values lo..hi to page coordinates from..to: linearly, by their
// logarithm, or by the square root of what they are above lo. Equal lo and hi
// map to the middle.
type scale struct {
	lo, hi    float64
	from, to  float64
	log, root bool
}

func (s scale) at(v float64) float64 {
	lo, hi := s.lo, s.hi
	switch {
	case s.log:
		v, lo, hi = math.Log10(v), math.Log10(lo), math.Log10(hi)
	case s.root:
		v, lo, hi = math.Sqrt(max(v-lo, 0)), 0, math.Sqrt(hi-lo)
	}
	if same(lo, hi) {
		return (s.from + s.to) / 2
	}
	return s.from + (v-lo)/(hi-lo)*(s.to-s.from)
}

// niceStep returns the smallest of 1, 2, 5 times a power of ten that cuts
// span into at most n parts.
func niceStep(span float64, n int) float64 {
	p := math.Pow(10, math.Floor(math.Log10(span/float64(n))))
	for _, f := range []float64{1, 2, 5} {
		if span <= f*p*float64(n)*(1+1e-9) {
			return f * p
		}
	}
	return 10 * p
}

// same reports whether no axis can tell lo from hi.
func same(lo, hi float64) bool {
	return hi-lo < max(1e-305, 1e-11*max(math.Abs(lo), math.Abs(hi)))
}

// linearTicks returns at most about n round values inside lo..hi; whole keeps
// them to whole numbers.
func linearTicks(lo, hi float64, n int, whole bool) []float64 {
	if same(lo, hi) {
		return []float64{lo}
	}
	step := niceStep(hi-lo, max(n, 1))
	if whole {
		step = max(step, 1)
	}
	return multiples(lo, hi, step)
}

// multiples returns the multiples of step inside lo..hi.
func multiples(lo, hi, step float64) []float64 {
	var ticks []float64
	for i := math.Ceil(lo/step - 1e-9); i*step <= hi+1e-9*step; i++ {
		ticks = append(ticks, i*step)
	}
	return ticks
}

// grow returns lo..hi extended to multiples of a round step, at most about n
// steps, and the step.
func grow(lo, hi float64, n int) (from, to, step float64) {
	if same(lo, hi) {
		pad := math.Abs(lo) / 2
		if pad == 0 {
			pad = 1
		}
		if lo >= 0 { // what is never negative keeps its zero
			lo, hi = max(0, lo-pad), hi+pad
		} else {
			lo, hi = lo-pad, hi+pad
		}
	}
	step = niceStep(hi-lo, n)
	return math.Floor(lo/step+1e-9) * step, math.Ceil(hi/step-1e-9) * step, step
}

// logTicks returns at most about n values among 1, 2, 5 times powers of ten
// inside lo..hi: all of them where they fit, else the powers, else every
// second, third, ... power. Less than one decade is cut linearly.
func logTicks(lo, hi float64, n int) []float64 {
	n = max(n, 2)
	if hi/lo < 8 {
		return linearTicks(lo, hi, n, false)
	}
	first, last := math.Floor(math.Log10(lo)+1e-9), math.Ceil(math.Log10(hi)-1e-9)
	inside := func(v float64) bool { return v >= lo*(1-1e-9) && v <= hi*(1+1e-9) }
	for _, steps := range [][]float64{{1, 2, 5}, {1}} {
		var ticks []float64
		for e := first; e <= last; e++ {
			for _, f := range steps {
				if v := f * math.Pow(10, e); inside(v) {
					ticks = append(ticks, v)
				}
			}
		}
		if len(ticks) <= n {
			return ticks
		}
	}
	every := math.Ceil((last - first) / float64(n))
	var ticks []float64
	for e := math.Ceil(first/every) * every; e <= last; e += every {
		if v := math.Pow(10, e); inside(v) {
			ticks = append(ticks, v)
		}
	}
	return ticks
}

// rootTicks returns lo and, from hi down, the 1, 2, 5 times powers of ten that
// are at least an n-th of the axis apart on a root scale.
func rootTicks(lo, hi float64, n int) []float64 {
	s := scale{lo: lo, hi: hi, to: float64(n), root: true}
	var ticks []float64
	last := math.Inf(1)
	for e := math.Floor(math.Log10(hi)); last > 1; e-- {
		for _, f := range []float64{5, 2, 1} {
			v := f * math.Pow(10, e)
			if at := s.at(v); v > lo && v <= hi && at <= last-1 && at >= 1 {
				ticks, last = append(ticks, v), at
			}
		}
		if s.at(math.Pow(10, e)) < 1 {
			break
		}
	}
	slices.Reverse(ticks)
	return append([]float64{lo}, ticks...)
}

// number writes v for a reader: 1,000, 0.05, −3; powers of ten only beyond
// what one can count. step, if not 0, is the distance to the next tick and
// says how many decimals are told apart.
func number(v, step float64) string {
	if v == 0 {
		return "0"
	}
	abs := math.Abs(v)
	if abs >= 1e9 || abs < 1e-4 {
		return minus(exponents.Replace(strconv.FormatFloat(v, 'g', 4, 64)))
	}
	decimals := 0
	if step > 0 {
		decimals = int(max(0, math.Ceil(-math.Log10(step)-1e-9)))
	} else { // four digits
		decimals = int(max(0, 3-math.Floor(math.Log10(abs))))
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if step == 0 && strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return minus(thousands(s))
}

// count writes a whole number.
func count(n int) string { return number(float64(n), 1) }

// plural writes how many things there are.
func plural(n int, thing string) string {
	switch {
	case n == 1:
		return "1 " + thing
	case strings.HasSuffix(thing, "s"):
		return count(n) + " " + thing + "es"
	}
	return count(n) + " " + thing + "s"
}

// exponents shortens what strconv writes: 1e+09 to 1e9.
var exponents = strings.NewReplacer("e+0", "e", "e+", "e", "e-0", "e−", "e-", "e−")

// numbers writes ticks alike: with the decimals that the closest two need.
func numbers(ticks []float64) []string {
	step := 0.0
	even := true
	for i := 1; i < len(ticks); i++ {
		d := ticks[i] - ticks[i-1]
		even = even && (i == 1 || math.Abs(d-step) < 1e-6*d)
		step = d
	}
	if !even { // of a log axis: each as short as it can be
		step = 0
	}
	out := make([]string, len(ticks))
	for i, v := range ticks {
		out[i] = number(v, step)
	}
	return out
}

// thousands puts commas into the whole part of a decimal number.
func thousands(s string) string {
	whole, frac, _ := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if frac != "" {
		whole += "." + frac
	}
	return sign + whole
}

// minus writes a leading hyphen as the minus sign that it is.
func minus(s string) string {
	if strings.HasPrefix(s, "-") {
		return "−" + s[1:]
	}
	return s
}
