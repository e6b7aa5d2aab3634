package main

import (
	"strings"
	"testing"

	"gonmf/nmf"
)

func TestVersionAll(t *testing.T) {
	status, short, stderr := gonmf("version")
	if status != 0 || stderr != "" || strings.Contains(short, "default seed") {
		t.Fatalf("version: %d, %q, %q", status, short, stderr)
	}
	status, all, stderr := gonmf("version", "-all")
	if status != 0 || stderr != "" {
		t.Fatalf("version -all: %d, %q", status, stderr)
	}
	for _, want := range []string{version(), nmf.ThisBuild().Instructions, "\ndefault seed  0,", "names.csv.gz sha256:"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
}
