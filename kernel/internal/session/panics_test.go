package session

import "testing"

// What recover gives, as Go 1.26 has it.
func TestPanicsHaveGosTexts(t *testing.T) {
	b := newBench(t)
	b.want(`import ("errors"; "fmt"; "runtime")
type E struct{}
func (*E) Error() string { return "e" }
type T struct{ A int }
func try(f func()) (text string) {
	defer func() {
		if err, ok := recover().(runtime.Error); ok {
			text = err.Error()
		}
	}()
	f()
	return "no panic"
}
var none any
var fail error
var named fmt.Stringer
var keep func(int) bool
twice := func(y func(int) bool) { y(1); y(2) }`, "")
	for _, c := range []step{
		{"_ = none.(fmt.Stringer)", "interface conversion: interface is nil, not fmt.Stringer"},
		{"_ = none.(error)", "interface conversion: interface is nil, not error"},
		{"_ = none.(any)", "interface conversion: interface is nil, not interface {}"},
		{"_ = none.(int)", "interface conversion: interface {} is nil, not int"},
		{"_ = none.(T)", "interface conversion: interface {} is nil, not main.T"},
		{"_ = fail.(*E)", "interface conversion: error is nil, not *main.E"},
		{"_ = fail.(fmt.Stringer)", "interface conversion: interface is nil, not fmt.Stringer"},
		{"_ = named.(error)", "interface conversion: interface is nil, not error"},
		{"_, ok := none.(error); _ = ok", "no panic"},
		{"_ = any(T{}).(fmt.Stringer)", "interface conversion: main.T is not fmt.Stringer: missing method String"},
		{"_ = any(T{}).(*T)", "interface conversion: interface {} is main.T, not *main.T"},
		{"_ = errors.New(\"x\").(*E)", "interface conversion: error is *errors.errorString, not *main.E"},
		{"_ = any(3).(int64)", "interface conversion: interface {} is int, not int64"},
		{"for range twice { break }", "runtime error: range function continued iteration after function for loop body returned false"},
		{"for range twice { return }", "runtime error: range function continued iteration after function for loop body returned false"},
		{"for range func(y func(int) bool) { keep = y; y(1) } {}; keep(2)", "runtime error: range function continued iteration after whole loop exit"},
		{"for range func(y func(int) bool) { try(func() { y(1) }); y(2) } { _ = 1 / len(errors.New(\"\").Error()) }", "runtime error: range function continued iteration after loop body panic"},
		{"for range func(y func(int) bool) { try(func() { y(1) }) } { _ = 1 / len(errors.New(\"\").Error()) }", "runtime error: range function recovered a loop body panic and did not resume panicking"},
	} {
		b.want("try(func() { "+c.src+" })", "=> "+c.want)
	}
	b.want("none.(fmt.Stringer)", "! Panic: panic: interface conversion: interface is nil, not fmt.Stringer")
	b.want("for range twice { break }", "! Panic: panic: runtime error: range function continued iteration after function for loop body returned false")
	b.want("panic(\"iterator call did not preserve panic\")", "! Panic: panic: iterator call did not preserve panic")
}
