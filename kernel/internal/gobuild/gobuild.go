// Package gobuild runs the go command on the source of gonmf, for what has to
// be compiled on the user's machine.
package gobuild

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// Source returns the folder of gonmf's go.mod: the one around the current
// folder, else the one that this program was built from. The module has no
// host to be fetched from.
func Source() (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", err
	}
	_, file, _, _ := runtime.Caller(0) // not absolute if built with -trimpath
	if dir, ok := findSource(wd, filepath.Dir(filepath.FromSlash(file))); ok {
		return dir, nil
	}
	return "", errors.New("this needs the source of gonmf: run it in the folder that has its go.mod")
}

// findSource looks for gonmf's go.mod in the given folders and those around
// them.
func findSource(starts ...string) (string, bool) {
	for _, dir := range starts {
		for filepath.IsAbs(dir) {
			if text, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && modfile.ModulePath(text) == "gonmf" {
				return dir, true
			}
			up := filepath.Dir(dir)
			if up == dir {
				break
			}
			dir = up
		}
	}
	return "", false
}

// Go is an installed go command.
type Go struct {
	command string

	// Workspace is the go.work file to use; empty: none.
	Workspace string
}

// Find looks for the go command.
func Find() (*Go, error) {
	command, err := exec.LookPath("go")
	if err != nil {
		return nil, errors.New("this needs Go, which is not installed or not in PATH: install it from go.dev/dl")
	}
	return &Go{command: command}, nil
}

// Run runs the go command in a folder and returns what it prints on its
// standard output. The settings of the user's other builds do not reach it: it
// builds for this machine, by modules, without cgo.
func (g *Go) Run(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, g.command, args...)
	cmd.Dir = dir
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		key, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"GOFLAGS", "GOWORK", "GO111MODULE", "GOOS", "GOARCH", "CGO_ENABLED", "PWD"}, key)
	})
	work, flags := "off", "-mod=mod"
	if g.Workspace != "" {
		work, flags = g.Workspace, "" // which may not be combined
	}
	cmd.Env = append(cmd.Env, "GOWORK="+work, "GOFLAGS="+flags, "GO111MODULE=on", "CGO_ENABLED=0", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH, "PWD="+dir)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("go %s: %w\n%s", args[0], err, bytes.TrimSpace(errs.Bytes()))
	}
	return out.Bytes(), nil
}
