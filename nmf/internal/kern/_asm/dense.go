package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// mulDense: dst += x f, for groups of so many rows of x and so many vectors of
// f's rows. At every step along it asks for a line of what comes next: from
// ahead on, aheadRow further each time, after four times aheadStep besides, and
// for the next group aheadGroup further than for this one.
func (s isa) mulDense(rows, vecs int) {
	name := fmt.Sprintf("mulDense%dx%dx%d%s", rows, vecs, s.bytes, s.suffix())
	float := s.float()
	TEXT(name, NOSPLIT, "func(dst *"+float+", dstStride int, x *"+float+", xRow, xStep, depth int, f *"+float+", fStride, groups int, ahead *"+float+", aheadRow, aheadStep, aheadGroup int)")
	Doc(fmt.Sprintf("%s adds to %d vectors of each row of dst those of x f, %d rows at a time, where x has steps of xRow down and xStep along, and asks for what lies ahead. Strides are in bytes.", name, vecs, rows))
	s.product(rows, vecs, hooks{
		begin: func(dst, at reg.GPVirtual, acc []reg.VecVirtual) {
			s.moveTile(dst, arg("dstStride"), at, acc, rows, func(m Mem, a Op) { s.mov(m, a) })
		},
		end: func(dst, at reg.GPVirtual, acc []reg.VecVirtual) {
			s.moveTile(dst, arg("dstStride"), at, acc, rows, func(m Mem, a Op) { s.mov(a, m) })
		},
		fetch: rows > 1,
	})
}

// quotient: dst = top / max(x f, floor), for groups of so many rows of x and so
// many vectors of f's rows. Dividing takes a unit of its own, so a tile's
// divisions are done while the next tile's products are formed: until then dst
// holds the divisors.
func (s isa) quotient(rows, vecs int) {
	name := fmt.Sprintf("quotient%dx%dx%d%s", rows, vecs, s.bytes, s.suffix())
	float := s.float()
	TEXT(name, NOSPLIT, "func(dst *"+float+", dstStride int, top *"+float+", topStride, ahead int, x *"+float+", xRow, xStep, depth int, f *"+float+", fStride, groups int, floor "+float+")")
	Doc(fmt.Sprintf("%s sets %d vectors of each row of dst to those of top divided by x f, or by floor where that is less, %d rows at a time, and asks for the part of top that lies ahead. Strides are in bytes.", name, vecs, rows))
	from, to, left := GP64(), GP64(), GP64() // the row of top and dst to divide, and how many are left
	divide := func(i int) {
		q := s.vec()
		s.mov(Mem{Base: from, Disp: i * s.bytes}, q)
		s.div(Mem{Base: to, Disp: i * s.bytes}, q, q)
		s.mov(q, Mem{Base: to, Disp: i * s.bytes})
	}
	down := func() {
		ADDQ(arg("topStride"), from)
		ADDQ(arg("dstStride"), to)
		DECQ(left)
	}
	rest := func(label string) {
		loop(label, left, func() {
			for i := range vecs {
				divide(i)
			}
			down()
		})
	}
	XORQ(left, left)
	s.product(rows, vecs, hooks{
		begin: func(_, at reg.GPVirtual, acc []reg.VecVirtual) {
			zero(acc)
			if rows == 1 {
				return
			}
			MOVQ(arg("ahead"), at)
			ADDQ(arg("top"), at)
			for r := range rows {
				for i := 0; i < vecs*s.bytes; i += lineBytes {
					PREFETCHT1(Mem{Base: at, Disp: i})
				}
				if r < rows-1 {
					ADDQ(arg("topStride"), at)
				}
			}
		},
		beside: func(steps reg.GPVirtual, step func(func())) {
			Label("divide")
			TESTQ(left, left)
			JZ(LabelRef("divided"))
			CMPQ(steps, Imm(uint64(vecs)))
			JLT(LabelRef("divided"))
			for i := range vecs {
				step(func() { divide(i) })
			}
			down()
			SUBQ(Imm(uint64(vecs)), steps)
			JMP(LabelRef("divide"))
			Label("divided")
		},
		end: func(dst, at reg.GPVirtual, acc []reg.VecVirtual) {
			rest("late")
			least := s.vec()
			s.broadcast(arg("floor"), least)
			for _, a := range acc {
				s.max(least, a, a)
			}
			s.moveTile(dst, arg("dstStride"), at, acc, rows, func(m Mem, a Op) { s.mov(a, m) })
			MOVQ(dst, to)
			MOVQ(arg("top"), from)
			ADDQ(Imm(uint64(rows)), left) // which was zero
			below := GP64()
			MOVQ(from, below)
			for range rows {
				ADDQ(arg("topStride"), below)
			}
			MOVQ(below, arg("top"))
		},
		last: func() { rest("last") },
	})
}

// hooks is what a kernel does beside the products of [isa.product].
type hooks struct {
	begin, end func(dst, at reg.GPVirtual, acc []reg.VecVirtual) // of a tile, which starts at dst
	beside     func(steps reg.GPVirtual, step func(func()))      // takes some of a tile's steps, with work in between
	fetch      bool                                              // whether to fetch what lies ahead
	last       func()                                            // after all tiles
}

// product emits the loops over groups of rows that sum a tile of x f each.
func (s isa) product(rows, vecs int, do hooks) {
	dst, x, xStep, f, fStride := param("dst"), param("x"), param("xStep"), param("f"), param("fStride")
	acc := s.vecs(rows * vecs)
	xs := []reg.GPVirtual{x}
	for r := 1; r < rows; r++ {
		xs = append(xs, GP64())
	}
	at := GP64()

	Label("group")
	for r := 1; r < rows; r++ {
		MOVQ(xs[r-1], xs[r])
		ADDQ(arg("xRow"), xs[r])
	}
	do.begin(dst, at, acc)
	left, p, from, next := GP64(), GP64(), GP64(), GP64()
	// Of the two that a step multiplies, the smaller number is held.
	held := s.vecs(min(rows, vecs))
	other := s.vec()
	XORQ(p, p)
	MOVQ(f, from)
	MOVQ(arg("depth"), left)
	if do.fetch {
		MOVQ(arg("ahead"), next)
	}
	step := func(between func()) {
		if rows < vecs {
			for r, v := range held {
				s.broadcast(Mem{Base: xs[r], Index: p, Scale: 1}, v)
			}
			for i := range vecs {
				s.mov(Mem{Base: from, Disp: i * s.bytes}, other)
				for r, v := range held {
					s.fma(other, v, acc[r*vecs+i])
				}
				if i == 0 {
					between()
				}
			}
		} else {
			for i, v := range held {
				s.mov(Mem{Base: from, Disp: i * s.bytes}, v)
			}
			for r := range rows {
				s.broadcast(Mem{Base: xs[r], Index: p, Scale: 1}, other)
				for i, v := range held {
					s.fma(v, other, acc[r*vecs+i])
				}
				if r == 0 {
					between()
				}
			}
		}
		ADDQ(fStride, from)
		ADDQ(xStep, p)
	}
	if do.beside != nil {
		do.beside(left, step)
	}
	const unrolled = 4
	SUBQ(Imm(unrolled), left)
	JLT(LabelRef("rest"))
	Label("unrolled")
	for range unrolled {
		step(func() {
			if do.fetch {
				PREFETCHT1(Mem{Base: next})
				ADDQ(arg("aheadRow"), next)
			}
		})
	}
	if do.fetch {
		ADDQ(arg("aheadStep"), next)
	}
	SUBQ(Imm(unrolled), left)
	JGE(LabelRef("unrolled"))
	Label("rest")
	ADDQ(Imm(unrolled), left)
	counted("loop", left, func() { step(func() {}) })
	do.end(dst, at, acc)
	MOVQ(at, dst)
	ADDQ(arg("dstStride"), dst)
	if do.fetch {
		MOVQ(arg("aheadGroup"), next)
		ADDQ(next, arg("ahead"))
	}
	MOVQ(xs[rows-1], x)
	ADDQ(arg("xRow"), x)
	DECQ(arg("groups"))
	JNZ(LabelRef("group"))
	if do.last != nil {
		do.last()
	}
	VZEROUPPER()
	RET()
}

// moveTile moves rows of vectors between registers and memory from base on, and
// leaves at at the last row.
func (s isa) moveTile(base reg.Register, stride Op, at reg.GPVirtual, acc []reg.VecVirtual, rows int, move func(m Mem, a Op)) {
	vecs := len(acc) / rows
	MOVQ(base, at)
	for r := range rows {
		for i := range vecs {
			move(Mem{Base: at, Disp: i * s.bytes}, acc[r*vecs+i])
		}
		if r < rows-1 {
			ADDQ(stride, at)
		}
	}
}

// gram: a tile of A'A, 4 rows of so many vectors.
func (s isa) gram(vecs int) {
	name := fmt.Sprintf("gram%dx%d%s", vecs, s.bytes, s.suffix())
	TEXT(name, NOSPLIT, "func(out, a *"+s.float()+", rows, stride, t, c int)")
	Doc(fmt.Sprintf("%s adds to %d vectors of 4 rows of out, from row t and column c on (in bytes), those of A'A.", name, vecs))
	out, a, rows, stride, t, c := param("out"), param("a"), param("rows"), param("stride"), param("t"), param("c")
	acc := s.vecs(4 * vecs)
	ADDQ(c, out)
	at := GP64()
	s.moveTile(out, stride, at, acc, 4, func(m Mem, v Op) { s.mov(m, v) })
	bc, line := s.vec(), s.vecs(vecs)
	counted("loop", rows, func() {
		for i, v := range line {
			s.mov(Mem{Base: a, Index: c, Scale: 1, Disp: i * s.bytes}, v)
		}
		for r := range 4 {
			s.broadcast(Mem{Base: a, Index: t, Scale: 1, Disp: s.elem * r}, bc)
			for i, v := range line {
				s.fma(v, bc, acc[r*vecs+i])
			}
		}
		ADDQ(stride, a)
	})
	s.moveTile(out, stride, at, acc, 4, func(m Mem, v Op) { s.mov(v, m) })
	VZEROUPPER()
	RET()
}
