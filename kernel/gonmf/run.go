package main

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/signal"
	"strings"

	"gonmf/scripts"
)

var runCommand = command{
	name:    "run",
	args:    "SCRIPT [arguments of the script]",
	summary: "run a script, interpreted, or a notebook",
	help: `
Runs a Go program without compiling it: a .go file, a folder with one package
main, or by its name one of the scripts that come with gonmf: ` + strings.Join(scripts.Names(), ", ") + `.
The program can import the standard library, gonmf, gota, gonum and gonum/plot.
Go need not be installed. What follows the script is passed on to it.

A notebook is a script, too: its cells run as in Jupyter, without Jupyter, and
what they print and show goes to standard output as text. It ends at the first
cell that fails. Flags may follow its name. So do the lines of a .go file without
a package clause, which jupyter nbconvert --to script and %save write.

For example:
  gonmf run study -k 20 -out answers
  gonmf run -watch analysis.go
  gonmf run 01-fit.ipynb -o ran.ipynb
  gonmf run report.ipynb -p k=20 -p 'name="Anna"' -o report-20.ipynb`,
	define: func(f *flag.FlagSet, std streams) func([]string) error {
		again := f.Bool("watch", false, "run it again whenever its source changes, until Ctrl-C")
		out := f.String("o", "", "of a notebook: write it with its outputs to this `file`")
		var params []parameter
		f.Func("p", "of a notebook: `name=value`, another value, in Go, for a variable of the cell with the tag parameters; may be given several times", func(s string) error {
			p, err := parseParameter(s)
			params = append(params, p)
			return err
		})
		return func(args []string) error {
			if len(args) == 0 {
				return usagef("which script? a file, a folder, or one of %s", strings.Join(scripts.Names(), ", "))
			}
			if isNotebook(args[0]) {
				if err := f.Parse(args[1:]); err != nil {
					return usageError{err.Error()}
				}
				if err := noArgs(f.Args()); err != nil {
					return err
				}
			} else if *out != "" || len(params) > 0 {
				return usagef("-o and -p are for notebooks; flags of a script follow its name")
			}
			if *again {
				self, err := os.Executable()
				if err != nil {
					return err
				}
				ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
				defer stop()
				rest := args[1:]
				if isNotebook(args[0]) {
					rest = notebookFlags(*out, params)
				}
				return watch(ctx, self, args[0], rest, std.err)
			}
			err := runScript(args, params, *out, std)
			if errors.Is(err, fs.ErrNotExist) && !errors.As(err, new(*scripts.Error)) {
				return usageError{err.Error()}
			}
			return err
		}
	},
}

func runScript(args []string, params []parameter, out string, std streams) error {
	if !isNotebook(args[0]) {
		// Ctrl-C is the script's own business, as in a compiled program.
		return scripts.Run(context.Background(), args[0], args[1:])
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return runNotebook(ctx, args[0], params, out, std)
}

// notebookFlags is a command line once more.
func notebookFlags(out string, params []parameter) (flags []string) {
	if out != "" {
		flags = append(flags, "-o", out)
	}
	for _, p := range params {
		flags = append(flags, "-p", p.name+"="+p.value)
	}
	return flags
}
