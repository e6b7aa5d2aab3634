package nmf

import (
	"errors"
	"fmt"
	"gonmf/nmf/internal/kind"
	"math"
	"strconv"
)

// What the errors of this package unwrap to.
var (
	ErrShape     = errors.New("sizes do not fit")
	ErrNegative  = errors.New("negative")
	ErrNotFinite = errors.New("not finite")
	ErrConfig    = errors.New("bad configuration")
	ErrFormat    = errors.New("bad format")
)

// errZero is of an X with zeros and a loss that is infinite there.
var errZero = kind.Errorf(ErrConfig, "a loss with beta <= 0 needs positive entries: add a small number to X, or use a larger beta")

// EntryError tells which entry of which matrix cannot be used. It unwraps to
// [ErrNegative], [ErrNotFinite] or [ErrConfig].
type EntryError struct {
	Matrix   string // "X", "W0", "H0", ...
	Row, Col int    // from 0
	Value    float64
	err      error
}

// Error names the place, as in "nmf: X[3,5] = -1: negative".
func (e *EntryError) Error() string {
	return fmt.Sprintf("nmf: %s[%d,%d] = %s: %v", e.Matrix, e.Row, e.Col, strconv.FormatFloat(e.Value, 'g', -1, 64), e.err)
}

// Unwrap returns the reason.
func (e *EntryError) Unwrap() error { return e.err }

// checkEntry returns an error unless v is a finite number that is not negative.
func checkEntry(matrix string, i, j int, v float64) error {
	switch {
	case v >= 0 && v <= math.MaxFloat64:
		return nil
	case v < 0 && !math.IsInf(v, -1):
		return &EntryError{matrix, i, j, v, ErrNegative}
	default:
		return &EntryError{matrix, i, j, v, ErrNotFinite}
	}
}

// ConfigError tells which field of a [Config] cannot be as it is. It unwraps
// to [ErrConfig].
type ConfigError struct {
	Field  string // "Components", "Solver", ...
	Reason string // as it follows the field: "is 0: it must be at least 1"
}

// Error names the field, as in "nmf: Config.Components is 0: it must be at
// least 1".
func (e *ConfigError) Error() string { return "nmf: Config." + e.Field + " " + e.Reason }

// Unwrap returns [ErrConfig].
func (e *ConfigError) Unwrap() error { return ErrConfig }

// configError returns a [ConfigError] about field.
func configError(field, format string, args ...any) error {
	return &ConfigError{field, fmt.Sprintf(format, args...)}
}
