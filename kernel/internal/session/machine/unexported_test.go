package machine

import (
	"testing"

	"github.com/goplus/ixgo"
)

func TestUnexportedFieldsAreThere(t *testing.T) {
	m, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if err := checkUnexported(m.ixgo, m.builder.Program()); err != nil {
		t.Fatal(err)
	}
	if v := field(new(ixgo.Interp), "no such field"); v.IsValid() {
		t.Error("a field that does not exist was found")
	}
}
