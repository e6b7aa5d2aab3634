package machine

import (
	"reflect"
	"strings"
	"sync"
	"unsafe"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"
)

// ixgo's recover looks one frame up for the function that panics. Go looks through what
// the compiler puts between the two, a method value for instance, and knows only one
// stack where ixgo has one in each interpreter.

//go:linkname goroutineID github.com/goplus/ixgo.goroutineID
func goroutineID() uint64

// An activation is a call of an interpreted function.
type activation struct{ at unsafe.Pointer }

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

func (f activation) caller() activation {
	return activation{*(*unsafe.Pointer)(unsafe.Add(f.at, frameCaller))}
}

// function returns the function that was called, or nil for the beginning of a stack.
func (f activation) function() *ssa.Function {
	fn := *(*unsafe.Pointer)(unsafe.Add(f.at, frameFn))
	if fn == nil {
		return nil
	}
	return *(**ssa.Function)(unsafe.Add(fn, functionFn))
}

// panics returns the panic that the frame is in, as long as nothing has recovered it.
func (f activation) panics() (arg *any, recovered *bool) {
	p := *(*unsafe.Pointer)(unsafe.Add(f.at, framePanic))
	if p == nil {
		return nil, nil
	}
	if recovered = (*bool)(unsafe.Add(p, panicStopped)); *recovered {
		return nil, nil
	}
	return (*any)(unsafe.Add(p, panicArg)), recovered
}

// isWrapper says whether f only calls a method: a method value, a method expression, or
// what a type has through something embedded.
func isWrapper(f *ssa.Function) bool {
	for _, kind := range []string{"wrapper for ", "bound method wrapper for ", "thunk for "} {
		if strings.HasPrefix(f.Synthetic, kind) {
			return true
		}
	}
	return false
}

// recoverIn is recover, called in fr.
func (m *Machine) recoverIn(fr *ixgo.Frame) any {
	self := activation{unsafe.Pointer(fr)}
	if arg, _ := self.panics(); arg != nil {
		return nil
	}
	up := self.caller()
	for up.at != nil && up.function() != nil && isWrapper(up.function()) {
		up = up.caller()
	}
	if up.at == nil {
		return nil
	}
	arg, recovered := up.panics()
	if up.function() == nil { // called by compiled code, or by a function of another cell
		arg, recovered = m.deferring()
	}
	if arg == nil {
		return nil
	}
	*recovered = true
	if p, ok := (*arg).(ixgo.PanicError); ok {
		return p.Value
	}
	return AsGo(*arg)
}

// deferring returns the panic of the function that runs its deferred functions in this
// goroutine, whichever cell it is of.
func (m *Machine) deferring() (arg *any, recovered *bool) {
	id := goroutineID()
	m.interps.each(func(in *ixgo.Interp) {
		if fr, ok := field(in, "deferMap").Addr().Interface().(*sync.Map).Load(id); ok && arg == nil {
			up := activation{unsafe.Pointer(fr.(*ixgo.Frame))}
			for up.function() != nil && isWrapper(up.function()) {
				up = up.caller()
			}
			arg, recovered = up.panics()
		}
	})
	return arg, recovered
}
