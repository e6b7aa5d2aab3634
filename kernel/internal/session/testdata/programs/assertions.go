package main

import "fmt"

// Types of one shape are not one type.

type L []int
type M map[string]int
type F func() int
type S struct{ x int }
type A [2]int
type C chan int
type P *int
type N int

func kind(x any) string {
	switch x.(type) {
	case []int:
		return "slice"
	case map[string]int:
		return "map"
	case func() int:
		return "func"
	case struct{ x int }:
		return "struct"
	case [2]int:
		return "array"
	case chan int:
		return "chan"
	case int:
		return "int"
	case L, M, F, S, A, C, P, N:
		return fmt.Sprintf("%T", x)
	}
	return "none"
}

func back(x any) (l, m, f, s, a, c bool) {
	_, l = x.(L)
	_, m = x.(M)
	_, f = x.(F)
	_, s = x.(S)
	_, a = x.(A)
	_, c = x.(C)
	return
}

func as[T any](x any) (ok bool, text any) {
	_, ok = x.(T)
	defer func() { text = recover() }()
	_ = x.(T)
	return
}

func main() {
	for _, x := range []any{
		L{1}, M{}, F(func() int { return 1 }), S{1}, A{}, C(nil), P(nil), N(1), []int{1}, map[string]int{}, func() int { return 1 },
		struct{ x int }{1}, [2]int{}, make(chan int), new(int), 1, nil,
	} {
		fmt.Print(kind(x), " ")
		fmt.Println(back(x))
		fmt.Println(as[[]int](x))
		fmt.Println(as[L](x))
		fmt.Println(as[F](x))
		fmt.Println(as[S](x))
	}
}
