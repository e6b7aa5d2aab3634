// Command asm generates the assembly of package kern: run go generate there.
//
// Every kernel comes twice, for AVX-512 (F and DQ) and for AVX2 with FMA.
// Sums are taken in the order of the generic code but for [dot]; products are
// fused into them. A kernel that works on several rows gives each the bits
// that it would have alone.
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is what differs between the two instruction sets.
type isa struct {
	name  string
	bytes int // of a vector
	vec   func() reg.VecVirtual
	strip int // most lines (of 8 float64s) that a sparse product sums at once
	tile  int // most lines of a tile of 4 rows in a dense product or Gram
}

var isas = []isa{
	{"AVX512", 64, ZMM, 8, 6},
	{"AVX2", 32, YMM, 6, 1},
}

// vecs returns n registers.
func (s isa) vecs(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = s.vec()
	}
	return v
}

// per is the number of vectors of n lines.
func (s isa) per(lines int) int { return lines * 64 / s.bytes }

func main() {
	ConstraintExpr("!purego")
	cpuid()
	for _, s := range isas {
		for lines := 1; lines <= s.strip; lines++ {
			s.mulSparse(lines)
			s.dotRows(lines)
		}
		for lines := 1; lines <= s.tile; lines++ {
			s.mulDense(4, lines)
			s.mulDense(1, lines)
			s.gram(lines)
		}
		s.descend()
		s.transpose()
		s.dot()
		s.divide()
	}
	Generate()
}

func cpuid() {
	TEXT("cpuid", NOSPLIT, "func(leaf, sub uint32) (a, b, c, d uint32)")
	Doc("cpuid executes CPUID.")
	Load(Param("leaf"), reg.EAX)
	Load(Param("sub"), reg.ECX)
	CPUID()
	for i, r := range []reg.Register{reg.EAX, reg.EBX, reg.ECX, reg.EDX} {
		Store(r, ReturnIndex(i))
	}
	RET()
	TEXT("xgetbv", NOSPLIT, "func() (a, d uint32)")
	Doc("xgetbv reads the register that says which vector state the system saves.")
	XORL(reg.ECX, reg.ECX)
	XGETBV()
	Store(reg.EAX, ReturnIndex(0))
	Store(reg.EDX, ReturnIndex(1))
	RET()
}

func zero(v []reg.VecVirtual) {
	for _, r := range v {
		VXORPD(r, r, r)
	}
}

// param loads a parameter.
func param(name string) reg.GPVirtual {
	r := GP64()
	Load(Param(name), r)
	return r
}

// counted emits body n times at run time, n in a register that it uses up.
func counted(label string, n reg.Register, body func()) {
	TESTQ(n, n)
	JLE(LabelRef(label + "End"))
	Label(label)
	body()
	DECQ(n)
	JNZ(LabelRef(label))
	Label(label + "End")
}

// mulSparse: dst = sum over p of val[p] * f[idx[p]], for so many lines of a
// row. The rows of f to come are fetched ahead.
func (s isa) mulSparse(lines int) {
	TEXT(fmt.Sprintf("mulSparse%dx%d", lines, s.bytes), NOSPLIT, "func(dst, val *float64, idx *int32, n int, f *float64, stride int)")
	Doc(fmt.Sprintf("mulSparse%dx%d sets %d lines of dst to the sum of val[p] times those of row idx[p] of f.", lines, s.bytes, lines))
	dst, val, idx, n, f, stride := param("dst"), param("val"), param("idx"), param("n"), param("f"), param("stride")
	acc := s.vecs(s.per(lines))
	zero(acc)
	x, row := s.vec(), GP64()
	at := func(disp int) {
		MOVLQSX(Mem{Base: idx, Disp: disp}, row)
		IMULQ(stride, row)
		ADDQ(f, row)
	}
	body := func() {
		VBROADCASTSD(Mem{Base: val}, x)
		at(0)
		for i, a := range acc {
			VFMADD231PD(Mem{Base: row, Disp: i * s.bytes}, x, a)
		}
		ADDQ(Imm(8), val)
		ADDQ(Imm(4), idx)
	}
	s.fetchingAhead(n, lines, at, row, body)
	for i, a := range acc {
		VMOVUPD(a, Mem{Base: dst, Disp: i * s.bytes})
	}
	VZEROUPPER()
	RET()
}

// mulDense: dst += x f, for so many rows of x and lines of f's rows.
func (s isa) mulDense(rows, lines int) {
	TEXT(fmt.Sprintf("mulDense%dx%dx%d", rows, lines, s.bytes), NOSPLIT, "func(dst *float64, dstStride int, x *float64, xRow, xStep, depth int, f *float64, fStride int)")
	Doc(fmt.Sprintf("mulDense%dx%dx%d adds to %d lines of %d rows of dst those of x f, where x has steps of xRow down and xStep along. Strides are in bytes.", rows, lines, s.bytes, lines, rows))
	dst, dstStride := param("dst"), param("dstStride")
	x, xRow, xStep := param("x"), param("xRow"), param("xStep")
	depth, f, fStride := param("depth"), param("f"), param("fStride")
	per := s.per(lines)
	acc := s.vecs(rows * per)
	xs := []reg.GPVirtual{x}
	for r := 1; r < rows; r++ {
		next := GP64()
		MOVQ(xs[r-1], next)
		ADDQ(xRow, next)
		xs = append(xs, next)
	}
	at := GP64()
	MOVQ(dst, at)
	for r := range rows {
		for i := range per {
			VMOVUPD(Mem{Base: at, Disp: i * s.bytes}, acc[r*per+i])
		}
		if r < rows-1 {
			ADDQ(dstStride, at)
		}
	}
	p := GP64()
	XORQ(p, p)
	bc := s.vecs(rows)
	line := s.vec()
	counted("loop", depth, func() {
		for r := range rows {
			VBROADCASTSD(Mem{Base: xs[r], Index: p, Scale: 1}, bc[r])
		}
		for i := range per {
			VMOVUPD(Mem{Base: f, Disp: i * s.bytes}, line)
			for r := range rows {
				VFMADD231PD(line, bc[r], acc[r*per+i])
			}
		}
		ADDQ(fStride, f)
		ADDQ(xStep, p)
	})
	MOVQ(dst, at)
	for r := range rows {
		for i := range per {
			VMOVUPD(acc[r*per+i], Mem{Base: at, Disp: i * s.bytes})
		}
		if r < rows-1 {
			ADDQ(dstStride, at)
		}
	}
	VZEROUPPER()
	RET()
}

// gram: a tile of A'A, 4 rows of so many lines.
func (s isa) gram(lines int) {
	TEXT(fmt.Sprintf("gram%dx%d", lines, s.bytes), NOSPLIT, "func(out, a *float64, rows, stride, t, c int)")
	Doc(fmt.Sprintf("gram%dx%d sets %d lines of 4 rows of out, from row t and column c on (in bytes), to those of A'A.", lines, s.bytes, lines))
	out, a, rows, stride, t, c := param("out"), param("a"), param("rows"), param("stride"), param("t"), param("c")
	per := s.per(lines)
	acc := s.vecs(4 * per)
	zero(acc)
	bc := s.vecs(4)
	line := s.vec()
	counted("loop", rows, func() {
		for r := range 4 {
			VBROADCASTSD(Mem{Base: a, Index: t, Scale: 1, Disp: 8 * r}, bc[r])
		}
		for i := range per {
			VMOVUPD(Mem{Base: a, Index: c, Scale: 1, Disp: i * s.bytes}, line)
			for r := range 4 {
				VFMADD231PD(line, bc[r], acc[r*per+i])
			}
		}
		ADDQ(stride, a)
	})
	for r := range 4 {
		for i := range per {
			VMOVUPD(acc[r*per+i], Mem{Base: out, Index: c, Scale: 1, Disp: i * s.bytes})
		}
		if r < 3 {
			ADDQ(stride, out)
		}
	}
	VZEROUPPER()
	RET()
}

// lanes is the number of rows side by side in a block for descend.
const lanes = 16

// descend: one sweep over two vectors of lanes, four coordinates at a time:
// their gradients first, then one after the other, each correcting the
// gradients of those to come.
func (s isa) descend() {
	const (
		coords = 4
		vecs   = 2
		row    = 8 * lanes // a coordinate in bytes
	)
	TEXT("descend"+s.name, NOSPLIT, "func(w, b, gram, inv, violations *float64, ld, coords int)")
	Doc(fmt.Sprintf("descend%s sweeps over the first %d of 16 lanes. ld and coords, a multiple of 4, count float64s.", s.name, vecs*s.bytes/8))
	w, b, gram, inv, ld, left := param("w"), param("b"), param("gram"), param("inv"), param("ld"), param("coords")
	SHLQ(Imm(3), ld)
	none := s.vec()
	VXORPD(none, none, none)
	sums := s.vecs(vecs)
	zero(sums)
	total, wt, diagonal := GP64(), GP64(), GP64()
	MOVQ(left, total)
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
	for c := range coords {
		for h := range vecs {
			VSUBPD(Mem{Base: b, Disp: c*row + h*s.bytes}, none, grad[c*vecs+h])
		}
	}
	wr, i := GP64(), GP64()
	MOVQ(w, wr)
	XORQ(i, i)
	bc := s.vec()
	in := s.vecs(vecs)
	Label("inner")
	for h := range vecs {
		VMOVUPD(Mem{Base: wr, Disp: h * s.bytes}, in[h])
	}
	for c := range coords {
		VBROADCASTSD(Mem{Base: grams[c], Index: i, Scale: 8}, bc)
		for h := range vecs {
			VFMADD231PD(in[h], bc, grad[c*vecs+h])
		}
	}
	ADDQ(Imm(row), wr)
	INCQ(i)
	CMPQ(i, total)
	JLT(LabelRef("inner"))

	old, now, abs := s.vec(), s.vec(), s.vec()
	for c := range coords {
		for h := range vecs {
			g := grad[c*vecs+h]
			VMOVUPD(Mem{Base: wt, Disp: c*row + h*s.bytes}, old)
			// |g|, or |min(0, g)| where the coordinate is zero.
			s.keepWhereNot(old, none, g, abs)
			VSUBPD(g, none, now)
			VMAXPD(now, abs, abs)
			VADDPD(abs, sums[h], sums[h])
			VBROADCASTSD(Mem{Base: inv, Disp: 8 * c}, bc)
			VMOVAPD(old, now)
			VFNMADD231PD(bc, g, now)
			VMAXPD(none, now, now)
			VMOVUPD(now, Mem{Base: wt, Disp: c*row + h*s.bytes})
			VSUBPD(old, now, now)
			for d := c + 1; d < coords; d++ {
				VBROADCASTSD(Mem{Base: grams[d], Index: diagonal, Scale: 1, Disp: 8 * c}, bc)
				VFMADD231PD(bc, now, grad[d*vecs+h])
			}
		}
	}
	ADDQ(U32(coords*row), b)
	ADDQ(U32(coords*row), wt)
	ADDQ(Imm(coords*8), inv)
	ADDQ(Imm(coords*8), diagonal)
	MOVQ(grams[coords-1], gram)
	ADDQ(ld, gram)
	SUBQ(Imm(coords), left)
	JNZ(LabelRef("block"))

	viol := param("violations")
	for h, v := range sums {
		VADDPD(Mem{Base: viol, Disp: h * s.bytes}, v, v)
		VMOVUPD(v, Mem{Base: viol, Disp: h * s.bytes})
	}
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
	VCMPPD(Imm(notEqual), a, b, dst)
	VANDPD(from, dst, dst)
}

// transpose: dst = src transposed, in square blocks of a vector's width.
func (s isa) transpose() {
	TEXT("transpose"+s.name, NOSPLIT, "func(dst *float64, dstStride int, src *float64, srcStride int, rows, cols int)")
	Doc(fmt.Sprintf("transpose%s sets dst to src, rows x cols, transposed. Both counts are multiples of %d, strides are in bytes.", s.name, s.bytes/8))
	dst, dstStride := param("dst"), param("dstStride")
	src, srcStride := param("src"), param("srcStride")
	rows, cols := param("rows"), param("cols")
	n := s.bytes / 8
	from, to, left, at := GP64(), GP64(), GP64(), GP64()
	Label("rows")
	MOVQ(src, from)
	MOVQ(dst, to)
	MOVQ(cols, left)
	Label("cols")
	in := s.vecs(n)
	MOVQ(from, at)
	for r := range n {
		VMOVUPD(Mem{Base: at}, in[r])
		if r < n-1 {
			ADDQ(srcStride, at)
		}
	}
	MOVQ(to, at)
	for c, v := range s.transposed(in) {
		VMOVUPD(v, Mem{Base: at})
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

// dotRows: dst[p] = the product of w with row idx[p] of f, or that added to
// dst[p], for so many lines.
func (s isa) dotRows(lines int) {
	TEXT(fmt.Sprintf("dotRows%dx%d", lines, s.bytes), NOSPLIT, "func(dst, w *float64, idx *int32, n int, f *float64, stride int)")
	Doc(fmt.Sprintf("dotRows%dx%d adds to dst[p] the product of %d lines of w with those of row idx[p] of f.", lines, s.bytes, lines))
	dst, w, idx, n, f, stride := param("dst"), param("w"), param("idx"), param("n"), param("f"), param("stride")
	ws := s.vecs(s.per(lines))
	for i, v := range ws {
		VMOVUPD(Mem{Base: w, Disp: i * s.bytes}, v)
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
		VMULPD(Mem{Base: row}, ws[0], even)
		for i := 1; i < len(ws); i++ {
			switch {
			case i == 1:
				VMULPD(Mem{Base: row, Disp: s.bytes}, ws[1], odd)
			case i%2 == 0:
				VFMADD231PD(Mem{Base: row, Disp: i * s.bytes}, ws[i], even)
			default:
				VFMADD231PD(Mem{Base: row, Disp: i * s.bytes}, ws[i], odd)
			}
		}
		if len(ws) > 1 {
			VADDPD(odd, even, even)
		}
		sum := s.horizontal(even)
		VADDSD(Mem{Base: dst}, sum, sum)
		VMOVSD(sum, Mem{Base: dst})
		ADDQ(Imm(8), dst)
		ADDQ(Imm(4), idx)
	}
	s.fetchingAhead(n, lines, at, row, body)
	VZEROUPPER()
	RET()
}

// fetchingAhead emits body n times at run time; but for the last few times it
// first asks for the lines of the row that body will want a few times on.
func (s isa) fetchingAhead(n reg.GPVirtual, lines int, at func(disp int), row reg.GPVirtual, body func()) {
	const ahead = 8
	SUBQ(Imm(ahead), n)
	JLE(LabelRef("rest"))
	Label("ahead")
	at(4 * ahead)
	for i := range lines {
		PREFETCHT0(Mem{Base: row, Disp: 64 * i})
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
	VADDPD(high, v.AsX(), v.AsX())
	VUNPCKHPD(v.AsX(), v.AsX(), high)
	VADDSD(high, v.AsX(), v.AsX())
	return v.AsX()
}

// divide: y = x / max(y, floor), line by line.
func (s isa) divide() {
	TEXT("divide"+s.name, NOSPLIT, "func(y, x *float64, lines int, floor float64)")
	Doc("divide" + s.name + " sets so many lines of 8 float64s of y to those of x divided by y's, or by floor where y's is below it.")
	x, y, n := param("x"), param("y"), param("lines")
	least := s.vec()
	VBROADCASTSD(NewParamAddr("floor", 24), least)
	top, bottom := s.vec(), s.vec()
	counted("loop", n, func() {
		for i := range s.per(1) {
			VMOVUPD(Mem{Base: x, Disp: i * s.bytes}, top)
			VMOVUPD(Mem{Base: y, Disp: i * s.bytes}, bottom)
			VMAXPD(least, bottom, bottom)
			VDIVPD(bottom, top, top)
			VMOVUPD(top, Mem{Base: y, Disp: i * s.bytes})
		}
		ADDQ(Imm(64), x)
		ADDQ(Imm(64), y)
	})
	VZEROUPPER()
	RET()
}

// dot: the inner product, with partial sums by lane of four vectors.
func (s isa) dot() {
	TEXT("dot"+s.name, NOSPLIT, "func(x, y *float64, lines int) float64")
	Doc("dot" + s.name + " returns the inner product of so many lines of 8 float64s.")
	x, y, n := param("x"), param("y"), param("lines")
	const most = 4
	acc := s.vecs(s.per(most))
	zero(acc)
	tmp := s.vec()
	step := func(lines int) {
		for i := range s.per(lines) {
			VMOVUPD(Mem{Base: x, Disp: i * s.bytes}, tmp)
			VFMADD231PD(Mem{Base: y, Disp: i * s.bytes}, tmp, acc[i])
		}
		ADDQ(U32(64*lines), x)
		ADDQ(U32(64*lines), y)
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
	Store(s.horizontal(acc[0]), ReturnIndex(0))
	VZEROUPPER()
	RET()
}
