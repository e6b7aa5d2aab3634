package nmf

import (
	"context"
	"fmt"
	"gonmf/nmf/internal/kind"
	"math"

	"gonum.org/v1/gonum/mat"
)

// Check is one thing that [Model.Verify] or [Model.Refit] looked at.
type Check struct {
	Name   string // what was looked at
	Result CheckResult
	Detail string // a sentence: what was found, and by how much it differs
}

// CheckResult is the outcome of a [Check].
type CheckResult int

// The outcomes.
const (
	CheckSame    CheckResult = iota // as it should be
	CheckDiffers                    // not as it should be
	CheckUnknown                    // it could not be told, and Detail says why
)

var checkNames = [...]string{"same", "differs", "unknown"}

// String returns the outcome in a word.
func (r CheckResult) String() string {
	if r < 0 || int(r) >= len(checkNames) {
		return fmt.Sprintf("CheckResult(%d)", int(r))
	}
	return checkNames[r]
}

// String returns the check in a line.
func (c Check) String() string { return fmt.Sprintf("%s: %s: %s", c.Name, c.Result, c.Detail) }

// errorTolerance is how far an error that is computed anew from W, H and X may
// be from the one that a fit told: solvers add it up in other orders, from
// terms that cancel ten of sixteen digits at most, or two of seven.
func (p Precision) errorTolerance() float64 {
	if p == Float32 {
		return 1e-4
	}
	return 1e-8
}

// Verify compares a model that was saved with what it should be: x with the
// data of its report, its error with the one that W, H and x give, and the
// program that made it with this one. An error is returned where nothing could
// be compared at all.
func (m *Model) Verify(x mat.Matrix) ([]Check, error) {
	data, err := HashData(x)
	if err != nil {
		return nil, err
	}
	checks := []Check{m.verifyData(data)}
	n, _ := m.W.Dims()
	if _, cols := m.H.Dims(); data.Rows != n || data.Cols != cols {
		detail := fmt.Sprintf("the data are %d x %d, the model is of a %d x %d matrix", data.Rows, data.Cols, n, cols)
		return append(checks, Check{"error", CheckDiffers, detail}), nil
	}
	objective, err := m.verifyError(x)
	if err != nil {
		return nil, err
	}
	return append(checks, objective, m.verifyBuild()), nil
}

func (m *Model) verifyData(data DataHash) Check {
	if m.Report == nil {
		return Check{"data", CheckUnknown, "the model was saved without a report, so that its data are not known"}
	}
	size := func(d DataHash) string { return fmt.Sprintf("%d x %d with %d nonzeros", d.Rows, d.Cols, d.NonZero) }
	switch was := m.Report.Data; {
	case data == was:
		return Check{"data", CheckSame, fmt.Sprintf("%s, SHA-256 %.12s…", size(data), data.SHA256)}
	case size(data) != size(was):
		return Check{"data", CheckDiffers, fmt.Sprintf("they are %s, the model's were %s", size(data), size(was))}
	default:
		return Check{"data", CheckDiffers, fmt.Sprintf("%s as the model's, but other places or values: SHA-256 %.12s…, the model's was %.12s…", size(data), data.SHA256, was.SHA256)}
	}
}

func (m *Model) verifyError(x mat.Matrix) (Check, error) {
	if why := m.lacks(); why != "" {
		return Check{"error", CheckUnknown, why}, nil
	}
	e, err := m.ErrorOf(x)
	if err != nil {
		return Check{}, err
	}
	was := m.Err
	if m.Report != nil {
		was = m.Report.Err
	}
	off := relative(e, was)
	detail := fmt.Sprintf("%.10g from W, H and the data; the model says %.10g (%.1g of it apart)", e, was, off)
	if off > m.Config.Precision.errorTolerance() || math.IsNaN(off) || m.Report != nil && m.Err != was {
		return Check{"error", CheckDiffers, detail}, nil
	}
	return Check{"error", CheckSame, detail}, nil
}

// lacks says what of the fit is not in a file and was not set since.
func (m *Model) lacks() string {
	switch {
	case m.state.Masked && m.Config.Mask == nil:
		return "the fit had a mask, which is not in the file"
	case m.state.Weighted && m.Config.Weights == nil:
		return "the fit had weights of entries, which are not in the file"
	}
	return ""
}

// relative returns |a - b| as a share of |b|.
func relative(a, b float64) float64 {
	if a == b {
		return 0
	}
	return math.Abs(a-b) / math.Abs(b)
}

// ErrorOf returns the error of the model's W and H for an x of their size, as
// Err is that for the X of the fit: sqrt(2 D(x, WH)), with Config's Mask and
// Weights.
func (m *Model) ErrorOf(x mat.Matrix) (float64, error) {
	in, err := m.Config.input(x)
	if err != nil {
		return 0, err
	}
	n, k := m.W.Dims()
	if _, cols := m.H.Dims(); in.Rows != n || in.Cols != cols {
		return 0, kind.Errorf(ErrShape, "nmf: X is %d x %d, but the model is of a %d x %d matrix", in.Rows, in.Cols, n, cols)
	}
	cfg := m.Config
	cfg.Components, cfg.Init = k, InitRandom
	if cfg, err = cfg.withDefaults(in.Rows, in.Cols); err != nil {
		return 0, err
	}
	if err := in.checkAll(cfg.Loss, Float64); err != nil {
		return 0, err
	}
	p := newProblem[float64](in, cfg)
	defer p.close()
	p.W.FromMatrix(m.W)
	p.HT.FromMatrix(m.H.T())
	e := p.Error()
	return e, p.failed()
}

func (m *Model) verifyBuild() Check {
	if m.Report == nil {
		return Check{"program", CheckUnknown, "the model was saved without a report, so that its program is not known"}
	}
	now, was := ThisBuild(), m.Report.Build
	if now == was {
		return Check{"program", CheckSame, now.String()}
	}
	detail := fmt.Sprintf("this is %v, the model's was %v: a new fit may differ by rounding", now, was)
	if alike := was; now.Version == unstamped || was.Version == unstamped {
		if alike.Version = now.Version; alike == now {
			detail = fmt.Sprintf("this is %v, and so was the model's but for its commit, which go run does not write into a program: a new fit (-refit) tells whether it is the same", now)
		}
	}
	return Check{"program", CheckUnknown, detail}
}

// String names the parts of the build.
func (b Build) String() string {
	return fmt.Sprintf("gonmf %s, %s, %s, %s", b.Version, b.Go, b.Platform, b.Instructions)
}

// refitTolerance is how far the factors of a new fit may be from the saved
// ones, as a share of the largest entry, where another program rounds in
// another way. A fit of the same program gives the same bits.
func (p Precision) refitTolerance() float64 {
	if p == Float32 {
		return 1e-2
	}
	return 1e-6
}

// Refit makes the fit of x that m says it is the result of once more, and
// compares: iterations, W and H. A fit that was stopped is made up to where it
// was stopped.
func (m *Model) Refit(ctx context.Context, x mat.Matrix) (Check, error) {
	const name = "new fit"
	cfg := m.Config
	cfg.Checkpoint = Checkpoint{}
	switch why := m.lacks(); {
	case why != "":
		return Check{name, CheckUnknown, why}, nil
	case m.Stop == NotStopped:
		return Check{name, CheckUnknown, "the model is not the result of a fit of the whole data that came to its end"}, nil
	case cfg.Init == InitCustom && (cfg.W0 == nil || cfg.H0 == nil):
		return Check{name, CheckUnknown, "the fit started from factors of its own, which are not in the file"}, nil
	case m.Stop == Cancelled:
		cfg.MaxIter, cfg.Tol = m.Iter, -1
	}
	if m.Iter == 0 {
		return Check{name, CheckUnknown, "the model made no iterations"}, nil
	}
	again, err := Fit(ctx, x, cfg)
	if err != nil {
		return Check{}, err
	}
	w, h := apart(again.W, m.W), apart(again.H, m.H)
	same := m.Report != nil && m.Report.Build == ThisBuild()
	switch off := max(w, h); {
	case again.Iter != m.Iter:
		return Check{name, CheckDiffers, fmt.Sprintf("it ended after %d iterations with error %.10g, the model after %d with %.10g", again.Iter, again.Err, m.Iter, m.Err)}, nil
	case off == 0:
		return Check{name, CheckSame, fmt.Sprintf("%d iterations gave W and H to the last bit", again.Iter)}, nil
	case off <= cfg.Precision.refitTolerance() && !same:
		return Check{name, CheckSame, fmt.Sprintf("%d iterations gave W and H but for rounding, at most %.1g of the largest entry", again.Iter, off)}, nil
	default:
		return Check{name, CheckDiffers, fmt.Sprintf("W differs by up to %.3g of its largest entry, H by %.3g", w, h)}, nil
	}
}

// apart returns the largest difference of two matrices as a share of the
// largest entry of b; infinite if their sizes differ.
func apart(a, b *mat.Dense) float64 {
	rows, cols := b.Dims()
	if r, c := a.Dims(); r != rows || c != cols {
		return math.Inf(1)
	}
	off, largest := 0.0, 0.0
	for i := range rows {
		bs := b.RawRowView(i)
		for j, v := range a.RawRowView(i) {
			off, largest = max(off, math.Abs(v-bs[j])), max(largest, math.Abs(bs[j]))
		}
	}
	if off == 0 {
		return 0
	}
	return off / largest
}
