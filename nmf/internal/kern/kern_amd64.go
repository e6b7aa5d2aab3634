//go:build !purego

package kern

// available lists the sets that this processor has, the best last.
func available() []set {
	sets := []set{generic}
	avx2, avx512 := features()
	if avx2 {
		sets = append(sets, set{
			"avx2", mulSparse256, mulDense256, dotRows256, gram256, transpose256, descend256, dot256, divide256,
		})
	}
	if avx512 {
		sets = append(sets, set{
			"avx512", mulSparse512, mulDense512, dotRows512, gram512, transpose512, descend512, dot512, divide512,
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
	sparseStrip = func(dst, x *float64, idx *int32, n int, f *float64, stride int)
	denseTile   = func(dst *float64, dstStride int, x *float64, xRow, xStep, depth int, f *float64, fStride int)
	gramTile    = func(out, a *float64, rows, stride, t, c int)
)

// The kernels by their number of lines, less one.
var (
	sparseStrips512 = []sparseStrip{
		mulSparse1x64, mulSparse2x64, mulSparse3x64, mulSparse4x64, mulSparse5x64, mulSparse6x64, mulSparse7x64, mulSparse8x64,
	}
	sparseStrips256 = []sparseStrip{mulSparse1x32, mulSparse2x32, mulSparse3x32, mulSparse4x32, mulSparse5x32, mulSparse6x32}

	dotStrips512 = []sparseStrip{
		dotRows1x64, dotRows2x64, dotRows3x64, dotRows4x64, dotRows5x64, dotRows6x64, dotRows7x64, dotRows8x64,
	}
	dotStrips256 = []sparseStrip{dotRows1x32, dotRows2x32, dotRows3x32, dotRows4x32, dotRows5x32, dotRows6x32}

	denseTiles512 = []denseTile{mulDense4x1x64, mulDense4x2x64, mulDense4x3x64, mulDense4x4x64, mulDense4x5x64, mulDense4x6x64}
	denseRest512  = []denseTile{mulDense1x1x64, mulDense1x2x64, mulDense1x3x64, mulDense1x4x64, mulDense1x5x64, mulDense1x6x64}
	denseTiles256 = []denseTile{mulDense4x1x32}
	denseRest256  = []denseTile{mulDense1x1x32}

	gramTiles512 = []gramTile{gram1x64, gram2x64, gram3x64, gram4x64, gram5x64, gram6x64}
	gramTiles256 = []gramTile{gram1x32}
)

func mulSparse512(dst, val []float64, idx []int32, f []float64) {
	mulSparseBy(sparseStrips512, dst, val, idx, f)
}

func mulSparse256(dst, val []float64, idx []int32, f []float64) {
	mulSparseBy(sparseStrips256, dst, val, idx, f)
}

func mulSparseBy(strips []sparseStrip, dst, val []float64, idx []int32, f []float64) {
	if len(idx) == 0 {
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

func dotRows512(dst, w []float64, idx []int32, f []float64) { dotRowsBy(dotStrips512, dst, w, idx, f) }
func dotRows256(dst, w []float64, idx []int32, f []float64) { dotRowsBy(dotStrips256, dst, w, idx, f) }

func dotRowsBy(strips []sparseStrip, dst, w []float64, idx []int32, f []float64) {
	if len(idx) == 0 {
		return
	}
	dst = dst[:len(idx)]
	clear(dst)
	for at, lines := 0, len(w)/Line; at < lines; {
		n := min(len(strips), lines-at)
		strips[n-1](&dst[0], &w[at*Line], &idx[0], len(idx), &f[at*Line], 8*len(w))
		at += n
	}
}

func mulDense512(dst, x []float64, row, step, depth int, f []float64, ld int) {
	mulDenseBy(denseTiles512, denseRest512, dst, x, row, step, depth, f, ld)
}

func mulDense256(dst, x []float64, row, step, depth int, f []float64, ld int) {
	mulDenseBy(denseTiles256, denseRest256, dst, x, row, step, depth, f, ld)
}

// mulDenseBy takes so much of f at once that a strip of it stays in the
// second-level cache while the rows of dst pass by.
func mulDenseBy(tiles, rest []denseTile, dst, x []float64, row, step, depth int, f []float64, ld int) {
	const most = 256
	rows, lines := len(dst)/ld, ld/Line
	if rows == 0 || depth == 0 {
		return
	}
	_, _ = x[(rows-1)*row+(depth-1)*step], f[depth*ld-1]
	strips := (lines + len(tiles) - 1) / len(tiles)
	for d := 0; d < depth; d += most {
		deep := min(most, depth-d)
		for s := range strips {
			at, end := lines*s/strips, lines*(s+1)/strips
			r := 0
			for ; r+4 <= rows; r += 4 {
				tiles[end-at-1](&dst[r*ld+at*Line], 8*ld, &x[r*row+d*step], 8*row, 8*step, deep, &f[d*ld+at*Line], 8*ld)
			}
			for ; r < rows; r++ {
				rest[end-at-1](&dst[r*ld+at*Line], 8*ld, &x[r*row+d*step], 8*row, 8*step, deep, &f[d*ld+at*Line], 8*ld)
			}
		}
	}
}

func gram512(g, a []float64, ld int) { gramBy(gramTiles512, g, a, ld) }
func gram256(g, a []float64, ld int) { gramBy(gramTiles256, g, a, ld) }

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

func transpose512(dst []float64, dstStride int, src []float64, srcStride, rows, cols int) {
	transposeBy(transposeAVX512, 8, dst, dstStride, src, srcStride, rows, cols)
}

func transpose256(dst []float64, dstStride int, src []float64, srcStride, rows, cols int) {
	transposeBy(transposeAVX2, 4, dst, dstStride, src, srcStride, rows, cols)
}

// transposeBy leaves what does not fill square blocks of side to plain Go.
func transposeBy(kernel func(dst *float64, dstStride int, src *float64, srcStride int, rows, cols int), side int, dst []float64, dstStride int, src []float64, srcStride, rows, cols int) {
	r, c := rows/side*side, cols/side*side
	if r > 0 && c > 0 {
		_, _ = dst[(c-1)*dstStride+r-1], src[(r-1)*srcStride+c-1]
		kernel(&dst[0], 8*dstStride, &src[0], 8*srcStride, r, c)
	}
	if c < cols {
		transposeGeneric(dst[c*dstStride:], dstStride, src[c:], srcStride, r, cols-c)
	}
	if r < rows {
		transposeGeneric(dst[r:], dstStride, src[r*srcStride:], srcStride, rows-r, cols)
	}
}

func descend512(w, b, gram, inv, violations []float64) {
	ld := len(inv)
	w, b, gram, violations = w[:ld*Lanes], b[:ld*Lanes], gram[:ld*ld], violations[:Lanes]
	descendAVX512(&w[0], &b[0], &gram[0], &inv[0], &violations[0], ld, ld)
}

func descend256(w, b, gram, inv, violations []float64) {
	ld := len(inv)
	w, b, gram, violations = w[:ld*Lanes], b[:ld*Lanes], gram[:ld*ld], violations[:Lanes]
	for lane := 0; lane < Lanes; lane += 8 {
		descendAVX2(&w[lane], &b[lane], &gram[0], &inv[0], &violations[lane], ld, ld)
	}
}

func dot512(x, y []float64) float64 { return dotBy(dotAVX512, x, y) }
func dot256(x, y []float64) float64 { return dotBy(dotAVX2, x, y) }

func dotBy(kernel func(x, y *float64, lines int) float64, x, y []float64) float64 {
	y = y[:len(x)]
	sum, whole := 0.0, len(x)/Line*Line
	if whole > 0 {
		sum = kernel(&x[0], &y[0], whole/Line)
	}
	for i := whole; i < len(x); i++ {
		sum += x[i] * y[i]
	}
	return sum
}

func divide512(y, x []float64, floor float64) { divideBy(divideAVX512, y, x, floor) }
func divide256(y, x []float64, floor float64) { divideBy(divideAVX2, y, x, floor) }

func divideBy(kernel func(y, x *float64, lines int, floor float64), y, x []float64, floor float64) {
	x = x[:len(y)]
	whole := len(y) / Line * Line
	if whole > 0 {
		kernel(&y[0], &x[0], whole/Line, floor)
	}
	divideGeneric(y[whole:], x[whole:], floor)
}
