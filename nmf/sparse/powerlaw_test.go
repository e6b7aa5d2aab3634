package sparse_test

import (
	"errors"
	"fmt"
	"log"
	"testing"

	"gonmf/nmf/sparse"
)

func TestPowerLaw(t *testing.T) {
	x, err := sparse.PowerLaw(300, 200, 5_000, 1)
	if err != nil {
		t.Fatal(err)
	}
	if n := x.NNZ(); n < 4_500 || n > 5_500 {
		t.Errorf("%d ones", n)
	}
	_, _, val := x.Raw()
	for _, v := range val {
		if v != 1 {
			t.Fatalf("an entry is %v", v)
		}
	}
	for name, counts := range map[string][]int{"rows": x.RowNNZ(), "columns": x.ColNNZ()} {
		first, last := 0, 0
		for i := range 20 {
			first, last = first+counts[i], last+counts[len(counts)-1-i]
		}
		if first < 3*last {
			t.Errorf("the most popular twenty %s have %d ones, the least %d", name, first, last)
		}
	}
	again, err := sparse.PowerLaw(300, 200, 5_000, 1)
	if err != nil || again.NNZ() != x.NNZ() {
		t.Errorf("the same seed gives %v, error %v", again, err)
	}
	for _, sides := range [][2]int{{-1, 3}, {0, 3}, {3, 0}} {
		if _, err := sparse.PowerLaw(sides[0], sides[1], 5, 1); !errors.Is(err, sparse.ErrShape) {
			t.Errorf("%v: %v", sides, err)
		}
	}
}

func ExamplePowerLaw() {
	x, err := sparse.PowerLaw(1_000, 2_000, 50_000, 0)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(x)
	counts := x.RowNNZ()
	fmt.Println(counts[0] > 10*counts[999])
	// Output:
	// 1000 x 2000 sparse matrix, 56060 entries
	// true
}
