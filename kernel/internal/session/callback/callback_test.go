package callback

import (
	"go/token"
	"go/types"
	"testing"
)

func TestUsual(t *testing.T) {
	for text, want := range map[string]bool{
		"func(i, j int) bool":               true,
		"func(rune) rune":                   true,
		"func([]byte) []byte":               true,
		"func(a, b string) int":             true,
		"func()":                            true,
		"func(byte) bool":                   false,
		"func(...int) bool":                 false,
		"func(int, int) (int, error)":       false,
		"func(a, b struct{ x int }) int":    false,
		"func(error) bool":                  false,
		"func(a, b float64) (less float64)": true,
	} {
		tv, err := types.Eval(token.NewFileSet(), nil, token.NoPos, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := Usual(tv.Type.(*types.Signature)); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// What is no function of a cell stays what it is.
func TestFastLeavesCompiledFunctions(t *testing.T) {
	calls := 0
	f := func(i, j int) bool { calls++; return i < j }
	if g := new(Table).Fast(f).(func(int, int) bool); !g(1, 2) || g(2, 1) || calls != 2 {
		t.Errorf("%d calls, want 2", calls)
	}
	if g := new(Table).Fast((func(int) bool)(nil)).(func(int) bool); g != nil {
		t.Error("nil becomes a function")
	}
}
