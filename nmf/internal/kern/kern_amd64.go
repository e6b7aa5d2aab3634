//go:build !purego

package kern

// available64 lists the sets that this processor has, the best last.
func available64() []set[float64] {
	sets := []set[float64]{generic[float64]()}
	avx2, avx512 := features()
	if avx2 {
		sets = append(sets, avx2Float64.set("avx2"))
	}
	if avx512 {
		sets = append(sets, avx512Float64.set("avx512"))
	}
	return sets
}

// available32 is available64 for float32, for which 256 bits are the most that
// pays: rows come from caches, at whose pace both widths work, and are padded
// to half as much.
func available32() []set[float32] {
	sets := []set[float32]{generic[float32]()}
	if avx2, _ := features(); avx2 {
		sets = append(sets, avx2Float32.set("avx2"))
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

var (
	avx512Float64 = vectors[float64]{
		8, 8, 6,
		[]sparseStrip[float64]{addSparse1x64, addSparse2x64, addSparse3x64, addSparse4x64, addSparse5x64, addSparse6x64, addSparse7x64, addSparse8x64},
		[]sparseStrip[float64]{dotRows1x64, dotRows2x64, dotRows3x64, dotRows4x64, dotRows5x64, dotRows6x64, dotRows7x64, dotRows8x64},
		[]denseTile[float64]{mulDense4x1x64, mulDense4x2x64, mulDense4x3x64, mulDense4x4x64, mulDense4x5x64, mulDense4x6x64},
		[]denseTile[float64]{mulDense1x1x64, mulDense1x2x64, mulDense1x3x64, mulDense1x4x64, mulDense1x5x64, mulDense1x6x64},
		[]overTile[float64]{quotient4x1x64, quotient4x2x64, quotient4x3x64, quotient4x4x64, quotient4x5x64, quotient4x6x64},
		[]overTile[float64]{quotient1x1x64, quotient1x2x64, quotient1x3x64, quotient1x4x64, quotient1x5x64, quotient1x6x64},
		[]gramTile[float64]{gram1x64, gram2x64, gram3x64, gram4x64, gram5x64, gram6x64},
		8, transposeAVX512, 16, descendAVX512, dotAVX512, divideAVX512, klAVX2, scaleAVX2,
	}
	avx2Float64 = vectors[float64]{
		4, 4, 3,
		[]sparseStrip[float64]{
			addSparse1x32, addSparse2x32, addSparse3x32, addSparse4x32, addSparse5x32, addSparse6x32, addSparse7x32,
			addSparse8x32, addSparse9x32, addSparse10x32, addSparse11x32, addSparse12x32, addSparse13x32, addSparse14x32,
		},
		[]sparseStrip[float64]{
			dotRows1x32, dotRows2x32, dotRows3x32, dotRows4x32, dotRows5x32, dotRows6x32,
			dotRows7x32, dotRows8x32, dotRows9x32, dotRows10x32, dotRows11x32, dotRows12x32,
		},
		[]denseTile[float64]{mulDense4x1x32, mulDense4x2x32, mulDense4x3x32, mulDense2x4x32, mulDense2x5x32, mulDense2x6x32},
		[]denseTile[float64]{mulDense1x1x32, mulDense1x2x32, mulDense1x3x32, mulDense1x4x32, mulDense1x5x32, mulDense1x6x32},
		[]overTile[float64]{quotient4x1x32, quotient4x2x32, quotient4x3x32},
		[]overTile[float64]{quotient1x1x32, quotient1x2x32, quotient1x3x32},
		[]gramTile[float64]{gram1x32, gram2x32, gram3x32},
		4, transposeAVX2, 16, descendAVX2, dotAVX2, divideAVX2, klAVX2, scaleAVX2,
	}
	avx2Float32 = vectors[float32]{
		8, 8, 3,
		[]sparseStrip[float32]{
			addSparse1x32f, addSparse2x32f, addSparse3x32f, addSparse4x32f, addSparse5x32f, addSparse6x32f,
			addSparse7x32f, addSparse8x32f, addSparse9x32f, addSparse10x32f, addSparse11x32f, addSparse12x32f,
		},
		[]sparseStrip[float32]{
			dotRows1x32f, dotRows2x32f, dotRows3x32f, dotRows4x32f, dotRows5x32f, dotRows6x32f,
			dotRows7x32f, dotRows8x32f, dotRows9x32f, dotRows10x32f, dotRows11x32f, dotRows12x32f,
		},
		[]denseTile[float32]{mulDense4x1x32f, mulDense4x2x32f, mulDense4x3x32f, mulDense2x4x32f, mulDense2x5x32f, mulDense2x6x32f},
		[]denseTile[float32]{mulDense1x1x32f, mulDense1x2x32f, mulDense1x3x32f, mulDense1x4x32f, mulDense1x5x32f, mulDense1x6x32f},
		[]overTile[float32]{quotient4x1x32f, quotient4x2x32f, quotient4x3x32f},
		[]overTile[float32]{quotient1x1x32f, quotient1x2x32f, quotient1x3x32f},
		[]gramTile[float32]{gram1x32f, gram2x32f, gram3x32f},
		8, transposeAVX2F, 16, descendAVX2F, dotAVX2F, divideAVX2F, klAVX2F, scaleAVX2F,
	}
)
