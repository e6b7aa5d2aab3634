package nmf

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/nprand"
)

// Init says where W and H start.
type Init int

// The ways to start. A zero in W or H that a solver cannot leave (all solvers
// but CD) stays, so NNDSVD suits CD, and NNDSVDa or NNDSVDar the others. As in
// scikit-learn NNDSVD puts zero where W or H would be below 1e-6, whatever the
// size of X.
const (
	InitAuto     Init = iota // NNDSVDa if k <= min(n, m), else Random
	InitRandom               // |N(0,1)| sqrt(mean(X)/k), from NumPy's stream
	InitNNDSVD               // from the singular vectors (Boutsidis and Gallopoulos 2008)
	InitNNDSVDa              // NNDSVD with zeros filled by the mean of X
	InitNNDSVDar             // NNDSVD with zeros filled by small random numbers
	InitCustom               // Config.W0 and Config.H0
)

var initNames = [...]string{"auto", "random", "nndsvd", "nndsvda", "nndsvdar", "custom"}

// String returns the name that scikit-learn uses.
func (i Init) String() string {
	if i < 0 || int(i) >= len(initNames) {
		return fmt.Sprintf("Init(%d)", int(i))
	}
	return initNames[i]
}

// ParseInit is the inverse of [Init.String].
func ParseInit(s string) (Init, error) {
	for i, name := range initNames {
		if s == name {
			return Init(i), nil
		}
	}
	return 0, fmt.Errorf("nmf: init %q: want one of %q: %w", s, initNames, ErrConfig)
}

// check says whether the init can start a fit of an n x m matrix.
func (i Init) check(c *Config, n, m int) error {
	switch i {
	case InitRandom:
	case InitNNDSVD, InitNNDSVDa, InitNNDSVDar:
		if c.Components > min(n, m) {
			return configError("Init", "%v needs Components <= min(n, m), got %d for a %d x %d matrix: use InitRandom", i, c.Components, n, m)
		}
	case InitCustom:
		if err := checkCustom("W0", c.W0, n, c.Components); err != nil {
			return err
		}
		return checkCustom("H0", c.H0, c.Components, m)
	default:
		return configError("Init", "is %v", i)
	}
	return nil
}

// checkCustom says whether a can be the factor that name stands for.
func checkCustom(name string, a mat.Matrix, rows, cols int) error {
	if a == nil {
		return configError(name, "is nil: InitCustom needs it")
	}
	r, c := a.Dims()
	if r != rows || c != cols {
		return fmt.Errorf("nmf: Config.%s is %d x %d, want %d x %d: %w", name, r, c, rows, cols, ErrShape)
	}
	if err := checkEntries(name, a); err != nil {
		return err
	}
	if mat.Max(a) == 0 {
		return configError(name, "is all zero: no solver can leave it")
	}
	return nil
}

// checkEntries returns an error about the first entry that a factor cannot
// have.
func checkEntries(name string, a mat.Matrix) error {
	rows, cols := a.Dims()
	raw, isRaw := a.(mat.RawMatrixer)
	for i := range rows {
		if isRaw {
			x := raw.RawMatrix()
			if row := x.Data[i*x.Stride:][:cols]; block.Sum(row) <= math.MaxFloat64 && !hasNegative(row) {
				continue // without a look at each
			}
		}
		for j := range cols {
			if err := checkEntry(name, i, j, a.At(i, j)); err != nil {
				return err
			}
		}
	}
	return nil
}

// initialise fills the factors of p, whose X is in.
func (p *problem[T]) initialise(in *input) error {
	if err := p.begin(in); err != nil {
		return err
	}
	return p.checkStart(in)
}

// begin is initialise for factors that nothing is multiplied with yet. If p is
// scaled so is in, and W and H are by the same power.
func (p *problem[T]) begin(in *input) error {
	switch p.cfg.Init {
	case InitRandom:
		p.initRandom(in.Mean())
	case InitCustom:
		if err := p.from("W0", p.cfg.W0, "H0", p.cfg.H0); err != nil {
			return err
		}
		p.w.Times(p.scale.W)
		p.ht.Times(p.scale.H)
	default:
		if err := p.initNNDSVD(in); err != nil {
			return err
		}
	}
	return nil
}

// from sets the factors, which must fit p's precision.
func (p *problem[T]) from(wName string, w mat.Matrix, hName string, h mat.Matrix) error {
	if err := p.cfg.Precision.check(wName, w); err != nil {
		return err
	}
	if err := p.cfg.Precision.check(hName, h); err != nil {
		return err
	}
	p.w.FromMatrix(w)
	p.ht.FromMatrix(h.T())
	return nil
}

// checkStart returns an error if the loss of WH is too large a number. in is X
// as it was given.
func (p *problem[T]) checkStart(in *input) error {
	w, h := block.SumSquares(p.w.A), block.SumSquares(p.ht.A)
	// |WH| is at most |W| |H|.
	if most := math.Pow(w*h, max(p.cfg.Loss.Beta(), 2)/2); w+h+most <= precisionOf[T]().largest() {
		return nil
	}
	if p.cfg.Init == InitCustom {
		return fmt.Errorf("nmf: the squares of the W0 and H0 that the fit starts from overflow: divide them by their largest entry: %w", ErrNotFinite)
	}
	return in.tooLarge("X", "the squares of the W and H that %v starts from overflow: divide X by its largest entry, or use InitRandom", p.cfg.Init)
}

// initRandom draws H and then W as scikit-learn does: absolute values of
// normals scaled so that an entry of WH is of the size of the mean of X.
func (p *problem[T]) initRandom(mean float64) {
	a := math.Sqrt(mean / float64(p.k))
	rng := nprand.New(p.cfg.Seed)
	for t := range p.k {
		for j := range p.m {
			p.ht.Row(j)[t] = T(math.Abs(a * rng.Normal()))
		}
	}
	for i := range p.n {
		w := p.w.Row(i)
		for t := range w {
			w[t] = T(math.Abs(a * rng.Normal()))
		}
	}
}
