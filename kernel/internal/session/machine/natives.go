package machine

import (
	"fmt"
	"go/types"
	"reflect"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"
)

func newNatives(m *Machine, prog *ssa.Program) *natives {
	n := &natives{m: m, functions: map[string]*ssa.Function{}}
	n.invokers = n.usualInvokers()
	n.prepare(prog)
	return n
}

func (n *natives) prepare(prog *ssa.Program) {
	for nargs := range commonArgs + 1 {
		for nres := range commonResults + 1 {
			n.function(prog, "invoke", nargs, nres)
			n.function(prog, "unboxed", nargs, nres)
		}
		n.function(prog, "go", nargs, 0)
		n.function(prog, "gomethod", nargs, 0)
		n.function(prog, "min", nargs, 1)
		n.function(prog, "max", nargs, 1)
	}
	n.function(prog, "stream", 1, 1)
	n.function(prog, "notnil", 1, 0)
	n.function(prog, "notnilreceiver", 1, 0)
	n.function(prog, "recover", 0, 1)
	n.function(prog, "exactly", 2, 1)
	n.function(prog, "setmap", 3, 0)
	n.function(prog, "getmap", 2, 1)
	n.function(prog, "getmap", 2, 2)
	n.function(prog, "delmap", 2, 0)
	n.function(prog, "rangeerror", 1, 1)
	n.function(prog, "fast", 1, 1)
	n.function(prog, "sortfunc", 2, 0)
	n.function(prog, "sortstablefunc", 2, 0)
	n.function(prog, "checkpoint", 0, 0)
	n.function(prog, "resume", 0, 0)
}

// function returns the SSA function for one of:
//
//	invoke(method string, recv any, args ...any) (results ...any)
//	go(fn any, args ...any)
//	gomethod(method string, recv any, args ...any)
//	stream(f any) any
//	notnil(text string, x any)
//	notnilreceiver(x any)
//	exactly(text string, x, zero any) any
//	recover() any, called with the frame
//	setmap(m, key, value any), delmap(m, key any)
//	getmap(m, key any) (value any), or (value, ok any)
//	rangeerror(state any) any
//	min(values ...any) any, max(values ...any) any
//	fast(fn any) any
//	sortfunc(x, compare any), sortstablefunc(x, compare any)
//	checkpoint(), resume()
//	unboxed(id int64, args ...any) (results ...any)
//
// with nargs args and nres results.
func (n *natives) function(prog *ssa.Program, name string, nargs, nres int) *ssa.Function {
	key := fmt.Sprintf("%s·%d·%d", name, nargs, nres)
	if f := n.functions[key]; f != nil {
		return f
	}
	var params []types.Type
	var body func(args []reflect.Value) []reflect.Value
	var direct any
	switch name {
	case "invoke":
		params = []types.Type{types.Typ[types.String], anyType}
		direct = n.invokers[[2]int{nargs, nres}]
		body = func(a []reflect.Value) []reflect.Value {
			return anys(n.invoke(a[0].String(), a[1].Interface(), a[2:]))
		}
	case "go":
		params = []types.Type{anyType}
		body = func(a []reflect.Value) []reflect.Value {
			n.m.spawned(n.m.offspring(), func() { callFunc(a[0].Elem(), a[1:]) })
			return nil
		}
	case "gomethod":
		params = []types.Type{types.Typ[types.String], anyType}
		body = func(a []reflect.Value) []reflect.Value {
			n.m.spawned(n.m.offspring(), func() { n.invoke(a[0].String(), a[1].Interface(), a[2:]) })
			return nil
		}
	case "min", "max":
		body = func(a []reflect.Value) []reflect.Value { return anys([]reflect.Value{extremeOf(name, a)}) }
	case "unboxed":
		params = []types.Type{types.Typ[types.Int64]}
		body = func(a []reflect.Value) []reflect.Value { return n.m.numeric.call(a[0].Int(), a[1:]) }
	case "notnil":
		params = []types.Type{types.Typ[types.String]}
		direct = notNil
	case "notnilreceiver":
		direct = notNilReceiver
	case "exactly":
		params = []types.Type{types.Typ[types.String]}
		direct = exactly
	case "recover":
		direct = n.m.recoverIn
	case "setmap":
		direct = setMap
	case "delmap":
		direct = deleteMap
	case "getmap":
		if direct = getMap; nres == 2 {
			direct = findMap
		}
	case "rangeerror":
		direct = rangeError
	case "stream":
		direct = n.m.stdio.stream
	case "sortfunc":
		direct = func(x, compare any) { n.m.numeric.callbacks.SortFunc(x, compare) }
	case "sortstablefunc":
		direct = func(x, compare any) { n.m.numeric.callbacks.SortStableFunc(x, compare) }
	case "fast":
		direct = func(fn any) any { return n.m.numeric.callbacks.Fast(fn) }
	case "checkpoint":
		direct = n.m.checkpoint
	case "resume":
		direct = n.m.resume
	}
	for range nargs {
		params = append(params, anyType)
	}
	if direct == nil {
		direct = reflect.MakeFunc(funcOfAny(params, nres), body).Interface()
	}
	n.m.ixgo.RegisterExternal(key, direct)
	f := prog.NewFunction(key, signature(params, nres), "session")
	n.functions[key] = f
	return f
}

func signature(params []types.Type, nres int) *types.Signature {
	var ps, rs []*types.Var
	for _, t := range params {
		ps = append(ps, types.NewParam(0, nil, "", t))
	}
	for range nres {
		rs = append(rs, types.NewParam(0, nil, "", anyType))
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(ps...), types.NewTuple(rs...), false)
}

func funcOfAny(params []types.Type, nres int) reflect.Type {
	var in, out []reflect.Type
	for _, t := range params {
		switch t {
		case anyType:
			in = append(in, reflect.TypeFor[any]())
		case types.Typ[types.Int64]:
			in = append(in, reflect.TypeFor[int64]())
		default:
			in = append(in, reflect.TypeFor[string]())
		}
	}
	for range nres {
		out = append(out, reflect.TypeFor[any]())
	}
	return reflect.FuncOf(in, out, false)
}

// usualInvokers returns the dispatchers for the usual numbers of arguments and
// results, which cost half of what one made by reflect.MakeFunc does.
func (n *natives) usualInvokers() map[[2]int]any {
	none := func(m string, r any, args ...any) {
		if _, ok := n.short(m, r, args); !ok {
			n.invokeAny(m, r, args...)
		}
	}
	one := func(m string, r any, args ...any) any {
		if v, ok := n.short(m, r, args); ok {
			return v
		}
		return n.invokeAny(m, r, args...)[0].Interface()
	}
	return map[[2]int]any{
		{0, 0}: func(m string, r any) { none(m, r) },
		{1, 0}: func(m string, r, a any) { none(m, r, a) },
		{2, 0}: func(m string, r, a, b any) { none(m, r, a, b) },
		{3, 0}: func(m string, r, a, b, c any) { none(m, r, a, b, c) },
		{0, 1}: func(m string, r any) any { return one(m, r) },
		{1, 1}: func(m string, r, a any) any { return one(m, r, a) },
		{2, 1}: func(m string, r, a, b any) any { return one(m, r, a, b) },
		{3, 1}: func(m string, r, a, b, c any) any { return one(m, r, a, b, c) },
		{0, 2}: func(m string, r any) (any, any) { return two(n.invokeAny(m, r)) },
		{1, 2}: func(m string, r, a any) (any, any) { return two(n.invokeAny(m, r, a)) },
		{2, 2}: func(m string, r, a, b any) (any, any) { return two(n.invokeAny(m, r, a, b)) },
	}
}

func two(v []reflect.Value) (any, any) { return v[0].Interface(), v[1].Interface() }

func (n *natives) invokeAny(name string, recv any, args ...any) []reflect.Value {
	values := make([]reflect.Value, len(args))
	for i := range args {
		values[i] = reflect.ValueOf(&args[i]).Elem()
	}
	return n.invoke(name, recv, values)
}

// callFunc calls a function value with values of type any.
func callFunc(fn reflect.Value, args []reflect.Value) {
	if !fn.IsValid() || fn.IsNil() {
		panic(ixgo.RuntimeError("invalid memory address or nil pointer dereference"))
	}
	in := make([]reflect.Value, len(args))
	for i, a := range args {
		in[i] = argument(fn.Type(), i, a)
	}
	if fn.Type().IsVariadic() {
		fn.CallSlice(in)
		return
	}
	fn.Call(in)
}

// extremeOf returns the least or greatest of values of one type, which are passed as
// any.
func extremeOf(name string, values []reflect.Value) reflect.Value {
	out := reflect.New(values[0].Elem().Type()).Elem()
	out.Set(values[0].Elem())
	for _, v := range values[1:] {
		switch v = v.Elem(); {
		case v.CanFloat() && name == "min":
			out.SetFloat(min(out.Float(), v.Float()))
		case v.CanFloat():
			out.SetFloat(max(out.Float(), v.Float()))
		case name == "min":
			out.SetUint(min(out.Uint(), v.Uint()))
		default:
			out.SetUint(max(out.Uint(), v.Uint()))
		}
	}
	return out
}
