package callback

import (
	"container/heap"
	"sort"
	"unsafe"

	"github.com/goplus/ixgo"
)

// A cell's type that package sort or heap orders is called a dozen times for each element:
// here those calls go to its methods by the short way.

// A Finder returns a method of a value as a function of the type of like, which compiled code
// calls at little cost, or nil if there is no such way.
type Finder func(recv any, method string, like any) any

// Functions are those of packages sort and heap that order a value, by the names that ssa has
// for them, with such calls.
func (find Finder) Functions() map[string]any {
	return map[string]any{
		"sort.Sort":   func(x sort.Interface) { sort.Sort(find.sortable(x)) },
		"sort.Stable": func(x sort.Interface) { sort.Stable(find.sortable(x)) },
		"sort.IsSorted": func(x sort.Interface) bool {
			return sort.IsSorted(find.sortable(x))
		},
		"container/heap.Init":   func(h heap.Interface) { heap.Init(find.heap(h)) },
		"container/heap.Push":   func(h heap.Interface, x any) { heap.Push(find.heap(h), x) },
		"container/heap.Pop":    func(h heap.Interface) any { return heap.Pop(find.heap(h)) },
		"container/heap.Remove": func(h heap.Interface, i int) any { return heap.Remove(find.heap(h), i) },
		"container/heap.Fix":    func(h heap.Interface, i int) { heap.Fix(find.heap(h), i) },
	}
}

// sortable is a sort.Interface by its methods.
type sortable struct {
	size func() int
	less func(i, j int) bool
	swap func(i, j int)
}

func (s *sortable) Len() int           { return s.size() }
func (s *sortable) Less(i, j int) bool { return s.less(i, j) }
func (s *sortable) Swap(i, j int)      { s.swap(i, j) }

// sortable returns x with methods that cost less, or x.
func (find Finder) sortable(x sort.Interface) sort.Interface {
	if x == nil {
		return x
	}
	s := sortable{x.Len, x.Less, x.Swap}
	less, ok := find(x, "Less", s.less).(func(int, int) bool)
	if !ok {
		return x
	}
	s.less = less
	s.swap = or(find, x, "Swap", s.swap)
	s.size = or(find, x, "Len", s.size)
	return &s
}

// or returns a method that costs less, or the one that there is.
func or[F any](find Finder, x any, name string, method F) F {
	if f, ok := find(x, name, method).(F); ok {
		return f
	}
	return method
}

// queue is a heap.Interface by its methods.
type queue struct {
	sort.Interface
	push func(x any)
	pop  func() any
}

func (q *queue) Push(x any) { q.push(x) }
func (q *queue) Pop() any   { return q.pop() }

func (find Finder) heap(h heap.Interface) heap.Interface {
	if h == nil {
		return h
	}
	return &queue{find.sortable(h), or(find, h, "Push", h.Push), or(find, h, "Pop", h.Pop)}
}

// Method returns a method of a cell as a function of the type of like, or nil. It is called
// with what recv returns before its arguments.
func (t *Table) Method(in *ixgo.Interp, fn unsafe.Pointer, recv func() any, like any) any {
	return (&callee{interp: in, fn: fn, recv: recv}).direct(like)
}

// Call calls a method of a cell in the interpreter.
func Call(in *ixgo.Interp, fn unsafe.Pointer, args []any) any {
	return callFunction(in, deferring(in), fn, args, nil)
}
