// Package kind makes errors that are of a kind and do not say so twice: what a
// sentence has said is not repeated by the text of the sentinel that it
// unwraps to. It imports fmt alone.
package kind

import "fmt"

// sentence is an error in words of its own.
type sentence struct {
	text string
	of   error
}

func (s *sentence) Error() string { return s.text }
func (s *sentence) Unwrap() error { return s.of }

// Errorf returns an error that reads as its format says and unwraps to of.
func Errorf(of error, format string, args ...any) error {
	return &sentence{fmt.Sprintf(format, args...), of}
}
