package machine

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/source"
)

// Panics of Go that ixgo and ssa have other texts for.

// assertion returns a call that panics as Go does if a nil is to be turned into an
// interface, or is an error; nil where ixgo does it itself.
func (e *editor) assertion(b *ssa.BasicBlock, in *ssa.TypeAssert) ssa.Instruction {
	from := "interface"
	if !types.IsInterface(in.AssertedType) {
		from = "error"
		if in.X.Type() != errorType {
			return nil
		}
	}
	if in.CommaOk {
		return nil
	}
	if isNilCheck(b, in) {
		return e.call(b, in.Pos(), "notnilreceiver", in.X)
	}
	text := "interface conversion: " + from + " is nil, not " + runtimeName(in.AssertedType)
	c := &ssa.Call{Call: ssa.CallCommon{
		Value: e.natives.function(e.prog, "notnil", 1, 0),
		Args:  []ssa.Value{ssa.NewConst(constant.MakeString(text), types.Typ[types.String]), in.X},
	}}
	setRegister(c, b, types.NewTuple(), in.Pos())
	return c
}

// exactly returns a call that lets in fail where Go does: ixgo takes a []int out of an
// interface that holds a value of a type L []int, since one can be assigned to the other.
func (e *editor) exactly(b *ssa.BasicBlock, in *ssa.TypeAssert) ssa.Instruction {
	switch in.AssertedType.Underlying().(type) {
	case *types.Slice, *types.Map, *types.Signature, *types.Chan, *types.Array, *types.Struct:
	case *types.Pointer:
		if _, named := types.Unalias(in.AssertedType).(*types.Named); !named {
			return nil // by far the most usual, and pointer types with names are rare
		}
	default:
		return nil
	}
	if isParameterized(in.AssertedType, 0) {
		return nil
	}
	text := ""
	if !in.CommaOk {
		text = "interface conversion: " + runtimeName(in.X.Type()) + " is %s, not " + runtimeName(in.AssertedType)
	}
	c := &ssa.Call{Call: ssa.CallCommon{
		Value: e.natives.function(e.prog, "exactly", 2, 1),
		Args:  []ssa.Value{ssa.NewConst(constant.MakeString(text), types.Typ[types.String]), in.X, ssa.NewConst(nil, in.AssertedType)},
	}}
	setRegister(c, b, in.X.Type(), in.Pos())
	in.X = c
	return c
}

// isNilCheck says whether in is not of the user: ssa has one in front of a method value.
func isNilCheck(b *ssa.BasicBlock, in *ssa.TypeAssert) bool {
	i := slices.Index(b.Instrs, ssa.Instruction(in))
	if i+1 == len(b.Instrs) || len(*in.Referrers()) > 0 {
		return false
	}
	bound, ok := b.Instrs[i+1].(*ssa.MakeClosure)
	return ok && isWrapper(bound.Fn.(*ssa.Function)) && slices.Contains(bound.Bindings, in.X)
}

// recovered lets in, if it is a call of recover, find the function that panics as Go does.
func (e *editor) recovered(in *ssa.Call) {
	if f, ok := in.Call.Value.(*ssa.Builtin); ok && f.Name() == "recover" {
		in.Call.Value = e.natives.function(e.prog, "recover", 0, 1)
	}
}

// runtimeName writes a type as Go's runtime does.
func runtimeName(t types.Type) string {
	if isEmptyInterface(t) && baseNamed(t) == nil {
		return "interface {}"
	}
	return source.Demangle(types.TypeString(t, (*types.Package).Name))
}

// rangePanic replaces what in panics with if it is about a range over a function that
// does not keep the rules. The result is what has to run before, if anything.
func (e *editor) rangePanic(b *ssa.BasicBlock, in *ssa.Panic) (before []ssa.Instruction) {
	made, ok := in.X.(*ssa.MakeInterface)
	if !ok {
		return nil
	}
	k, ok := made.X.(*ssa.Const)
	if !ok || in.Pos().IsValid() { // of the user
		return nil
	}
	state := ssa.Value(made)
	switch {
	case k.Value.Kind() != constant.String:
		return nil
	case constant.StringVal(k.Value) == "yield function called after range loop exit":
		branch, ok := b.Preds[0].Instrs[len(b.Preds[0].Instrs)-1].(*ssa.If)
		if !ok {
			return nil
		}
		boxed := &ssa.MakeInterface{X: branch.Cond.(*ssa.BinOp).X}
		setRegister(boxed, b, anyType, token.NoPos)
		state, before = boxed, []ssa.Instruction{boxed}
	case constant.StringVal(k.Value) != "iterator call did not preserve panic":
		return nil
	}
	c := &ssa.Call{Call: ssa.CallCommon{Value: e.natives.function(e.prog, "rangeerror", 1, 1), Args: []ssa.Value{state}}}
	setRegister(c, b, anyType, token.NoPos)
	in.X = c
	return append(before, c)
}
