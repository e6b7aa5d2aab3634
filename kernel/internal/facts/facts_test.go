package facts

import (
	"bytes"
	"errors"
	"regexp"
	"runtime"
	"runtime/debug"
	"testing"

	"gonmf/nmf"
	"gonmf/notebooks/data"
)

func TestWrite(t *testing.T) {
	var b bytes.Buffer
	if err := Write(&b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{
		`(?m)^gonmf +\S+$`,
		`(?m)^Go +` + regexp.QuoteMeta(runtime.Version()) + `$`,
		`(?m)^platform +` + runtime.GOOS + "/" + runtime.GOARCH + `$`,
		`(?m)^instructions +` + nmf.ThisBuild().Instructions + `( \(by GONMF_CPU\))?$`,
		`(?m)^GOMAXPROCS +\d+ of \d+ processors`,
		`(?m)^default seed +0,`,
		`(?m)^CGO_ENABLED +[01]$`,
		`(?m)^data +` + regexp.QuoteMeta(data.Names) + ` sha256:[0-9a-f]{64}$`,
	} {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("no line that matches %s in\n%s", want, text)
		}
	}
	var again bytes.Buffer
	if err := Write(&again); err != nil || again.String() != text {
		t.Errorf("written again it differs, %v:\n%s", err, again.String())
	}
}

func TestChosen(t *testing.T) {
	for value, want := range map[string]string{
		"":       "",
		"avx2":   " (by GONMF_CPU)",
		"abacus": ` (not what GONMF_CPU says, "abacus": fits are refused)`,
	} {
		t.Setenv("GONMF_CPU", value)
		if got := chosen("avx2"); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}

func TestModule(t *testing.T) {
	m := &debug.Module{Path: "gonum.org/v1/gonum", Version: "v0.17.0", Sum: "h1:abc=", Replace: &debug.Module{Path: "../gonum"}}
	if got, want := module(m), "gonum.org/v1/gonum v0.17.0 h1:abc= => ../gonum"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWriteTellsOfAFullDisk(t *testing.T) {
	full := errors.New("disk full")
	if err := Write(failing{full}); !errors.Is(err, full) {
		t.Errorf("got %v, want %v", err, full)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }
