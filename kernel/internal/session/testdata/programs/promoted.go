package main

import "fmt"

// Methods that structs have through what they embed.

type C struct{}

func (C) M() string { return "C" }

type A struct{ C }
type B struct{}

func (B) M() string { return "B" }

type N struct {
	A
	B
}

type S string

func (s S) m() int  { return len(s) }
func (s *S) p() int { return 10 * len(*s) }

type V struct{ x int }

func (v V) I(s int) int  { return v.x + s }
func (v *V) P(s int) int { v.x += s; return v.x }

type big struct {
	pad [5]int
	V
	tail string
}

type II interface{ I(int) int }
type PP interface {
	II
	P(int) int
}

type inner struct {
	II
	n int
}

type outer struct {
	*inner
	name string
}

func call(i II) int { return i.I(1) }

func locals() {
	type L1 struct{ V }
	type L2 struct {
		a, b int
		V
	}
	type L3 struct {
		s string
		*L2
	}
	fmt.Println(call(L1{V{1}}), call(L2{1, 2, V{3}}), call(L3{"s", &L2{4, 5, V{6}}}), call(&L2{1, 2, V{3}}))
	var p PP = &L2{1, 2, V{3}}
	p.P(10)
	fmt.Println(p.I(0))
}

func other() {
	type L1 struct {
		z [3]string
		V
	}
	fmt.Println(call(L1{V: V{9}}))
}

func main() {
	var i interface{ M() string } = N{}
	fmt.Println(i.M())
	fmt.Println(II(struct{ V }{V{14}}).I(1), II(struct {
		V
		q int
	}{V{14}, 5}).I(1))
	for n, tc := range []struct {
		V
		want int
	}{{V{1}, 2}, {V{5}, 6}} {
		fmt.Println(n, call(tc), call(&tc), tc.want)
	}
	fmt.Println(call(big{V: V{3}, tail: "t"}), call(&big{V: V{4}}), call(struct {
		string
		big
	}{"s", big{V: V{7}}}))
	locals()
	other()
	fmt.Println(call(outer{&inner{V{20}, 1}, "o"}), call(&outer{&inner{&V{30}, 1}, "o"}))

	s := S("abc")
	var u interface{ m() int } = struct {
		n int
		*S
	}{1, &s}
	fmt.Println(u.m(), interface{ p() int }(&struct {
		x, y int
		S
	}{1, 2, "xy"}).p())
	var e interface{ m() int } = struct{ u interface{ m() int } }{u}.u
	fmt.Println(e.m())
	type um interface{ m() int }
	fmt.Println(um(struct{ um }{s}).m(), um(&struct {
		k int
		um
	}{2, s}).m())
	fmt.Println(fmt.Sprint(struct {
		n int
		T
	}{3, T{4}}), fmt.Sprint(struct {
		T
		n int
	}{T{5}, 3}))
}

type T struct{ v int }

func (t T) String() string { return fmt.Sprintf("T%d", t.v) }
