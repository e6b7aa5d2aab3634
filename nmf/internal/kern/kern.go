// Package kern has the loops in which a fit spends its time.
//
// Factors are row-major with rows of ld float64s, ld a multiple of 8 and the
// padding zero, so that a row is whole vectors.
package kern

// mulSparseGeneric sets dst to the sum over p of val[p] times row idx[p] of f.
func mulSparseGeneric(dst, val []float64, idx []int32, f []float64) {
	clear(dst)
	ld := len(dst)
	for p, j := range idx {
		v := val[p]
		row := f[int(j)*ld:][:ld]
		for t := range dst {
			dst[t] += v * row[t]
		}
	}
}

// mulDenseGeneric adds to row r of dst the product of x[r*stride:][:depth] with f.
func mulDenseGeneric(dst, x []float64, stride, depth int, f []float64, ld int) {
	for r := 0; r*ld < len(dst); r++ {
		out := dst[r*ld:][:ld]
		for p, v := range x[r*stride:][:depth] {
			row := f[p*ld:][:ld]
			for t := range out {
				out[t] += v * row[t]
			}
		}
	}
}

// gramGeneric adds a'a to g.
func gramGeneric(g, a []float64, ld int) {
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

// descendGeneric makes one sweep of coordinate descent over the entries of w
// in the order of perm (nil: as they stand) for the quadratic with Hessian
// gram and linear term -b; grad is scratch. inv[t] is 1/gram[t,t], or 0 where
// that is no number. It returns the sum of the projected gradients that it
// met.
//
// The gradient is kept up to date along the sweep: a coordinate that does not
// move, as most do that are zero, costs nothing.
func descendGeneric(w, b, grad, gram, inv []float64, perm []int) (violation float64) {
	ld := len(w)
	for t := range grad {
		grad[t] = -b[t]
	}
	for t, v := range w {
		if v != 0 {
			axpyGeneric(grad, v, gram[t*ld:][:ld])
		}
	}
	visit := func(t int) {
		g, old := grad[t], w[t]
		if old == 0 {
			violation -= min(0, g)
		} else {
			violation += max(g, -g)
		}
		now := max(old-g*inv[t], 0)
		if now != old {
			w[t] = now
			axpyGeneric(grad, now-old, gram[t*ld:][:ld])
		}
	}
	if perm != nil {
		for _, t := range perm {
			visit(t)
		}
		return violation
	}
	for t := range w {
		visit(t)
	}
	return violation
}

func axpyGeneric(dst []float64, a float64, x []float64) {
	for t := range dst {
		dst[t] += a * x[t]
	}
}

func dotGeneric(x, y []float64) float64 {
	var s [8]float64
	for len(x) >= 8 {
		a, b := x[:8], y[:8]
		for l := range s {
			s[l] += a[l] * b[l]
		}
		x, y = x[8:], y[8:]
	}
	for l, v := range x {
		s[l] += v * y[l]
	}
	return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]))
}
