package machine

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Where ixgo takes a nil interface for no value at all: as a key or a value of a map, and
// as the receiver of what is deferred.

// mayBeNil says whether v is an interface that may be nil.
func mayBeNil(v ssa.Value) bool {
	_, made := v.(*ssa.MakeInterface)
	return types.IsInterface(v.Type()) && !made
}

// mapUpdate returns what in, an assignment to an entry of a map, is run as.
func (e *editor) mapUpdate(b *ssa.BasicBlock, in *ssa.MapUpdate) ssa.Instruction {
	if !mayBeNil(in.Key) && !mayBeNil(in.Value) {
		return in
	}
	return e.call(b, in.Pos(), "setmap", in.Map, in.Key, in.Value)
}

// lookup returns what in, an index of a map, is run as.
func (e *editor) lookup(b *ssa.BasicBlock, in *ssa.Lookup) ssa.Instruction {
	if _, isMap := in.X.Type().Underlying().(*types.Map); !isMap || !mayBeNil(in.Index) {
		return in
	}
	nres := 1
	if in.CommaOk {
		nres = 2
	}
	c := &ssa.Call{Call: ssa.CallCommon{Value: e.natives.function(e.prog, "getmap", 2, nres), Args: []ssa.Value{in.X, in.Index}}}
	setRegister(c, b, in.Type(), in.Pos())
	replaceUses(in, c)
	return c
}

// remove lets c, a call of delete, know a nil key.
func (e *editor) remove(c *ssa.CallCommon) {
	if b, ok := c.Value.(*ssa.Builtin); ok && b.Name() == "delete" && mayBeNil(c.Args[1]) {
		c.Value = e.natives.function(e.prog, "delmap", 2, 0)
	}
}

// receiver appends to out the check of the receiver that Go makes at a defer or go
// statement which calls a method of an interface.
func (e *editor) receiver(out []ssa.Instruction, b *ssa.BasicBlock, c *ssa.CallCommon) []ssa.Instruction {
	if c.IsInvoke() && mayBeNil(c.Value) {
		return append(out, e.call(b, c.Pos(), "notnilreceiver", c.Value))
	}
	return out
}

// replaceUses lets what uses old use v.
func replaceUses(old, v ssa.Value) {
	users := old.Referrers()
	var buf [8]*ssa.Value
	for _, user := range *users {
		for _, op := range user.Operands(buf[:0]) {
			if *op == old {
				*op = v
			}
		}
	}
	setReferrers(v, *users)
}

// call returns a call of a native function that has no results.
func (e *editor) call(b *ssa.BasicBlock, pos token.Pos, name string, args ...ssa.Value) ssa.Instruction {
	c := &ssa.Call{Call: ssa.CallCommon{Value: e.natives.function(e.prog, name, len(args), 0), Args: args}}
	setRegister(c, b, types.NewTuple(), pos)
	return c
}

func isEmptyInterface(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.Empty()
}
