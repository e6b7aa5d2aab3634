package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"

	"gonmf/kernel/internal/gobuild"
)

var buildCommand = command{
	name:    "build",
	summary: "build a gonmf with more packages in it",
	help: `
Builds another gonmf, in which cells and scripts can import more packages than
in this one. It needs an installed Go and the source of gonmf. A package is
named by its import path, with a version if it is not gonmf's own dependency.

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
// package symbols.
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
	files := filepath.Join(work, "symbols")
	if err := os.Mkdir(files, 0o777); err != nil {
		return err
	}
	generate := append([]string{"run", "./scripts/symbols/internal/generate", "-o", files}, paths...)
	if _, err := goCommand.Run(ctx, source, generate...); err != nil {
		return err
	}
	overlay, err := writeOverlay(work, files, filepath.Join(source, "scripts", "symbols"))
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
		paths = append(paths, path)
		if version == "" {
			continue // of the standard library, or of a module that gonmf requires
		}
		if _, err := goCommand.Run(ctx, dir, "get", w); err != nil {
			return nil, err
		}
	}
	return paths, nil
}

// writeOverlay writes the file that puts those of a folder into another, and
// returns its name.
func writeOverlay(dir, from, into string) (string, error) {
	entries, err := os.ReadDir(from)
	if err != nil {
		return "", err
	}
	var overlay struct{ Replace map[string]string }
	overlay.Replace = map[string]string{}
	for _, e := range entries {
		overlay.Replace[filepath.Join(into, e.Name())] = filepath.Join(from, e.Name())
	}
	text, err := json.Marshal(overlay)
	if err != nil {
		return "", err
	}
	name := filepath.Join(dir, "overlay.json")
	return name, os.WriteFile(name, text, 0o666)
}
