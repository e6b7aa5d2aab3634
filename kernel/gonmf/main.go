// Gonmf installs and is the Jupyter kernel of gonmf, and runs scripts.
//
//	gonmf install          add the kernel "Go (gonmf)" to Jupyter
//	gonmf uninstall        take it away
//	gonmf run study        run a script, interpreted, or a notebook
//	gonmf test             run the tests beside a script, interpreted
//	gonmf export NOTEBOOK  turn a notebook into a Go program
//	gonmf kernel FILE      what Jupyter starts
//	gonmf build -with PKG  build a gonmf with more packages
//	gonmf doctor           is everything in order?
//	gonmf verify M.npz     is a saved model what its data give?
//	gonmf shards DIR       what is in a matrix in files, or make one
//	gonmf version -all     everything that determines a result
//	gonmf completion bash  what completes these in a shell
//
// The exit status is 0, or that of the script; 1 if something went wrong, 2 if
// it was asked for in the wrong way, 130 after Ctrl-C.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"strings"

	"gonmf/kernel/internal/engine"
	"gonmf/kernel/internal/session/script"
	"gonmf/scripts"
	"gonmf/scripts/symbols"
)

// command is a subcommand.
type command struct {
	name    string
	args    string // after the flags, for the usage
	summary string // one line
	help    string // more, with an example
	hidden  bool   // it is not for people

	// define declares the flags and returns what runs with them.
	define func(f *flag.FlagSet, std streams) func(args []string) error
}

// streams are where a command writes.
type streams struct{ out, err io.Writer }

// commands are all subcommands, in the order in which they are listed.
var commands = []command{
	installCommand,
	uninstallCommand,
	runCommand,
	testCommand,
	exportCommand,
	kernelCommand,
	workerCommand,
	buildCommand,
	doctorCommand,
	verifyCommand,
	shardsCommand,
	versionCommand,
	completionCommand,
}

// usageError is a mistake on the command line.
type usageError struct{ msg string }

func (e usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

func main() {
	// Scripts can import what cells can.
	maps.Copy(symbols.Symbols, engine.Symbols)
	os.Exit(run(os.Args[1:], streams{os.Stdout, os.Stderr}))
}

// run runs a command line and returns the exit status.
func run(args []string, std streams) int {
	name := ""
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	switch strings.TrimLeft(name, "-") {
	case "h", "help":
		if len(args) == 0 {
			usage(std.out)
			return 0
		}
		name, args = args[0], []string{"-h"}
	case "":
		usage(std.err)
		return 2
	}
	for _, c := range commands {
		if c.name == name {
			return c.run(args, std)
		}
	}
	fmt.Fprintf(std.err, "gonmf: there is no command %q; gonmf -h lists them\n", name)
	return 2
}

// usage lists the commands.
func usage(w io.Writer) {
	fmt.Fprint(w, "Gonmf factorizes non-negative matrices, in notebooks and scripts.\n\nCommands:\n")
	for _, c := range commands {
		if !c.hidden {
			fmt.Fprintf(w, "  gonmf %-11s %s\n", c.name, c.summary)
		}
	}
	fmt.Fprint(w, "\nFor example, to have \"Go (gonmf)\" in JupyterLab:\n  gonmf install && jupyter lab\n\ngonmf COMMAND -h explains a command.\n")
}

// run parses the flags of the command, runs it and returns the exit status.
func (c command) run(args []string, std streams) int {
	f := flag.NewFlagSet(c.name, flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	do := c.define(f, std)
	switch err := f.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		c.explain(f, std.out)
		return 0
	case err != nil:
		fmt.Fprintf(std.err, "gonmf %s: %v; gonmf %[1]s -h lists the flags\n", c.name, err)
		return 2
	}
	err := do(f.Args())
	if err == nil {
		return 0
	}
	if exit := (*scripts.ExitError)(nil); errors.As(err, &exit) {
		return exit.Code
	}
	if errors.Is(err, context.Canceled) {
		fmt.Fprintf(std.err, "gonmf %s: interrupted\n", c.name)
		return 130
	}
	if wrong := (*script.CompileError)(nil); errors.As(err, &wrong) {
		fmt.Fprintf(std.err, "# command-line-arguments\n%v\n", wrong)
		return 1
	}
	fmt.Fprintf(std.err, "gonmf %s: %v\n", c.name, err)
	switch {
	case errors.As(err, new(usageError)):
		return 2
	default:
		return 1
	}
}

// explain prints what the command is for.
func (c command) explain(f *flag.FlagSet, w io.Writer) {
	fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("Usage: gonmf %s [flags] %s", c.name, c.args), " "))
	fmt.Fprintf(w, "\n%s\n", strings.TrimSpace(c.help))
	any := false
	f.VisitAll(func(*flag.Flag) { any = true })
	if any {
		fmt.Fprint(w, "\nFlags:\n")
		f.SetOutput(w)
		f.PrintDefaults()
	}
}

// noArgs is an error if there are arguments.
func noArgs(args []string) error {
	if len(args) > 0 {
		return usagef("what is %q? everything is said by flags", args[0])
	}
	return nil
}
