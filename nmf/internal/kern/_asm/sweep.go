package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lanes is the number of rows side by side in a block for descend.
const lanes = 16

// descend: one sweep over all lanes, so many coordinates at a time that their
// gradients are eight vectors: the terms of the coordinates outside, of those
// the last block's at the end, since its divisions are under way; then one
// coordinate after the other, each adding its term to the gradients of those
// to come. No term is taken out again: a sum of zeros is zero.
func (s isa) descend() {
	row := s.elem * lanes // a coordinate in bytes
	vecs := row / s.bytes
	coords := 8 / vecs
	TEXT("descend"+s.name, NOSPLIT, "func(w, b, gram, diag, violations *"+s.float()+", stride, coords int)")
	Doc(fmt.Sprintf("descend%s sweeps over %d lanes. The stride of gram is in bytes; coords is a multiple of 4.", s.name, lanes))
	w, b, gram, diag, ld, total := param("w"), param("b"), param("gram"), param("diag"), param("stride"), param("coords")
	sums := param("violations")
	wt, diagonal := GP64(), GP64()
	IMUL3Q(Imm(uint64(s.elem)), total, total)
	MOVQ(w, wt)
	XORQ(diagonal, diagonal)

	Label("block")
	grams := []reg.GPVirtual{gram}
	for c := 1; c < coords; c++ {
		next := GP64()
		MOVQ(grams[c-1], next)
		ADDQ(ld, next)
		grams = append(grams, next)
	}
	grad := s.vecs(coords * vecs)
	none := s.vec()
	VXORPD(none, none, none)
	for c := range coords {
		for h := range vecs {
			s.sub(Mem{Base: b, Disp: c*row + h*s.bytes}, none, grad[c*vecs+h])
		}
	}
	wr, i := GP64(), GP64()
	in := s.vecs(vecs)
	bc := s.vec()
	terms := func(label string, end reg.Register) {
		CMPQ(i, end)
		JGE(LabelRef(label + "End"))
		Label(label)
		for h := range vecs {
			s.mov(Mem{Base: wr, Disp: h * s.bytes}, in[h])
		}
		for c := range coords {
			s.broadcast(Mem{Base: grams[c], Index: i, Scale: 1}, bc)
			for h := range vecs {
				s.fma(in[h], bc, grad[c*vecs+h])
			}
		}
		ADDQ(Imm(uint64(row)), wr)
		ADDQ(Imm(uint64(s.elem)), i)
		CMPQ(i, end)
		JLT(LabelRef(label))
		Label(label + "End")
	}
	LEAQ(Mem{Base: wt, Disp: coords * row}, wr)
	LEAQ(Mem{Base: diagonal, Disp: coords * s.elem}, i)
	terms("after", total)
	MOVQ(w, wr)
	XORQ(i, i)
	terms("before", diagonal)
	inBlock := func(c, r int) Mem { return Mem{Base: grams[c], Index: diagonal, Scale: 1, Disp: s.elem * r} }
	for r := range coords {
		for h := range vecs {
			s.mov(Mem{Base: wt, Disp: r*row + h*s.bytes}, in[h])
		}
		for c := range r + 1 {
			s.broadcast(inBlock(c, r), bc)
			for h := range vecs {
				s.fma(in[h], bc, grad[c*vecs+h])
			}
		}
	}

	old, now, abs := s.vec(), s.vec(), s.vec()
	VXORPD(none, none, none)
	for c := range coords {
		for h := range vecs {
			g := grad[c*vecs+h]
			s.mov(Mem{Base: wt, Disp: c*row + h*s.bytes}, old)
			// |g|, or |min(0, g)| where the coordinate is zero.
			s.keepWhereNot(old, none, g, abs)
			s.sub(g, none, now)
			s.max(now, abs, abs)
			s.add(Mem{Base: sums, Disp: h * s.bytes}, abs, abs)
			s.mov(abs, Mem{Base: sums, Disp: h * s.bytes})
			s.broadcast(Mem{Base: diag, Disp: s.elem * c}, bc)
			s.div(bc, g, now)
			s.sub(now, old, now)
			s.max(none, now, now)
			s.mov(now, Mem{Base: wt, Disp: c*row + h*s.bytes})
			for d := c + 1; d < coords; d++ {
				s.broadcast(inBlock(d, c), bc)
				s.fma(bc, now, grad[d*vecs+h])
			}
		}
	}
	ADDQ(U32(uint32(coords*row)), b)
	ADDQ(U32(uint32(coords*row)), wt)
	ADDQ(Imm(uint64(coords*s.elem)), diag)
	ADDQ(Imm(uint64(coords*s.elem)), diagonal)
	MOVQ(grams[coords-1], gram)
	ADDQ(ld, gram)
	CMPQ(diagonal, total)
	JLT(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// keepWhereNot: dst = from, but zero where a equals b.
func (s isa) keepWhereNot(a, b, from, dst reg.VecVirtual) {
	const notEqual = 4
	if s.bytes == 64 {
		k := K()
		VCMPPD(Imm(notEqual), a, b, k)
		VMOVAPD_Z(from, k, dst)
		return
	}
	if s.elem == 4 {
		VCMPPS(Imm(notEqual), a, b, dst)
		VANDPS(from, dst, dst)
		return
	}
	VCMPPD(Imm(notEqual), a, b, dst)
	VANDPD(from, dst, dst)
}

// transpose: dst = src transposed, in square blocks of a vector's width.
func (s isa) transpose() {
	TEXT("transpose"+s.name, NOSPLIT, "func(dst *"+s.float()+", dstStride int, src *"+s.float()+", srcStride int, rows, cols int)")
	Doc(fmt.Sprintf("transpose%s sets dst to src, rows x cols, transposed. Both counts are multiples of %d, strides are in bytes.", s.name, s.bytes/s.elem))
	dst, dstStride := param("dst"), param("dstStride")
	src, srcStride := param("src"), param("srcStride")
	rows, cols := param("rows"), param("cols")
	n := s.bytes / s.elem
	from, to, left, at := GP64(), GP64(), GP64(), GP64()
	Label("rows")
	MOVQ(src, from)
	MOVQ(dst, to)
	MOVQ(cols, left)
	Label("cols")
	in := s.vecs(n)
	MOVQ(from, at)
	for r := range n {
		s.mov(Mem{Base: at}, in[r])
		if r < n-1 {
			ADDQ(srcStride, at)
		}
	}
	MOVQ(to, at)
	for c, v := range s.transposed(in) {
		s.mov(v, Mem{Base: at})
		if c < n-1 {
			ADDQ(dstStride, at)
		}
	}
	MOVQ(at, to)
	ADDQ(dstStride, to)
	ADDQ(Imm(uint64(s.bytes)), from)
	SUBQ(Imm(uint64(n)), left)
	JNZ(LabelRef("cols"))
	ADDQ(Imm(uint64(s.bytes)), dst)
	for range n {
		ADDQ(srcStride, src)
	}
	SUBQ(Imm(uint64(n)), rows)
	JNZ(LabelRef("rows"))
	VZEROUPPER()
	RET()
}

// transposed returns the columns of the block with rows r.
func (s isa) transposed(r []reg.VecVirtual) []reg.VecVirtual {
	n := len(r)
	if s.elem == 4 {
		return s.transposedSingles(r)
	}
	// pair[p][odd]: rows 2p and 2p+1, their even or odd columns interleaved.
	var pair [4][2]reg.VecVirtual
	for p := range n / 2 {
		pair[p] = [2]reg.VecVirtual{s.vec(), s.vec()}
		VUNPCKLPD(r[2*p+1], r[2*p], pair[p][0])
		VUNPCKHPD(r[2*p+1], r[2*p], pair[p][1])
	}
	cols := s.vecs(n)
	if n == 4 {
		for odd := range 2 {
			VPERM2F128(Imm(0x20), pair[1][odd], pair[0][odd], cols[odd])
			VPERM2F128(Imm(0x31), pair[1][odd], pair[0][odd], cols[2+odd])
		}
		return cols
	}
	const evenParts, oddParts = 0x88, 0xdd
	for odd := range 2 {
		for second, parts := range []uint64{evenParts, oddParts} {
			a, b := s.vec(), s.vec()
			VSHUFF64X2(Imm(parts), pair[1][odd], pair[0][odd], a)
			VSHUFF64X2(Imm(parts), pair[3][odd], pair[2][odd], b)
			VSHUFF64X2(Imm(evenParts), b, a, cols[2*second+odd])
			VSHUFF64X2(Imm(oddParts), b, a, cols[4+2*second+odd])
		}
	}
	return cols
}

// transposedSingles is transposed for 8 rows of 8 float32s.
func (s isa) transposedSingles(r []reg.VecVirtual) []reg.VecVirtual {
	// Of each half of a row: pairs of columns of two rows, then of four, in
	// both of which the halves stay apart; at last the halves change places.
	var two, four [8]reg.VecVirtual
	for p := range 4 {
		two[2*p], two[2*p+1] = s.vec(), s.vec()
		VUNPCKLPS(r[2*p+1], r[2*p], two[2*p])
		VUNPCKHPS(r[2*p+1], r[2*p], two[2*p+1])
	}
	const low, high = 0x44, 0xee
	for q := range 2 {
		for odd := range 2 {
			a, b := two[4*q+odd], two[4*q+2+odd]
			four[4*q+2*odd], four[4*q+2*odd+1] = s.vec(), s.vec()
			VSHUFPS(Imm(low), b, a, four[4*q+2*odd])
			VSHUFPS(Imm(high), b, a, four[4*q+2*odd+1])
		}
	}
	cols := s.vecs(8)
	for c := range 4 {
		VPERM2F128(Imm(0x20), four[4+c], four[c], cols[c])
		VPERM2F128(Imm(0x31), four[4+c], four[c], cols[4+c])
	}
	return cols
}

// divide: y = x / max(y, floor), line by line.
func (s isa) divide() {
	TEXT("divide"+s.name, NOSPLIT, "func(y, x *"+s.float()+", lines int, floor "+s.float()+")")
	Doc(fmt.Sprintf("divide%s sets so many lines of %d bytes of y to those of x divided by y's, or by floor where y's is below it.", s.name, s.line))
	x, y, n := param("x"), param("y"), param("lines")
	least := s.vec()
	s.broadcast(arg("floor"), least)
	top, bottom := s.vec(), s.vec()
	counted("loop", n, func() {
		for i := range s.line / s.bytes {
			s.mov(Mem{Base: x, Disp: i * s.bytes}, top)
			s.mov(Mem{Base: y, Disp: i * s.bytes}, bottom)
			s.max(least, bottom, bottom)
			s.div(bottom, top, top)
			s.mov(top, Mem{Base: y, Disp: i * s.bytes})
		}
		ADDQ(Imm(uint64(s.line)), x)
		ADDQ(Imm(uint64(s.line)), y)
	})
	VZEROUPPER()
	RET()
}

// dot: the inner product, with partial sums by lane of four vectors.
func (s isa) dot() {
	TEXT("dot"+s.name, NOSPLIT, "func(x, y *"+s.float()+", lines int) float64")
	Doc(fmt.Sprintf("dot%s returns the inner product of so many lines of %d bytes, summed as float64s.", s.name, s.line))
	x, y, n := param("x"), param("y"), param("lines")
	const most = 4
	per := s.line / s.elem * 8 / s.bytes // vectors of float64s of a line
	sums := min(most*per, 8)
	acc := s.vecs(sums)
	zero(acc)
	a, b := s.vec(), s.vec()
	step := func(lines int) {
		for i := range lines * per {
			if s.elem == 4 {
				VCVTPS2PD(Mem{Base: x, Disp: i * s.bytes / 2}, a)
				VCVTPS2PD(Mem{Base: y, Disp: i * s.bytes / 2}, b)
				VFMADD231PD(b, a, acc[i%sums])
				continue
			}
			VMOVUPD(Mem{Base: x, Disp: i * s.bytes}, a)
			VFMADD231PD(Mem{Base: y, Disp: i * s.bytes}, a, acc[i%sums])
		}
		ADDQ(U32(uint32(s.line*lines)), x)
		ADDQ(U32(uint32(s.line*lines)), y)
	}
	SUBQ(Imm(most), n)
	JLT(LabelRef("rest"))
	Label("most")
	step(most)
	SUBQ(Imm(most), n)
	JGE(LabelRef("most"))
	Label("rest")
	ADDQ(Imm(most), n)
	counted("tail", n, func() { step(1) })
	for len(acc) > 1 {
		half := len(acc) / 2
		for i := range half {
			VADDPD(acc[half+i], acc[i], acc[i])
		}
		acc = acc[:half]
	}
	double := s
	double.elem = 8
	Store(double.horizontal(acc[0]), ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// scale: w <- w num / (den + l1 + l2 w), a vector at a time.
func (s isa) scale() {
	TEXT("scale"+s.name, NOSPLIT, "func(w, num, den *"+s.float()+", vectors int, l1, l2, eps, floor, most "+s.float()+")")
	Doc(fmt.Sprintf("scale%s multiplies so many vectors of %d bytes of w by num / (den + l1 + l2 w), or num / eps where that is not above zero. What comes below floor becomes zero, and what is not at most most stays.", s.name, s.bytes))
	w, num, den, n := param("w"), param("num"), param("den"), param("vectors")
	numbers := s.vecs(5)
	for i, name := range []string{"l1", "l2", "eps", "floor", "most"} {
		s.broadcast(arg(name), numbers[i])
	}
	l1, l2, eps, floor, most := numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]
	none := s.vec()
	zero([]reg.VecVirtual{none})
	counted("loop", n, func() {
		const greater, atLeast, atMost = 30, 29, 18
		old, q, mask := s.vec(), s.vec(), s.vec()
		s.mov(Mem{Base: w}, old)
		s.mul(old, l2, q)
		s.add(q, l1, q)
		s.add(Mem{Base: den}, q, q)
		s.compare(greater, none, q, mask)
		s.blend(mask, q, eps, q)
		top := s.vec()
		s.mov(Mem{Base: num}, top)
		s.div(q, top, q)
		s.mul(q, old, q)
		s.compare(atLeast, floor, q, mask)
		s.and(q, mask, q)
		s.compare(atMost, most, q, mask)
		s.blend(mask, q, old, q)
		s.mov(q, Mem{Base: w})
		for _, p := range []reg.GPVirtual{w, num, den} {
			ADDQ(Imm(uint64(s.bytes)), p)
		}
	})
	VZEROUPPER()
	RET()
}
