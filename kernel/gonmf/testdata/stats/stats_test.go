package stats

import (
	"os"
	"testing"
)

func TestSum(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []int
		want int
	}{{"empty", nil, 0}, {"two", []int{1, 2}, 3}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Sum(tt.in); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
		})
	}
}

func TestHidden(t *testing.T) {
	if os.Getenv("FAIL") != "" {
		t.Fatalf("hidden is %d", hidden())
	}
	t.Cleanup(func() { t.Log("cleaned up") })
}

func TestSkipped(t *testing.T) { t.Skip("not today") }

func BenchmarkSum(b *testing.B) {
	xs := make([]float64, 1000)
	for b.Loop() {
		Sum(xs)
	}
}

func FuzzSum(f *testing.F) {
	f.Add(1, 2)
	f.Fuzz(func(t *testing.T, a, b int) {
		if Sum([]int{a, b}) != a+b {
			t.Error("wrong")
		}
	})
}
