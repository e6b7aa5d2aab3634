// Package stack is the interpreter's own stack: which function of a cell has called which,
// what panics, and which line of a test has something to say.
package stack

import (
	"reflect"
	"unsafe"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"
)

// An Activation is a call of an interpreted function.
type Activation struct{ at unsafe.Pointer }

// Of returns the activation that a frame is.
func Of(fr *ixgo.Frame) Activation { return Activation{unsafe.Pointer(fr)} }

// Is says whether there is one.
func (f Activation) Is() bool { return f.at != nil }

// FunctionOf returns what a function of ixgo is made of.
func FunctionOf(fn unsafe.Pointer) *ssa.Function {
	return *(**ssa.Function)(unsafe.Add(fn, functionFn))
}

var (
	frameType    = reflect.TypeFor[ixgo.Frame]()
	frameCaller  = offsetIn(frameType, "caller")
	frameFn      = offsetIn(frameType, "pfn")
	framePanic   = offsetIn(frameType, "_panic")
	functionFn   = offsetIn(elemIn(frameType, "pfn"), "Fn")
	panicType    = elemIn(frameType, "_panic")
	panicArg     = offsetIn(panicType, "arg")
	panicStopped = offsetIn(panicType, "recovered")
)

func offsetIn(t reflect.Type, name string) uintptr {
	f, ok := t.FieldByName(name)
	if !ok {
		panic("session: " + t.String() + " has no field " + name + " in this version: pin the version in go.mod that has")
	}
	return f.Offset
}

func elemIn(t reflect.Type, name string) reflect.Type {
	f, _ := t.FieldByName(name)
	return f.Type.Elem()
}

// Caller returns the one that has called f.
func (f Activation) Caller() Activation {
	return Activation{*(*unsafe.Pointer)(unsafe.Add(f.at, frameCaller))}
}

// Function returns the function that was called, or nil for the beginning of a stack.
func (f Activation) Function() *ssa.Function {
	fn := *(*unsafe.Pointer)(unsafe.Add(f.at, frameFn))
	if fn == nil {
		return nil
	}
	return FunctionOf(fn)
}

// Panics returns the panic that the frame is in, as long as nothing has recovered it.
func (f Activation) Panics() (arg *any, recovered *bool) {
	p := *(*unsafe.Pointer)(unsafe.Add(f.at, framePanic))
	if p == nil {
		return nil, nil
	}
	if recovered = (*bool)(unsafe.Add(p, panicStopped)); *recovered {
		return nil, nil
	}
	return (*any)(unsafe.Add(p, panicArg)), recovered
}
