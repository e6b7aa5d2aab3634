package machine

import (
	"go/constant"
	"go/token"
	"go/types"
	"runtime"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// edit edits the functions that p declares or refers to.
func (e *editor) edit(p *ssa.Package) {
	for _, m := range p.Members {
		switch m := m.(type) {
		case *ssa.Function:
			e.function(m)
		case *ssa.Type:
			if t := m.Type(); !types.IsInterface(t) && !isParameterized(t, 0) {
				e.methods(t)
				e.methods(types.NewPointer(t))
			}
		}
	}
	for _, t := range e.prog.RuntimeTypes() {
		if types.IsInterface(t) {
			continue
		}
		if n := baseNamed(t); n != nil && !e.isCell(n) {
			continue
		}
		e.methods(t)
	}
}

func (e *editor) methods(t types.Type) {
	set := e.prog.MethodSets.MethodSet(t)
	for i := range set.Len() {
		e.function(e.prog.MethodValue(set.At(i)))
	}
}

func (e *editor) function(f *ssa.Function) {
	if f == nil || e.done[f] {
		return
	}
	e.done[f] = true
	e.batch = append(e.batch, f)
	if len(f.Blocks) == 0 {
		return
	}
	if e.instance(f) {
		return
	}
	if called := slices.Collect(callees(f)); e.replace(f) {
		for _, callee := range called {
			e.function(callee)
		}
		return
	}
	if usesDeferStack(f) {
		runDefersBeforeReturn(f)
	}
	for _, b := range f.Blocks {
		b.Instrs = e.block(b)
	}
	if isRecursive(f) {
		enterBeforeRecover(f)
	} else if f.Recover == nil {
		f.Recover = f.Blocks[0]
	}
	for callee := range callees(f) {
		e.function(callee)
	}
	for _, a := range f.AnonFuncs {
		e.function(a)
	}
}

// block returns the edited instructions of b.
func (e *editor) block(b *ssa.BasicBlock) []ssa.Instruction {
	out := make([]ssa.Instruction, 0, len(b.Instrs))
	out = append(out, oldPhis(b)...)
	for _, in := range b.Instrs {
		switch in := in.(type) {
		case *ssa.Call:
			if e.offsetOfField(in) {
				break
			}
			out = e.callbacks(out, b, &in.Call)
			blocks := mayBlock(&in.Call)
			e.extreme(in)
			e.dispatch(&in.Call)
			e.remove(&in.Call)
			e.recovered(in)
			out = append(out, in)
			if blocks {
				out = append(out, e.checkpoints(b)...)
			}
		case *ssa.Go:
			out = e.receiver(out, b, &in.Call)
			e.dispatch(&in.Call)
			e.guard(&in.Call)
			out = append(out, in)
		case *ssa.Defer:
			own := !isNative(&in.Call)
			out = e.receiver(out, b, &in.Call)
			e.remove(&in.Call)
			e.dispatch(&in.Call)
			out = append(out, in)
			if own && e.stops() { // deferred functions run last to first
				out = append(out, &ssa.Defer{Call: ssa.CallCommon{Value: e.natives.function(e.prog, "resume", 0, 0)}, DeferStack: in.DeferStack})
			}
		case *ssa.MapUpdate:
			out = append(out, e.mapUpdate(b, in))
		case *ssa.Lookup:
			out = append(out, e.lookup(b, in))
		case *ssa.Select:
			out = append(append(out, in), e.checkpoints(b)...)
		case *ssa.Send:
			out = append(append(out, in), e.checkpoints(b)...)
		case *ssa.UnOp:
			out = append(out, in)
			if in.Op == token.ARROW {
				out = append(out, e.checkpoints(b)...)
			}
		case *ssa.MakeInterface:
			if e.stops() && isFile(in.X.Type()) && !isEmptyInterface(in.Type()) {
				c := &ssa.Call{Call: ssa.CallCommon{Value: e.natives.function(e.prog, "stream", 1, 1), Args: []ssa.Value{in.X}}}
				setRegister(c, b, anyType, in.Pos())
				out = append(out, c)
				in.X = c
			}
			out = append(out, in)
		case *ssa.TypeAssert:
			if c := e.assertion(b, in); c != nil {
				out = append(out, c)
			}
			if c := e.exactly(b, in); c != nil {
				out = append(out, c)
			}
			out = append(out, in)
		case *ssa.Panic:
			out = append(append(out, e.rangePanic(b, in)...), in)
		default:
			out = append(out, in)
		}
	}
	return out
}

// checkpoint returns a call that ends a goroutine which was told to stop.
func (e *editor) checkpoint(b *ssa.BasicBlock) ssa.Instruction {
	c := &ssa.Call{Call: ssa.CallCommon{Value: e.natives.function(e.prog, "checkpoint", 0, 0)}}
	setRegister(c, b, types.NewTuple(), token.NoPos)
	return c
}

// blocking are the packages whose functions may wait.
var blocking = []string{"sync", "net", "net/http", "os", "os/exec", "io", "bufio", "time", "context", "database/sql"}

func mayBlock(c *ssa.CallCommon) bool {
	f, ok := c.Value.(*ssa.Function)
	return ok && c.Method == nil && f.Pkg != nil && slices.Contains(blocking, f.Pkg.Pkg.Path())
}

// isNative says whether c calls compiled code, which no abort stops.
func isNative(c *ssa.CallCommon) bool {
	switch v := c.Value.(type) {
	case *ssa.Builtin:
		return true
	case *ssa.Function:
		return c.Method == nil && len(v.Blocks) == 0
	}
	return false
}

// dispatch turns an interface call into a call of the dispatcher, with the name
// of the method and the receiver before the arguments.
func (e *editor) dispatch(c *ssa.CallCommon) {
	if !c.IsInvoke() {
		return
	}
	sig := c.Method.Signature()
	fn := e.natives.function(e.prog, "invoke", len(c.Args), sig.Results().Len())
	name := ssa.NewConst(constant.MakeString(c.Method.Name()), types.Typ[types.String])
	c.Args = append([]ssa.Value{name, c.Value}, c.Args...)
	c.Value, c.Method = fn, nil
}

// extreme lets Go compute min and max where ixgo does not.
func (e *editor) extreme(c *ssa.Call) {
	b, ok := c.Call.Value.(*ssa.Builtin)
	if !ok || b.Name() != "min" && b.Name() != "max" || len(c.Call.Args) > commonArgs {
		return
	}
	if t, ok := c.Type().Underlying().(*types.Basic); ok && (t.Info()&types.IsFloat != 0 || t.Kind() == types.Uintptr) {
		c.Call.Value = e.natives.function(e.prog, b.Name(), len(c.Call.Args), 1)
	}
}

// guard lets a go statement call the function that reports panics, with the
// function meant before its arguments.
func (e *editor) guard(c *ssa.CallCommon) {
	f, static := c.Value.(*ssa.Function)
	if _, ok := c.Value.(*ssa.Builtin); ok {
		return
	}
	switch {
	case static && f.Signature.Recv() != nil && len(f.Blocks) > 0:
		c.Value = e.thunk(f)
	case static && f.Signature.Recv() != nil:
		// A compiled method is looked up by name.
		name := ssa.NewConst(constant.MakeString(f.Name()), types.Typ[types.String])
		c.Args = append([]ssa.Value{name}, c.Args...)
		c.Value = e.natives.function(e.prog, "gomethod", len(c.Args)-2, 0)
		return
	}
	c.Args = append([]ssa.Value{c.Value}, c.Args...)
	c.Value = e.natives.function(e.prog, "go", len(c.Args)-1, 0)
}

// thunk returns a function that does what the method f does. A method as a value
// has no parameter for its receiver.
func (e *editor) thunk(f *ssa.Function) *ssa.Function {
	if t := e.thunks[f]; t != nil {
		return t
	}
	var params []*types.Var
	for _, p := range f.Params {
		params = append(params, types.NewParam(token.NoPos, nil, p.Name(), p.Type()))
	}
	sig := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), nil, false)
	t := e.prog.NewFunction(f.String()+"·go", sig, "session")
	b := &ssa.BasicBlock{Comment: "entry"}
	call := &ssa.Call{Call: ssa.CallCommon{Value: f}}
	setRegister(call, b, f.Signature.Results(), f.Pos())
	for _, p := range f.Params {
		q := newParameter(t, p.Name(), p.Type())
		t.Params = append(t.Params, q)
		call.Call.Args = append(call.Call.Args, q)
	}
	b.Instrs = []ssa.Instruction{call, new(ssa.Return)}
	t.Blocks = []*ssa.BasicBlock{b}
	t.Recover = b
	e.thunks[f] = t
	return t
}

// isFile says whether t is *os.File.
func isFile(t types.Type) bool {
	n := baseNamed(t)
	return n != nil && n.Obj().Name() == "File" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "os"
}

// replace lets f run unboxed, if it can and that pays.
func (e *editor) replace(f *ssa.Function) bool {
	n := e.natives.m.numeric
	plan := n.env.Plan(f)
	if plan == nil || !plan.Worthwhile || !plan.Boxable || len(f.Params) > commonArgs || len(f.FreeVars) > 0 || f.Signature.Results().Len() > commonResults {
		return false
	}
	n.next++
	n.plans.Store(n.next, plan)
	// A closure that a cell has put somewhere may call f long after all names that lead
	// to it are gone.
	runtime.AddCleanup(f, func(id int64) { n.plans.Delete(id) }, n.next)
	b := &ssa.BasicBlock{Comment: "unboxed"}
	id := ssa.NewConst(constant.MakeInt64(n.next), types.Typ[types.Int64])
	call := &ssa.Call{Call: ssa.CallCommon{
		Value: e.natives.function(e.prog, "unboxed", len(f.Params), f.Signature.Results().Len()),
		Args:  []ssa.Value{id},
	}}
	for _, p := range f.Params {
		call.Call.Args = append(call.Call.Args, p)
	}
	ret := new(ssa.Return)
	b.Instrs = []ssa.Instruction{call}
	switch results := f.Signature.Results(); results.Len() {
	case 0:
		setRegister(call, b, results, f.Pos())
	case 1:
		setRegister(call, b, results.At(0).Type(), f.Pos())
		ret.Results = []ssa.Value{call}
	default:
		setRegister(call, b, results, f.Pos())
		for i := range results.Len() {
			x := &ssa.Extract{Tuple: call, Index: i}
			setRegister(x, b, results.At(i).Type(), f.Pos())
			setReferrers(x, []ssa.Instruction{ret})
			b.Instrs = append(b.Instrs, x)
			ret.Results = append(ret.Results, x)
		}
	}
	b.Instrs = append(b.Instrs, ret)
	f.Blocks, f.Recover, f.Locals = []*ssa.BasicBlock{b}, b, nil
	e.replaced[f] = n.next
	return true
}

// forget drops what is known about a function that no later cell can mention.
func (e *editor) forget(f *ssa.Function) {
	e.natives.m.numeric.env.Forget(f)
	delete(e.replaced, f)
	delete(e.done, f)
	delete(e.thunks, f)
}
