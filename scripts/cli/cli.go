// Package cli is what the scripts share on their command lines: flags that
// explain themselves, one sentence and an exit status for what goes wrong, and
// files that appear whole or not at all.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Exit statuses.
const (
	OK          = 0
	Failed      = 2   // bad flags or bad input, said in one sentence
	Interrupted = 130 // Ctrl-C, as shells have it
)

// Run calls script with the arguments after the program's name, and returns the
// exit status. ctx is to end on Ctrl-C. An error is printed as one line on
// standard error.
func Run(ctx context.Context, args []string, script func(ctx context.Context, args []string) error) int {
	name := "script"
	if len(args) > 0 {
		name = strings.TrimSuffix(filepath.Base(args[0]), ".exe")
		args = args[1:]
	}
	err := script(ctx, args)
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return OK
	case ctx.Err() != nil && errors.Is(err, context.Cause(ctx)):
		fmt.Fprintf(os.Stderr, "%s: interrupted: %v\n", name, oneLine(err))
		return Interrupted
	default:
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, oneLine(err))
		return Failed
	}
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// Flags returns a flag set whose -h prints about, a text, before the flags.
func Flags(name, about string) *flag.FlagSet {
	f := flag.NewFlagSet(name, flag.ContinueOnError)
	f.Usage = func() {
		fmt.Fprintf(f.Output(), "%s\n\nFlags:\n", strings.TrimSpace(about))
		f.PrintDefaults()
	}
	return f
}

// Parse parses args, which must be flags only. What is wrong with them comes
// back as an error of one line; -h prints the usage on standard output and
// gives flag.ErrHelp.
func Parse(f *flag.FlagSet, args []string) error {
	usage := f.Usage
	f.Usage = func() {}
	f.SetOutput(io.Discard)
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		f.SetOutput(os.Stdout)
		usage()
		return err
	case err != nil:
		return fmt.Errorf("%w; -h lists the flags", err)
	case f.NArg() > 0:
		return fmt.Errorf("what is %q? everything is said by flags; -h lists them", f.Arg(0))
	}
	return nil
}
