package cli

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"gonmf/nmf"
)

// TestDialectIsKeptWithTheModel reads a table as flags say, and again as the
// report of its model says.
func TestDialectIsKeptWithTheModel(t *testing.T) {
	name := filepath.Join(t.TempDir(), "export.txt")
	if err := os.WriteFile(name, []byte("Bericht\nTee::Ann::1,5\nTee::Ben::-\nMilch::Ben::2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := Flags("test", "")
	table := TableFlags(f)
	args := []string{"-in", name, "-item", "what", "-user", "who", "-weight", "much", "-sep", "::", "-decimal", ",", "-skip", "1", "-no-header",
		"-names", "what,who,much", "-comment", "#", "-quote", "none"}
	if err := Parse(f, args); err != nil {
		t.Fatal(err)
	}
	if _, err := table.Read(); err == nil { // a weight is missing
		t.Fatal("- was read as a number")
	}
	if err := os.WriteFile(name, []byte("Bericht\nTee::Ann::1,5\nTee::Ben::3\nMilch::Ben::2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	x, err := table.Read()
	if err != nil {
		t.Fatal(err)
	}
	if x.X.At(1, 0) != 1.5 {
		t.Errorf("Tee, Ann: %v, want 1.5", x.X.At(1, 0))
	}
	m, err := nmf.Fit(t.Context(), x.X, nmf.Config{Components: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := table.AddReport(m, x); err != nil {
		t.Fatal(err)
	}
	again := &Table{In: name}
	if err := again.ReadNotes(m.Report.Notes); err != nil {
		t.Fatal(err)
	}
	if table.CSV.Notice, again.CSV.Notice = nil, nil; !reflect.DeepEqual(again, table) {
		t.Errorf("read again as %+v, not %+v", again, table)
	}
}
