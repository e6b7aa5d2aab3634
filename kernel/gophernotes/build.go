// Package gophernotes builds the Jupyter kernel gophernotes with gonmf's
// packages, gota, gonum and gonum/plot linked in.
//
// Gophernotes is a main package, which nothing can import, and its way to link
// packages in is a file in its folder imports. So [Build] copies its source
// from the module cache, adds such a file and a go.mod that points to the
// source of gonmf, and runs the go command. The file takes the packages from
// the table of [gonmf/scripts/symbols].
//
// Three things are not as one would expect. The build needs -trimpath: built
// without, gophernotes finds the installed Go at its start, reads export data
// that it does not understand, and panics. It needs the version of its engine,
// gomacro, that its own go.mod asks for: it panics with later ones. And the
// checksums of both are not in every checksum database, so they come from
// gophernotes' own go.sum and from this package.
package gophernotes

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// Version of gophernotes that is built.
const Version = "v0.7.5"

const (
	modulePath = "github.com/gopherdata/gophernotes"

	// checksums of the module, as lines of a go.sum.
	checksums = modulePath + " " + Version + " h1:hhQiBOwv4KR02mlYdHiHfLGybtC1QxatCnJqt75apVw=\n" +
		modulePath + " " + Version + "/go.mod h1:Zog9dAKJDeoBVIWKsnNVXnMybAVT4UuuED6BLoQqf/M=\n"
)

// link is the file that is added to gophernotes.
//
//go:embed _link/symbols.go
var link []byte

// Build builds the kernel into a new file in the folder dir, which must exist,
// and returns the name of that file. It says on progress what it is doing. The
// first build takes a minute or two and the network, later ones some seconds.
//
// The error says which step failed; then there is no new file.
func Build(ctx context.Context, dir string, progress io.Writer) (string, error) {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return "", errors.New("gophernotes: building it needs Go, which is not installed or not in PATH: install it from go.dev/dl")
	}
	source, err := sourceFolder()
	if err != nil {
		return "", err
	}
	work, err := os.MkdirTemp("", "gonmf-gophernotes-")
	if err != nil {
		return "", fmt.Errorf("gophernotes: %w", err)
	}
	defer os.RemoveAll(work)
	b := &build{ctx: ctx, goCommand: goCommand, work: work}

	fmt.Fprintf(progress, "Fetching gophernotes %s.\n", Version)
	upstream, err := b.download()
	if err != nil {
		return "", fmt.Errorf("gophernotes: fetching %s@%s: %w", modulePath, Version, err)
	}
	if err := b.assemble(upstream, source); err != nil {
		return "", fmt.Errorf("gophernotes: putting its source together: %w", err)
	}
	fmt.Fprintf(progress, "Building it with gonmf from %s; the first time takes a minute or two.\n", source)
	out, err := os.CreateTemp(dir, "gophernotes-*"+exe())
	if err != nil {
		return "", fmt.Errorf("gophernotes: %w", err)
	}
	out.Close()
	if _, err := b.run("kernel", "build", "-trimpath", "-ldflags=-s -w", "-o", out.Name(), "."); err != nil {
		os.Remove(out.Name())
		return "", fmt.Errorf("gophernotes: go build: %w", err)
	}
	return out.Name(), nil
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// sourceFolder returns the folder of gonmf's go.mod: the one around the
// current folder, else the one that this program was built from. The module
// has no host to be fetched from.
func sourceFolder() (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("gophernotes: %w", err)
	}
	_, file, _, _ := runtime.Caller(0) // not absolute if built with -trimpath
	if dir, ok := findSource(wd, filepath.Dir(filepath.FromSlash(file))); ok {
		return dir, nil
	}
	return "", errors.New("gophernotes: building it needs the source of gonmf: run this in the folder that has its go.mod")
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

// build is one build, below a folder of its own.
type build struct {
	ctx       context.Context
	goCommand string
	work      string
}

// download returns the folder of gophernotes' source in the module cache.
func (b *build) download() (string, error) {
	dir := filepath.Join(b.work, "fetch")
	if err := os.Mkdir(dir, 0o777); err != nil {
		return "", err
	}
	mod := "module fetch\n\ngo 1.26.0\n\nrequire " + modulePath + " " + Version + "\n"
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte(mod), 0o666); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), []byte(checksums), 0o666); err != nil {
		return "", err
	}
	out, err := b.run("fetch", "mod", "download", "-json", modulePath)
	if err != nil {
		return "", err
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return "", err
	}
	if module.Dir == "" {
		return "", errors.New("the go command named no folder")
	}
	return module.Dir, nil
}

// assemble makes the module that is built, gophernotes with one file more.
func (b *build) assemble(upstream, source string) error {
	dir := filepath.Join(b.work, "kernel")
	// Not os.CopyFS: the module cache is read-only, modes included.
	err := fs.WalkDir(os.DirFS(upstream), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := filepath.Join(dir, filepath.FromSlash(name))
		if d.IsDir() {
			return os.MkdirAll(to, 0o777)
		}
		if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(upstream, filepath.FromSlash(name)))
		if err != nil {
			return err
		}
		return os.WriteFile(to, text, 0o666)
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "imports", "gonmf.go"), link, 0o666); err != nil {
		return err
	}
	mod, err := goMod(upstream, source)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), mod, 0o666); err != nil {
		return err
	}
	var sums []byte
	for _, from := range []string{upstream, source} {
		text, err := os.ReadFile(filepath.Join(from, "go.sum"))
		if err != nil {
			return err
		}
		sums = append(sums, text...)
	}
	return os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o666)
}

// goMod is gophernotes' go.mod with gonmf, from its folder, as one more
// requirement.
func goMod(upstream, source string) ([]byte, error) {
	name := filepath.Join(upstream, "go.mod")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	f, err := modfile.Parse(name, text, nil)
	if err != nil {
		return nil, err
	}
	if err := f.AddGoStmt("1.26.0"); err != nil {
		return nil, err
	}
	if err := f.AddRequire("gonmf", "v0.0.0"); err != nil {
		return nil, err
	}
	if err := f.AddReplace("gonmf", "", source, ""); err != nil {
		return nil, err
	}
	return f.Format()
}

// run runs the go command in a folder of the build and returns what it prints
// on its standard output. The settings of the user's other builds do not
// reach it.
func (b *build) run(dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(b.ctx, b.goCommand, args...)
	cmd.Dir = filepath.Join(b.work, dir)
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		key, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"GOFLAGS", "GOWORK", "GO111MODULE", "GOOS", "GOARCH", "CGO_ENABLED", "PWD"}, key)
	})
	cmd.Env = append(cmd.Env, "GOFLAGS=-mod=mod", "GOWORK=off", "GO111MODULE=on", "CGO_ENABLED=0", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH, "PWD="+cmd.Dir)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if b.ctx.Err() != nil {
			return nil, context.Cause(b.ctx)
		}
		return nil, fmt.Errorf("%w\n%s", err, bytes.TrimSpace(errs.Bytes()))
	}
	return out.Bytes(), nil
}
