package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gonmf/kernel/internal/engine"
	"gonmf/kernel/internal/session"
	"gonmf/scripts/cli"
	"gonmf/scripts/notebook"
)

var exportCommand = command{
	name:    "export",
	args:    "NOTEBOOK",
	summary: "turn a notebook into a Go program",
	help: `
Writes a Go program that does what the cells of a notebook do, without running
them: variables of cells become package variables, statements stand in main, the
notebook's text is there as comments, and so is what only a notebook can do, such
as !ls. Errors that no cell looks at end the program. What a cell shows is printed
as text, with the same numbers. go run compiles the program inside the module of gonmf, or one
that replaces gonmf by a clone; gonmf run interprets it.

For example:
  gonmf export 01-fit.ipynb            # writes 01-fit.go
  go run 01-fit.go`,
	define: func(f *flag.FlagSet, std streams) func([]string) error {
		out := f.String("o", "", "`file` to write (default: the notebook's name with .go)")
		return func(args []string) error {
			if len(args) == 0 {
				return usagef("which notebook?")
			}
			name := args[0]
			// Flags may follow the notebook, too.
			if err := f.Parse(args[1:]); err != nil {
				return usageError{err.Error()}
			}
			if err := noArgs(f.Args()); err != nil {
				return err
			}
			if *out == "" {
				*out = strings.TrimSuffix(name, filepath.Ext(name)) + ".go"
			}
			return export(name, *out, std)
		}
	},
}

// export writes the program that a notebook is.
func export(name, out string, std streams) error {
	nb, err := notebook.Read(name)
	if err != nil {
		return err
	}
	var pages []session.Page
	said := []string{"Exported from " + filepath.Base(name) + "."}
	count := 0
	for _, c := range nb.Cells {
		switch source := string(c.Source); {
		case c.Kind != "code":
			said = append(said, source)
		case strings.TrimSpace(source) != "":
			count++
			pages = append(pages, session.Page{Cell: count, Comment: strings.Join(said, "\n\n"), Code: source})
			said = nil
		}
	}
	program, err := engine.Program(pages)
	if err != nil {
		return err
	}
	for line := range bytes.Lines(program) {
		if _, what, ok := bytes.Cut(line, []byte(session.NotebookOnly)); ok {
			fmt.Fprintf(std.err, "%s: %s is for notebooks only: it is a comment in the program\n", filepath.Base(name), bytes.TrimSpace(what))
		}
	}
	return cli.WriteFile(out, func(w io.Writer) error {
		_, err := w.Write(program)
		return err
	})
}
