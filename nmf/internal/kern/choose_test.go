package kern

import (
	"testing"
)

func TestChoose(t *testing.T) {
	sets64 := []set[float64]{{name: "generic"}, {name: "avx2"}, {name: "avx512"}}
	sets32 := []set[float32]{{name: "generic"}, {name: "avx2"}}
	for _, test := range []struct{ value, name64, name32, err string }{
		{"", "avx512", "avx2", ""},
		{"avx512", "avx512", "avx2", ""},
		{"avx2", "avx2", "avx2", ""},
		{"generic", "generic", "generic", ""},
		{"purego", "generic", "generic", ""},
		{"AVX2", "avx512", "avx2", `GONMF_CPU is "AVX2", but this program has on this processor: generic, avx2, avx512`},
		{"neon", "avx512", "avx2", `GONMF_CPU is "neon", but this program has on this processor: generic, avx2, avx512`},
	} {
		s64, s32, err := choose(test.value, sets64, sets32)
		text := ""
		if err != nil {
			text = err.Error()
		}
		if s64.name != test.name64 || s32.name != test.name32 || text != test.err {
			t.Errorf("%q: %s, %s, %q: want %+v", test.value, s64.name, s32.name, text, test)
		}
	}
}
