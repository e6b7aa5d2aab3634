package session

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
)

// unboxedFuncs returns how many functions of a session have been made to run unboxed.
func (b *bench) unboxedFuncs() int {
	b.Session.mu.Lock()
	defer b.Session.mu.Unlock()
	made, _ := b.machine.Unboxed()
	return made
}

func TestUnboxed(t *testing.T) {
	for _, c := range []struct {
		name, src, want string
		taken           int // functions and loops that run unboxed
	}{
		{"loop", "s := 0\nfor i := 0; i < 1000; i++ { s += i }\ns", "=> 499500", 1},
		{"range over int", "s := 0\nfor i := range 10 { s += i * i }\ns", "=> 285", 1},
		{"loop in a function", "func f(n int) int { s := 0; for i := range n { s += i }; return s }\nf(100)", "=> 4950", 1},
		{"recursion", "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }\nfib(20)", "=> 6765", 1},
		{"mutual recursion in a loop", "func even(n int) bool { if n == 0 { return true }; return odd(n - 1) }\nfunc odd(n int) bool { if n == 0 { return false }; return even(n - 1) }\nk := 0\nfor i := range 10 { if even(i) { k++ } }\nk", "=> 5", 1},
		{"swap", "func sw(n int) (int, int) { x, y := 1, 2; for range n { x, y = y, x }; return x, y }\nsw(3)", "=> 2, 1", 1},
		{"rotation of three", "func rot(n int) (a, b, c int) { a, b, c = 1, 2, 3; for range n { a, b, c = b, c, a }; return }\nrot(4)", "=> 2, 3, 1", 1},
		{"nested loops", "func f(n int) (s int) { for i := range n { for j := range i { if (i+j)%3 == 0 { continue }; s += i*j; if s > 1000 { return } } }; return }\nf(50)", "=> 1001", 1},
		{"labels", "n := 0\nouter:\nfor i := 0; i < 5; i++ { for j := 0; j < 5; j++ { if j == 3 { continue outer }; if i == 3 { break outer }; n += 10*i + j } }\nn", "=> 99", 1},
		{"floats", "func newton(x float64) float64 { z := 1.0; for range 20 { z -= (z*z - x) / (2 * z) }; return z }\nnewton(2)", "=> 1.414213562373095", 1},
		{"math", "import \"math\"\ns := 0.0\nfor i := range 5 { s += math.Sqrt(float64(i)) + math.Pow(2, float64(i)) }\ns", "=> 37.146264369941974", 1},
		{"float32", "func f(n int) float32 { var s float32; for i := range n { s += 1 / float32(i+1) }; return s }\nf(10)", "=> 2.9289684", 1},
		{"slices", "func dot(a, b []float64) (s float64) { for i := range a { s += a[i] * b[i] }; return }\ndot([]float64{1, 2, 3}, []float64{4, 5, 6})", "=> 32", 1},
		{"top-level slices", "a := []float64{1, 2, 3}\ns := 0.0\nfor i := range a { a[i] *= 2; s += a[i] }\nfmt.Sprint(a, s)", "=> [2 4 6] 12", 1},
		{"range with value", "a := []int32{1, 2, 3}\nvar s int32\nfor _, v := range a { s += v }\ns", "=> 6", 1},
		{"matrix", "func sum(m [][]float64) (s float64) { for i := range m { for j := range m[i] { s += m[i][j] } }; return }\nsum([][]float64{{1, 2}, {3}, nil})", "=> 6", 1},
		{"bytes", "func count(b []byte, c byte) (n int) { for _, x := range b { if x == c { n++ } }; return }\ncount([]byte(\"banana\"), 'a')", "=> 3", 1},
		{"named types", "type Celsius float64\nfunc f(c Celsius, n int) float64 { for range n { c += 0.5 }; return float64(c) }\nf(1, 4)", "=> 3", 1},
		{"named result stays interpreted", "type Celsius float64\nfunc f(c Celsius, n int) Celsius { for range n { c += 0.5 }; return c }\nfmt.Sprintf(\"%T\", f(1, 4))", "=> main.Celsius", 0},
		{"bool", "func prime(n int) bool { for d := 2; d*d <= n; d++ { if n%d == 0 { return false } }; return n > 1 }\nprime(97) && !prime(91)", "=> true", 1},
		{"min and max", "func f(n int) (lo, hi int) { lo, hi = 100, -100; for i := range n { v := (i*37)%50 - 25; lo, hi = min(lo, v), max(hi, v, 0) }; return }\nf(50)", "=> -25, 24", 1},
		{"wrapping", "func f() (a int8, b uint8, c uint32) { a, b, c = 120, 250, 1<<31; for range 10 { a++; b++; c += 1 << 29 }; return }\nf()", "=> -126, 4, 3221225472", 1},
		{"shifts", "func f(x int32, n uint) (int32, uint64) { var u uint64 = 1; for range n { x = x>>1 | x<<31; u <<= 3 }; return x, u }\nf(5, 30)", "=> -4, 0", 1},
		{"a loop that prints stays interpreted", "for i := range 3 { fmt.Print(i) }", "012", 0},
		{"a closure stays interpreted", "k := 2\nf := func(n int) int { s := 0; for i := range n { s += i * k }; return s }\nf(4)", "=> 12", 1},
		{"updates of variables", "x, y, f, n := 1, 10, 0.5, 0\nfor i := range 4 { x += y; y += x; f += float64(i); n = n + f2(x) }\nfunc f2(k int) int { return k % 7 }\nfmt.Sprint(x, y, f, n)", "=> 223 361 6.5 15", 1},
		{"an update that reads what it changes", "var bump = 0\nfunc g(k int) int { for range 1 { bump += 100 }; return k }\nx := 0\nfor i := range 3 { bump += g(i); x += bump }\nfmt.Sprint(bump, x)", "=> 303 604", 2},
		{"a slice of itself stays interpreted", "type T []T\nfunc f(t T) (n int) { for range t { n++ }; return }\nf(T{nil, T{}})", "=> 2", 0},
		{"variables of an earlier cell", "base := 10", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.want("import \"fmt\"", "")
			b.want(c.src, c.want)
			if got := b.unboxedFuncs(); got != c.taken {
				t.Errorf("%s\n%d functions run unboxed, want %d", c.src, got, c.taken)
			}
		})
	}
}

// Every operation on every type gives unboxed what it gives interpreted.
func TestUnboxedAgreesWithInterpreter(t *testing.T) {
	b := newBench(t)
	b.want("import (\"fmt\"; \"math\")\nvar sink any", "")
	ints := map[string]string{
		"int": "0, 1, -1, 7, math.MaxInt, math.MinInt", "int8": "0, 1, -1, 7, 127, -128", "int16": "0, 1, -1, 7, 32767, -32768",
		"int32": "0, 1, -1, 7, math.MaxInt32, math.MinInt32", "int64": "0, 1, -1, 7, math.MaxInt64, math.MinInt64",
		"uint": "0, 1, 7, math.MaxUint", "uint8": "0, 1, 7, 255", "uint16": "0, 1, 7, 65535",
		"uint32": "0, 1, 7, math.MaxUint32", "uint64": "0, 1, 7, math.MaxUint64", "uintptr": "0, 1, 7, 1<<40",
	}
	floats := map[string]string{
		"float64": "0, 1, -2.5, 1e300, -1e300, math.Inf(1), math.Inf(-1), math.NaN(), math.Copysign(0, -1)",
		"float32": "0, 1, -2.5, 1e30, -1e30, 0.1",
	}
	all := []string{"int8", "uint16", "int", "uint64", "float32", "float64"}
	check := func(t *testing.T, typ, values, expr string) {
		t.Helper()
		src := fmt.Sprintf(`func fast(a, b %[1]s) (r float64) { for range 1 { %[3]s }; return }
func slow(a, b %[1]s) (r float64) { sink = nil; for range 1 { %[3]s }; return }
diff := ""
func catch(f func(a, b %[1]s) float64, a, b %[1]s) (s string) { defer func() { if e := recover(); e != nil { s = fmt.Sprint(e) } }(); return fmt.Sprint(f(a, b)) }
for _, a := range []%[1]s{%[2]s} { for _, b := range []%[1]s{%[2]s} { if x, y := catch(fast, a, b), catch(slow, a, b); x != y { diff += fmt.Sprintln(a, b, "unboxed", x, "interpreted", y) } } }
diff`, typ, values, expr)
		before := b.unboxedFuncs()
		if got := b.run(src); got != "=> " {
			t.Errorf("%s of %s: %s", expr, typ, got)
		}
		if b.unboxedFuncs() == before {
			t.Errorf("%s of %s: nothing ran unboxed", expr, typ)
		}
	}
	compares := "if a < b { r += 1 }; if a <= b { r += 2 }; if a > b { r += 4 }; if a >= b { r += 8 }; if a == b { r += 16 }; if a != b { r += 32 }; x := a < b; if !x { r += 64 }"
	for typ, values := range ints {
		for _, op := range strings.Fields("+ - * / % & | ^ &^") {
			check(t, typ, values, "c := a "+op+" b; r = float64(c % 100)")
		}
		check(t, typ, values, "c := a << (uint(b) % 70); d := a >> (uint(b) % 70); r = float64(c%100) + float64(d%7)")
		check(t, typ, values, "c := a << b; r = float64(c % 100)")
		check(t, typ, values, "c := -a; d := ^b; r = float64(c%100) + float64(d%100)")
		check(t, typ, values, compares)
		check(t, typ, values, "r = float64(min(a, b)%100) + float64(max(a, b)%99)")
		for _, to := range all {
			check(t, typ, values, "c := "+to+"(a); r = float64(c)")
		}
	}
	for typ, values := range floats {
		for _, op := range strings.Fields("+ - * /") {
			check(t, typ, values, "c := a "+op+" b; r = float64(c)")
		}
		check(t, typ, values, "r = float64(-a)")
		check(t, typ, values, compares)
		check(t, typ, values, "r = float64(min(a, b)) - float64(max(a, b))")
		check(t, typ, "0, 1, -2.5, 99.9, 120", "r = float64(int8(a)) + float64(int(b)) + float64(float32(a))")
	}
}

func TestUnboxedErrors(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"index in a loop", "a := []int{1, 2}\ns := 0\nfor i := 0; i < 5; i++ {\n\ts += a[i]\n}", "panic: runtime error: index out of range [2] with length 2\nIn [2], line 4\n    \ts += a[i]"},
		{"index in a function", "func f(a []int) (s int) {\n\tfor i := 0; i < 5; i++ {\n\t\ts += a[i-1]\n\t}\n\treturn\n}\nf(nil)", "panic: runtime error: index out of range [-1]\nIn [2], line 3, in f\n    \t\ts += a[i-1]\nIn [2], line 7\n    f(nil)"},
		{"division", "func f(n int) (s int) {\n\tfor i := range n {\n\t\ts += 10 / i\n\t}\n\treturn\n}\nf(3)", "panic: runtime error: integer divide by zero\nIn [2], line 3, in f\n    \t\ts += 10 / i\nIn [2], line 7\n    f(3)"},
		{"recursion without end", "func f(n int) int { return f(n+1) + 1 }\nf(0)", "panic: runtime error: stack overflow: calls are nested more than 1050000 deep\nIn [2], line 1, in f\n    func f(n int) int { return f(n+1) + 1 }\nIn [2], line 2\n    f(0)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.want("import \"fmt\"", "")
			_, err := b.Eval(t.Context(), 2, c.src)
			if err == nil || err.Error() != c.want {
				t.Errorf("got:\n%v\nwant:\n%s", err, c.want)
			}
			b.want("fmt.Sprint(1)", "=> 1")
		})
	}
}

func TestUnboxedPanicCanBeRecovered(t *testing.T) {
	b := newBench(t)
	b.want("import (\"fmt\"; \"runtime\")\nfunc f(n int) (s int) { for i := range n { s += 1 / i }; return }\nfunc try() (err error) { defer func() { err = recover().(runtime.Error) }(); f(2); return }\nfmt.Println(try())", "runtime error: integer divide by zero\n")
}

func TestUnboxedCanBeInterrupted(t *testing.T) {
	b := newBench(t)
	b.want("import \"time\"\nn, ticks := 0, 0\nfunc spin(x int) int { for { x++ } }\nfunc deep(n int) int { if n < 2 { return n }; return deep(n-1) + deep(n-2) }\ngo func() { for { time.Sleep(time.Millisecond); ticks++ } }()", "")
	for _, src := range []string{"for { n++ }", "spin(1)", "deep(90)", "func() { defer func() { n = -1 }(); spin(1) }()"} {
		got, took := b.interruptAfter(src)
		if got != "! Interrupted: interrupted" || took > 200*time.Millisecond {
			t.Errorf("%s: %q after %v", src, got, took)
		}
	}
	b.want("n", "=> -1")
	b.want("before := ticks\ntime.Sleep(50 * time.Millisecond)\nticks > before", "=> true")
}

func TestUnboxedSeesVariablesOfOtherCells(t *testing.T) {
	b := newBench(t)
	b.want("k := 5\nlater := func(n int) int { s := 0; for i := range n { s += i * k }; return s }", "")
	b.want("k := \"other\"", "")
	b.want("x, limit := 0, 3\nfunc add(n int) { for range n { x += limit } }", "")
	b.want("add(2)\nx", "=> 6")
	b.want("limit = 10\nadd(1)\nx", "=> 16")
	b.want("limit := \"other\"\nadd(1)\nx", "=> 26")
	for range 2 * sweepEvery {
		b.run("filler := 1")
	}
	b.want("add(1)\nx", "=> 36")
	b.want("later(4)", "=> 30")
}

// A cell that declares nothing is forgotten, though not before it has run, nor what it
// has put somewhere before that is gone.
func TestUnboxedLivesAsLongAsItIsHeld(t *testing.T) {
	b := newBench(t)
	b.want("total := 0\nheld := map[string]func(int) int{}", "")
	b.want("held[\"a\"] = func(n int) int { s := 0; for i := range n { s += i }; return s }", "")
	b.want("func f(n int) int { for i := range n { total += i }; return total / (n - 3) }\nheld[\"b\"] = func(n int) int { return f(n) + 1 }", "")
	b.want("f := 0", "")
	for range 2 * sweepEvery {
		b.want("for i := range 3 { total += i }", "")
	}
	heap()
	b.want("held[\"a\"](4)", "=> 6")
	b.want("held[\"b\"](2)", fmt.Sprintf("=> %d", 1-(2*sweepEvery*3+1)))
	_, err := b.Eval(t.Context(), 200, "held[\"b\"](3)")
	for _, want := range []string{"integer divide by zero", "In [3], line 1, in f\n    func f(n int)"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error does not say %q:\n%v", want, err)
		}
	}
	plans := func() int {
		_, kept := b.machine.Unboxed()
		return kept
	}
	b.want("clear(held)", "")
	b.want("filler := 1", "")
	b.Reset()
	for range 100 { // cleanups run in a goroutine of their own
		if heap(); plans() <= 1 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d functions are kept", plans())
}

// The loop that notebooks are judged by.
func BenchmarkLoop(b *testing.B) {
	for _, c := range []struct{ name, define, src string }{
		{"top level", "", "s := 0\nfor i := 0; i < 10_000_000; i++ { s += i }"},
		{"function", "func loop() int { s := 0; for i := 0; i < 10_000_000; i++ { s += i }; return s }", "loop()"},
		{"fib", "func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }", "fib(27)"},
	} {
		b.Run(c.name, func(b *testing.B) {
			s, err := New(Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			ctx := context.Background()
			if _, err := s.Eval(ctx, 1, c.define); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := s.Eval(ctx, 2, c.src); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
