package main

import "fmt"

// Interfaces and types that mention each other and the types of the program.

type Msg struct{ code int }

type Consumer interface{ Consume(Msg) int }

type Printer struct{ k int }

func (p Printer) Consume(m Msg) int { return p.k + m.code }

type Node interface {
	Next() Node
	Each(func(Node) bool)
}

type list struct {
	v    int
	next *list
}

func (l *list) Next() Node {
	if l.next == nil {
		return nil
	}
	return l.next
}

func (l *list) Each(f func(Node) bool) {
	for ; l != nil; l = l.next {
		if !f(l) {
			return
		}
	}
}

type Expr interface{ Eval(env Env) (Value, error) }
type Env map[string]Value
type Value interface{ Expr }
type Num float64
type Var string

func (n Num) Eval(Env) (Value, error) { return n, nil }
func (v Var) Eval(e Env) (Value, error) {
	if x, ok := e[string(v)]; ok {
		return x.Eval(e)
	}
	return nil, fmt.Errorf("%s is not known", string(v))
}

type A int
type A2 A
type A3 = A
type A4 []A
type A5 map[A]A2

func (a A) String() string { return fmt.Sprintf("A%d", int(a)) }

var handlers = []struct {
	name string
	c    Consumer
	f    func(interface{ Consume(Msg) int }) int
}{
	{"one", Printer{1}, func(c interface{ Consume(Msg) int }) int { return c.Consume(Msg{10}) }},
	{"two", &Printer{2}, nil},
}

type Set[T comparable] map[T]struct{}

func (s Set[T]) Add(vs ...T) Set[T] {
	for _, v := range vs {
		s[v] = struct{}{}
	}
	return s
}

type Visitor[T any] interface{ Visit(T) Visitor[T] }
type count[T any] struct{ n int }

func (c *count[T]) Visit(T) Visitor[T] { c.n++; return c }

const (
	first = iota
	second
	third A = iota * 10
)

func main() {
	var c Consumer = Printer{1}
	fmt.Println(c.Consume(Msg{2}))
	for _, h := range handlers {
		fmt.Print(h.name, h.c.Consume(Msg{5}), " ")
		if h.f != nil {
			fmt.Print(h.f(h.c), " ")
		}
	}
	fmt.Println()
	var n Node = &list{1, &list{2, nil}}
	n.Each(func(n Node) bool { fmt.Print(n.(*list).v, " "); return true })
	fmt.Println(n.Next().Next() == nil)
	env := Env{"x": Num(3), "y": Var("x")}
	fmt.Println(Var("y").Eval(env))
	fmt.Println(Var("z").Eval(env))
	fmt.Println(A(1), A2(2), A3(3), A4{4}, A5{5: 6})
	fmt.Println(len(Set[A]{}.Add(1, 2, 2)), len(Set[Msg]{}.Add(Msg{1})))
	var v Visitor[Msg] = &count[Msg]{}
	fmt.Println(v.Visit(Msg{}).Visit(Msg{1}).(*count[Msg]).n)
	fmt.Println(first, second, third)
	anon := []interface{ Consume(Msg) int }{Printer{3}}
	anon = append(anon, []interface{ Consume(Msg) int }{&Printer{4}}...)
	fmt.Println(anon[0].Consume(Msg{1}), anon[1].Consume(Msg{1}))
	rows := []struct {
		Printer
		want int
	}{{Printer{1}, 3}}
	rows = append(rows, struct {
		Printer
		want int
	}{Printer{5}, 7})
	for _, r := range rows {
		fmt.Print(r.Consume(Msg{2}) == r.want, " ")
	}
	fmt.Println()
}
