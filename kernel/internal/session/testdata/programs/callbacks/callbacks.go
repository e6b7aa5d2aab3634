package main

import (
	"cmp"
	"container/heap"
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode"
)

// Functions that compiled code calls.

type person struct {
	name string
	age  int
}

type byAge []person

func (b byAge) Len() int           { return len(b) }
func (b byAge) Less(i, j int) bool { return b[i].age < b[j].age }
func (b byAge) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// queue is a heap of what embeds one, which counts the calls.
type queue struct {
	ints
	calls int
}

func (q *queue) Less(i, j int) bool { q.calls++; return q.ints[i] > q.ints[j] }

type less func(i, j int) bool

func downward(a, b int) int { return b - a }

func nan(a, b float64) int { return cmp.Compare(max(a, 0), max(b, 0)) }

// numbers are the same each time.
func numbers(n int) []int {
	x, seed := make([]int, n), uint32(7)
	for i := range x {
		seed = seed*1664525 + 1013904223
		x[i] = int(seed>>8) % 1000
	}
	return x
}

func sum[T int | float64](x []T) (s float64) {
	for i, v := range x {
		s += float64(i%97) * float64(v)
	}
	return s
}

func try(name string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(name, "panics:", e)
		}
	}()
	f()
}

func main() {
	x := numbers(3000)
	calls := 0
	sort.Slice(x, func(i, j int) bool { calls++; return x[i] < x[j] })
	fmt.Println(sum(x), calls > 3000, sort.IntsAreSorted(x))
	x = numbers(500) // another slice for the same variable
	f := make([]float64, len(x))
	for i := range f {
		f[i] = math.Sqrt(float64(x[i] - 500))
	}
	slices.SortFunc(f, nan)
	fmt.Println(len(f), f[len(f)-1])
	slices.SortFunc(x, downward)
	fmt.Println(sum(x), x[:3])
	slices.SortFunc(x, cmp.Compare[int])
	fmt.Println(sum(x), slices.IsSorted(x))
	i, ok := slices.BinarySearchFunc(x, 500, func(e, t int) int { return e - t })
	fmt.Println(i, ok, sort.Search(len(x), func(i int) bool { return x[i] >= 500 }))
	slices.Sort(f)
	slices.Sort(x)
	words := strings.Fields("the quick brown fox jumps over the lazy dog")
	slices.Sort(words)
	fmt.Println(words, slices.Contains(words, "fox"), slices.Index(words, "the"), slices.Max(words))
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), -strings.Compare(a, b)) })
	fmt.Println(words)
	sort.Slice(words, less(func(i, j int) bool { return words[i] < words[j] }))
	fmt.Println(words)

	var people []person
	for i, n := range numbers(200) {
		people = append(people, person{fmt.Sprint("p", i), n % 7})
	}
	order := func(p []person) (s int) {
		for i, x := range p {
			s += i * len(x.name) * (x.age + 1)
		}
		return s
	}
	again := slices.Clone(people)
	slices.SortFunc(again, func(a, b person) int { return a.age - b.age })
	fmt.Println(order(again), again[100])
	again = slices.Clone(people)
	slices.SortStableFunc(again, func(a, b person) int { return a.age - b.age })
	fmt.Println(order(again), again[100])
	again = slices.Clone(people)
	sort.Sort(byAge(again))
	fmt.Println(order(again), again[100])
	again = slices.Clone(people)
	sort.Stable(sort.Reverse(byAge(again)))
	fmt.Println(order(again), again[100])
	again = slices.Clone(people)
	sort.SliceStable(again, func(i, j int) bool { return again[i].age < again[j].age })
	fmt.Println(order(again), again[100])

	h := ints(numbers(300))
	heap.Init(&h)
	for i := range 50 {
		heap.Push(&h, i*20)
	}
	h[10] = -1
	heap.Fix(&h, 10)
	fmt.Println(heap.Remove(&h, 3), heap.Pop(&h), heap.Pop(&h), h.Len())
	q := &queue{}
	for _, n := range numbers(100) {
		heap.Push(q, n)
	}
	fmt.Println(heap.Pop(q), heap.Pop(q), len(q.ints), q.calls)

	vowels := 0
	fmt.Println(strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiou", r) {
			vowels++
			return -1
		}
		return unicode.ToUpper(r)
	}, "compiled code calls"), vowels)
	fmt.Println(strings.FieldsFunc("a1b22c", unicode.IsDigit), strings.IndexFunc("abc", func(r rune) bool { return r > 'b' }))
	fmt.Println(regexp.MustCompile(`\w+`).ReplaceAllStringFunc("some words", func(s string) string { return "<" + s + ">" }))
	fmt.Println(string(regexp.MustCompile(`o`).ReplaceAllFunc([]byte("foo"), func(b []byte) []byte { return append(b, '!') })))

	// A comparison that panics, one that sorts, one that is called from everywhere, and none.
	try("index", func() { sort.Slice(x, func(i, j int) bool { return float64(x[i]) < f[j+400] }) })
	try("value", func() { slices.SortFunc(x, func(a, b int) int { panic(errors.New("no order")) }) })
	try("nil", func() { slices.SortFunc(x, nil) })
	try("nil func", func() { var f func(i, j int) bool; sort.Slice(x, f) })
	depth := 0
	var inner func(a, b int) int
	inner = func(a, b int) int {
		if depth++; depth < 4 {
			slices.SortFunc([]int{3, 1, 2}, inner)
		}
		return a - b
	}
	y := []int{3, 1, 2}
	slices.SortFunc(y, inner)
	fmt.Println(y, depth > 4)
	shared := func(a, b int) int { return a - b }
	var wg sync.WaitGroup
	parts := make([][]int, 4)
	for i := range parts {
		wg.Go(func() {
			parts[i] = numbers(1000 + i)
			slices.SortFunc(parts[i], shared)
		})
	}
	wg.Wait()
	for _, p := range parts {
		fmt.Print(slices.IsSorted(p), " ")
	}
	fmt.Println()
	defer func() { fmt.Println("deferred", recover()) }()
	sort.Slice(x, func(i, j int) bool {
		defer func() { recover() }()
		return x[i] < x[j]
	})
	sort.Slice(x, func(i, j int) bool { return x[i]/(x[j]-x[j]) > 0 })
}
