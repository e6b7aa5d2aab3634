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
	summary: "run a script, interpreted",
	help: `
Runs a Go program without compiling it: a .go file, a folder with one package
main, or by its name one of the scripts that come with gonmf: ` + strings.Join(scripts.Names(), ", ") + `.
The program can import the standard library, gonmf, gota, gonum and gonum/plot.
Go need not be installed. What follows the script is passed on to it.

For example:
  gonmf run study -k 20 -out answers
  gonmf run study -h
  gonmf run -watch analysis.go`,
	define: func(f *flag.FlagSet, std streams) func([]string) error {
		again := f.Bool("watch", false, "run it again whenever its source changes, until Ctrl-C")
		return func(args []string) error {
			if len(args) == 0 {
				return usagef("which script? a file, a folder, or one of %s", strings.Join(scripts.Names(), ", "))
			}
			if *again {
				self, err := os.Executable()
				if err != nil {
					return err
				}
				ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
				defer stop()
				return watch(ctx, self, args[0], args[1:], std.err)
			}
			// Ctrl-C is the script's own business, as in a compiled program.
			err := scripts.Run(context.Background(), args[0], args[1:])
			if errors.Is(err, fs.ErrNotExist) && !errors.As(err, new(*scripts.Error)) {
				return usageError{err.Error()}
			}
			return err
		}
	},
}
