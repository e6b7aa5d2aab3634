package main

import (
	"fmt"
	"strings"
)

// What has been generated.
var code, stubs strings.Builder

// elem is a type of element.
type elem struct {
	bytes  int
	suffix string // of the names of its kernels
	lanes  string // a vector's, as Go's assembler has them
	arm    string // and as Arm has them
	one    string // one lane, as Arm has it
}

var elems = []elem{
	{8, "", "D2", "2d", "d"},
	{4, "F", "S4", "4s", "s"},
}

// perVector is the number of elements of a vector.
func (e elem) perVector() int { return vectorBytes / e.bytes }

// A gp is a general register, a vec a vector register.
type (
	gp  int
	vec int
)

func (r gp) String() string { return fmt.Sprintf("R%d", int(r)) }

// vecs returns n registers from first on.
func vecs(first, n int) []vec {
	v := make([]vec, n)
	for i := range v {
		v[i] = vec(first + i)
	}
	return v
}

// emit writes an instruction.
func emit(format string, args ...any) { fmt.Fprintf(&code, "\t"+format+"\n", args...) }

func label(name string) { fmt.Fprintf(&code, "%s:\n", name) }

// text begins a kernel and loads its parameters ("name type", T the type of
// element) into R0 and those that follow; a parameter of type T stays in memory.
func (e elem) text(name, doc, result string, params ...string) {
	float := fmt.Sprintf("float%d", 8*e.bytes)
	at, frame := 0, 0
	var loads strings.Builder
	for i, p := range params {
		what, kind, _ := strings.Cut(p, " ")
		params[i] = what + " " + strings.Replace(kind, "T", float, 1)
		if kind == "T" {
			frame = at + e.bytes
			continue
		}
		fmt.Fprintf(&loads, "\tMOVD %s+%d(FP), R%d\n", what, at, i)
		at += 8
		frame = at
	}
	if result != "" {
		frame += 8
	}
	signature := strings.TrimSpace(fmt.Sprintf("func %s(%s) %s", name, strings.Join(params, ", "), result))
	fmt.Fprintf(&stubs, "\n// %s %s\n%s\n", name, doc, signature)
	fmt.Fprintf(&code, "\n// %s\nTEXT ·%s(SB), NOSPLIT, $0-%d\n%s", signature, name, frame, loads.String())
}

// counted emits body n times at run time, n in a register that it uses up.
func counted(name string, n gp, body func()) {
	emit("CBZ %v, %sEnd", n, name)
	label(name)
	body()
	emit("SUBS $1, %v", n)
	emit("BNE %s", name)
	label(name + "End")
}

func zero(v []vec) {
	for _, r := range v {
		emit("VEOR V%d.B16, V%d.B16, V%[1]d.B16", r, r)
	}
}

// load and store move vectors from and to memory, two at a time.
func load(base gp, disp int, v []vec) {
	for ; len(v) > 1; v, disp = v[2:], disp+2*vectorBytes {
		emit("FLDPQ %d(%v), (F%d, F%d)", disp, base, v[0], v[1])
	}
	if len(v) > 0 {
		emit("FMOVQ %d(%v), F%d", disp, base, v[0])
	}
}

func store(v []vec, base gp, disp int) {
	for ; len(v) > 1; v, disp = v[2:], disp+2*vectorBytes {
		emit("FSTPQ (F%d, F%d), %d(%v)", v[0], v[1], disp, base)
	}
	if len(v) > 0 {
		emit("FMOVQ F%d, %d(%v)", v[0], disp, base)
	}
}

// save is store with the parameters of load.
func save(base gp, disp int, v []vec) { store(v, base, disp) }

// move moves one element from or to memory.
func (e elem) move(from, to any) {
	emit("%s %v, %v", map[int]string{4: "FMOVS", 8: "FMOVD"}[e.bytes], scalar(from), scalar(to))
}

func scalar(place any) any {
	if v, ok := place.(vec); ok {
		return fmt.Sprintf("F%d", v)
	}
	return place
}

func mem(base gp, disp int) string { return fmt.Sprintf("%d(%v)", disp, base) }

// fma: sum += x*y, by lanes.
func (e elem) fma(x, y, sum vec) {
	emit("VFMLA V%d.%s, V%d.%[2]s, V%[4]d.%[2]s", y, e.lanes, x, sum)
}

// What Go's assembler does not know is written as a number. Each takes floats
// of the vector's lanes; the bit that makes them doubles is set in its code.
const (
	fadd  = 0x4e60d400
	fsub  = 0x4ee0d400
	fmul  = 0x6e60dc00
	fdiv  = 0x6e60fc00
	fmax  = 0x4e60f400
	faddp = 0x6e60d400 // sums of neighbours

	fneg  = 0x6ee0f800
	fcmeq = 0x4ee0d800 // all ones where equal to zero

	fmlaLane = 0x4fc01000
	sumOfTwo = 0x7e70d800 // faddp of one vector's first two lanes

	double = 1 << 22
)

var names = map[uint32]string{
	fadd: "fadd", fsub: "fsub", fmul: "fmul", fdiv: "fdiv", fmax: "fmax", faddp: "faddp",
	fneg: "fneg", fcmeq: "fcmeq", fmlaLane: "fmla", sumOfTwo: "faddp",
}

func word(code uint32, format string, args ...any) {
	emit("WORD $%#08x // %s", code, fmt.Sprintf(format, args...))
}

// coded returns an operation's code for e.
func (e elem) coded(op uint32) uint32 {
	if e.bytes == 4 {
		op &^= double
	}
	return op
}

// op: to = x op y.
func (e elem) op(op uint32, x, y, to vec) {
	word(e.coded(op)|uint32(y)<<16|uint32(x)<<5|uint32(to), "%s v%d.%s, v%d.%[3]s, v%[5]d.%[3]s", names[op], to, e.arm, x, y)
}

// unary: to = op x.
func (e elem) unary(op uint32, x, to vec) {
	rest := map[uint32]string{fcmeq: ", #0.0"}[op]
	word(e.coded(op)|uint32(x)<<5|uint32(to), "%s v%d.%s, v%d.%[3]s%[5]s", names[op], to, e.arm, x, rest)
}

// byLane: sum += x times one lane of y.
func (e elem) byLane(op uint32, x, y vec, lane int, sum vec) {
	which := uint32(lane) << 11
	if e.bytes == 4 {
		which = uint32(lane>>1)<<11 | uint32(lane&1)<<21
	}
	word(e.coded(op)|which|uint32(y)<<16|uint32(x)<<5|uint32(sum), "%s v%d.%s, v%d.%[3]s, v%[5]d.%s[%d]", names[op], sum, e.arm, x, y, e.one, lane)
}

// clearWhere: to = x without the bits of mask.
func clearWhere(mask, x, to vec) {
	word(0x4e601c00|uint32(mask)<<16|uint32(x)<<5|uint32(to), "bic v%d.16b, v%d.16b, v%d.16b", to, x, mask)
}

// widen: low and high = the halves of the float32s of x as float64s.
func widen(x, low, high vec) {
	word(0x0e617800|uint32(x)<<5|uint32(low), "fcvtl v%d.2d, v%d.2s", low, x)
	word(0x4e617800|uint32(x)<<5|uint32(high), "fcvtl2 v%d.2d, v%d.4s", high, x)
}

// horizontal leaves the sum of v's lanes in its first.
func (e elem) horizontal(v vec) {
	if e.bytes == 4 {
		e.op(faddp, v, v, v)
	}
	word(e.coded(sumOfTwo)|uint32(v)<<5|uint32(v), "faddp %s%d, v%[2]d.2%[1]s", e.one, v)
}
