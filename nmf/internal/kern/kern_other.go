//go:build purego || !(amd64 || arm64)

package kern

// available64 and available32 list the sets that this processor has.
func available64() []set[float64] { return []set[float64]{generic[float64]()} }
func available32() []set[float32] { return []set[float32]{generic[float32]()} }
