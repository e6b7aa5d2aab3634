package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// addSparse: dst += sum over p of val[p] * f[idx[p]], for so many vectors of a
// row. The rows of f to come are fetched ahead.
func (s isa) addSparse(vecs int) {
	name := fmt.Sprintf("addSparse%dx%d%s", vecs, s.bytes, s.suffix())
	TEXT(name, NOSPLIT, "func(dst, val *"+s.float()+", idx *int32, n int, f *"+s.float()+", stride int)")
	Doc(fmt.Sprintf("%s adds to %d vectors of dst the sum of val[p] times those of row idx[p] of f. The stride is in bytes.", name, vecs))
	dst, val, idx, n, f, stride := param("dst"), param("val"), param("idx"), param("n"), param("f"), param("stride")
	acc := s.vecs(vecs)
	for i, a := range acc {
		s.mov(Mem{Base: dst, Disp: i * s.bytes}, a)
	}
	x, row := s.vec(), GP64()
	at := func(disp int) {
		MOVLQSX(Mem{Base: idx, Disp: disp}, row)
		IMULQ(stride, row)
		ADDQ(f, row)
	}
	body := func() {
		s.broadcast(Mem{Base: val}, x)
		at(0)
		for i, a := range acc {
			s.fma(Mem{Base: row, Disp: i * s.bytes}, x, a)
		}
		ADDQ(Imm(uint64(s.elem)), val)
		ADDQ(Imm(4), idx)
	}
	s.fetchingAhead(n, vecs, at, row, body)
	for i, a := range acc {
		s.mov(a, Mem{Base: dst, Disp: i * s.bytes})
	}
	VZEROUPPER()
	RET()
}

// dotRows: dst[p] = the product of w with row idx[p] of f, or that added to
// dst[p], for so many vectors.
func (s isa) dotRows(vecs int) {
	name := fmt.Sprintf("dotRows%dx%d%s", vecs, s.bytes, s.suffix())
	TEXT(name, NOSPLIT, "func(dst, w *"+s.float()+", idx *int32, n int, f *"+s.float()+", stride int)")
	Doc(fmt.Sprintf("%s adds to dst[p] the product of %d vectors of w with those of row idx[p] of f. The stride is in bytes.", name, vecs))
	dst, w, idx, n, f, stride := param("dst"), param("w"), param("idx"), param("n"), param("f"), param("stride")
	ws := s.vecs(vecs)
	for i, v := range ws {
		s.mov(Mem{Base: w, Disp: i * s.bytes}, v)
	}
	row := GP64()
	at := func(disp int) {
		MOVLQSX(Mem{Base: idx, Disp: disp}, row)
		IMULQ(stride, row)
		ADDQ(f, row)
	}
	body := func() {
		at(0)
		even, odd := s.vec(), s.vec()
		s.mul(Mem{Base: row}, ws[0], even)
		for i := 1; i < len(ws); i++ {
			switch {
			case i == 1:
				s.mul(Mem{Base: row, Disp: s.bytes}, ws[1], odd)
			case i%2 == 0:
				s.fma(Mem{Base: row, Disp: i * s.bytes}, ws[i], even)
			default:
				s.fma(Mem{Base: row, Disp: i * s.bytes}, ws[i], odd)
			}
		}
		if len(ws) > 1 {
			s.add(odd, even, even)
		}
		sum := s.horizontal(even)
		if s.elem == 4 {
			VADDSS(Mem{Base: dst}, sum, sum)
			VMOVSS(sum, Mem{Base: dst})
		} else {
			VADDSD(Mem{Base: dst}, sum, sum)
			VMOVSD(sum, Mem{Base: dst})
		}
		ADDQ(Imm(uint64(s.elem)), dst)
		ADDQ(Imm(4), idx)
	}
	s.fetchingAhead(n, vecs, at, row, body)
	VZEROUPPER()
	RET()
}

// fetchingAhead emits body n times at run time; but for the last few times it
// first asks for the lines of the row that body will want a few times on.
func (s isa) fetchingAhead(n reg.GPVirtual, vecs int, at func(disp int), row reg.GPVirtual, body func()) {
	const ahead = 8
	SUBQ(Imm(ahead), n)
	JLE(LabelRef("rest"))
	Label("ahead")
	at(4 * ahead)
	for i := 0; i < vecs*s.bytes; i += lineBytes {
		PREFETCHT0(Mem{Base: row, Disp: i})
	}
	body()
	DECQ(n)
	JNZ(LabelRef("ahead"))
	Label("rest")
	ADDQ(Imm(ahead), n)
	counted("tail", n, body)
}

// horizontal returns the sum of a vector's elements.
func (s isa) horizontal(v reg.VecVirtual) reg.Register {
	if s.bytes == 64 {
		high := YMM()
		VEXTRACTF64X4(Imm(1), v.AsZ(), high)
		VADDPD(high, v.AsY(), v.AsY())
	}
	high := XMM()
	VEXTRACTF128(Imm(1), v.AsY(), high)
	s.add(high, v.AsX(), v.AsX())
	if s.elem == 4 {
		VMOVHLPS(v.AsX(), v.AsX(), high)
		VADDPS(high, v.AsX(), v.AsX())
		VMOVSHDUP(v.AsX(), high)
		VADDSS(high, v.AsX(), v.AsX())
		return v.AsX()
	}
	VUNPCKHPD(v.AsX(), v.AsX(), high)
	VADDSD(high, v.AsX(), v.AsX())
	return v.AsX()
}
