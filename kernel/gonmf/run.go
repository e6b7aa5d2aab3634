package main

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"

	"gonmf/kernel/internal/engine"
	"gonmf/scripts"
)

var runCommand = command{
	name:    "run",
	args:    "SCRIPT [arguments of the script]",
	summary: "run a script, interpreted, or a notebook",
	help: `
Runs a Go program without compiling it: one or several .go files, a folder with
one package main, or by its name one of the scripts that come with gonmf: ` + strings.Join(scripts.Names(), ", ") + `.
The program can import the standard library, gonmf, gota, gonum and gonum/plot,
and packages beside it in its module. Go need not be installed. What follows the
script is passed on to it. It prints and ends as a compiled program does: with
the status that it gives os.Exit, with 2 and Go's text after a panic, and 1 if it
does not compile.

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
		by := f.String("engine", engineCells, "what runs a script: "+engineCells+", which runs cells, or "+engineYaegi)
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
			if *by != engineCells && *by != engineYaegi {
				return usagef("there is no engine %q: there are %s and %s", *by, engineCells, engineYaegi)
			}
			paths, rest := scriptFiles(args)
			var flags []string
			if isNotebook(args[0]) {
				paths = args[:1]
				if err := f.Parse(args[1:]); err != nil {
					return usageError{err.Error()}
				}
				if err := noArgs(f.Args()); err != nil {
					return err
				}
				rest = notebookFlags(*out, params)
			} else if *out != "" || len(params) > 0 {
				return usagef("-o and -p are for notebooks; flags of a script follow its name")
			} else {
				flags = []string{"-engine", *by}
			}
			if *again {
				self, err := os.Executable()
				if err != nil {
					return err
				}
				ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
				defer stop()
				return watch(ctx, self, flags, paths, rest, std.err)
			}
			var err error
			switch {
			case isNotebook(args[0]):
				ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
				defer stop()
				err = runNotebook(ctx, args[0], params, *out, std)
			case *by == engineYaegi:
				// Ctrl-C is the script's own business, as in a compiled program.
				err = scripts.RunFiles(context.Background(), paths, rest)
			default:
				err = runScript(paths, rest)
			}
			if errors.Is(err, fs.ErrNotExist) && !errors.As(err, new(*scripts.Error)) {
				return usageError{err.Error()}
			}
			return err
		}
	},
}

// The engines that run scripts.
const engineCells, engineYaegi = "ixgo", "yaegi"

// scriptFiles takes the files that are a script from the arguments of the command: the
// first, and the .go files that follow if that is one.
func scriptFiles(args []string) (paths, rest []string) {
	n := 1
	for n < len(args) && strings.HasSuffix(args[0], ".go") && strings.HasSuffix(args[n], ".go") {
		n++
	}
	return args[:n], args[n:]
}

// runScript runs a script by the engine of cells, in this process, which is the script's
// from then on: what ends the script ends it.
func runScript(paths, args []string) error {
	files, err := scripts.Load(paths...)
	if err != nil {
		return err
	}
	// What is made until the program starts is little, and stays.
	collect := debug.SetGCPercent(-1)
	program, err := engine.Script(files)
	debug.SetGCPercent(collect)
	if err != nil {
		return err
	}
	become(paths[0], args)
	program.Run()
	return nil
}

// become gives this process the arguments of a program.
func become(name string, args []string) {
	os.Args = append([]string{name}, args...)
	flag.CommandLine = flag.NewFlagSet(name, flag.ExitOnError)
	flag.CommandLine.Usage = func() { flag.Usage() } // which the program may set
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
