package main

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"
)

// What is not evaluated, and what panics when.

func try(name string, f func()) {
	defer func() {
		e := recover()
		var re runtime.Error
		err, _ := e.(error)
		fmt.Println(name, e, errors.As(err, &re))
	}()
	f()
}

type T struct{ x, y int }

func (t T) Close() error { return nil }
func (t T) F() int       { return t.x }

type closer interface{ Close() error }
type getter interface{ F() int }

type Wrapper struct{ *T }
type Wraps struct{ closer }

//go:noinline
func get(g getter) int { return g.F() }

func defers() (s string) {
	defer func() {
		if e := recover(); e != nil {
			s += " recovered"
		}
	}()
	func() {
		defer func() {
			if e := recover(); e != nil {
				s += "at the defer"
			}
		}()
		var c closer
		defer c.Close()
		s += "not reached "
	}()
	return
}

func offset[V any]() (uintptr, uintptr) {
	type two struct {
		b byte
		v V
	}
	type st struct {
		a int32
		two
	}
	var s st
	return unsafe.Offsetof(s.two), unsafe.Offsetof(s.v)
}

func main() {
	var p *[4]int
	n := 0
	for i := range *p {
		n += i
	}
	for i := range p {
		n += i
	}
	for range *p {
		n++
	}
	for range len(*p) {
		n++
	}
	fmt.Println(n, len(p), cap(*p))
	try("range with value", func() {
		for _, v := range p {
			n += v
		}
	})
	var pp **[3]int
	try("range through nil", func() {
		for i := range *pp {
			n += i
		}
	})
	fmt.Println(defers())
	try("go", func() { var c closer; go c.Close() })
	try("defer of a nil function", func() { var f func(); defer f(); fmt.Println("body") })
	try("value method", func() { get((*T)(nil)) })
	try("value method of an embedded pointer", func() { get(Wrapper{}) })
	try("value method of an embedded pointer, by pointer", func() { get(&Wrapper{}) })
	try("value method of an embedded nil pointer", func() { get((*Wrapper)(nil)) })
	try("embedded interface", func() { var c closer = Wraps{}; c.Close() })
	try("method value", func() { var g getter; f := g.F; f() })
	try("method value of a nil pointer", func() { var t *T; f := t.F; f() })
	try("direct", func() { var t *T; t.F() })
	fmt.Println(offset[int64]())
	fmt.Println(offset[int16]())

	s := []int{1, 2, 3}
	a := [3]int{}
	str := "abc"
	for _, i := range []int64{-1, 3, 1 << 40} {
		try("slice", func() { _ = s[i] })
		try("array", func() { _ = a[i] })
		try("string", func() { _ = str[i] })
		try("assign", func() { s[i] = 1 })
		try("low", func() { _ = s[i:] })
		try("high", func() { _ = s[:i] })
		try("of string", func() { _ = str[i:] })
		try("to string", func() { _ = str[:i] })
		try("full", func() { _ = s[:2:i] })
		try("both", func() { _ = s[i:2] })
		try("of array", func() { _ = a[i:] })
	}
	for _, i := range []uint64{3, 1 << 40} {
		try("slice", func() { _ = s[i] })
		try("array", func() { _ = a[i] })
		try("string", func() { _ = str[i] })
		try("low", func() { _ = s[i:] })
		try("high", func() { _ = str[:i] })
	}
	for _, i := range []uint8{3, 255} {
		try("byte", func() { _ = s[i] })
	}
	zero := 0
	try("divide", func() { _ = 1 / zero })
	try("make", func() { _ = make([]int, zero-1) })
	try("make cap", func() { _ = make([]int, 2, zero+1) })
	try("shift", func() { _ = 1 << (zero - 1) })
	try("to array", func() { _ = [4]int(s) })
	try("to array pointer", func() { _ = (*[4]int)(s) })
	try("nil array pointer", func() { var p *[2]int; _ = p[zero] })
	try("nil struct pointer", func() { var t *T; _ = t.y })
	try("assertion", func() { var x any = "s"; _ = x.(int) })
	try("assertion of nil", func() { var x any; _ = x.(int) })
	try("assertion to interface", func() { var x any = 1; _ = x.(closer) })
	try("comparison", func() { var x, y any = []int{1}, []int{1}; _ = x == y })
	try("closed", func() { c := make(chan int); close(c); close(c) })
	try("close nil", func() { var c chan int; close(c) })
	try("send on closed", func() { c := make(chan int, 1); close(c); c <- 1 })
	try("error", func() { panic(fmt.Errorf("an error")) })
}
