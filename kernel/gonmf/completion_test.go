package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestCompletions sees that every shell is told of every command and flag, and
// that those that are installed can read what they are told.
func TestCompletions(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish"} {
		t.Run(shell, func(t *testing.T) {
			status, text, stderr := gonmf("completion", shell)
			if status != 0 || stderr != "" {
				t.Fatalf("exit status %d, %q", status, stderr)
			}
			for _, c := range completedCommands() {
				if !strings.Contains(text, c.name) {
					t.Errorf("%s is missing", c.name)
				}
				for _, f := range c.flags {
					if !strings.Contains(text, "-"+f.Name) && !strings.Contains(text, "-o "+f.Name+" ") {
						t.Errorf("%s -%s is missing", c.name, f.Name)
					}
				}
			}
			if strings.Contains(text, workerCommand.name) {
				t.Errorf("%s is for no people", workerCommand.name)
			}
			if _, err := exec.LookPath(shell); err != nil {
				return
			}
			cmd := exec.CommandContext(t.Context(), shell, "-n")
			cmd.Stdin = strings.NewReader(text)
			if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
				t.Errorf("%s cannot read it: %v\n%s", shell, err, out)
			}
		})
	}
}

func TestBashCompletes(t *testing.T) {
	if testing.Short() {
		t.Skip("runs bash")
	}
	if _, err := exec.LookPath("bash"); err != nil {
		t.Fatal("bash is needed: install it, or test with -short")
	}
	_, text, _ := gonmf("completion", "bash")
	for _, tt := range []struct {
		line string // words before the cursor, the last one begun
		want []string
	}{
		{"gonmf ver", []string{"verify", "version"}},
		{"gonmf install -sys", []string{"-sys-prefix"}},
		{"gonmf run co", []string{"coverage"}},
		{"gonmf completion ", []string{"bash", "zsh", "fish"}},
		{"gonmf nothing -", nil},
	} {
		words := strings.Split(tt.line, " ")
		script := text + "\nCOMP_WORDS=(" + strings.Join(words[:len(words)-1], " ") + " '" + words[len(words)-1] + "'); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _gonmf; echo \"${COMPREPLY[@]}\""
		out, err := exec.CommandContext(t.Context(), "bash", "-c", script).Output()
		if got := strings.Fields(string(out)); err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%q completes to %q (%v), want %q", tt.line, got, err, tt.want)
		}
	}
}
