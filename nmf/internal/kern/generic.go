package kern

import (
	"math"
	"unsafe"
)

// generic returns the set of plain Go.
func generic[T Float]() set[T] {
	var zero T
	return set[T]{
		"generic", lineBytes / int(unsafe.Sizeof(zero)), addSparseGeneric[T], mulDenseGeneric[T], dotRowsGeneric[T], gramGeneric[T], transposeGeneric[T],
		descendGeneric[T], dotGeneric[T], divideGeneric[T], quotientGeneric[T], klGeneric[T],
		scaleGeneric[T],
	}
}

// addSparseGeneric adds to dst the sum over p of val[p] times row idx[p] of f.
func addSparseGeneric[T Float](dst, val []T, idx []int32, f []T) {
	ld := len(dst)
	for p, j := range idx {
		v := val[p]
		row := f[int(j)*ld:][:ld]
		for t := range dst {
			dst[t] += v * row[t]
		}
	}
}

// mulDenseGeneric adds x f to dst, in the first width columns; entry p of row r
// of x is x[r*row+p*step].
func mulDenseGeneric[T Float](dst, x []T, row, step, depth int, f []T, ld, width int, _ []T, _ int) {
	for r := 0; r*ld < len(dst); r++ {
		out := dst[r*ld:][:width]
		for p := range depth {
			v := x[r*row+p*step]
			from := f[p*ld:][:width]
			for t := range out {
				out[t] += v * from[t]
			}
		}
	}
}

func dotRowsGeneric[T Float](dst, w []T, idx []int32, f []T) {
	for p, j := range idx {
		dst[p] = T(dotGeneric(w, f[int(j)*len(w):][:len(w)]))
	}
}

func divideGeneric[T Float](y, x []T, floor T) {
	for i, v := range x[:len(y)] {
		y[i] = v / max(y[i], floor)
	}
}

func quotientGeneric[T Float](y []T, yStride int, top []T, topStride, _ int, x []T, xStride, depth int, f []T, ld, rows, width int, floor T) {
	for r := range rows {
		out := y[r*yStride:][:width]
		clear(out)
		for p, v := range x[r*xStride:][:depth] {
			from := f[p*ld:][:width]
			for t := range out {
				out[t] += v * from[t]
			}
		}
		divideGeneric(out, top[r*topStride:][:width], floor)
	}
}

// gramGeneric sets g to a'a.
func gramGeneric[T Float](g, a []T, ld int) {
	clear(g[:ld*ld])
	for at := 0; at < len(a); at += ld {
		row := a[at:][:ld]
		for t, v := range row {
			if v == 0 {
				continue
			}
			out := g[t*ld:][:ld]
			for r := range out {
				out[r] += v * row[r]
			}
		}
	}
}

// descendGeneric makes one sweep of coordinate descent over the lanes, eight of
// them at a time: as many sums as stay in registers.
func descendGeneric[T Float](w, b, gram, diag, violations []T, k int) {
	for lane := 0; lane < Lanes; lane += 8 {
		descendEight(w[lane:], b[lane:], gram, diag, violations[lane:], k)
	}
}

func descendEight[T Float](w, b, gram, diag, violations []T, k int) {
	ld := len(diag)
	v := (*[8]T)(violations)
	for t := range k {
		lin := (*[8]T)(b[t*Lanes:])
		g0, g1, g2, g3 := -lin[0], -lin[1], -lin[2], -lin[3]
		g4, g5, g6, g7 := -lin[4], -lin[5], -lin[6], -lin[7]
		for r, c := range gram[t*ld:][:k] {
			row := (*[8]T)(w[r*Lanes:])
			g0 += c * row[0]
			g1 += c * row[1]
			g2 += c * row[2]
			g3 += c * row[3]
			g4 += c * row[4]
			g5 += c * row[5]
			g6 += c * row[6]
			g7 += c * row[7]
		}
		row := (*[8]T)(w[t*Lanes:])
		for l, g := range [8]T{g0, g1, g2, g3, g4, g5, g6, g7} {
			if row[l] == 0 {
				v[l] += max(-g, 0)
			} else {
				v[l] += max(-g, g)
			}
			row[l] = max(row[l]-g/diag[t], 0)
		}
	}
}

// transposeGeneric sets dst to src, rows x cols, transposed.
func transposeGeneric[T Float](dst []T, dstStride int, src []T, srcStride, rows, cols int) {
	for r := range rows {
		for c, v := range src[r*srcStride:][:cols] {
			dst[c*dstStride+r] = v
		}
	}
}

func dotGeneric[T Float](x, y []T) float64 {
	var s [8]float64
	for len(x) >= 8 {
		a, b := x[:8], y[:8]
		for l := range s {
			s[l] += float64(a[l]) * float64(b[l])
		}
		x, y = x[8:], y[8:]
	}
	for l, v := range x {
		s[l] += float64(v) * float64(y[l])
	}
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}

func klGeneric[T Float](x, y []T, floor float64) float64 {
	sum := 0.0
	for i, v := range x {
		v, w := float64(v), float64(y[i])
		if v > floor {
			sum += v*math.Log(v/max(w, floor)) - v
		}
		sum += w
	}
	return sum
}

func scaleGeneric[T Float](w, num, den []T, l1, l2, eps, floor T) {
	most := most[T]()
	for i, v := range w {
		q := den[i] + (l1 + l2*v)
		if !(q > 0) {
			q = eps
		}
		now := v * (num[i] / q)
		if now < floor {
			now = 0
		}
		if now <= most {
			w[i] = now
		}
	}
}
