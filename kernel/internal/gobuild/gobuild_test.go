package gobuild

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindSource(t *testing.T) {
	write := func(dir, text string) string {
		t.Helper()
		inner := filepath.Join(dir, "a", "b")
		if err := os.MkdirAll(inner, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return inner
	}
	ours, others, none := t.TempDir(), t.TempDir(), t.TempDir()
	inOurs, inOthers := write(ours, "module gonmf\n\ngo 1.26.0\n"), write(others, "module example.org/gonmf\n")
	tests := []struct {
		name   string
		starts []string
		want   string
	}{
		{"around the current folder", []string{inOurs, none}, ours},
		{"where it was built", []string{inOthers, inOurs}, ours},
		{"in another module", []string{inOthers}, ""},
		{"built with -trimpath", []string{none, filepath.FromSlash("gonmf/kernel/gophernotes")}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, ok := findSource(tt.starts...); got != tt.want || ok != (tt.want != "") {
				t.Errorf("got %q, %v; want %q", got, ok, tt.want)
			}
		})
	}
}

func TestRunSeesNothingOfOtherBuilds(t *testing.T) {
	others := map[string]string{
		"GOFLAGS": "-mod=vendor", "GOWORK": filepath.Join(t.TempDir(), "none"), "GOOS": "plan9", "GOARCH": "mips", "CGO_ENABLED": "1", "GO111MODULE": "off",
	}
	for key, value := range others {
		t.Setenv(key, value)
	}
	g, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	for key, value := range others {
		out, err := g.Run(t.Context(), t.TempDir(), "env", key)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(string(out)); got == value {
			t.Errorf("%s is still %s", key, got)
		}
	}
}

func TestRunThatFails(t *testing.T) {
	g, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Run(t.Context(), t.TempDir(), "build", "./nope"); err == nil || !strings.HasPrefix(err.Error(), "go build: ") {
		t.Errorf("got %v, want the step that failed", err)
	}
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if _, err := g.Run(ctx, t.TempDir(), "env"); !errors.Is(err, cause) {
		t.Errorf("cancelled: got %v, want the cause", err)
	}
}
