//go:build !purego && (amd64 || arm64)

package kern

import "unsafe"

// vectors is the kernels of an instruction set, for elements of one type.
type vectors[T Float] struct {
	width int // elements of a vector
	line  int // and that rows are padded to a multiple of; inner and ratio take as many at once
	tall  int // most vectors of a dense tile of 4 rows; one of more has 2

	// By the number of vectors, less one.
	sparse, dots  []sparseStrip[T]
	tiles, rests  []denseTile[T] // for 4 rows or 2, and for 1
	overs, unders []overTile[T]
	grams         []gramTile[T]

	square     int // rows and columns that blocks takes multiples of
	blocks     func(dst *T, dstStride int, src *T, srcStride int, rows, cols int)
	lanes      int // that sweep takes
	sweep      func(w, b, gram, diag, violations *T, stride, coords int)
	inner      func(x, y *T, lines int) float64
	ratio      func(y, x *T, lines int, floor T)
	divergence func(x, y *T, fours int, floor float64) float64
	multiply   func(w, num, den *T, lines int, l1, l2, eps, floor, most T)
}

type (
	sparseStrip[T Float] = func(dst, val *T, idx *int32, n int, f *T, stride int)
	denseTile[T Float]   = func(dst *T, dstStride int, x *T, xRow, xStep, depth int, f *T, fStride, groups int, ahead *T, aheadRow, aheadStep, aheadGroup int)
	overTile[T Float]    = func(dst *T, dstStride int, top *T, topStride, ahead int, x *T, xRow, xStep, depth int, f *T, fStride, groups int, floor T)
	gramTile[T Float]    = func(out, a *T, rows, stride, t, c int)
)

// set returns the loops that the kernels make.
func (v *vectors[T]) set(name string) set[T] {
	return set[T]{name, v.line, v.addSparse, v.mulDense, v.dotRows, v.gram, v.transpose, v.descend, v.dot, v.divide, v.quotient, v.kl, v.scale}
}

// stripBytes is how much of a strip of f [vectors.mulDense] takes at once.
const stripBytes = 12 << 10

// scaleBytes is the size of the vectors that multiply takes, in every set.
const scaleBytes = 32

// gramBytes is how much of a matrix gram takes at once.
const gramBytes = 1 << 16

// size is that of an element in bytes.
func (v *vectors[T]) size() int {
	var zero T
	return int(unsafe.Sizeof(zero))
}

// strips calls f for strips of about the same number of vectors, at most the
// given one, which together make n: from vector at on, so many.
func strips(n, most int, f func(at, count int)) {
	parts := (n + most - 1) / most
	for s := range parts {
		at, end := n*s/parts, n*(s+1)/parts
		f(at, end-at)
	}
}

func (v *vectors[T]) addSparse(dst, val []T, idx []int32, f []T) {
	if len(idx) == 0 {
		return
	}
	val = val[:len(idx)]
	strips(len(dst)/v.width, len(v.sparse), func(at, n int) {
		v.sparse[n-1](&dst[at*v.width], &val[0], &idx[0], len(idx), &f[at*v.width], v.size()*len(dst))
	})
}

func (v *vectors[T]) dotRows(dst, w []T, idx []int32, f []T) {
	if len(idx) == 0 {
		return
	}
	dst = dst[:len(idx)]
	clear(dst)
	strips(len(w)/v.width, len(v.dots), func(at, n int) {
		v.dots[n-1](&dst[0], &w[at*v.width], &idx[0], len(idx), &f[at*v.width], v.size()*len(w))
	})
}

// mulDense takes so much of f at once that a strip of it stays in the
// first-level cache while the rows of dst pass by. Meanwhile x, which comes
// from memory, is fetched at an even pace: each strip of f asks for its share
// of the next piece along the rows, or for all of next.
func (v *vectors[T]) mulDense(dst, x []T, row, step, depth int, f []T, ld, width int, next []T, nextStride int) {
	rows := len(dst) / ld
	if rows == 0 || depth == 0 {
		return
	}
	_, _, _ = x[(rows-1)*row+(depth-1)*step], f[(depth-1)*ld+width-1], dst[rows*ld-1]
	size, vecs := v.size(), (width+v.width-1)/v.width
	parts := (vecs + len(v.tiles) - 1) / len(v.tiles)
	most := min(max(stripBytes/(size*v.width*((vecs+parts-1)/parts)), 4), 128)
	for d := 0; d < depth; d += most {
		deep, part := min(most, depth-d), 0
		strips(vecs, len(v.tiles), func(at, n int) {
			high := 4
			if n > v.tall {
				high = 2
			}
			ahead, aheadRow, aheadStep, aheadGroup := next, nextStride, 0, high
			if step == 1 && d+deep < depth {
				share := deep / parts
				ahead, aheadRow, aheadStep, aheadGroup = x[min(d+deep+part*share, len(x)-1):], row, 4*share/deep-4*row, high*row
				part++
			}
			if len(ahead) == 0 {
				ahead, aheadRow, aheadStep, aheadGroup = x, 0, 0, 0 // nothing but what is here
			}
			to, from, whole := &dst[at*v.width], &f[d*ld+at*v.width], rows/high*high
			if whole > 0 {
				v.tiles[n-1](to, size*ld, &x[d*step], size*row, size*step, deep, from, size*ld, whole/high,
					&ahead[0], size*aheadRow, size*aheadStep, size*aheadGroup)
			}
			if whole < rows {
				v.rests[n-1](&dst[whole*ld+at*v.width], size*ld, &x[whole*row+d*step], size*row, size*step, deep, from, size*ld, rows-whole,
					&x[0], 0, 0, 0)
			}
		})
	}
}

// gram forms the tiles that meet the upper triangle, from so many rows at once
// that they stay in a second-level cache, and mirrors them.
func (v *vectors[T]) gram(g, a []T, ld int) {
	g = g[:ld*ld]
	clear(g)
	size := v.size()
	most := max(gramBytes/(size*ld), 1)
	for ; len(a) > 0; a = a[min(most*ld, len(a)):] {
		rows := min(most, len(a)/ld)
		for t := 0; t < ld; t += 4 {
			first := t / v.width
			strips(ld/v.width-first, len(v.grams), func(at, n int) {
				v.grams[n-1](&g[t*ld], &a[0], rows, size*ld, size*t, size*v.width*(first+at))
			})
		}
	}
	for t := range ld {
		for r := range t {
			g[t*ld+r] = g[r*ld+t]
		}
	}
}

// transpose leaves what does not fill square blocks to plain Go.
func (v *vectors[T]) transpose(dst []T, dstStride int, src []T, srcStride, rows, cols int) {
	r, c, size := rows/v.square*v.square, cols/v.square*v.square, v.size()
	if r > 0 && c > 0 {
		_, _ = dst[(c-1)*dstStride+r-1], src[(r-1)*srcStride+c-1]
		v.blocks(&dst[0], size*dstStride, &src[0], size*srcStride, r, c)
	}
	if c < cols {
		transposeGeneric(dst[c*dstStride:], dstStride, src[c:], srcStride, r, cols-c)
	}
	if r < rows {
		transposeGeneric(dst[r:], dstStride, src[r*srcStride:], srcStride, rows-r, cols)
	}
}

func (v *vectors[T]) descend(w, b, gram, diag, violations []T, k int) {
	ld, coords := len(diag), (k+3)/4*4
	w, b, gram, violations = w[:ld*Lanes], b[:ld*Lanes], gram[:ld*ld], violations[:Lanes]
	for lane := 0; lane < Lanes; lane += v.lanes {
		v.sweep(&w[lane], &b[lane], &gram[0], &diag[0], &violations[lane], v.size()*ld, coords)
	}
}

func (v *vectors[T]) dot(x, y []T) float64 {
	y = y[:len(x)]
	sum, whole := 0.0, len(x)/v.line*v.line
	if whole > 0 {
		sum = v.inner(&x[0], &y[0], whole/v.line)
	}
	for i := whole; i < len(x); i++ {
		sum += float64(x[i]) * float64(y[i])
	}
	return sum
}

func (v *vectors[T]) divide(y, x []T, floor T) {
	x = x[:len(y)]
	whole := len(y) / v.line * v.line
	if whole > 0 {
		v.ratio(&y[0], &x[0], whole/v.line, floor)
	}
	divideGeneric(y[whole:], x[whole:], floor)
}

func (v *vectors[T]) quotient(y []T, yStride int, top []T, topStride, ahead int, x []T, xStride, depth int, f []T, ld, rows, width int, floor T) {
	size, whole := v.size(), rows/4*4
	vecs := width / v.width
	if rows > 0 && depth > 0 && vecs > 0 {
		_, _ = y[(rows-1)*yStride+width-1], top[(rows-1)*topStride+width-1]
		_, _ = x[(rows-1)*xStride+depth-1], f[(depth-1)*ld+width-1]
		strips(vecs, len(v.overs), func(at, n int) {
			at *= v.width
			if whole > 0 {
				v.overs[n-1](&y[at], size*yStride, &top[at], size*topStride, size*ahead, &x[0], size*xStride, size, depth, &f[at], size*ld, whole/4, floor)
			}
			if whole < rows {
				v.unders[n-1](&y[whole*yStride+at], size*yStride, &top[whole*topStride+at], size*topStride, size*ahead, &x[whole*xStride], size*xStride, size, depth, &f[at], size*ld, rows-whole, floor)
			}
		})
	} else {
		vecs = 0
	}
	if at := vecs * v.width; at < width {
		quotientGeneric(y[at:], yStride, top[at:], topStride, ahead, x, xStride, depth, f[at:], ld, rows, width-at, floor)
	}
}

func (v *vectors[T]) kl(x, y []T, floor float64) float64 {
	y = y[:len(x)]
	sum, whole := 0.0, len(x)/4*4
	if whole > 0 {
		sum = v.divergence(&x[0], &y[0], whole/4, floor)
	}
	return sum + klGeneric(x[whole:], y[whole:], floor)
}

func (v *vectors[T]) scale(w, num, den []T, l1, l2, eps, floor T) {
	num, den = num[:len(w)], den[:len(w)]
	per := scaleBytes / v.size()
	whole := len(w) / per * per
	if whole > 0 {
		v.multiply(&w[0], &num[0], &den[0], whole/per, l1, l2, eps, floor, most[T]())
	}
	scaleGeneric(w[whole:], num[whole:], den[whole:], l1, l2, eps, floor)
}
