package kind

import (
	"errors"
	"testing"
)

func TestErrorf(t *testing.T) {
	of := errors.New("of a kind")
	err := Errorf(of, "nmf: %d is too many", 3)
	if err.Error() != "nmf: 3 is too many" || !errors.Is(err, of) {
		t.Errorf("%v, %v", err, errors.Unwrap(err))
	}
}
