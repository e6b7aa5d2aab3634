package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/mod/module"

	"gonmf/kernel/internal/gobuild"
)

var buildCommand = command{
	name:    "build",
	summary: "build a gonmf with more packages in it",
	help: `
Builds another gonmf, in which cells and scripts can import more packages than
in this one. It needs an installed Go and the source of gonmf. A package is
named by its import path, with a version if it is not gonmf's own dependency.

A package is compiled in, unless it exports generic functions or types. Those
exist only once it is known for which types, so that such a package comes along
as source and runs interpreted in cells.

For example:
  gonmf build -with gonum.org/v1/gonum/optimize -with github.com/google/uuid@v1.6.0 -o gonmf-plus
  ./gonmf-plus install`,
	define: func(f *flag.FlagSet, std streams) func([]string) error {
		var with []string
		f.Func("with", "`package[@version]` to add; may be given several times", func(s string) error {
			with = append(with, s)
			return nil
		})
		out := f.String("o", "gonmf-plus"+exe(), "`file` to write")
		return func(args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			if len(with) == 0 {
				return usagef("with which packages? name them with -with")
			}
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			defer stop()
			if err := buildWith(ctx, with, *out, std.err); err != nil {
				return err
			}
			_, err := fmt.Fprintf(std.out, "Built %s.\n", *out)
			return err
		}
	},
}

func exe() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}

// buildWith builds gonmf with more packages into the file out.
//
// The source of gonmf is not changed: a workspace joins it with a module that
// requires the packages, and an overlay puts their symbols beside those of
// package symbols, and what has to be there as source into package engine.
func buildWith(ctx context.Context, with []string, out string, progress io.Writer) error {
	goCommand, err := gobuild.Find()
	if err != nil {
		return err
	}
	source, err := gobuild.Source()
	if err != nil {
		return err
	}
	out, err = filepath.Abs(out)
	if err != nil {
		return err
	}
	if info, err := os.Stat(out); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file: name the program with -o", out)
	}
	work, err := os.MkdirTemp("", "gonmf-build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)

	fmt.Fprintln(progress, "Fetching the packages.")
	paths, err := require(ctx, goCommand, work, with)
	if err != nil {
		return err
	}
	goCommand.Workspace = filepath.Join(work, "go.work")
	text := fmt.Sprintf("go 1.26.0\n\nuse (\n\t%q\n\t%q\n)\n", source, work)
	if err := os.WriteFile(goCommand.Workspace, []byte(text), 0o666); err != nil {
		return err
	}

	fmt.Fprintln(progress, "Reading what they export.")
	p, err := planFor(ctx, goCommand, source, paths)
	if err != nil {
		return err
	}
	for _, note := range p.notes {
		fmt.Fprintln(progress, note)
	}
	overlay, err := writeOverlay(ctx, goCommand, work, source, p)
	if err != nil {
		return err
	}

	fmt.Fprintln(progress, "Building.")
	partial := out + ".partial"
	defer os.Remove(partial)
	if _, err := goCommand.Run(ctx, source, "build", "-overlay", overlay, "-o", partial, "./kernel/gonmf"); err != nil {
		return err
	}
	return os.Rename(partial, out)
}

// require makes a module in the folder dir that requires the packages, and
// returns their import paths.
func require(ctx context.Context, goCommand *gobuild.Go, dir string, with []string) ([]string, error) {
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module gonmf-with\n\ngo 1.26.0\n"), 0o666); err != nil {
		return nil, err
	}
	var paths []string
	for _, w := range with {
		path, version, _ := strings.Cut(w, "@")
		if err := module.CheckImportPath(path); err != nil {
			return nil, usagef("-with wants an import path, as github.com/google/uuid@latest: %v", err)
		}
		paths = append(paths, path)
		if version == "" {
			continue // of the standard library, or of a module that gonmf requires
		}
		if _, err := goCommand.Run(ctx, dir, "get", w); err != nil {
			return nil, fetchError(w, err)
		}
	}
	return paths, nil
}

// fetchError says what to do about a package that could not be fetched.
func fetchError(with string, err error) error {
	path, version, _ := strings.Cut(with, "@")
	text := err.Error()
	said := func(parts ...string) bool {
		return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
	}
	switch {
	case said("does not contain package"):
		return fmt.Errorf("the module is there, but it has no package %s: https://pkg.go.dev/%[1]s may say where it went\n%[2]w", path, err)
	case said("no such host", "dial tcp", "connection refused", "i/o timeout"):
		return fmt.Errorf("%s cannot be fetched: see that this machine reaches the Go module proxy, or set GOPROXY to one that it reaches\n%w", path, err)
	case said("requires go >="):
		return fmt.Errorf("%s wants a newer Go: install it from go.dev/dl, or ask for an older version\n%w", with, err)
	case said("missing dot in first path element"):
		return fmt.Errorf("%q is no module: the path begins with a host, as in github.com/google/uuid@latest; a package of the standard library has no version", path)
	case version == "latest":
		return fmt.Errorf("there seems to be no module for %s: see that its name is right, at https://pkg.go.dev/%[1]s\n%[2]w", path, err)
	}
	return fmt.Errorf("there seems to be no version %s of %s: see https://pkg.go.dev/%[2]s?tab=versions, or take %[2]s@latest\n%[3]w", version, path, err)
}
