package nmf

import (
	"gonmf/nmf/internal/number"
	"gonmf/nmf/internal/solve"
)

// stateJSON is a solverState as it is in a file, where arrays are beside it.
type stateJSON struct {
	First    float64        `json:"first"`
	Previous float64        `json:"previous,omitempty"`
	Batches  *batchesJSON   `json:"batches,omitempty"`
	Leap     *leapJSON      `json:"leap,omitempty"`
	Scale    *solve.Scaling `json:"scale,omitempty"`
	Masked   bool           `json:"masked,omitempty"`
	Weighted bool           `json:"weighted,omitempty"`
}

type batchesJSON struct {
	Rows        int
	Mean, Least number.Float
	Worse       int
	Made        int `json:",omitempty"`
}

type leapJSON struct {
	Beta, Ceiling float64
	Loss          number.Float
}

func newStateJSON(s *solverState) *stateJSON {
	j := &stateJSON{First: s.First, Previous: s.Previous, Scale: s.Scale, Masked: s.Masked, Weighted: s.Weighted}
	if b := s.Batches; b != nil {
		j.Batches = &batchesJSON{b.Rows, number.Float(b.Mean), number.Float(b.Least), b.Worse, b.Made}
	}
	if l := s.Leap; l != nil {
		j.Leap = &leapJSON{l.Beta, l.Ceiling, number.Float(l.Loss)}
	}
	return j
}

// state is the inverse of newStateJSON, but for the arrays.
func (j *stateJSON) state() solverState {
	s := solverState{State: solve.State{First: j.First, Previous: j.Previous}, Scale: j.Scale, Masked: j.Masked, Weighted: j.Weighted}
	if b := j.Batches; b != nil {
		s.Batches = &solve.Batches{Rows: b.Rows, Mean: float64(b.Mean), Least: float64(b.Least), Worse: b.Worse, Made: b.Made}
	}
	if l := j.Leap; l != nil {
		s.Leap = &solve.Leap{Beta: l.Beta, Ceiling: l.Ceiling, Loss: float64(l.Loss)}
	}
	return s
}
