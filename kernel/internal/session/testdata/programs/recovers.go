package main

import "fmt"

// recover in methods, however they are deferred.

type guard struct{ name string }

func (g guard) Catch() { fmt.Println(g.name, recover()) }

type pguard struct{ name string }

func (g *pguard) Catch() { fmt.Println(g.name, recover()) }

type catcher interface{ Catch() }

type embeds struct {
	n int
	catcher
}

type deep struct {
	a string
	*embeds
}

func try(name string, f func()) {
	defer func() {
		if e := recover(); e != nil {
			fmt.Println(name, "escaped:", e)
		}
	}()
	f()
}

func helper() any { return recover() }

type indirect struct{}

func (indirect) Catch() { fmt.Println("helper gives", helper()) }

func main() {
	try("method value", func() { f := guard{"v"}.Catch; defer f(); panic("x") })
	try("method value of pointer", func() { f := (&pguard{"pv"}).Catch; defer f(); panic("x") })
	try("interface", func() { var c catcher = guard{"i"}; defer c.Catch(); panic("x") })
	try("pointer in interface", func() { var c catcher = &guard{"pi"}; defer c.Catch(); panic("x") })
	try("pointer method in interface", func() { var c catcher = &pguard{"pm"}; defer c.Catch(); panic("x") })
	try("embedded interface", func() { e := embeds{1, guard{"e"}}; defer e.Catch(); panic("x") })
	try("embedded interface in interface", func() { var c catcher = embeds{1, guard{"ei"}}; defer c.Catch(); panic("x") })
	try("deep", func() { var c catcher = &deep{"d", &embeds{1, &pguard{"deep"}}}; defer c.Catch(); panic("x") })
	try("value of interface", func() { var c catcher = guard{"vi"}; f := c.Catch; defer f(); panic("x") })
	try("method expression", func() { f := guard.Catch; defer f(guard{"me"}); panic("x") })
	try("expression of interface", func() { f := catcher.Catch; defer f(guard{"mi"}); panic("x") })
	try("not one level down", func() { defer indirect{}.Catch(); panic("x") })
	try("not one level down, in an interface", func() { var c catcher = indirect{}; defer c.Catch(); panic("x") })
	try("called by a deferred function", func() { defer func() { guard{"inner"}.Catch() }(); panic("x") })
	try("directly", func() { defer recover(); panic("x") })
	try("in a goroutine", func() {
		done := make(chan bool)
		go func() {
			defer close(done)
			var c catcher = guard{"go"}
			defer c.Catch()
			panic("y")
		}()
		<-done
	})
	try("nested", func() {
		defer func() {
			fmt.Println("outer", recover())
		}()
		defer func() {
			var c catcher = guard{"in"}
			defer c.Catch()
			panic("second")
		}()
		panic("first")
	})
	try("without a panic", func() { var c catcher = guard{"none"}; defer c.Catch() })
}
