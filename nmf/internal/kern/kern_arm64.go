//go:build !purego

package kern

// available64 and available32 list the sets that this processor has, the best
// last. NEON is part of arm64.
func available64() []set[float64] {
	return []set[float64]{generic[float64](), neon(&neonTiles64, &neonRows64)}
}

func available32() []set[float32] {
	return []set[float32]{generic[float32](), neon(&neonTiles32, &neonRows32)}
}

// neon returns the set of the kernels that work on single vectors of a row and
// of those that work on whole lines of it. What they lack is generic.
func neon[T Float](tiles, rows *vectors[T]) set[T] {
	s := generic[T]()
	s.name = "neon"
	s.addSparse, s.dotRows = rows.addSparse, rows.dotRows
	s.mulDense, s.gram = tiles.mulDense, tiles.gram
	s.transpose, s.descend = tiles.transpose, tiles.descend
	s.dot, s.divide, s.quotient = tiles.dot, tiles.divide, tiles.quotient
	return s
}

var (
	neonRows64 = vectors[float64]{
		width: 8,
		sparse: []sparseStrip[float64]{
			addSparse1NEON, addSparse2NEON, addSparse3NEON, addSparse4NEON, addSparse5NEON, addSparse6NEON, addSparse7NEON,
		},
		dots: []sparseStrip[float64]{
			dotRows1NEON, dotRows2NEON, dotRows3NEON, dotRows4NEON, dotRows5NEON, dotRows6NEON,
		},
	}
	neonTiles64 = vectors[float64]{
		width: 2, line: 8, tall: 6,
		tiles: []denseTile[float64]{
			mulDense4x1NEON, mulDense4x2NEON, mulDense4x3NEON, mulDense4x4NEON, mulDense4x5NEON, mulDense4x6NEON,
		},
		rests: []denseTile[float64]{
			mulDense1x1NEON, mulDense1x2NEON, mulDense1x3NEON, mulDense1x4NEON, mulDense1x5NEON, mulDense1x6NEON,
		},
		overs: []overTile[float64]{
			quotient4x1NEON, quotient4x2NEON, quotient4x3NEON, quotient4x4NEON, quotient4x5NEON, quotient4x6NEON,
		},
		unders: []overTile[float64]{
			quotient1x1NEON, quotient1x2NEON, quotient1x3NEON, quotient1x4NEON, quotient1x5NEON, quotient1x6NEON,
		},
		grams:  []gramTile[float64]{gram1NEON, gram2NEON, gram3NEON, gram4NEON, gram5NEON, gram6NEON},
		square: 4, blocks: transposeNEON,
		lanes: 8, sweep: descendNEON,
		inner: dotNEON, ratio: divideNEON,
	}

	neonRows32 = vectors[float32]{
		width: 16,
		sparse: []sparseStrip[float32]{
			addSparse1NEONF, addSparse2NEONF, addSparse3NEONF, addSparse4NEONF, addSparse5NEONF, addSparse6NEONF, addSparse7NEONF,
		},
		dots: []sparseStrip[float32]{
			dotRows1NEONF, dotRows2NEONF, dotRows3NEONF, dotRows4NEONF, dotRows5NEONF, dotRows6NEONF,
		},
	}
	neonTiles32 = vectors[float32]{
		width: 4, line: 16, tall: 6,
		tiles: []denseTile[float32]{
			mulDense4x1NEONF, mulDense4x2NEONF, mulDense4x3NEONF, mulDense4x4NEONF, mulDense4x5NEONF, mulDense4x6NEONF,
		},
		rests: []denseTile[float32]{
			mulDense1x1NEONF, mulDense1x2NEONF, mulDense1x3NEONF, mulDense1x4NEONF, mulDense1x5NEONF, mulDense1x6NEONF,
		},
		overs: []overTile[float32]{
			quotient4x1NEONF, quotient4x2NEONF, quotient4x3NEONF, quotient4x4NEONF, quotient4x5NEONF, quotient4x6NEONF,
		},
		unders: []overTile[float32]{
			quotient1x1NEONF, quotient1x2NEONF, quotient1x3NEONF, quotient1x4NEONF, quotient1x5NEONF, quotient1x6NEONF,
		},
		grams:  []gramTile[float32]{gram1NEONF, gram2NEONF, gram3NEONF, gram4NEONF, gram5NEONF, gram6NEONF},
		square: 4, blocks: transposeNEONF,
		lanes: 16, sweep: descendNEONF,
		inner: dotNEONF, ratio: divideNEONF,
	}
)
