package nmf

import (
	"fmt"
	"html"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/solve"
)

// Model is a factorization X ~ W H.
type Model struct {
	W *mat.Dense // n x k, a row for each row of X
	H *mat.Dense // k x m, the components

	// Err is the error of the fit, sqrt(2 D(X, WH)) without penalties:
	// |X - WH| for the Frobenius loss. With weights entries count by them.
	Err float64

	// History holds the errors at the iterations at which the solver knew
	// them: with CD, and with MU for the Frobenius loss without weights, at
	// all of them, otherwise at every tenth; with Online after every block.
	History []HistoryPoint

	Iter   int    // iterations made
	Stop   Stop   // why the fit ended
	Config Config // as given, with its defaults filled in

	// Names are the components' names, nil or "" for c0, c1, ...: see
	// [Model.ComponentNames].
	Names []string

	// Report tells of which data and by which program the model was made, nil
	// if nobody asked for that: see [Model.AddReport].
	Report *Report

	state solverState
}

// HistoryPoint is the error of a fit after an iteration.
type HistoryPoint struct {
	Iter int
	Err  float64
}

// Errors returns the error after each iteration, from the first on: the
// History with NaN at the iterations at which the solver did not know it.
func (m *Model) Errors() []float64 {
	errs := make([]float64, m.Iter)
	for i := range errs {
		errs[i] = math.NaN()
	}
	for _, h := range m.History {
		if h.Iter >= 1 && h.Iter <= m.Iter {
			errs[h.Iter-1] = h.Err
		}
	}
	return errs
}

// Stop tells why a fit ended.
type Stop int

// The ways for a fit to end.
const (
	NotStopped     Stop = iota // of a model that no fit made, or of an [Online]
	Converged                  // the change fell to Tol
	IterationLimit             // MaxIter iterations were made
	Cancelled                  // the context ended
)

var stopNames = [...]string{"not stopped", "converged", "iteration limit", "cancelled"}

// Early reports whether the fit ended before it converged.
func (s Stop) Early() bool { return s == IterationLimit || s == Cancelled }

// String returns the reason in words.
func (s Stop) String() string {
	if s < 0 || int(s) >= len(stopNames) {
		return fmt.Sprintf("Stop(%d)", int(s))
	}
	return stopNames[s]
}

// Batches returns the number of mini-batches that a fit by [MiniBatch], or an
// [Online], has made H from in all its iterations: scikit-learn's n_steps_. It is
// 0 for other solvers.
func (m *Model) Batches() int {
	if m.state.Batches == nil {
		return 0
	}
	return m.state.Batches.Made
}

// Components returns k.
func (m *Model) Components() int {
	k, _ := m.H.Dims()
	return k
}

// Objective returns what the fit made small, penalties included, for the
// factors as they are:
//
//	Err^2/2 + m AlphaW (r |W|_1 + (1-r)/2 |W|^2) + n AlphaH (r |H|_1 + (1-r)/2 |H|^2)
func (m *Model) Objective() float64 {
	n, _ := m.W.Dims()
	_, cols := m.H.Dims()
	l1W, l2W, l1H, l2H := m.Config.penalties(n, cols)
	penalty := func(a *mat.Dense, l1, l2 float64) float64 {
		if l1 == 0 && l2 == 0 {
			return 0
		}
		total := 0.0
		for i := range a.RawMatrix().Rows {
			for _, v := range a.RawRowView(i) {
				total += (l1 + l2/2*v) * v
			}
		}
		return total
	}
	return m.Err*m.Err/2 + penalty(m.W, l1W, l2W) + penalty(m.H, l1H, l2H)
}

// String describes the model in one line.
func (m *Model) String() string {
	n, k := m.W.Dims()
	_, cols := m.H.Dims()
	return fmt.Sprintf("NMF of a %d x %d matrix with %d components: error %.6g after %d iterations (%v)", n, cols, k, m.Err, m.Iter, m.Stop)
}

// HTML describes the model for notebooks.
func (m *Model) HTML() string {
	n, k := m.W.Dims()
	_, cols := m.H.Dims()
	row := func(name, value string) string {
		return "<tr><th style=\"text-align:left\">" + name + "</th><td style=\"text-align:left\">" + html.EscapeString(value) + "</td></tr>"
	}
	return "<table>" +
		row("W", fmt.Sprintf("%d × %d", n, k)) +
		row("H", fmt.Sprintf("%d × %d", k, cols)) +
		row("error", fmt.Sprintf("%.6g", m.Err)) +
		row("iterations", fmt.Sprintf("%d (%v)", m.Iter, m.Stop)) +
		row("settings", m.Config.String()) +
		"</table>"
}

// solverState is what a stopped fit must know to go on as if it had not been
// stopped.
type solverState struct {
	solve.State
	Scale *solve.Scaling // of the numbers there, and of the leap's Y

	// Whether the fit had these, which are not in a file.
	Masked, Weighted bool
}

// likeH calls yield for each of the state's arrays that have the shape of H.
func (s *solverState) likeH(yield func(name string, a *[]float64) bool) {
	if b := s.Batches; b != nil {
		_ = yield("A", &b.Num) && yield("B", &b.Den)
	} else if l := s.Leap; l != nil {
		yield("Y", &l.Ahead)
	}
}
