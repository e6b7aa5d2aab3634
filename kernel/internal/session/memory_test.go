package session

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"gonmf/kernel/internal/session/machine"
)

// mixedCell is the i-th cell of a long session: every kind of cell but new types.
func mixedCell(i int) string {
	switch i % 15 {
	case 0:
		return fmt.Sprintf("x := %d\nx * 2", i)
	case 1:
		return "for j := range 10 { total += j }"
	case 2:
		return fmt.Sprintf("func step(n int) int { return n + %d + x }\nstep(1)", i)
	case 3:
		return "fmt.Println(strings.Repeat(\"ab\", 3), total)"
	case 4:
		return fmt.Sprintf("m[\"k%d\"] = P{A: x}\nlen(m)", i%50)
	case 5:
		return "f := func() int { return x + total }\nf()"
	case 6:
		return "sort.Slice(ps, func(i, j int) bool { return ps[i].A < ps[j].A })\nps[0].String()"
	case 7:
		return "func gen[T any](xs ...T) iter.Seq[T] { return func(yield func(T) bool) { for _, x := range xs { if !yield(x) { return } } } }\nslices.Collect(gen(1, 2))"
	case 8:
		return "var wg sync.WaitGroup\nc, cancel := context.WithCancel(context.Background())\nfor range 3 { wg.Go(func() { <-c.Done() }) }\ncancel()\nwg.Wait()"
	case 9:
		return fmt.Sprintf("func apply[T, U any](xs []T, f func(T) U) []U { var out []U; for _, x := range xs { out = append(out, f(x)) }; return out }\napply([]int{1, 2}, func(i int) string { return fmt.Sprint(i + %d) })", i)
	case 10:
		return "Stack[int]{}.Push(1).Push(2)"
	case 11:
		return "wide := []struct{ Name string; N int }{{\"a\", 1}, {\"b\", 2}}\nsort.Slice(wide, func(i, j int) bool { return wide[i].N > wide[j].N })\nwide"
	case 12:
		return "defer func() { recover() }()\nvar s []int\ns[x&1]++"
	case 13:
		return fmt.Sprintf("held[%d] = func() int { return total + x }\nswitch v := any(x).(type) { case int: v++; case string: total += len(v) }", i%40)
	default:
		if i%30 == 14 {
			return "undefinedName + 1" // fails
		}
		return "x := x + 1"
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A session may run for days: cells that declare no types leave nothing behind.
func TestMemoryStaysFlat(t *testing.T) {
	n := 20_000
	if testing.Short() {
		n = 4_000
	}
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	eval(t, s, 0, "import (\"context\"; \"fmt\"; \"iter\"; \"slices\"; \"strings\"; \"sort\"; \"sync\")\ntype P struct{ A int }\nfunc (p P) String() string { return fmt.Sprint(p.A) }\nm := map[string]P{}\nps := []P{{2}, {1}}\ntotal, x := 0, 0\nheld := map[int]func() int{}\ntype Stack[T any] struct{ xs []T }\nfunc (s Stack[T]) Push(x T) Stack[T] { return Stack[T]{append(s.xs, x)} }")
	var base uint64
	var first, last []time.Duration
	for i := range n {
		if i == 1000 {
			base = heap()
		}
		start := time.Now()
		_, err := s.Eval(t.Context(), i+1, mixedCell(i))
		took := time.Since(start)
		if (err != nil) != strings.HasPrefix(mixedCell(i), "undefinedName") {
			t.Fatalf("%s\n%v", mixedCell(i), err)
		}
		switch {
		case i < 500:
			first = append(first, took)
		case i >= n-500:
			last = append(last, took)
		}
	}
	end := heap()
	slices.Sort(first)
	slices.Sort(last)
	t.Logf("heap after 1,000 cells %d KiB, after %d %d KiB; median cell %v at first, %v at last",
		base>>10, n, end>>10, first[len(first)/2], last[len(last)/2])
	if end > base+base/5 {
		t.Errorf("the heap grew from %d KiB after 1,000 cells to %d KiB after %d", base>>10, end>>10, n)
	}
	if m := last[len(last)/2]; m > 5*time.Millisecond && m > 3*first[len(first)/2] {
		t.Errorf("a cell takes %v, at first it took %v", m, first[len(first)/2])
	}
}

// What later cells can still name, or what that refers to, is kept.
func TestForgettingKeepsWhatIsInUse(t *testing.T) {
	b := newBench(t)
	b.want("import \"fmt\"\nx := 1\nhelper := func(s string) string { return s + fmt.Sprint(x) }", "")
	b.want("func useX() int { return x }\nfunc Show[T any](v T) string { return helper(fmt.Sprint(v, \" \")) }\ntype Keeper[T any] struct{ v T }\nfunc (k Keeper[T]) Get() (T, int) { return k.v, useX() }", "")
	b.want("func wrap() int { return useX() * 10 }\nvar held = []func() int{func() int { return useX() + x }}", "")
	b.want("x := \"other\"\nhelper := 0\nuseX := 0\nShow(2)", "=> 2 1")
	for i := range 3 * sweepEvery {
		b.run(mixedCell(15*i + 2))
		b.run("filler := 1")
	}
	b.want("wrap()", "=> 10")
	b.want("Show(1.5)", "=> 1.5 1")
	b.want("Show([]string{\"a\"})", "=> [a] 1")
	b.want("Keeper[string]{\"k\"}.Get()", "=> k, 1")
	b.want("held[0]()", "=> 2")
	b.Session.mu.Lock()
	defer b.Session.mu.Unlock()
	if n := len(b.records); n > 2*sweepEvery {
		t.Errorf("%d units are kept", n)
	}
}

// A type is kept for good: its values may be anywhere.
func TestMemoryOfATypeIsBounded(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	const n = 300
	cell := func(i int) {
		eval(t, s, i, fmt.Sprintf("type T struct { A int; B%d string }\nfunc (t T) Sum() int { return t.A }\nvar v interface{ Sum() int } = T{A: %d}\nv.Sum()", i, i))
	}
	for i := range 50 {
		cell(i)
	}
	base := heap()
	for i := range n {
		cell(50 + i)
	}
	each := int64(heap()-base) / n
	t.Logf("%d KiB for each type with a method", each>>10)
	if each > 64<<10 {
		t.Errorf("a type with a method costs %d KiB", each>>10)
	}
	if used, total := machine.MethodStubs(); used > total {
		t.Errorf("%d of %d method stubs are used", used, total)
	}
}

// A cell that is run again lets go of what its variables were, before it makes the new
// values.
func TestMemoryOfValuesThatAreReplaced(t *testing.T) {
	s, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	eval(t, s, 0, "import \"fmt\"") // the first cell has the interpreted packages, and stays
	const size = 32 << 20
	begin := heap()
	for i := range 6 {
		eval(t, s, i+1, fmt.Sprintf("big := make([]byte, %d)\nbig[0] = 1", size))
		if now := heap(); now > begin+size*3/2 {
			t.Fatalf("after %d runs %d MB are alive, of which %d are in use", i+1, (now-begin)>>20, size>>20)
		}
	}
	eval(t, s, 10, "keep := func() byte { return big[0] }")
	eval(t, s, 11, "big := []byte{2}")
	eval(t, s, 12, "if keep() != 1 { panic(keep()) }")
	eval(t, s, 13, "keep := 0\nbig := append(big, 1)\nif len(big) != 2 || keep != 0 { panic(big) }")
	if now := heap(); now > begin+size/2 {
		t.Errorf("at the end %d MB are alive", (now-begin)>>20)
	}
}
