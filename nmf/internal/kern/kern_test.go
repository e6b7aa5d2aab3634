package kern

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"
)

func isSingle[T Float]() bool { return unsafe.Sizeof(T(0)) == 4 }

// numbers returns n of which many are zero, and some denormal.
func numbers[T Float](rng *rand.Rand, n int) []T {
	tiny := math.SmallestNonzeroFloat64
	if isSingle[T]() {
		tiny = math.SmallestNonzeroFloat32
	}
	least := T(tiny)
	a := make([]T, n)
	for i := range a {
		switch rng.IntN(8) {
		case 0, 1, 2:
		case 3:
			a[i] = least * T(rng.IntN(100))
		default:
			a[i] = T(rng.ExpFloat64())
		}
	}
	return a
}

// odd returns a copy of a at an address that is no multiple of 16, between
// elements that are NaN: what reads them shows in its results, and what writes
// to them fails t.
func odd[T Float](t *testing.T, a []T) []T {
	t.Helper()
	const guard = lineBytes + 1
	whole := make([]T, guard+len(a)+guard)
	for i := range whole {
		whole[i] = T(math.NaN())
	}
	b := whole[guard:][:len(a):len(a)]
	copy(b, a)
	t.Cleanup(func() {
		for i, v := range whole {
			if v == v && (i < guard || i >= guard+len(a)) {
				t.Errorf("%v was written at %d of %d elements", v, i-guard, len(a))
			}
		}
	})
	return b
}

// same fails t unless got has the bits of want.
func same[T Float](t *testing.T, what string, got, want []T) {
	t.Helper()
	for i, v := range want {
		if math.Float64bits(float64(got[i])) != math.Float64bits(float64(v)) {
			t.Fatalf("%s: [%d] = %v, want %v", what, i, got[i], v)
		}
	}
}

func near[T Float](t *testing.T, what string, got, want []T) {
	t.Helper()
	scale, within := 0.0, 1e-12
	if isSingle[T]() {
		within = 2e-5
	}
	for _, v := range want {
		scale = max(scale, math.Abs(float64(v)))
	}
	for i := range want {
		if !(math.Abs(float64(got[i]-want[i])) <= within*scale) {
			t.Fatalf("%s: [%d] = %v, want %v", what, i, got[i], want[i])
		}
	}
}

// eachSet runs f for every instruction set of this processor but the generic
// one, which is the reference, and for rows of many lengths.
func eachSet[T Float](t *testing.T, sets []set[T], f func(t *testing.T, s set[T], rng *rand.Rand, ld int)) {
	for _, s := range sets[1:] {
		for ld := s.line; ld <= 26*8; ld += s.line {
			t.Run(fmt.Sprintf("%s/%T/%d", s.name, T(0), ld), func(t *testing.T) {
				f(t, s, rand.New(rand.NewPCG(1, uint64(ld))), ld)
			})
		}
	}
}

func TestAddSparse(t *testing.T) {
	eachSet(t, available64(), testAddSparse)
	eachSet(t, available32(), testAddSparse)
}

func testAddSparse[T Float](t *testing.T, s set[T], rng *rand.Rand, ld int) {
	f := odd(t, numbers[T](rng, 40*ld))
	for n := range 30 {
		val, idx := odd(t, numbers[T](rng, n)), make([]int32, n)
		for p := range idx {
			idx[p] = int32(rng.IntN(40))
		}
		got := odd(t, numbers[T](rng, ld))
		want, inParts := slices.Clone(got), slices.Clone(got)
		s.addSparse(got, val, idx, f)
		addSparseGeneric(want, val, idx, f)
		near(t, fmt.Sprint(n, " entries"), got, want)
		s.addSparse(inParts, val[:n/3], idx[:n/3], f)
		s.addSparse(inParts, val[n/3:], idx[n/3:], f)
		if !slices.Equal(inParts, got) {
			t.Errorf("%d entries in parts: %v, at once %v", n, inParts, got)
		}
	}
}

func TestMulDense(t *testing.T) {
	eachSet(t, available64(), testMulDense)
	eachSet(t, available32(), testMulDense)
}

func testMulDense[T Float](t *testing.T, s set[T], rng *rand.Rand, ld int) {
	for rows := range 11 {
		for _, depth := range []int{0, 1, 7, 300} {
			stride := depth + rng.IntN(3)
			x, f := odd(t, numbers[T](rng, rows*stride+depth)), odd(t, numbers[T](rng, depth*ld))
			start := numbers[T](rng, rows*ld)
			width := ld - rng.IntN(min(ld, 20))
			for p := range depth {
				clear(f[p*ld+width : (p+1)*ld])
			}
			got, want := odd(t, start), append([]T(nil), start...)
			s.mulDense(got, x, stride, 1, depth, f, ld, width, nil, 0)
			mulDenseGeneric(want, x, stride, 1, depth, f, ld, width, nil, 0)
			near(t, fmt.Sprintf("%d x %d", rows, depth), got, want)
			// Stored by columns, it is the same.
			byCols := make([]T, rows*depth)
			for r := range rows {
				for p := range depth {
					byCols[p*rows+r] = x[r*stride+p]
				}
			}
			again := odd(t, start)
			s.mulDense(again, byCols, 1, rows, depth, f, ld, width, x, stride)
			near(t, fmt.Sprintf("%d x %d by columns", rows, depth), again, want)
			// A row alone has the bits that it has among others.
			for r := range rows {
				alone := odd(t, start[r*ld:][:ld])
				s.mulDense(alone, x[r*stride:], stride, 1, depth, f, ld, width, nil, 0)
				same(t, fmt.Sprintf("row %d of %d alone", r, rows), alone, got[r*ld:][:ld])
			}
		}
	}
}

func TestGram(t *testing.T) {
	eachSet(t, available64(), testGram)
	eachSet(t, available32(), testGram)
}

func testGram[T Float](t *testing.T, s set[T], rng *rand.Rand, ld int) {
	for rows := range 9 {
		a := odd(t, numbers[T](rng, rows*ld))
		got, want := odd(t, numbers[T](rng, ld*ld)), make([]T, ld*ld)
		s.gram(got, a, ld)
		gramGeneric(want, a, ld)
		near(t, fmt.Sprint(rows, " rows"), got, want)
	}
}

func TestTranspose(t *testing.T) {
	testTranspose(t, available64())
	testTranspose(t, available32())
}

func testTranspose[T Float](t *testing.T, sets []set[T]) {
	for _, s := range sets {
		rng := rand.New(rand.NewPCG(5, 5))
		for rows := range 19 {
			for cols := range 27 {
				dstStride, srcStride := rows+rng.IntN(3), cols+rng.IntN(3)
				src := odd(t, numbers[T](rng, rows*srcStride+cols))
				dst := odd(t, numbers[T](rng, cols*dstStride+rows))
				want := append([]T(nil), dst...)
				for r := range rows {
					for c := range cols {
						want[c*dstStride+r] = src[r*srcStride+c]
					}
				}
				s.transpose(dst, dstStride, src, srcStride, rows, cols)
				for i, v := range dst {
					if v != want[i] {
						t.Fatalf("%s: %d x %d: [%d] = %v, want %v", s.name, rows, cols, i, v, want[i])
					}
				}
			}
		}
	}
}

func TestLanes(t *testing.T) {
	testLanes[float64](t)
	testLanes[float32](t)
}

func testLanes[T Float](t *testing.T) {
	ld := 3 * Line[T]()
	for rows := 1; rows <= Lanes; rows++ {
		rng := rand.New(rand.NewPCG(6, uint64(rows)))
		src, lanes, back := odd(t, numbers[T](rng, rows*ld)), odd(t, numbers[T](rng, ld*Lanes)), make([]T, rows*ld)
		ToLanes(lanes, src, ld)
		for i, v := range lanes {
			want := T(0)
			if l := i % Lanes; l < rows {
				want = src[l*ld+i/Lanes]
			}
			if v != want {
				t.Fatalf("%d rows: lane %d has %v at %d, want %v", rows, i%Lanes, v, i/Lanes, want)
			}
		}
		FromLanes(back, lanes, ld)
		for i, v := range back {
			if v != src[i] {
				t.Fatalf("%d rows: %v came back as %v", rows, src[i], v)
			}
		}
	}
}

func TestDotRows(t *testing.T) {
	eachSet(t, available64(), testDotRows)
	eachSet(t, available32(), testDotRows)
}

func testDotRows[T Float](t *testing.T, s set[T], rng *rand.Rand, ld int) {
	f, w := odd(t, numbers[T](rng, 40*ld)), odd(t, numbers[T](rng, ld))
	for n := range 30 {
		idx := make([]int32, n)
		for p := range idx {
			idx[p] = int32(rng.IntN(40))
		}
		got, want := odd(t, numbers[T](rng, n)), make([]T, n)
		s.dotRows(got, w, idx, f)
		dotRowsGeneric(want, w, idx, f)
		near(t, fmt.Sprint(n, " rows"), got, want)
		for p := range idx { // a row alone has the bits that it has among others
			alone := odd(t, make([]T, 1))
			s.dotRows(alone, w, idx[p:][:1], f)
			same(t, fmt.Sprintf("row %d of %d alone", p, n), alone, got[p:][:1])
		}
		s.dotRows(got, f[ld:][:ld], idx, f) // w may be one of the rows
		dotRowsGeneric(want, f[ld:][:ld], idx, f)
		near(t, fmt.Sprint(n, " rows with one of them"), got, want)
	}
}

func TestDivide(t *testing.T) {
	testDivide(t, available64())
	testDivide(t, available32())
}

func testDivide[T Float](t *testing.T, sets []set[T]) {
	for _, s := range sets {
		for n := range 40 {
			rng := rand.New(rand.NewPCG(7, uint64(n)))
			x, y := odd(t, numbers[T](rng, n)), odd(t, numbers[T](rng, n))
			want := make([]T, n)
			for i := range want {
				want[i] = x[i] / max(y[i], 1e-7)
			}
			s.divide(y, x, 1e-7)
			near(t, fmt.Sprint(s.name, n), y, want)
			for i, v := range x {
				want[i] = v / max(v, 1e-7)
			}
			s.divide(x, x, 1e-7)
			near(t, fmt.Sprint(s.name, n, " by itself"), x, want)
		}
	}
}

func TestQuotient(t *testing.T) {
	eachSet(t, available64(), testQuotient)
	eachSet(t, available32(), testQuotient)
}

func testQuotient[T Float](t *testing.T, s set[T], rng *rand.Rand, ld int) {
	for _, depth := range []int{0, 1, 3, 4, 21} {
		rows, width := rng.IntN(10), ld-rng.IntN(min(ld, 20))
		yStride, topStride, xStride := width+rng.IntN(4), width+rng.IntN(4), depth+rng.IntN(4)
		top, x, f := odd(t, numbers[T](rng, rows*topStride)), odd(t, numbers[T](rng, rows*xStride)), odd(t, numbers[T](rng, depth*ld))
		got := odd(t, numbers[T](rng, rows*yStride))
		want := append([]T(nil), got...)
		s.quotient(got, yStride, top, topStride, width, x, xStride, depth, f, ld, rows, width, 1e-3)
		quotientGeneric(want, yStride, top, topStride, width, x, xStride, depth, f, ld, rows, width, 1e-3)
		near(t, fmt.Sprintf("%d rows of %d, depth %d", rows, width, depth), got, want)
		// A row alone has the bits that it has among others.
		for r := range rows {
			alone := odd(t, make([]T, width))
			s.quotient(alone, width, top[r*topStride:], topStride, width, x[r*xStride:], xStride, depth, f, ld, 1, width, 1e-3)
			same(t, fmt.Sprintf("row %d of %d alone", r, rows), alone, got[r*yStride:][:width])
		}
	}
}

func TestDescend(t *testing.T) {
	eachSet(t, available64(), testDescend)
	eachSet(t, available32(), testDescend)
}

func testDescend[T Float](t *testing.T, s set[T], rng *rand.Rand, ld int) {
	k := ld - rng.IntN(min(ld, 12))
	a := numbers[T](rng, 3*ld*ld)
	for i := range a {
		if i%ld >= k {
			a[i] = 0
		}
	}
	gram, diag := make([]T, ld*ld), make([]T, ld)
	gramGeneric(gram, a, ld)
	for i := range diag {
		if diag[i] = gram[i*ld+i]; i >= k || !(diag[i] > 1e-9) {
			diag[i] = T(math.Inf(1))
		}
	}
	b, w := odd(t, numbers[T](rng, ld*Lanes)), numbers[T](rng, ld*Lanes)
	for i := range b {
		if b[i] += T(rng.Float64()); i/Lanes >= k { // or rounding decides what is zero
			b[i], w[i] = 0, 0
		}
	}
	got, want := odd(t, w), append([]T(nil), w...)
	gotV, wantV := odd(t, make([]T, Lanes)), make([]T, Lanes)
	for range 3 {
		s.descend(got, b, gram, diag, gotV, k)
		descendGeneric(want, b, gram, diag, wantV, k)
	}
	near(t, "w", got, want)
	near(t, "violations", gotV, wantV)
	// A lane has the same bits in another place, with others beside it.
	turned, turnedB, turnedV := odd(t, w), odd(t, b), odd(t, make([]T, Lanes))
	for i := range w {
		from := i/Lanes*Lanes + (i+5)%Lanes
		turned[i], turnedB[i] = w[from], b[from]
	}
	for i := range w {
		if i%Lanes == 3 {
			turned[i], turnedB[i] = 1/T(3+i), 1
		}
	}
	for i := range w[k*Lanes:] {
		turned[k*Lanes+i], turnedB[k*Lanes+i] = 0, 0
	}
	for range 3 {
		s.descend(turned, turnedB, gram, diag, turnedV, k)
	}
	for l := range Lanes {
		if l == 3 {
			continue
		}
		home := (l + 5) % Lanes
		same(t, fmt.Sprintf("violations of lane %d at %d", home, l), turnedV[l:][:1], gotV[home:][:1])
		for c := range k {
			same(t, fmt.Sprintf("coordinate %d of lane %d at %d", c, home, l), turned[c*Lanes+l:][:1], got[c*Lanes+home:][:1])
		}
	}
	for i, v := range got {
		if v < 0 || math.Signbit(float64(v)) {
			t.Fatalf("w[%d] = %v", i, v)
		}
	}
}

// Where nothing is asked for, with b = 0, each coordinate that comes after
// zeros is taken away whole: rounding leaves nothing, in every set.
func TestDescendToZero(t *testing.T) {
	descendToZero(t, available64())
	descendToZero(t, available32())
}

func descendToZero[T Float](t *testing.T, sets []set[T]) {
	for _, s := range sets {
		for k := 1; k <= 21; k++ {
			rng := rand.New(rand.NewPCG(9, uint64(k)))
			ld := (k + s.line - 1) / s.line * s.line
			a := make([]T, 40*ld)
			for i := range a {
				if i%ld < k {
					a[i] = T(rng.Float64())
				}
			}
			gram, diag := make([]T, ld*ld), slices.Repeat([]T{T(math.Inf(1))}, ld)
			gramGeneric(gram, a, ld)
			w, b, violations := make([]T, ld*Lanes), make([]T, ld*Lanes), make([]T, Lanes)
			for c := range k {
				diag[c] = gram[c*ld+c]
				for l := range Lanes {
					w[c*Lanes+l] = T(rng.Float64())
				}
			}
			left := 0
			for range 2 {
				s.descend(w, b, gram, diag, violations, k)
			}
			for _, v := range w {
				if v != 0 {
					left++
				}
			}
			// The quotient of a rounded product can be an ulp off.
			if most := Lanes / 2; left > most {
				t.Errorf("%s/%T: k = %d: %d of %d entries are not zero", s.name, T(0), k, left, k*Lanes)
			}
		}
	}
}

func TestDot(t *testing.T) {
	testDot(t, available64()[1:])
	testDot(t, available32()[1:])
}

func testDot[T Float](t *testing.T, sets []set[T]) {
	for _, s := range sets {
		for n := range 200 {
			rng := rand.New(rand.NewPCG(3, uint64(n)))
			x, y := odd(t, numbers[T](rng, n)), odd(t, numbers[T](rng, n))
			near(t, fmt.Sprint(s.name, n), []float64{s.dot(x, y)}, []float64{dotGeneric(x, y)})
			near(t, fmt.Sprint(s.name, n, " with itself"), []float64{s.dot(x, x)}, []float64{dotGeneric(x, x)})
		}
	}
}

func TestScale(t *testing.T) {
	eachSet(t, available64(), testScale)
	eachSet(t, available32(), testScale)
}

func testScale[T Float](t *testing.T, s set[T], rng *rand.Rand, ld int) {
	ld -= rng.IntN(ld)
	num, den := odd(t, numbers[T](rng, ld)), odd(t, numbers[T](rng, ld))
	for _, c := range []struct{ l1, l2, floor T }{{}, {.5, 0, 0}, {.25, 2, 1e-3}, {0, 0, 2.2e-16}} {
		start := numbers[T](rng, ld)
		den[rng.IntN(ld)], num[rng.IntN(ld)], start[rng.IntN(ld)] = -1e-9, most[T](), most[T]()
		got, want := odd(t, start), append([]T(nil), start...)
		s.scale(got, num, den, c.l1, c.l2, 1e-7, c.floor)
		scaleGeneric(want, num, den, c.l1, c.l2, 1e-7, c.floor)
		for i, v := range got {
			if v != want[i] {
				t.Fatalf("%+v: %v num %v den %v: %v, want %v", c, start[i], num[i], den[i], v, want[i])
			}
		}
	}
}

func TestKL(t *testing.T) {
	testKL(t, available64()[1:])
	testKL(t, available32()[1:])
}

func testKL[T Float](t *testing.T, sets []set[T]) {
	for _, s := range sets {
		for n := range 40 {
			rng := rand.New(rand.NewPCG(8, uint64(n)))
			x, y := odd(t, numbers[T](rng, n)), odd(t, numbers[T](rng, n))
			for i := range x { // quotients of every size
				x[i] *= T(math.Exp2(float64(rng.IntN(200) - 100)))
				y[i] *= T(math.Exp2(float64(rng.IntN(200) - 100)))
			}
			// Each entry by itself, since large ones would hide the others.
			for i := range x {
				lone, other := []T{1, 1, 1, x[i]}, []T{1, 1, 1, y[i]}
				got, want := s.kl(lone, other, 1e-7), klGeneric(lone, other, 1e-7)
				if !(math.Abs(got-want) <= 4e-16*math.Abs(want)+2e-15*float64(x[i]+1)) {
					t.Fatalf("%s: x = %v, y = %v: %v, want %v", s.name, x[i], y[i], got, want)
				}
			}
			near(t, fmt.Sprint(s.name, n), []float64{s.kl(x, y, 1e-7)}, []float64{klGeneric(x, y, 1e-7)})
		}
	}
}

// The generic loops against sums written out.
func TestGeneric(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	const ld, rows = 8, 5
	f := numbers[float64](rng, rows*ld)
	val, idx := []float64{2, 0, 3}, []int32{4, 1, 0}
	got := slices.Repeat([]float64{5}, ld)
	addSparseGeneric(got, val, idx, f)
	for i, v := range got {
		if want := 5 + 2*f[4*ld+i] + 3*f[i]; math.Abs(v-want) > 1e-15*want {
			t.Errorf("addSparse: [%d] = %v, want %v", i, v, want)
		}
	}
	g := make([]float64, ld*ld)
	gramGeneric(g, f, ld)
	for i := range ld {
		for j := range ld {
			want := 0.0
			for r := range rows {
				want += f[r*ld+i] * f[r*ld+j]
			}
			if math.Abs(g[i*ld+j]-want) > 1e-14*want {
				t.Errorf("gram: [%d,%d] = %v, want %v", i, j, g[i*ld+j], want)
			}
		}
	}
	if d := dotGeneric([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9}, []float64{1, 1, 1, 1, 1, 1, 1, 1, 2}); d != 54 {
		t.Errorf("dot = %v, want 54", d)
	}
}
