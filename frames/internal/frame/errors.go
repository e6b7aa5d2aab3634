package frame

import "fmt"

// sentence is an error that says all in its own words, and is one of a kind.
type sentence struct {
	text string
	kind error
}

func (s *sentence) Error() string { return s.text }
func (s *sentence) Unwrap() error { return s.kind }

// Errorf returns an error that reads as its format says and unwraps to kind,
// whose text it does not repeat.
func Errorf(kind error, format string, args ...any) error {
	return &sentence{fmt.Sprintf(format, args...), kind}
}
