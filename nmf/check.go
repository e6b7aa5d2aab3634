package nmf

import "math"

// checkFit says whether a fit of X by the loss makes sense and has room in the
// precision.
func (in *input) checkFit(c *Config) error {
	if !scales(c.Solver) {
		if err := in.checkAll(c.Loss, c.Precision); err != nil {
			return err
		}
		return in.checkMemory(c.Loss, c.Precision)
	}
	if err := in.checkSomething(); err != nil {
		return err
	}
	if err := in.checkRange(c.Precision); err != nil {
		return err
	}
	return in.checkZeros(c.Loss)
}

// checkAll is checkFit where nothing is scaled.
func (in *input) checkAll(l Loss, p Precision) error {
	if err := in.checkSomething(); err != nil {
		return err
	}
	if err := in.checkRange(p); err != nil {
		return err
	}
	return in.checkLoss(l, p)
}

// checkLoss returns an error about the first zero of X if the loss cannot
// take one, or if it is one that overflows.
func (in *input) checkLoss(l Loss, p Precision) error {
	if err := in.checkSquares(); err != nil {
		return err
	}
	if b := l.Beta(); b > 2 && in.SumSq > 0 && math.Pow(in.SumSq, b/2) > p.largest() {
		return in.tooLarge("X", "the %v loss of X overflows: divide X by its largest entry", l)
	}
	return in.checkZeros(l)
}

// checkMemory returns an error if what mini-batches remember overflows. For
// beta > 2 it is of the size of X to the power of 3/2 beta - 1.
func (in *input) checkMemory(l Loss, p Precision) error {
	if b := l.Beta(); b > 2 && in.SumSq > 0 && math.Pow(in.SumSq, (1.5*b-1)/2) > p.largest() {
		return in.tooLarge("X", "the %v loss of X overflows in mini-batches: divide X by its largest entry, or use MU{}", l)
	}
	return nil
}

// checkZeros returns an error about the first zero of X if the loss cannot
// take one.
func (in *input) checkZeros(l Loss) error {
	if l.Beta() > 0 {
		return nil
	}
	if in.Weights != nil {
		return in.checkObserved()
	}
	return in.each(func(i int, idx []int32, val []float64) error {
		for p, v := range val {
			if idx != nil && int(idx[p]) != p {
				return &EntryError{"X", i, p, 0, errZero}
			}
			if v == 0 {
				return &EntryError{"X", i, p, 0, errZero}
			}
		}
		if len(val) < in.Cols {
			return &EntryError{"X", i, len(val), 0, errZero}
		}
		return nil
	})
}

// checkObserved returns an error about the first zero that is observed.
func (in *input) checkObserved() error {
	for i := range in.Rows {
		idx, val := in.Row(i)
		for p, v := range val {
			if v == 0 {
				return &EntryError{"X", i, int(idx[p]), 0, errZero}
			}
		}
	}
	return nil
}
