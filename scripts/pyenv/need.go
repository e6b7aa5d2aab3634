package pyenv

import "testing"

// Need returns the Python of an environment with the packages of s to a test
// that cannot do without. It skips the test under -short, and fails it with
// what to do if the environment cannot be made.
func (s Set) Need(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skipf("needs the Python packages of %s", s.name)
	}
	python, err := s.Python(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return python
}
