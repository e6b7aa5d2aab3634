// Command asm generates the assembly of package kern: run go generate there.
//
// Kernels come for AVX-512 (F and DQ) and for AVX2 with FMA, these for float32 too.
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

// isa is what differs between the instruction sets and the types of element.
type isa struct {
	name   string // as in the names of what has one form
	bytes  int    // of a vector
	elem   int    // of an element
	line   int    // that rows are whole ones of
	vec    func() reg.VecVirtual
	sparse int // most vectors of a row that a sparse product sums at once
	dots   int // and that an inner product with a row reads at once
	tile   int // most vectors of a tile of 4 rows in a dense product or Gram
	wide   int // and of one of 2 rows
}

var isas = []isa{
	{"AVX512", 64, 8, lineBytes, ZMM, 8, 8, 6, 6},
	{"AVX2", 32, 8, 32, YMM, 14, 12, 3, 6},
	{"AVX2F", 32, 4, 32, YMM, 12, 12, 3, 6},
}

// lineBytes is the size of a cache line.
const lineBytes = 64

// vecs returns n registers.
func (s isa) vecs(n int) []reg.VecVirtual {
	v := make([]reg.VecVirtual, n)
	for i := range v {
		v[i] = s.vec()
	}
	return v
}

// float is the Go type of an element, and suffix what names of kernels that
// come in several forms end in.
func (s isa) float() string  { return fmt.Sprintf("float%d", 8*s.elem) }
func (s isa) suffix() string { return map[int]string{4: "f", 8: ""}[s.elem] }

func main() {
	ConstraintExpr("!purego")
	cpuid()
	for _, s := range isas {
		for n := 1; n <= s.sparse; n++ {
			s.addSparse(n)
		}
		for n := 1; n <= s.dots; n++ {
			s.dotRows(n)
		}
		for n := 1; n <= s.tile; n++ {
			s.mulDense(4, n)
			s.mulDense(1, n)
			s.quotient(4, n)
			s.quotient(1, n)
			s.gram(n)
		}
		for n := s.tile + 1; n <= s.wide; n++ {
			s.mulDense(2, n)
			s.mulDense(1, n)
		}
		s.descend()
		s.transpose()
		s.dot()
		s.divide()
		if s.bytes == 32 {
			s.kl()
			s.scale()
		}
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

// The operations, for either type of element.

func (s isa) pick(single, double func(ops ...Op), ops ...Op) {
	if s.elem == 4 {
		single(ops...)
	} else {
		double(ops...)
	}
}

func (s isa) mov(from, to Op)  { s.pick(VMOVUPS, VMOVUPD, from, to) }
func (s isa) fma(x, y, sum Op) { s.pick(VFMADD231PS, VFMADD231PD, x, y, sum) }
func (s isa) mul(x, y, to Op)  { s.pick(VMULPS, VMULPD, x, y, to) }
func (s isa) add(x, y, to Op)  { s.pick(VADDPS, VADDPD, x, y, to) }
func (s isa) sub(x, y, to Op)  { s.pick(VSUBPS, VSUBPD, x, y, to) }
func (s isa) max(x, y, to Op)  { s.pick(VMAXPS, VMAXPD, x, y, to) }
func (s isa) div(x, y, to Op)  { s.pick(VDIVPS, VDIVPD, x, y, to) }
func (s isa) and(x, y, to Op)  { s.pick(VANDPS, VANDPD, x, y, to) }

// compare sets all bits of to where y is as the predicate says beside x.
func (s isa) compare(predicate uint64, x, y, to Op) {
	s.pick(VCMPPS, VCMPPD, Imm(predicate), x, y, to)
}

// blend sets to to yes where the mask is set and to no elsewhere.
func (s isa) blend(mask, yes, no, to Op) {
	if s.elem == 4 {
		VBLENDVPS(mask, yes, no, to)
	} else {
		VBLENDVPD(mask, yes, no, to)
	}
}

func (s isa) broadcast(from, to Op) {
	if s.elem == 4 {
		VBROADCASTSS(from, to)
	} else {
		VBROADCASTSD(from, to)
	}
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

// arg is where a parameter is in memory.
func arg(name string) Mem {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return p.Addr
}

// counted emits body n times at run time, n in a register that it uses up.
func counted(label string, n reg.Register, body func()) {
	loop(label, n, func() {
		body()
		DECQ(n)
	})
}

// loop emits body as often as n is above zero; body ends with making n less.
func loop(label string, n reg.Register, body func()) {
	TESTQ(n, n)
	JLE(LabelRef(label + "End"))
	Label(label)
	body()
	JNZ(LabelRef(label))
	Label(label + "End")
}
