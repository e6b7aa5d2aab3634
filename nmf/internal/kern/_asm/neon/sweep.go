package main

import "fmt"

// lanes is the number of rows side by side in a block for descend.
const lanes = 16

// descend: one sweep over four vectors of lanes, four coordinates at a time:
// of their gradients first the terms of the coordinates outside, of those the
// last four's at the end, since their divisions are under way; then one
// coordinate after the other, each adding its term to the gradients of those
// to come. No term is taken out again: a sum of zeros is zero.
func (e elem) descend() {
	const (
		coords = 4
		wide   = 4 // vectors
	)
	row, per := e.bytes*lanes, e.perVector()
	e.text("descendNEON"+e.suffix, fmt.Sprintf("sweeps over the first %d of %d lanes. The stride of gram is in bytes; coords is a multiple of 4.", wide*per, lanes), "",
		"w *T", "b *T", "gram *T", "diag *T", "violations *T", "stride int", "coords int")
	const w, b, gram, diag, violations, stride, left gp = 0, 1, 2, 3, 4, 5, 6
	const total, wt, diagonal, wr, i gp = 7, 8, 9, 10, 11
	grams, along := []gp{gram, 12, 13, 14}, []gp{15, 16, 17, 19}
	grad := func(c int) []vec { return vecs(c*wide, wide) }
	in, coefs, sums := vecs(16, wide), vecs(20, coords), vecs(24, wide)
	const none, abs, sign, below vec = 28, 29, 30, 31
	zero(sums)
	zero([]vec{none})
	emit("MOVD %v, %v", left, total)
	emit("MOVD %v, %v", w, wt)
	emit("MOVD $0, %v", diagonal)

	label("block")
	for c := 1; c < coords; c++ {
		emit("ADD %v, %v, %v", stride, grams[c-1], grams[c])
	}
	for c := range coords {
		load(b, c*row, grad(c))
		for _, g := range grad(c) {
			e.unary(fneg, g, g)
		}
	}
	// terms adds those of the i coordinates from wr and along on.
	terms := func(name string) {
		emit("CBZ %v, %sEnd", i, name)
		label(name) // as many coordinates at once as coefs has lanes
		for c, v := range coefs {
			emit("FMOVQ.P %d(%v), F%d", vectorBytes, along[c], v)
		}
		for lane := range per {
			load(wr, lane*row, in)
			for c, v := range coefs {
				for h, g := range grad(c) {
					e.byLane(fmlaLane, in[h], v, lane, g)
				}
			}
		}
		emit("ADD $%d, %v", per*row, wr)
		emit("SUBS $%d, %v", per, i)
		emit("BNE %s", name)
		label(name + "End")
	}
	emit("ADD $%d, %v, %v", coords*row, wt, wr)
	for c, g := range grams {
		emit("ADD %v, %v, %v", g, diagonal, along[c])
		emit("ADD $%d, %v", coords*e.bytes, along[c])
	}
	emit("SUB $%d, %v, %v", coords, left, i)
	terms("after")
	emit("MOVD %v, %v", w, wr)
	for c, g := range grams {
		emit("MOVD %v, %v", g, along[c])
	}
	emit("SUB %v, %v, %v", left, total, i)
	terms("before")
	inBlock := func(c, r int) {
		emit("ADD $%d, %v, %v", r*e.bytes, diagonal, i)
		e.move(fmt.Sprintf("(%v)(%v)", grams[c], i), coefs[c])
	}
	for r := range coords {
		load(wt, r*row, in)
		for c := range r + 1 {
			inBlock(c, r)
			for h, g := range grad(c) {
				e.byLane(fmlaLane, in[h], coefs[c], 0, g)
			}
		}
	}

	for c := range coords {
		e.move(mem(diag, c*e.bytes), coefs[c])
		emit("VDUP V%d.%s[0], V%d.%s", coefs[c], e.lanes[:1], below, e.lanes)
		for d := c + 1; d < coords; d++ {
			inBlock(d, c)
		}
		load(wt, c*row, in)
		for h, g := range grad(c) {
			// |g|, or |min(0, g)| where the coordinate is zero.
			e.unary(fcmeq, in[h], abs)
			clearWhere(abs, g, abs)
			e.unary(fneg, g, sign)
			e.op(fmax, abs, sign, abs)
			e.op(fadd, sums[h], abs, sums[h])
			// The step, and its term in the gradients to come.
			now := abs
			e.op(fdiv, g, below, now)
			e.op(fsub, in[h], now, now)
			e.op(fmax, now, none, now)
			emit("FMOVQ F%d, %d(%v)", now, c*row+h*vectorBytes, wt)
			for d := c + 1; d < coords; d++ {
				e.byLane(fmlaLane, now, coefs[d], 0, grad(d)[h])
			}
		}
	}
	emit("ADD $%d, %v", coords*row, b)
	emit("ADD $%d, %v", coords*row, wt)
	emit("ADD $%d, %v", coords*e.bytes, diag)
	emit("ADD $%d, %v", coords*e.bytes, diagonal)
	emit("ADD %v, %v, %v", stride, grams[coords-1], gram)
	emit("SUBS $%d, %v", coords, left)
	emit("BNE block")

	load(violations, 0, in)
	for h, v := range sums {
		e.op(fadd, in[h], v, v)
	}
	store(sums, violations, 0)
	emit("RET")
}

// transpose: dst = src transposed, in blocks of 4 x 4.
func (e elem) transpose() {
	const side = 4
	e.text("transposeNEON"+e.suffix, "sets dst to src, rows x cols, transposed. Both counts are multiples of 4, strides are in bytes.", "",
		"dst *T", "dstStride int", "src *T", "srcStride int", "rows int", "cols int")
	const dst, dstStride, src, srcStride, rows, cols, from, to, left, at gp = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
	bytes := side * e.bytes // of a row or column of a block
	in := vecs(0, side*bytes/vectorBytes)
	label("rows")
	emit("MOVD %v, %v", src, from)
	emit("MOVD %v, %v", dst, to)
	emit("MOVD %v, %v", cols, left)
	label("cols")
	moveTile(from, srcStride, at, in, side, load)
	moveTile(to, dstStride, at, e.transposed(in), side, save)
	emit("ADD %v, %v, %v", dstStride, at, to)
	emit("ADD $%d, %v", bytes, from)
	emit("SUBS $%d, %v", side, left)
	emit("BNE cols")
	emit("ADD $%d, %v", bytes, dst)
	emit("ADD %v<<2, %v", srcStride, src)
	emit("SUBS $%d, %v", side, rows)
	emit("BNE rows")
	emit("RET")
}

// transposed returns the columns of the block of 4 rows r.
func (e elem) transposed(r []vec) []vec {
	trn := func(which int, lanes string, a, b, to vec) {
		emit("VTRN%d V%d.%s, V%d.%[3]s, V%[5]d.%[3]s", which, b, lanes, a, to)
	}
	if e.bytes == 8 { // each row and column is two vectors
		c := vecs(8, 8)
		for col := range 4 {
			for half := range 2 {
				trn(1+col%2, "D2", r[4*half+col/2], r[4*half+2+col/2], c[2*col+half])
			}
		}
		return c
	}
	two, c := vecs(4, 4), vecs(8, 4) // two: pairs of rows, their even or odd columns
	for pair := range 2 {
		for odd := range 2 {
			trn(1+odd, "S4", r[2*pair], r[2*pair+1], two[2*pair+odd])
		}
	}
	for col := range 4 {
		trn(1+col/2, "D2", two[col%2], two[2+col%2], c[col])
	}
	return c
}

// divide: y = x / max(y, floor), line by line.
func (e elem) divide() {
	e.text("divideNEON"+e.suffix, "sets so many lines of 64 bytes of y to those of x divided by y's, or by floor where y's is below it.", "",
		"y *T", "x *T", "lines int", "floor T")
	const y, x, n gp = 0, 1, 2
	const floor, least vec = 30, 31
	e.move("floor+24(FP)", floor)
	emit("VDUP V%d.%s[0], V%d.%s", floor, e.lanes[:1], least, e.lanes)
	top, bottom := vecs(0, perLine), vecs(perLine, perLine)
	counted("loop", n, func() {
		load(x, 0, top)
		load(y, 0, bottom)
		for i, v := range bottom {
			e.op(fmax, v, least, v)
			e.op(fdiv, top[i], v, v)
		}
		store(bottom, y, 0)
		emit("ADD $%d, %v", lineBytes, x)
		emit("ADD $%d, %v", lineBytes, y)
	})
	emit("RET")
}

// dot: the inner product, with partial sums by lane of eight vectors.
func (e elem) dot() {
	e.text("dotNEON"+e.suffix, "returns the inner product of so many lines of 64 bytes, summed as float64s.", "float64",
		"x *T", "y *T", "lines int")
	const x, y, n gp = 0, 1, 2
	acc, a, b := vecs(0, 8), vecs(8, 2*perLine), vecs(16, 2*perLine)
	wide := elems[0]
	zero(acc)
	step := func(lines int) {
		load(x, 0, a[:lines*perLine])
		load(y, 0, b[:lines*perLine])
		for i := range lines * perLine {
			if e.bytes == 8 {
				e.fma(a[i], b[i], acc[i])
				continue
			}
			widen(a[i], 24, 25)
			widen(b[i], 26, 27)
			wide.fma(24, 26, acc[2*i%8])
			wide.fma(25, 27, acc[(2*i+1)%8])
		}
		emit("ADD $%d, %v", lineBytes*lines, x)
		emit("ADD $%d, %v", lineBytes*lines, y)
	}
	emit("SUBS $2, %v", n)
	emit("BLT rest")
	label("most")
	step(2)
	emit("SUBS $2, %v", n)
	emit("BGE most")
	label("rest")
	emit("ADD $2, %v", n)
	counted("tail", n, func() { step(1) })
	for ; len(acc) > 1; acc = acc[:len(acc)/2] {
		for i := range len(acc) / 2 {
			wide.op(fadd, acc[i], acc[len(acc)/2+i], acc[i])
		}
	}
	wide.horizontal(acc[0])
	emit("FMOVD F%d, ret+24(FP)", acc[0])
	emit("RET")
}
