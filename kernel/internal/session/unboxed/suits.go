package unboxed

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// suits says whether all of f can run unboxed.
func (e *Env) suits(f *ssa.Function) bool {
	if len(f.Blocks) == 0 || len(f.AnonFuncs) > 0 {
		return false
	}
	for _, v := range f.FreeVars {
		if p, ok := v.Type().(*types.Pointer); !ok || !isValue(p.Elem()) {
			return false
		}
	}
	for _, p := range f.Params {
		if !isValue(p.Type()) {
			return false
		}
	}
	for r := range f.Signature.Results().Variables() {
		if !isScalar(r.Type()) {
			return false
		}
	}
	for _, b := range f.Blocks {
		if b == f.Recover && len(b.Preds) == 0 && b != f.Blocks[0] {
			return false // it defers
		}
		for _, in := range b.Instrs {
			if !e.suitsInstr(in) {
				return false
			}
		}
	}
	return true
}

func (e *Env) suitsInstr(in ssa.Instruction) bool {
	switch in := in.(type) {
	case *ssa.Jump, *ssa.If:
		return true
	case *ssa.Phi:
		return isValue(in.Type()) && operands(in)
	case *ssa.BinOp:
		return isScalar(in.Type()) && isScalar(in.X.Type()) && isScalar(in.Y.Type()) && operands(in)
	case *ssa.ChangeInterface: // a copy; see session's editor
		return isValue(in.Type()) && operands(in)
	case *ssa.ChangeType:
		return isScalar(in.Type()) && isScalar(in.X.Type()) && operands(in)
	case *ssa.Convert:
		return isNumber(in.Type()) && isNumber(in.X.Type()) && operands(in)
	case *ssa.UnOp:
		switch in.Op {
		case token.NOT, token.SUB, token.XOR:
			return isScalar(in.Type()) && operands(in)
		case token.MUL:
			return isValue(in.Type()) && e.isAddress(in.X)
		}
	case *ssa.Store:
		return e.isAddress(in.Addr) && isScalar(in.Val.Type()) && isOperand(in.Val)
	case *ssa.IndexAddr:
		return isSlice(in.X.Type()) && isOperand(in.X) && isOperand(in.Index) && onlyAddress(in)
	case *ssa.Extract:
		c, ok := in.Tuple.(*ssa.Call)
		return ok && isScalar(in.Type()) && e.suitsInstr(c)
	case *ssa.Return:
		return operands(in)
	case *ssa.Call:
		return e.suitsCall(in)
	}
	return false
}

func (e *Env) suitsCall(c *ssa.Call) bool {
	if c.Call.IsInvoke() {
		return false
	}
	for _, a := range c.Call.Args {
		if !isValue(a.Type()) || !isOperand(a) {
			return false
		}
	}
	switch f := c.Call.Value.(type) {
	case *ssa.Builtin:
		switch f.Name() {
		case "len":
			return isSlice(c.Call.Args[0].Type())
		case "min", "max":
			return isNumber(c.Type())
		}
	case *ssa.Function:
		if len(f.Blocks) == 0 && e.known(f) == nil {
			return e.Native(f) != nil
		}
		return e.Plan(f) != nil
	}
	return false
}

// known returns the plan of a function that has been planned.
func (e *Env) known(f *ssa.Function) *Func {
	if p, ok := e.funcs.Load(f); ok {
		return p.(*Func)
	}
	return nil
}

func isNumber(t types.Type) bool { return isScalar(t) && kindOf(t) != types.Bool }

// isAddress says whether v is the address of a variable or element.
func (e *Env) isAddress(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Global:
		return isValue(v.Type().(*types.Pointer).Elem()) && e.Owns(v)
	case *ssa.FreeVar: // a variable of the function around
		p, ok := v.Type().(*types.Pointer)
		return ok && isValue(p.Elem())
	case *ssa.IndexAddr:
		return true
	}
	return false
}

// onlyAddress says whether an element's address is only used to load and store it.
func onlyAddress(a *ssa.IndexAddr) bool {
	for _, ref := range *a.Referrers() {
		switch ref := ref.(type) {
		case *ssa.UnOp:
			if ref.Op != token.MUL {
				return false
			}
		case *ssa.Store:
			if ref.Addr != a {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// operands says whether all operands of an instruction fit in registers.
func operands(in ssa.Instruction) bool {
	var buf [8]*ssa.Value
	for _, op := range in.Operands(buf[:0]) {
		if *op != nil && !isOperand(*op) {
			return false
		}
	}
	return true
}

func isOperand(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return isScalar(v.Type()) && v.Value != nil
	case *ssa.Function, *ssa.Builtin, *ssa.Global, *ssa.FreeVar:
		return false
	}
	return isValue(v.Type())
}
