// Package callback makes the functions of cells cheap to call for compiled code, which sorts,
// searches and maps with them. What ixgo gives it of a function is made by reflect.MakeFunc,
// and packs each argument several times; here the usual types of callbacks are compiled, and
// run the function unboxed if it only computes with numbers, or else in the interpreter by
// the short way.
package callback

import (
	"go/types"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"unsafe"

	"github.com/goplus/ixgo"
	"github.com/visualfc/funcval"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/unboxed"
)

// A closure is a function of a cell as ixgo has it: what its makeFunction hands to
// reflect.MakeFunc. The order of the fields is the compiler's; Check looks whether it holds.
type closure struct {
	funcval.FuncVal
	interp *ixgo.Interp
	fn     unsafe.Pointer // *ixgo.function
	typ    reflect.Type
	env    []any
}

// A callee is a function of a cell, or a method with its receiver.
type callee struct {
	interp *ixgo.Interp
	fn     unsafe.Pointer
	env    []any
	recv   func() any
}

//go:linkname callFunction github.com/goplus/ixgo.(*Interp).callFunction
func callFunction(in *ixgo.Interp, caller *ixgo.Frame, fn unsafe.Pointer, args, env []any) any

//go:linkname deferring github.com/goplus/ixgo.(*Interp).tryDeferFrame
func deferring(in *ixgo.Interp) *ixgo.Frame

const maker = "github.com/goplus/ixgo.(*function).makeFunction.func1"

var makerCode atomic.Uintptr // where that is

// of returns the function of a cell that compiled code would call by fn, or nil.
func of(fn any) *callee {
	if reflect.ValueOf(fn).IsNil() {
		return nil
	}
	fv, wrapped := funcval.Get(fn)
	if wrapped != 1 {
		return nil
	}
	if code := makerCode.Load(); fv.Fn != code {
		if f := runtime.FuncForPC(fv.Fn); code != 0 || f == nil || f.Name() != maker {
			return nil
		}
		makerCode.Store(fv.Fn)
	}
	c := (*closure)(unsafe.Pointer(fv))
	return &callee{interp: c.interp, fn: c.fn, env: c.env}
}

// call runs the function in the interpreter.
func (c *callee) call(args ...any) any {
	if c.recv != nil {
		args = append([]any{c.recv()}, args...)
	}
	return callFunction(c.interp, deferring(c.interp), c.fn, args, c.env)
}

// A Table has the functions of cells that can run unboxed.
type Table struct {
	// Function returns what ixgo's function is made of.
	Function func(ixgoFunction unsafe.Pointer) *ssa.Function
	// Plan returns the function unboxed, ready to be called, or nil.
	Plan func(*ssa.Function) *unboxed.Func
}

// Fast returns a function that does what fn does, and that compiled code calls at less cost;
// fn itself if that is no function of a cell, or its type none of the usual ones.
func (t *Table) Fast(fn any) any {
	c := of(fn)
	if c == nil {
		return fn
	}
	if p := t.Plan(t.Function(c.fn)); p != nil {
		env := make([]unsafe.Pointer, len(c.env))
		for i, v := range c.env {
			env[i] = reflect.ValueOf(v).UnsafePointer()
		}
		if f := p.Bind(fn, env, nil); f != nil {
			return f
		}
	}
	if f := c.direct(fn); f != nil {
		return f
	}
	return fn
}

// Usual says whether functions of a type are made faster.
func Usual(sig *types.Signature) bool {
	if sig.Recv() != nil || sig.Variadic() || sig.Results().Len() > 1 {
		return false
	}
	var in []string
	for p := range sig.Params().Variables() {
		in = append(in, name(p.Type()))
	}
	key := "func(" + strings.Join(in, ", ") + ")"
	if sig.Results().Len() == 1 {
		key += " " + name(sig.Results().At(0).Type())
	}
	return usual[key]
}

// name is that of a type as package reflect has it, for the types of callbacks.
func name(t types.Type) string {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		return types.Typ[t.Kind()].Name()
	case *types.Slice:
		return "[]" + name(t.Elem())
	}
	return "?"
}

var usual = map[string]bool{}

func init() {
	for _, f := range []any{
		(func(int, int) bool)(nil), (func(int, int) int)(nil), (func(int, int))(nil), (func(int) bool)(nil), (func(int) int)(nil),
		(func(float64, float64) int)(nil), (func(float64, float64) bool)(nil), (func(float64, float64) float64)(nil), (func(float64) float64)(nil),
		(func(float64) bool)(nil), (func(rune) rune)(nil), (func(rune) bool)(nil), (func(string, string) int)(nil), (func(string, string) bool)(nil),
		(func(string) string)(nil), (func(string) bool)(nil), (func([]byte) []byte)(nil), (func())(nil),
	} {
		usual[reflect.TypeOf(f).String()] = true
	}
}

// as returns v, or a zero value if the function was stopped before it had one.
func as[T any](v any) (t T) {
	if v == nil {
		return t
	}
	return v.(T)
}

// direct returns c as a function of the type of like, or nil.
func (c *callee) direct(like any) any {
	switch like.(type) {
	case func(int, int) bool:
		return func(x, y int) bool { return as[bool](c.call(x, y)) }
	case func(int, int) int:
		return func(x, y int) int { return as[int](c.call(x, y)) }
	case func(int, int):
		return func(x, y int) { c.call(x, y) }
	case func(int) bool:
		return func(x int) bool { return as[bool](c.call(x)) }
	case func(int) int:
		return func(x int) int { return as[int](c.call(x)) }
	case func(float64, float64) int:
		return func(x, y float64) int { return as[int](c.call(x, y)) }
	case func(float64, float64) bool:
		return func(x, y float64) bool { return as[bool](c.call(x, y)) }
	case func(float64, float64) float64:
		return func(x, y float64) float64 { return as[float64](c.call(x, y)) }
	case func(float64) float64:
		return func(x float64) float64 { return as[float64](c.call(x)) }
	case func(float64) bool:
		return func(x float64) bool { return as[bool](c.call(x)) }
	case func(rune) rune:
		return func(x rune) rune { return as[rune](c.call(x)) }
	case func(rune) bool:
		return func(x rune) bool { return as[bool](c.call(x)) }
	case func(string, string) int:
		return func(x, y string) int { return as[int](c.call(x, y)) }
	case func(string, string) bool:
		return func(x, y string) bool { return as[bool](c.call(x, y)) }
	case func(string) string:
		return func(x string) string { return as[string](c.call(x)) }
	case func(string) bool:
		return func(x string) bool { return as[bool](c.call(x)) }
	case func([]byte) []byte:
		return func(x []byte) []byte { return as[[]byte](c.call(x)) }
	case func():
		return func() { c.call() }
	case func() int: // of a heap, as are the next
		return func() int { return as[int](c.call()) }
	case func() any:
		return func() any { return c.call() }
	case func(any):
		return func(x any) { c.call(x) }
	}
	return nil
}
