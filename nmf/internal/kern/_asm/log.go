package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// kl: the sum of x log(x / max(y, floor)) - x where x > floor, plus that of y,
// in float64 whatever the elements are.
func (s isa) kl() {
	TEXT("kl"+s.name, NOSPLIT, "func(x, y *"+s.float()+", fours int, floor float64) float64")
	Doc("kl" + s.name + " returns the generalised Kullback-Leibler divergence of so many fours of y from those of x.")
	x, y, n := param("x"), param("y"), param("fours")
	least := YMM()
	VBROADCASTSD(arg("floor"), least)
	terms, plain := YMM(), YMM()
	zero([]reg.VecVirtual{terms, plain})
	get := func(from reg.Register, to reg.VecVirtual) {
		if s.elem == 4 {
			VCVTPS2PD(Mem{Base: from}, to)
		} else {
			VMOVUPD(Mem{Base: from}, to)
		}
	}
	one := constant("one", 1)
	counted("loop", n, func() {
		const greater = 30 // false of NaN, which raises nothing
		top, bottom, counts := YMM(), YMM(), YMM()
		get(x, top)
		get(y, bottom)
		VADDPD(bottom, plain, plain)
		VCMPPD(Imm(greater), least, top, counts)
		VMAXPD(least, bottom, bottom)
		VANDPD(counts, top, top)
		q := YMM()
		VDIVPD(bottom, top, q)
		VBLENDVPD(counts, q, one.load(), q) // log 1 = 0 where it does not count
		l := naturalLog(q)
		VSUBPD(one.load(), l, l)
		VFMADD231PD(top, l, terms)
		ADDQ(Imm(uint64(4*s.elem)), x)
		ADDQ(Imm(uint64(4*s.elem)), y)
	})
	VADDPD(plain, terms, terms)
	double := s
	double.elem = 8
	Store(double.horizontal(terms), ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// naturalLog returns the logarithms of four positive, normal numbers, within a
// unit in the last place, by the method of FreeBSD's e_log.c: x = 2^e m with m
// between sqrt(1/2) and sqrt(2), s = f/(2+f) for f = m-1, and log(1+f) =
// f - f^2/2 + s (f^2/2 + R(s^2)) with R of degree 14.
func naturalLog(x reg.VecVirtual) reg.VecVirtual {
	const root = 0x3fe6a09e667f3bcd // the bits of sqrt(1/2)
	e, m := YMM(), YMM()
	VPADDQ(bits("toOne", 0x3ff0000000000000-root).addr, x, m)
	VPSRLQ(Imm(52), m, e)
	VPOR(bits("twoTo52", 0x4330000000000000).addr, e, e)
	VSUBPD(constant("twoTo52Bias", 1<<52+1023).addr, e, e)
	VPAND(bits("fraction", 1<<52-1).addr, m, m)
	VPADDQ(bits("root", root).addr, m, m)

	f, s, z, w := YMM(), YMM(), YMM(), YMM()
	VSUBPD(constant("one", 1).addr, m, f)
	VADDPD(constant("two", 2).addr, f, s)
	VDIVPD(s, f, s)
	VMULPD(s, s, z)
	VMULPD(z, z, w)
	// R in two sums, of even and of odd powers of z.
	odd, even := constant("l7", 1.479819860511658591e-01).load(), constant("l6", 1.531383769920937332e-01).load()
	VFMADD213PD(constant("l5", 1.818357216161805012e-01).addr, w, odd)
	VFMADD213PD(constant("l4", 2.222219843214978396e-01).addr, w, even)
	VFMADD213PD(constant("l3", 2.857142874366239149e-01).addr, w, odd)
	VFMADD213PD(constant("l2", 3.999999999940941908e-01).addr, w, even)
	VFMADD213PD(constant("l1", 6.666666666666735130e-01).addr, w, odd)
	VMULPD(w, even, even)
	VFMADD231PD(z, odd, even)
	half := YMM()
	VMULPD(f, f, half)
	VMULPD(constant("half", .5).addr, half, half)
	// e ln2High - ((half - (s (half + R) + e ln2Low)) - f)
	VADDPD(half, even, even)
	VMULPD(s, even, even)
	VFMADD231PD(constant("ln2Low", 1.90821492927058770002e-10).addr, e, even)
	VSUBPD(even, half, half)
	VSUBPD(f, half, half)
	VFMSUB132PD(constant("ln2High", 6.93147180369123816490e-01).addr, half, e)
	return e
}

// pool is the vectors of four equal numbers that have been emitted.
var pool = map[string]fours{}

// fours is such a vector in memory.
type fours struct{ addr Mem }

// load returns a register with it.
func (c fours) load() reg.VecVirtual {
	v := YMM()
	VMOVUPD(c.addr, v)
	return v
}

func constant(name string, v float64) fours { return bits(name, math.Float64bits(v)) }

func bits(name string, v uint64) fours {
	if c, ok := pool[name]; ok {
		return c
	}
	addr := GLOBL("log_"+name, RODATA|NOPTR)
	for i := range 4 {
		DATA(8*i, U64(v))
	}
	pool[name] = fours{addr}
	return pool[name]
}
