// Generate writes the files of package symbols, one for each package of the
// list below, into the current directory. It is run by go generate.
//
// With arguments it writes the files of those packages instead, into the
// folder of -o: that is what `gonmf build` adds.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/build"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/traefik/yaegi/extract"
)

// packages are the import paths in the table, gonmf's own first.
var packages = []string{
	"gonmf/frames",
	"gonmf/frames/arrow",
	"gonmf/frames/chart",
	"gonmf/frames/files",
	"gonmf/frames/parquet",
	"gonmf/frames/query",
	"gonmf/nmf",
	"gonmf/nmf/recommend",
	"gonmf/nmf/selection",
	"gonmf/nmf/sparse",
	"gonmf/notebooks/data",
	"gonmf/scripts/cli",
	"gonmf/scripts/progress",

	"github.com/go-gota/gota/dataframe",
	"github.com/go-gota/gota/series",

	// Drivers for database/sql.
	"github.com/go-sql-driver/mysql",
	"github.com/jackc/pgx/v5/stdlib",

	"golang.org/x/term", // to ask for a password

	"gonum.org/v1/gonum/floats",
	"gonum.org/v1/gonum/floats/scalar",
	"gonum.org/v1/gonum/mat",
	"gonum.org/v1/gonum/stat",
	"gonum.org/v1/gonum/stat/distuv",

	"gonum.org/v1/plot",
	"gonum.org/v1/plot/font",
	"gonum.org/v1/plot/palette",
	"gonum.org/v1/plot/palette/moreland",
	"gonum.org/v1/plot/plotter",
	"gonum.org/v1/plot/plotutil",
	"gonum.org/v1/plot/text",
	"gonum.org/v1/plot/vg",
	"gonum.org/v1/plot/vg/draw",
	"gonum.org/v1/plot/vg/vgimg",
	"gonum.org/v1/plot/vg/vgsvg",
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("symbols: ")
	// The types of an API do not depend on cgo, and without it neither a C
	// compiler nor its headers are needed to read the packages.
	build.Default.CgoEnabled = false
	dir := flag.String("o", ".", "the `folder` to write into")
	flag.Parse()
	var err error
	if flag.NArg() > 0 {
		err = write(*dir, flag.Args())
	} else {
		err = rewrite(*dir)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// rewrite writes the files of the list and removes those of packages that have
// left it.
func rewrite(dir string) error {
	if err := write(dir, packages); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"+suffix))
	if err != nil {
		return err
	}
	for _, file := range files {
		if slices.ContainsFunc(packages, func(path string) bool { return fileName(path) == filepath.Base(file) }) {
			continue
		}
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return nil
}

// write writes the files of the packages at paths.
func write(dir string, paths []string) error {
	for _, path := range paths {
		src, err := generate(path)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, fileName(path)), src, 0o644); err != nil {
			return err
		}
	}
	return nil
}

const suffix = "_gen.go"

// fileName is the name of the generated file for the package at path.
func fileName(path string) string {
	return strings.NewReplacer("/", "-", ".", "_").Replace(path) + suffix
}

// constraint matches the build constraint that yaegi gives to whatever has no
// dot in its import path, which it takes for the standard library of the
// running Go. gonmf's packages have none and do not depend on the version.
var constraint = regexp.MustCompile(`(?m)^(//go:build|// \+build) go1\.\d+.*\n`)

// generate returns the source of the generated file for the package at path.
func generate(path string) ([]byte, error) {
	var buf bytes.Buffer
	e := extract.Extractor{Dest: "symbols"}
	if _, err := e.Extract(path, path, &buf); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return format.Source(constraint.ReplaceAll(buf.Bytes(), nil))
}
