package docs

import (
	"strings"
	"testing"
)

func TestLookup(t *testing.T) {
	for _, c := range []struct{ path, name, signature, doc string }{
		{"strings", "", "package strings // import \"strings\"", "Package strings implements"},
		{"strings", "Repeat", "func Repeat(s string, count int) string", "Repeat returns a new string"},
		{"strings", "Builder.Len", "func (b *Builder) Len() int", "Len returns the number of accumulated bytes"},
		{"net/http", "Client.Timeout", "field Timeout time.Duration", "Timeout specifies a time limit"},
		{"net/http", "StatusTeapot", "const StatusTeapot = 418", "RFC 9110, 15.5.19 (Unused)"},
		{"builtin", "len", "func len(v Type) int", "The len built-in function returns the length of v"},
		{"gonmf/nmf", "Fit", "func Fit(ctx context.Context, x mat.Matrix, cfg Config) (*Model, error)", "Fit"},
		{"gonum.org/v1/gonum/mat", "Dense.At", "func (m *Dense) At(i, j int) float64", "At returns the element at row i, column j"},
	} {
		e, ok := Lookup(c.path, c.name)
		if !ok || e.Signature != c.signature || !strings.HasPrefix(e.Doc, c.doc) {
			t.Errorf("%s %q: got %+v", c.path, c.name, e)
		}
	}
	for _, c := range [][2]string{{"no/such/package", ""}, {"strings", "noSuchName"}, {"strings", "Builder.buf"}, {"", ""}, {"../docs.zip", ""}} {
		if e, ok := Lookup(c[0], c[1]); ok {
			t.Errorf("%q: got %+v", c, e)
		}
	}
}

// What has brackets in the source to be a link is read without them.
func TestNothingToFollow(t *testing.T) {
	e, ok := Lookup("gonmf/nmf", "Fit")
	if !ok || strings.Contains(e.Doc, "pkg.go.dev") || strings.Contains(e.Doc, "[ErrShape]") || !strings.Contains(e.Doc, "ErrShape") {
		t.Errorf("got %v %q", ok, e.Doc)
	}
}
