package machine

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"

	"github.com/goplus/ixgo"
	"github.com/goplus/reflectx"
)

// invoke calls a method of the dynamic type of recv. The arguments are values of
// type any.
func (n *natives) invoke(name string, recv any, args []reflect.Value) []reflect.Value {
	if recv == nil {
		panic(nilDereference)
	}
	r := reflect.ValueOf(recv)
	m := n.method(r.Type(), name)
	in := make([]reflect.Value, 1+len(args))
	in[0] = r
	for i, a := range args {
		in[i+1] = argument(m.typ, i+1, a)
	}
	return m.call(in)
}

// invokeValues is invoke with arguments of the types that the method declares.
func (n *natives) invokeValues(name string, recv reflect.Value, args []reflect.Value) []reflect.Value {
	return n.method(recv.Type(), name).call(append([]reflect.Value{recv}, args...))
}

func (n *natives) method(t reflect.Type, name string) callee {
	m, ok := n.lookupMethod(t, name)
	if !ok {
		panic(ixgo.PlainError(fmt.Sprintf("%v has no method %s that a cell can call", t, name)))
	}
	return m
}

func (n *natives) lookupMethod(t reflect.Type, name string) (callee, bool) {
	key := methodKey{t, name}
	if c, ok := n.callees.Load(key); ok {
		return c.(callee), true
	}
	c, ok := n.cellMethod(t, name)
	if !ok {
		c, ok = reflectMethod(t, name)
	}
	if ok {
		n.callees.Store(key, c)
	}
	return c, ok
}

// cellMethod finds a method that a cell's type has through a pointer or something
// embedded, where what reflectx finds cannot always be called.
func (n *natives) cellMethod(t reflect.Type, name string) (callee, bool) {
	m, known := n.m.loader.declared(t, name)
	if !known {
		return callee{}, false
	}
	if m == nil {
		return n.promotedMethod(t, name)
	}
	_, byPointer := m.Signature().Recv().Type().(*types.Pointer)
	if byPointer == (t.Kind() == reflect.Pointer) {
		c, ok := reflectMethod(t, name) // t's own, which need not go through reflection
		if body := n.m.loader.body(m); ok && body != nil {
			c.call = body.invoke
		}
		return c, ok
	}
	if byPointer {
		return callee{}, false
	}
	inner, ok := n.lookupMethod(t.Elem(), name)
	return callee{inner.typ, func(args []reflect.Value) []reflect.Value {
		if args[0].IsNil() {
			panic(panicWrap(t.Elem(), name))
		}
		return inner.call(append([]reflect.Value{args[0].Elem()}, args[1:]...))
	}}, ok
}

// typeMethods are the methods of reflect.Type that return methods. Those of cells'
// types are only callable if reflectx has found them.
var typeMethods = map[string]any{"Method": reflectx.MethodByIndex, "MethodByName": reflectx.MethodByName}

// reflectMethod finds a method that t has itself.
func reflectMethod(t reflect.Type, name string) (callee, bool) {
	if f, ok := typeMethods[name]; ok && t == reflect.TypeOf(reflect.TypeFor[int]()) {
		return callee{reflect.TypeOf(f), reflect.ValueOf(f).Call}, true
	}
	m, ok := reflectx.MethodByName(t, name)
	if !ok {
		return callee{}, false
	}
	if m.Type.IsVariadic() {
		return callee{m.Type, m.Func.CallSlice}, true
	}
	return callee{m.Type, m.Func.Call}, true
}

// promotedMethod finds a method of something embedded in the struct t or *t.
func (n *natives) promotedMethod(t reflect.Type, name string) (callee, bool) {
	st, pointer := t, t.Kind() == reflect.Pointer
	if pointer {
		st = t.Elem()
	}
	if st.Kind() != reflect.Struct {
		return callee{}, false
	}
	p, ok := n.m.loader.promotionOf(st, name, pointer)
	if !ok {
		return callee{}, false
	}
	if inner, ok := n.embeddedMethod(p.typ, name); ok {
		return callee{inner.typ, func(args []reflect.Value) []reflect.Value {
			recv := p.follow(args[0])
			if recv.Kind() == reflect.Interface {
				if recv.IsNil() {
					panic(nilDereference)
				}
				return n.invokeValues(name, recv.Elem(), args[1:])
			}
			return inner.call(append([]reflect.Value{recv}, args[1:]...))
		}}, true
	}
	inner, ok := n.lookupMethod(reflect.PointerTo(p.typ), name)
	return callee{inner.typ, func(args []reflect.Value) []reflect.Value {
		return inner.call(append([]reflect.Value{p.follow(args[0]).Addr()}, args[1:]...))
	}}, ok
}

// embeddedMethod is lookupMethod for a field, which may be an interface: then typ is
// right, and what to call only known when there is a value.
func (n *natives) embeddedMethod(t reflect.Type, name string) (callee, bool) {
	if t.Kind() != reflect.Interface {
		return n.lookupMethod(t, name)
	}
	m, ok := t.MethodByName(name)
	if !ok {
		return callee{}, false
	}
	in := []reflect.Type{t}
	for p := range m.Type.Ins() {
		in = append(in, p)
	}
	return callee{typ: reflect.FuncOf(in, slices.Collect(m.Type.Outs()), m.Type.IsVariadic())}, true
}
