package number

import (
	"encoding/json"
	"math"
	"testing"
)

func TestFloatGoesThroughJSON(t *testing.T) {
	for _, v := range []float64{0, -1.5, 1e-300, math.Pi, math.NaN(), math.Inf(1), math.Inf(-1)} {
		text, err := json.Marshal(Float(v))
		if err != nil {
			t.Fatal(err)
		}
		got := Float(7)
		if err := json.Unmarshal(text, &got); err != nil || math.Float64bits(float64(got)) != math.Float64bits(v) && !(math.IsNaN(v) && math.IsNaN(float64(got))) {
			t.Errorf("%v is written %s and read as %v, %v", v, text, got, err)
		}
	}
}
