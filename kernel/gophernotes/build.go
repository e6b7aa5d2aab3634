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
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/mod/modfile"

	"gonmf/kernel/internal/gobuild"
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
	goCommand, err := gobuild.Find()
	if err != nil {
		return "", fmt.Errorf("gophernotes: %w", err)
	}
	source, err := gobuild.Source()
	if err != nil {
		return "", fmt.Errorf("gophernotes: %w", err)
	}
	work, err := os.MkdirTemp("", "gonmf-gophernotes-")
	if err != nil {
		return "", fmt.Errorf("gophernotes: %w", err)
	}
	defer os.RemoveAll(work)

	fmt.Fprintf(progress, "Fetching gophernotes %s.\n", Version)
	upstream, err := download(ctx, goCommand, filepath.Join(work, "fetch"))
	if err != nil {
		return "", fmt.Errorf("gophernotes: fetching %s@%s: %w", modulePath, Version, err)
	}
	kernel := filepath.Join(work, "kernel")
	if err := assemble(kernel, upstream, source); err != nil {
		return "", fmt.Errorf("gophernotes: putting its source together: %w", err)
	}
	fmt.Fprintf(progress, "Building it with gonmf from %s; the first time takes a minute or two.\n", source)
	out, err := os.CreateTemp(dir, "gophernotes-*"+exe())
	if err != nil {
		return "", fmt.Errorf("gophernotes: %w", err)
	}
	out.Close()
	if _, err := goCommand.Run(ctx, kernel, "build", "-trimpath", "-ldflags=-s -w", "-o", out.Name(), "."); err != nil {
		os.Remove(out.Name())
		return "", fmt.Errorf("gophernotes: %w", err)
	}
	return out.Name(), nil
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// download returns the folder of gophernotes' source in the module cache. It
// works in the folder dir.
func download(ctx context.Context, goCommand *gobuild.Go, dir string) (string, error) {
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
	out, err := goCommand.Run(ctx, dir, "mod", "download", "-json", modulePath)
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

// assemble makes the module that is built in the folder dir: gophernotes with
// one file more.
func assemble(dir, upstream, source string) error {
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
