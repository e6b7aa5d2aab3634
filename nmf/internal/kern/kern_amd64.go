//go:build !purego

package kern

// available lists the sets that this processor has, the best last.
func available() []set {
	sets := []set{generic}
	avx2, avx512 := features()
	if avx2 {
		sets = append(sets, set{
			"avx2", mulSparseAVX2, mulDenseAVX2, gramAVX2, toLanesAVX2, fromLanesAVX2, sweepAVX2, innerAVX2,
		})
	}
	if avx512 {
		sets = append(sets, set{
			"avx512", mulSparseAVX512, mulDenseAVX512, gramAVX512, toLanesAVX512, fromLanesAVX512, sweepAVX512, innerAVX512,
		})
	}
	return sets
}

// features tells whether the processor has, and the system saves, what the
// kernels need: AVX2 and FMA; AVX-512 F and DQ.
func features() (avx2, avx512 bool) {
	const (
		fma, osxsave, avx = 1 << 12, 1 << 27, 1 << 28     // leaf 1, ecx
		avx2Bit           = 1 << 5                        // leaf 7, ebx
		avx512Bits        = 1<<16 | 1<<17                 // leaf 7, ebx: F, DQ
		ymmState          = 1<<1 | 1<<2                   // xcr0
		zmmState          = ymmState | 1<<5 | 1<<6 | 1<<7 // xcr0
	)
	if most, _, _, _ := cpuid(0, 0); most < 7 {
		return false, false
	}
	_, _, c, _ := cpuid(1, 0)
	if c&(fma|osxsave|avx) != fma|osxsave|avx {
		return false, false
	}
	state, _ := xgetbv()
	_, b, _, _ := cpuid(7, 0)
	avx2 = state&ymmState == ymmState && b&avx2Bit != 0
	avx512 = avx2 && state&zmmState == zmmState && b&avx512Bits == avx512Bits
	return avx2, avx512
}

type (
	sparseStrip = func(dst, val *float64, idx *int32, n int, f *float64, stride int)
	denseTile   = func(dst *float64, dstStride int, x *float64, xStride, depth int, f *float64, fStride int)
	gramTile    = func(g, a *float64, rows, stride, t, c int)
)

// The kernels by their number of lines, less one.
var (
	sparse512 = []sparseStrip{
		mulSparse1x64, mulSparse2x64, mulSparse3x64, mulSparse4x64, mulSparse5x64, mulSparse6x64, mulSparse7x64, mulSparse8x64,
	}
	sparse256 = []sparseStrip{mulSparse1x32, mulSparse2x32, mulSparse3x32, mulSparse4x32, mulSparse5x32, mulSparse6x32}

	dense512     = []denseTile{mulDense4x1x64, mulDense4x2x64, mulDense4x3x64, mulDense4x4x64, mulDense4x5x64, mulDense4x6x64}
	denseRest512 = []denseTile{mulDense1x1x64, mulDense1x2x64, mulDense1x3x64, mulDense1x4x64, mulDense1x5x64, mulDense1x6x64}
	dense256     = []denseTile{mulDense4x1x32}
	denseRest256 = []denseTile{mulDense1x1x32}

	gram512 = []gramTile{gram1x64, gram2x64, gram3x64, gram4x64, gram5x64, gram6x64}
	gram256 = []gramTile{gram1x32}
)

func mulSparseAVX512(dst, val []float64, idx []int32, f []float64) {
	mulSparseBy(sparse512, dst, val, idx, f)
}

func mulSparseAVX2(dst, val []float64, idx []int32, f []float64) {
	mulSparseBy(sparse256, dst, val, idx, f)
}

func mulSparseBy(strips []sparseStrip, dst, val []float64, idx []int32, f []float64) {
	if len(val) == 0 {
		clear(dst)
		return
	}
	val = val[:len(idx)]
	for at, lines := 0, len(dst)/Line; at < lines; {
		n := min(len(strips), lines-at)
		strips[n-1](&dst[at*Line], &val[0], &idx[0], len(idx), &f[at*Line], 8*len(dst))
		at += n
	}
}

func mulDenseAVX512(dst, x []float64, stride, depth int, f []float64, ld int) {
	mulDenseBy(dense512, denseRest512, dst, x, stride, depth, f, ld)
}

func mulDenseAVX2(dst, x []float64, stride, depth int, f []float64, ld int) {
	mulDenseBy(dense256, denseRest256, dst, x, stride, depth, f, ld)
}

// mulDenseBy takes so much of f at once that a strip of it stays in the
// second-level cache while the rows of dst pass by.
func mulDenseBy(tiles, rest []denseTile, dst, x []float64, stride, depth int, f []float64, ld int) {
	const most = 256
	rows, lines := len(dst)/ld, ld/Line
	if rows == 0 || depth == 0 {
		return
	}
	_, _ = x[(rows-1)*stride+depth-1], f[depth*ld-1]
	strips := (lines + len(tiles) - 1) / len(tiles)
	for d := 0; d < depth; d += most {
		deep := min(most, depth-d)
		for s := range strips {
			at, end := lines*s/strips, lines*(s+1)/strips
			r := 0
			for ; r+4 <= rows; r += 4 {
				tiles[end-at-1](&dst[r*ld+at*Line], 8*ld, &x[r*stride+d], 8*stride, deep, &f[d*ld+at*Line], 8*ld)
			}
			for ; r < rows; r++ {
				rest[end-at-1](&dst[r*ld+at*Line], 8*ld, &x[r*stride+d], 8*stride, deep, &f[d*ld+at*Line], 8*ld)
			}
		}
	}
}

func gramAVX512(g, a []float64, ld int) { gramBy(gram512, g, a, ld) }
func gramAVX2(g, a []float64, ld int)   { gramBy(gram256, g, a, ld) }

// gramBy forms the tiles that meet the upper triangle, and mirrors them.
func gramBy(tiles []gramTile, g, a []float64, ld int) {
	if len(a) == 0 {
		clear(g[:ld*ld])
		return
	}
	g = g[:ld*ld]
	for t := 0; t < ld; t += 4 {
		for c, lines := t/Line, ld/Line; c < lines; {
			n := min(len(tiles), lines-c)
			tiles[n-1](&g[t*ld], &a[0], len(a)/ld, 8*ld, 8*t, 8*Line*c)
			c += n
		}
	}
	for t := range ld {
		for r := range t {
			g[t*ld+r] = g[r*ld+t]
		}
	}
}

func toLanesAVX512(dst, src []float64, ld int) {
	if len(src) != Lanes*ld {
		toLanesGeneric(dst, src, ld)
		return
	}
	transposeAVX512(&dst[:ld*Lanes][0], 8*Lanes, &src[0], 8*ld, Lanes, ld)
}

func toLanesAVX2(dst, src []float64, ld int) {
	if len(src) != Lanes*ld {
		toLanesGeneric(dst, src, ld)
		return
	}
	transposeAVX2(&dst[:ld*Lanes][0], 8*Lanes, &src[0], 8*ld, Lanes, ld)
}

func fromLanesAVX512(dst, src []float64, ld int) {
	if len(dst) != Lanes*ld {
		fromLanesGeneric(dst, src, ld)
		return
	}
	transposeAVX512(&dst[0], 8*ld, &src[:ld*Lanes][0], 8*Lanes, ld, Lanes)
}

func fromLanesAVX2(dst, src []float64, ld int) {
	if len(dst) != Lanes*ld {
		fromLanesGeneric(dst, src, ld)
		return
	}
	transposeAVX2(&dst[0], 8*ld, &src[:ld*Lanes][0], 8*Lanes, ld, Lanes)
}

func sweepAVX512(w, b, gram, inv, violations []float64) {
	ld := len(inv)
	w, b, gram, violations = w[:ld*Lanes], b[:ld*Lanes], gram[:ld*ld], violations[:Lanes]
	descendAVX512(&w[0], &b[0], &gram[0], &inv[0], &violations[0], ld, ld)
}

func sweepAVX2(w, b, gram, inv, violations []float64) {
	ld := len(inv)
	w, b, gram, violations = w[:ld*Lanes], b[:ld*Lanes], gram[:ld*ld], violations[:Lanes]
	for lane := 0; lane < Lanes; lane += 8 {
		descendAVX2(&w[lane], &b[lane], &gram[0], &inv[0], &violations[lane], ld, ld)
	}
}

func innerAVX512(x, y []float64) float64 { return innerBy(dotAVX512, x, y) }
func innerAVX2(x, y []float64) float64   { return innerBy(dotAVX2, x, y) }

func innerBy(dot func(x, y *float64, lines int) float64, x, y []float64) float64 {
	y = y[:len(x)]
	sum, whole := 0.0, len(x)/Line*Line
	if whole > 0 {
		sum = dot(&x[0], &y[0], whole/Line)
	}
	for i := whole; i < len(x); i++ {
		sum += x[i] * y[i]
	}
	return sum
}
