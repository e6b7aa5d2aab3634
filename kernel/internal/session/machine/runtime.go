package machine

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	_ "unsafe" // for linkname

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/stack"
)

// ixgo's recover looks one frame up for the function that panics. Go looks through what
// the compiler puts between the two, a method value for instance, and knows only one
// stack where ixgo has one in each interpreter.

//go:linkname goroutineID github.com/goplus/ixgo.goroutineID
func goroutineID() uint64

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
	self := stack.Of(fr)
	if arg, _ := self.Panics(); arg != nil {
		return nil
	}
	up := self.Caller()
	for up.Is() && up.Function() != nil && isWrapper(up.Function()) {
		up = up.Caller()
	}
	if !up.Is() {
		return nil
	}
	arg, recovered := up.Panics()
	if up.Function() == nil { // called by compiled code, or by a function of another cell
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
			up := stack.Of(fr.(*ixgo.Frame))
			for up.Function() != nil && isWrapper(up.Function()) {
				up = up.Caller()
			}
			arg, recovered = up.Panics()
		}
	})
	return arg, recovered
}

func notNil(text string, x any) {
	if x == nil {
		panic(ixgo.PlainError(text))
	}
}

// notNilReceiver is called before a method of an interface is deferred, or started in a
// goroutine.
func notNilReceiver(x any) {
	if x == nil {
		panic(nilDereference)
	}
}

// exactly returns x, or nil if its type is not that of the value zero but one can be
// assigned to the other. With a text it panics then.
func exactly(text string, x, zero any) any {
	from, to := reflect.TypeOf(x), reflect.TypeOf(zero)
	if from == nil || from == to || !from.AssignableTo(to) {
		return x
	}
	if text != "" {
		panic(ixgo.PlainError(fmt.Sprintf(text, from)))
	}
	return nil
}

// rangeError returns what Go panics with when an iterator goes on though the loop has
// ended. state is ssa's variable for that.
func rangeError(state any) any {
	const busy, done = -1, -2
	switch state {
	case busy:
		return ixgo.RuntimeError("range function continued iteration after loop body panic")
	case done:
		return ixgo.RuntimeError("range function continued iteration after whole loop exit")
	}
	if _, exit := state.(int); exit {
		return ixgo.RuntimeError("range function continued iteration after function for loop body returned false")
	}
	return ixgo.RuntimeError("range function recovered a loop body panic and did not resume panicking")
}

// AsGo returns what Go would have panicked with where ixgo has with e: it puts "runtime
// error:" in front of a failed type assertion, too.
func AsGo(e any) any {
	switch e := e.(type) {
	case ixgo.RuntimeError:
		if strings.HasPrefix(string(e), "interface conversion:") {
			return ixgo.PlainError(e)
		}
	case string:
		if err, ok := goPanics[e]; ok {
			return err
		}
	}
	return e
}

// goPanics are the panics of package reflect with which ixgo fails where Go has an error
// of its runtime.
var goPanics = map[string]ixgo.RuntimeError{
	"reflect.Value.Call: call of nil function": nilDereference,
	"reflect.MakeSlice: len > cap":             "makeslice: cap out of range",
}

func setMap(m, k, v any) {
	to := reflect.ValueOf(m)
	to.SetMapIndex(orZero(k, to.Type().Key()), orZero(v, to.Type().Elem()))
}

func deleteMap(m, k any) {
	from := reflect.ValueOf(m)
	from.SetMapIndex(orZero(k, from.Type().Key()), reflect.Value{})
}

func getMap(m, k any) any {
	v, _ := findMap(m, k)
	return v
}

func findMap(m, k any) (v, ok any) {
	from := reflect.ValueOf(m)
	if v := from.MapIndex(orZero(k, from.Type().Key())); v.IsValid() {
		return v.Interface(), true
	}
	return reflect.Zero(from.Type().Elem()).Interface(), false
}

// orZero returns x as a key or a value of a map, of which t is the type.
func orZero(x any, t reflect.Type) reflect.Value {
	if x == nil {
		return reflect.Zero(t)
	}
	return reflect.ValueOf(x)
}

// argument takes a value of type any apart; nil becomes the zero value of
// parameter i.
func argument(fn reflect.Type, i int, a reflect.Value) reflect.Value {
	if v := a.Elem(); v.IsValid() {
		return v
	}
	return reflect.Zero(fn.In(i))
}

// anys turns results into values of type any.
func anys(out []reflect.Value) []reflect.Value {
	for i, o := range out {
		v := reflect.New(reflect.TypeFor[any]()).Elem()
		if o.Kind() != reflect.Interface || !o.IsNil() {
			v.Set(o)
		}
		out[i] = v
	}
	return out
}

// A callee is a method, ready to be called with its receiver.
type callee struct {
	typ  reflect.Type
	call func([]reflect.Value) []reflect.Value
}

type methodKey struct {
	typ  reflect.Type
	name string
}
