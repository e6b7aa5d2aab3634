package machine

import (
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Where ixgo runs the blocks of a function otherwise than ssa means them; see editor.

// callees yields the functions that f mentions.
func callees(f *ssa.Function) func(yield func(*ssa.Function) bool) {
	return func(yield func(*ssa.Function) bool) {
		var buf [16]*ssa.Value
		for _, b := range f.Blocks {
			for _, in := range b.Instrs {
				for _, op := range in.Operands(buf[:0]) {
					if fn, ok := (*op).(*ssa.Function); ok && !yield(fn) {
						return
					}
				}
			}
		}
	}
}

// isRecursive says whether f may call itself, by static calls.
func isRecursive(f *ssa.Function) bool {
	seen := map[*ssa.Function]bool{}
	var reaches func(g *ssa.Function) bool
	reaches = func(g *ssa.Function) bool {
		for callee := range callees(g) {
			if callee == f {
				return true
			}
			if !seen[callee] {
				seen[callee] = true
				if reaches(callee) {
					return true
				}
			}
		}
		return false
	}
	return reaches(f)
}

// enterBeforeRecover puts an empty block in front of f and its recover block
// behind that. ixgo compiles a call according to whether the called function has
// a recover block, which it only knows once it has compiled that block; for a
// function that is being compiled itself this must come before the first call.
func enterBeforeRecover(f *ssa.Function) {
	old := f.Blocks[0]
	enter := &ssa.BasicBlock{Comment: "enter", Instrs: []ssa.Instruction{new(ssa.Jump)}, Succs: []*ssa.BasicBlock{old}}
	old.Preds = append(old.Preds, enter)
	blocks := []*ssa.BasicBlock{enter}
	if f.Recover == nil {
		f.Recover = enter
	} else {
		blocks = append(blocks, f.Recover)
	}
	for _, b := range f.Blocks {
		if b != f.Recover {
			blocks = append(blocks, b)
		}
	}
	for i, b := range blocks {
		b.Index = i
	}
	f.Blocks = blocks
}

// usesDeferStack says whether the body of a loop over a function, which is a
// function of its own, defers something for f.
func usesDeferStack(f *ssa.Function) bool {
	for _, in := range f.Blocks[0].Instrs {
		if c, ok := in.(*ssa.Call); ok {
			if b, ok := c.Call.Value.(*ssa.Builtin); ok && b.Name() == "ssa:deferstack" {
				return true
			}
		}
	}
	return false
}

// runDefersBeforeReturn makes f run what was deferred wherever it returns, before
// it loads its named results.
func runDefersBeforeReturn(f *ssa.Function) {
	for _, b := range f.Blocks {
		last := len(b.Instrs) - 1
		if _, ok := b.Instrs[last].(*ssa.Return); !ok || b == f.Recover {
			continue
		}
		at := last
		for at > 0 && isLoad(b.Instrs[at-1]) {
			at--
		}
		if at > 0 {
			if _, done := b.Instrs[at-1].(*ssa.RunDefers); done {
				continue
			}
		}
		b.Instrs = slices.Insert(b.Instrs, at, ssa.Instruction(new(ssa.RunDefers)))
	}
}

// isLoad says whether in loads a local variable.
func isLoad(in ssa.Instruction) bool {
	u, ok := in.(*ssa.UnOp)
	if !ok || u.Op != token.MUL {
		return false
	}
	_, ok = u.X.(*ssa.Alloc)
	return ok
}

// oldPhis returns copies, to be made before b's phis, of those that a later phi
// reads, and makes it read the copy: the phis of a block mean a parallel
// assignment.
func oldPhis(b *ssa.BasicBlock) (copies []ssa.Instruction) {
	var before []ssa.Value
	saved := map[ssa.Value]*ssa.ChangeInterface{} // which ixgo runs as a plain copy
	for _, in := range b.Instrs {
		phi, ok := in.(*ssa.Phi)
		if !ok {
			break
		}
		for i, v := range phi.Edges {
			if !slices.Contains(before, v) {
				continue
			}
			if saved[v] == nil {
				saved[v] = &ssa.ChangeInterface{X: v}
				setRegister(saved[v], b, v.Type(), v.Pos())
				copies = append(copies, saved[v])
			}
			phi.Edges[i] = saved[v]
		}
		before = append(before, phi)
	}
	return copies
}
