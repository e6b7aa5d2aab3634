package unboxed

import (
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// compile compiles p and returns the functions that it calls.
func (p *Func) compile() []*Func {
	c := &compiler{Func: p, regs: map[ssa.Value]int{}, slices: map[ssa.Value]int{}, fused: map[ssa.Instruction]bool{}}
	c.allocate()
	code := make([]block, len(p.source))
	index := map[*ssa.BasicBlock]int{}
	for i, b := range p.source {
		index[b] = i
	}
	for i, b := range p.source {
		code[i] = c.block(b, c.instrs[i], index, len(code))
	}
	p.code = append(code, c.extra...)
	for i := range p.code {
		p.code[i].decide(p.code)
	}
	return c.calls
}

// decide lets b, if it goes to a block that does nothing but branch, as the body of a loop
// goes to its condition, branch itself.
func (b *block) decide(code []block) {
	if b.cond != nil || b.next < 0 {
		return
	}
	if to := code[b.next]; len(to.ops) == 0 && to.cond != nil {
		b.cond, b.next, b.not, b.back = to.cond, to.next, to.not, b.back || to.back
	}
}

// allocate gives every value a register: parameters first, then constants.
func (c *compiler) allocate() {
	for _, q := range c.fn.Params {
		if isScalar(q.Type()) {
			c.regs[q] = c.nregs
			c.nregs++
		} else {
			c.slices[q] = c.nslices
			c.nslices++
		}
	}
	c.scalars = c.nregs
	var buf [8]*ssa.Value
	for _, instrs := range c.instrs {
		for _, in := range instrs {
			for _, op := range in.Operands(buf[:0]) {
				k, ok := (*op).(*ssa.Const)
				if _, seen := c.regs[*op]; ok && !seen {
					c.regs[k] = c.nregs
					c.nregs++
					c.consts = append(c.consts, constantBits(k))
				}
			}
		}
	}
	for _, instrs := range c.instrs {
		for _, in := range instrs {
			v, ok := in.(ssa.Value)
			if !ok || v.Type() == nil {
				continue
			}
			switch t, tuple := v.Type().(*types.Tuple); {
			case tuple:
				c.regs[v] = c.nregs
				c.nregs += t.Len()
			case isSlice(v.Type()):
				c.slices[v] = c.nslices
				c.nslices++
			default:
				c.regs[v] = c.nregs
				c.nregs++
			}
		}
	}
	c.nregs = max(c.nregs, len(c.results))
	for i, b := range c.source {
		c.coalesce(b, c.instrs[i])
	}
}

// coalesce lets what b computes for a phi of its one successor, as i+1 in a loop over i, take
// the place of the phi at once, if nothing in b, and no other phi, needs the old value
// afterwards: a loop then has nothing to move.
func (c *compiler) coalesce(b *ssa.BasicBlock, instrs []ssa.Instruction) {
	if len(b.Succs) != 1 || len(b.Succs[0].Preds) < 2 {
		return
	}
	to := b.Succs[0]
	edge := slices.Index(to.Preds, b)
	var phis []*ssa.Phi
	for _, in := range to.Instrs {
		if phi, ok := in.(*ssa.Phi); ok && isScalar(phi.Type()) {
			phis = append(phis, phi)
		}
	}
	for _, phi := range phis {
		sum, ok := phi.Edges[edge].(*ssa.BinOp)
		if !ok || len(*sum.Referrers()) != 1 || c.fused[sum] {
			continue
		}
		at := slices.Index(instrs, ssa.Instruction(sum))
		if at < 0 || !to.Dominates(b) || slices.ContainsFunc(phis, func(p *ssa.Phi) bool { return isPhi(p.Edges[edge], phi) }) || mentions(instrs[at+1:], phi) {
			continue
		}
		c.regs[sum] = c.regs[phi]
	}
}

// isPhi says whether v is a phi, or the copy of one that session's editor has made.
func isPhi(v ssa.Value, phi *ssa.Phi) bool {
	copied, ok := v.(*ssa.ChangeInterface)
	return v == ssa.Value(phi) || ok && copied.X == ssa.Value(phi)
}

// mentions says whether one of the instructions has v as an operand, or stands for an element
// with that index: addresses are computed where they are used.
func mentions(instrs []ssa.Instruction, v ssa.Value) bool {
	var buf [8]*ssa.Value
	for _, in := range instrs {
		for _, op := range in.Operands(buf[:0]) {
			if a, ok := (*op).(*ssa.IndexAddr); *op == v || ok && a.Index == v {
				return true
			}
		}
	}
	return false
}

func constantBits(k *ssa.Const) uint64 {
	switch kind := kindOf(k.Type()); {
	case kind == types.Bool:
		if constant.BoolVal(k.Value) {
			return 1
		}
		return 0
	case kind == types.Float64:
		return b64(k.Float64())
	case kind == types.Float32:
		return b32(float32(k.Float64()))
	case isUnsigned(kind):
		return k.Uint64()
	}
	return uint64(k.Int64())
}

// block compiles b. Blocks that it needs besides are numbered from base on.
func (c *compiler) block(b *ssa.BasicBlock, instrs []ssa.Instruction, index map[*ssa.BasicBlock]int, base int) block {
	var out block
	last := len(instrs) - 1
	branch, _ := instrs[last].(*ssa.If)
	if branch != nil {
		if cmp, ok := branch.Cond.(*ssa.BinOp); ok && cmp.Block() == b && len(*cmp.Referrers()) == 1 {
			c.fused[cmp] = true
		}
	}
	for i, in := range instrs {
		if st, ok := in.(*ssa.Store); ok {
			if load, sum, ok := updates(instrs[:i], st); ok {
				c.fused[load], c.fused[sum] = true, true
			}
		}
	}
	for _, in := range instrs {
		if !c.fused[in] {
			out.ops = append(out.ops, c.instr(in)...)
		}
	}
	// edge returns where to go for a successor, with phis assigned on the way.
	edge := func(to *ssa.BasicBlock, nth int) int {
		moves := c.moves(b, to, nth)
		if len(moves) == 0 {
			return index[to]
		}
		c.extra = append(c.extra, block{ops: moves, next: index[to]})
		return base + len(c.extra) - 1
	}
	for _, to := range b.Succs {
		out.back = out.back || index[to] <= index[b]
	}
	switch in := instrs[last].(type) {
	case *ssa.Jump:
		out.ops = append(out.ops, c.moves(b, b.Succs[0], 0)...)
		out.next = index[b.Succs[0]]
	case *ssa.If:
		out.cond = c.condition(in.Cond)
		nth := 0
		if b.Succs[0] == b.Succs[1] {
			nth = 1
		}
		out.next, out.not = edge(b.Succs[0], 0), edge(b.Succs[1], nth)
	default:
		out.next = -1
	}
	return out
}

func (c *compiler) condition(v ssa.Value) cond {
	if cmp, ok := v.(*ssa.BinOp); ok && c.fused[cmp] {
		return compare(kindOf(cmp.X.Type()), cmp.Op, c.regs[cmp.X], c.regs[cmp.Y])
	}
	x := c.regs[v]
	return func(r []uint64) bool { return r[x] != 0 }
}

// moves returns the assignments of to's phis on the way from b. They happen at
// once: all values are read before one is written. nth tells two edges between the
// same blocks apart.
func (c *compiler) moves(b, to *ssa.BasicBlock, nth int) []op {
	edge := 0
	for i, p := range to.Preds {
		if p == b {
			if edge = i; nth == 0 {
				break
			}
			nth--
		}
	}
	var dst, src, sliceDst, sliceSrc []int
	for _, in := range to.Instrs {
		phi, ok := in.(*ssa.Phi)
		if !ok {
			if _, copied := in.(*ssa.ChangeInterface); copied {
				continue // session's editor puts copies before phis
			}
			break
		}
		v := phi.Edges[edge]
		if copied, ok := v.(*ssa.ChangeInterface); ok && copied.Block() == to {
			v = copied.X
		}
		if isSlice(phi.Type()) {
			sliceDst, sliceSrc = append(sliceDst, c.slices[phi]), append(sliceSrc, c.slices[v])
		} else if c.regs[phi] != c.regs[v] {
			dst, src = append(dst, c.regs[phi]), append(src, c.regs[v])
		}
	}
	var ops []op
	switch len(dst) {
	case 0:
	case 1:
		ops = append(ops, move(dst[0], src[0]))
	case 2:
		d0, s0, d1, s1 := dst[0], src[0], dst[1], src[1]
		ops = append(ops, func(_ *machine, r []uint64) { r[d0], r[d1] = r[s0], r[s1] })
	default:
		ops = append(ops, func(_ *machine, r []uint64) {
			var buf [16]uint64
			values := buf[:0]
			for _, s := range src {
				values = append(values, r[s])
			}
			for i, d := range dst {
				r[d] = values[i]
			}
		})
	}
	if len(sliceDst) > 0 {
		ops = append(ops, func(m *machine, _ []uint64) {
			values := make([]header, len(sliceSrc))
			for i, s := range sliceSrc {
				values[i] = m.s[s]
			}
			for i, d := range sliceDst {
				m.s[d] = values[i]
			}
		})
	}
	return ops
}

// instr compiles an instruction that is no branch.
func (c *compiler) instr(in ssa.Instruction) []op {
	switch in := in.(type) {
	case *ssa.BinOp:
		return c.binOp(in)
	case *ssa.UnOp:
		if in.Op == token.MUL {
			return []op{c.load(in)}
		}
		return []op{unary(kindOf(in.Type()), in.Op, c.regs[in], c.regs[in.X])}
	case *ssa.ChangeType:
		return []op{move(c.regs[in], c.regs[in.X])}
	case *ssa.Convert:
		return []op{convert(kindOf(in.X.Type()), kindOf(in.Type()), c.regs[in], c.regs[in.X])}
	case *ssa.Store:
		return []op{c.store(in)}
	case *ssa.Extract:
		return []op{move(c.regs[in], c.regs[in.Tuple]+in.Index)}
	case *ssa.Return:
		return c.returns(in)
	case *ssa.Call:
		return c.call(in)
	case *ssa.Phi, *ssa.ChangeInterface, *ssa.IndexAddr, *ssa.Jump, *ssa.If:
		return nil // done by the edges, loads and stores
	}
	panic(fmt.Sprintf("unboxed: %T was not declined", in))
}

func (c *compiler) binOp(in *ssa.BinOp) []op {
	k, d, a, b := kindOf(in.X.Type()), c.regs[in], c.regs[in.X], c.regs[in.Y]
	where := c.where.at(in.Pos())
	switch in.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		test := compare(k, in.Op, a, b)
		return []op{func(_ *machine, r []uint64) {
			if test(r) {
				r[d] = 1
			} else {
				r[d] = 0
			}
		}}
	case token.SHL, token.SHR:
		ops := []op{binary(k, in.Op, d, a, b, where)}
		if !isUnsigned(kindOf(in.Y.Type())) {
			ops = append([]op{shiftCheck(b, where)}, ops...)
		}
		return ops
	}
	return []op{binary(k, in.Op, d, a, b, where)}
}

func (c *compiler) returns(in *ssa.Return) []op {
	src := make([]int, len(in.Results))
	for i, v := range in.Results {
		src[i] = c.regs[v]
	}
	switch len(src) {
	case 0:
		return nil
	case 1:
		return []op{move(0, src[0])}
	}
	return []op{func(_ *machine, r []uint64) {
		values := make([]uint64, len(src))
		for i, s := range src {
			values[i] = r[s]
		}
		copy(r, values)
	}}
}

func (c *compiler) call(in *ssa.Call) []op {
	args, d := in.Call.Args, c.regs[in]
	switch f := in.Call.Value.(type) {
	case *ssa.Builtin:
		if f.Name() == "len" {
			s := c.slices[args[0]]
			return []op{func(m *machine, r []uint64) { r[d] = uint64(m.s[s].len) }}
		}
		ops := []op{move(d, c.regs[args[0]])}
		for _, a := range args[1:] {
			ops = append(ops, extreme(kindOf(in.Type()), f.Name(), d, c.regs[a]))
		}
		return ops
	case *ssa.Function:
		if callee := c.env.known(f); callee != nil {
			c.calls = append(c.calls, callee)
			return []op{c.callFunc(in, callee)}
		}
		switch native := c.env.Native(f).(type) {
		case func(float64) float64:
			a := c.regs[args[0]]
			return []op{func(_ *machine, r []uint64) { r[d] = b64(native(f64(r[a]))) }}
		case func(float64, float64) float64:
			a, b := c.regs[args[0]], c.regs[args[1]]
			return []op{func(_ *machine, r []uint64) { r[d] = b64(native(f64(r[a]), f64(r[b]))) }}
		}
	}
	panic(fmt.Sprintf("unboxed: a call of %v was not declined", in.Call.Value))
}

func (c *compiler) callFunc(in *ssa.Call, callee *Func) op {
	var regs, slices []int
	for _, a := range in.Call.Args {
		if isScalar(a.Type()) {
			regs = append(regs, c.regs[a])
		} else {
			slices = append(slices, c.slices[a])
		}
	}
	d, env := c.regs[in], c.env
	// Made beforehand, for the sake of small frames: a million of them have to fit.
	var overflow any = callee.where.at(in.Pos()).of(fmt.Sprintf("stack overflow: calls are nested more than %d deep", MaxDepth))
	return func(m *machine, r []uint64) {
		if m.depth++; m.depth > MaxDepth {
			panic(overflow)
		}
		if env.Stopping.Load() != 0 {
			env.Stop()
		}
		used, s := m.used, m.s
		nr := m.registers(callee.nregs)
		copy(nr[callee.scalars:], callee.consts)
		for i, a := range regs {
			nr[i] = r[a]
		}
		if callee.nslices > 0 {
			ns := make([]header, callee.nslices)
			for i, a := range slices {
				ns[i] = s[a]
			}
			m.s = ns
		}
		callee.run(m, nr)
		m.used, m.s = used, s
		m.depth--
		for i := range callee.results {
			r[d+i] = nr[i]
		}
	}
}
