package main

import (
	"fmt"
	"strings"
)

// A task is the same small program in Go and in Python: what is declared, what is made
// ready, and what is timed.
type task struct {
	name                 string
	imports              string // of Go, beside fmt and time
	declare, ready, work string
	python               string // declarations and what is made ready
	pythonWork           string
}

const random = "x := make([]float64, 1_000_000)\n\tfor i := range x {\n\t\tx[i] = rand.Float64()\n\t}"

// byAge is a type that package sort orders; ints is a heap.
const (
	byAge = `
type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
`
	queue = byAge + `
func (h *ints) Push(x any) { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}
`
)

var tasks = []task{
	{"a loop of 10^8", "", "func loop(n int) (s int) {\n\tfor i := 0; i < n; i++ {\n\t\ts += i\n\t}\n\treturn s\n}", "", "loop(100_000_000)",
		"def loop(n):\n    s = 0\n    for i in range(n): s += i\n    return s", "loop(100_000_000)"},
	{"fib(30)", "", "func fib(n int) int {\n\tif n < 2 {\n\t\treturn n\n\t}\n\treturn fib(n-1) + fib(n-2)\n}", "", "fib(30)",
		"def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)", "fib(30)"},
	{"product of two matrices of 200", "", "func mul(a, b, c [][]float64) {\n\tfor i := 0; i < len(a); i++ {\n\t\tfor j := 0; j < len(b); j++ {\n\t\t\ts := 0.0\n\t\t\tfor k := 0; k < len(b); k++ {\n\t\t\t\ts += a[i][k] * b[k][j]\n\t\t\t}\n\t\t\tc[i][j] = s\n\t\t}\n\t}\n}",
		"m := make([][][]float64, 3)\n\tfor i := range m {\n\t\tfor j := 0; j < 200; j++ {\n\t\t\tm[i] = append(m[i], make([]float64, 200))\n\t\t}\n\t}", "mul(m[0], m[1], m[2])",
		"def mul(a, b):\n    return [[sum(r[k] * b[k][j] for k in range(len(b))) for j in range(len(b))] for r in a]\na = [[1.0] * 200 for _ in range(200)]", "mul(a, a)"},
	{"sort.Float64s of 10^6", "\"math/rand\"\n\t\"sort\"", "", random, "sort.Float64s(x)",
		"import random\nx = [random.random() for _ in range(1_000_000)]", "x.sort()"},
	{"slices.Sort of 10^6", "\"math/rand\"\n\t\"slices\"", "", random, "slices.Sort(x)",
		"import random\nx = [random.random() for _ in range(1_000_000)]", "x.sort()"},
	{"sort.Slice of 10^6, with a comparison", "\"math/rand\"\n\t\"sort\"", "", random, "sort.Slice(x, func(i, j int) bool { return x[i] < x[j] })",
		"import random, functools\nx = [random.random() for _ in range(1_000_000)]", "x.sort(key=functools.cmp_to_key(lambda a, b: -1 if a < b else 1 if a > b else 0))"},
	{"slices.SortFunc of 10^6, with a comparison", "\"cmp\"\n\t\"math/rand\"\n\t\"slices\"", "", random, "slices.SortFunc(x, func(a, b float64) int { return cmp.Compare(a, b) })",
		"import random, functools\nx = [random.random() for _ in range(1_000_000)]", "x.sort(key=functools.cmp_to_key(lambda a, b: -1 if a < b else 1 if a > b else 0))"},
	{"sort.Sort of 10^5, with a type", "\"math/rand\"\n\t\"sort\"", byAge, "x := make(ints, 100_000)\n\tfor i := range x {\n\t\tx[i] = rand.Int()\n\t}", "sort.Sort(x)",
		"import random, functools\nx = [random.getrandbits(60) for _ in range(100_000)]", "x.sort(key=functools.cmp_to_key(lambda a, b: a - b))"},
	{"a heap: 10^5 pushes and pops", "\"container/heap\"\n\t\"math/rand\"", queue, "h := &ints{}", "for i := 0; i < 100_000; i++ {\n\t\theap.Push(h, rand.Int())\n\t}\n\tfor h.Len() > 0 {\n\t\theap.Pop(h)\n\t}",
		"import heapq, random\nh = []", "for _ in range(100_000): heapq.heappush(h, random.getrandbits(60))\nwhile h: heapq.heappop(h)"},
	{"strings.Map over 10^6 letters", "\"strings\"", "", "s := strings.Repeat(\"hello worl\", 100_000)", "strings.Map(func(r rune) rune {\n\t\tif r == 'o' {\n\t\t\treturn '0'\n\t\t}\n\t\treturn r\n\t}, s)",
		"s = 'hello worl' * 100_000", "''.join(map(lambda r: '0' if r == 'o' else r, s))"},
	{"10^5 replacements by a function", "\"regexp\"\n\t\"strings\"", "", "s := strings.Repeat(\"hello worl\", 50_000)\n\tre := regexp.MustCompile(`o`)", "re.ReplaceAllStringFunc(s, func(m string) string { return \"0\" })",
		"import re\ns, p = 'hello worl' * 50_000, re.compile('o')", "p.sub(lambda m: '0', s)"},
	{"an iterator over 10^6", "", "func count(n int) func(func(int) bool) {\n\treturn func(yield func(int) bool) {\n\t\tfor i := 0; i < n; i++ {\n\t\t\tif !yield(i) {\n\t\t\t\treturn\n\t\t\t}\n\t\t}\n\t}\n}", "s := 0", "for i := range count(1_000_000) {\n\t\ts += i\n\t}",
		"def count(n):\n    for i in range(n): yield i\ns = 0", "for i in count(1_000_000): s += i"},
	{"10^6 calls through an interface", "", "type shape interface{ area() int }\n\ntype square struct{ side int }\n\nfunc (s square) area() int { return s.side * s.side }", "s, n := shape(square{2}), 0", "for i := 0; i < 1_000_000; i++ {\n\t\tn += s.area()\n\t}",
		"class Square:\n    def __init__(self, side): self.side = side\n    def area(self): return self.side * self.side\ns, n = Square(2), 0", "for i in range(1_000_000): n += s.area()"},
	{"10^6 calls of a method", "", "type point struct{ x int }\n\nfunc (p *point) step() { p.x++ }", "p := &point{}", "for i := 0; i < 1_000_000; i++ {\n\t\tp.step()\n\t}",
		"class Point:\n    x = 0\n    def step(self): self.x += 1\np = Point()", "for i in range(1_000_000): p.step()"},
	{"10^7 assignments to a field", "", "type point struct{ x, y int }", "p := &point{}", "for i := 0; i < 10_000_000; i++ {\n\t\tp.x = i\n\t}",
		"class Point: pass\np = Point()", "for i in range(10_000_000): p.x = i"},
	{"10^6 writes to a strings.Builder", "\"strings\"", "", "var b strings.Builder", "for i := 0; i < 1_000_000; i++ {\n\t\tb.WriteString(\"x\")\n\t}",
		"import io\nb = io.StringIO()", "for i in range(1_000_000): b.write('x')"},
	{"10^6 inserts into a map", "", "", "m := map[int]int{}", "for i := 0; i < 1_000_000; i++ {\n\t\tm[i] = i\n\t}",
		"m = {}", "for i in range(1_000_000): m[i] = i"},
}

// program is the task in Go; it prints the seconds.
func (t task) program() string {
	imports := "\"fmt\"\n\t\"time\""
	if t.imports != "" {
		imports += "\n\t" + t.imports
	}
	return fmt.Sprintf("package main\n\nimport (\n\t%s\n)\n\n%s\n\nfunc main() {\n\t%s\n\tstart := time.Now()\n\t%s\n\tfmt.Println(time.Since(start).Seconds())\n}\n", imports, t.declare, t.ready, t.work)
}

// script is the task in Python, in a function as Go has it.
func (t task) script() string {
	indent := func(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") }
	return "import time\ndef main():\n" + indent(t.python) + "\n    start = time.perf_counter()\n" + indent(t.pythonWork) + "\n    print(time.perf_counter() - start)\nmain()\n"
}
