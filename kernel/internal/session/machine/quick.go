package machine

import (
	"go/types"
	"reflect"
	"unsafe"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/callback"
)

// Methods of cells' types that compiled code calls often, and calls through interfaces,
// without package reflect.

//go:linkname functionOf github.com/goplus/ixgo.(*Interp).loadFunction
func functionOf(in *ixgo.Interp, f *ssa.Function) unsafe.Pointer

// installOrder gives cells the functions of packages sort and heap that call methods of
// cells' types by the short way.
func (m *Machine) installOrder() {
	for name, fn := range callback.Finder(m.editor.natives.quick).Functions() {
		m.ixgo.RegisterExternal(name, fn)
	}
}

// own returns the body of the method that t, a type of a cell or a pointer to one, declares
// itself, and whether the receiver is what such a pointer points to; nil if there is none.
func (n *natives) own(t reflect.Type, name string) (body *method, through bool) {
	m, known := n.m.loader.declared(t, name)
	if !known || m == nil {
		return nil, false
	}
	_, byPointer := m.Signature().Recv().Type().(*types.Pointer)
	pointer := t.Kind() == reflect.Pointer
	if byPointer && !pointer {
		return nil, false
	}
	body = n.m.loader.body(m)
	if body == nil || body.call.Load() == nil || body.body == nil || len(body.body.Params) != m.Signature().Params().Len()+1 {
		return nil, false
	}
	return body, pointer && !byPointer
}

// ownMethod is what own has returned.
type ownMethod struct {
	body    *method
	fn      unsafe.Pointer // ixgo's function of it
	through bool
}

// found is own, remembered, with nil for what there is no body of or not yet.
func (n *natives) found(t reflect.Type, name string) *ownMethod {
	key := methodKey{t, name}
	if f, ok := n.owns.Load(key); ok {
		return f.(*ownMethod)
	}
	body, through := n.own(t, name)
	if body == nil {
		return nil
	}
	f := &ownMethod{body, functionOf(body.in, body.body), through}
	n.owns.Store(key, f)
	return f
}

// short calls a method of the dynamic type of recv, if that is a cell's and has declared it.
// The result is that of the method: nil, a value, or ixgo's tuple of several.
func (n *natives) short(name string, recv any, args []any) (result any, ok bool) {
	if recv == nil {
		return nil, false
	}
	f := n.found(reflect.TypeOf(recv), name)
	if f == nil {
		return nil, false
	}
	if f.through {
		r := reflect.ValueOf(recv)
		if r.IsNil() {
			return nil, false // which panics
		}
		recv = r.Elem().Interface()
	}
	return callback.Call(f.body.in, f.fn, append(append(make([]any, 0, 8), recv), args...)), true
}

// quick is the callback.Finder of cells' methods.
func (n *natives) quick(recv any, name string, like any) any {
	f := n.found(reflect.TypeOf(recv), name)
	if f == nil {
		return nil
	}
	r, body, through := reflect.ValueOf(recv), f.body, f.through
	if through && r.IsNil() {
		return nil
	}
	if plan := n.m.numeric.env.Ready(body.body); plan != nil && len(body.body.FreeVars) == 0 {
		var at unsafe.Pointer // of a slice
		switch {
		case through && r.Type().Elem().Kind() == reflect.Slice:
			at = r.UnsafePointer()
		case r.Kind() == reflect.Slice:
			p := reflect.New(r.Type())
			p.Elem().Set(r)
			at = p.UnsafePointer()
		}
		if at != nil {
			if f := plan.Bind(like, nil, at); f != nil {
				return f
			}
		}
	}
	value := func() any { return recv }
	if through {
		value = func() any { return r.Elem().Interface() }
	}
	return n.m.numeric.callbacks.Method(body.in, f.fn, value, like)
}
