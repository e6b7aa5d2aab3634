package nmf

import (
	"errors"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/start"
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
	return 0, kind.Errorf(ErrConfig, "nmf: init %q: want one of %q", s, initNames)
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
		return kind.Errorf(ErrShape, "nmf: Config.%s is %d x %d, want %d x %d", name, r, c, rows, cols)
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
		start.Random(p.W, p.HT, in.Mean(), p.cfg.Seed)
	case InitCustom:
		if err := p.from("W0", p.cfg.W0, "H0", p.cfg.H0); err != nil {
			return err
		}
		p.W.Times(p.Scale.W)
		p.HT.Times(p.Scale.H)
	default:
		return p.nndsvd(in)
	}
	return nil
}

// nndsvd starts from singular vectors, which are found in double precision
// whatever that of the factors is.
func (p *problem[T]) nndsvd(in *input) error {
	fill := start.Zeros
	switch p.cfg.Init {
	case InitNNDSVDa:
		fill = start.Mean
	case InitNNDSVDar:
		fill = start.Noise
	}
	var x block.Carrier[float64]
	switch c := p.Carrier.(type) {
	case *block.Disk[T]:
		x = c.Double()
	case *block.Memory[T]:
		entries := &in.Entries
		if precisionOf[T]() == Float32 {
			copied := in.Entries // with what is made of it for this use only
			entries = &copied
		}
		x = block.With(c, entries)
	}
	err := start.NNDSVD(x, p.W, p.HT, start.Options{Fill: fill, Seed: p.cfg.Seed, Exponent: p.Scale.W})
	if failed := p.failed(); failed != nil {
		return failed
	}
	if errors.Is(err, start.ErrOverflow) {
		return kind.Errorf(ErrNotFinite, "nmf: %v", err)
	} else if err != nil {
		return fmt.Errorf("nmf: %w", err)
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
	p.W.FromMatrix(w)
	p.HT.FromMatrix(h.T())
	return nil
}

// checkStart returns an error if the loss of WH is too large a number. in is X
// as it was given.
func (p *problem[T]) checkStart(in *input) error {
	w, h := block.SumSquares(p.W.A), block.SumSquares(p.HT.A)
	// |WH| is at most |W| |H|.
	if most := math.Pow(w*h, max(p.cfg.Loss.Beta(), 2)/2); w+h+most <= precisionOf[T]().largest() {
		return nil
	}
	if p.cfg.Init == InitCustom {
		return kind.Errorf(ErrNotFinite, "nmf: the squares of the W0 and H0 that the fit starts from overflow: divide them by their largest entry")
	}
	return in.tooLarge("X", "the squares of the W and H that %v starts from overflow: divide X by its largest entry, or use InitRandom", p.cfg.Init)
}
