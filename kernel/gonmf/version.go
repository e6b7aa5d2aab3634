package main

import (
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"gonmf/kernel/gophernotes"
	"gonmf/kernel/internal/facts"
	"gonmf/nmf"
)

var versionCommand = command{
	name:    "version",
	summary: "print the versions of gonmf, Go and the packages in it",
	help: `
Prints the versions of gonmf, of the Go that built it, of the platform, and of
every module whose packages are in it. With -all it prints everything that
determines a result, to be kept beside it: also the instructions of the
processor that are used, the settings of the build, the default seed, and the
checksums of the modules and of the data sets inside the program.

The environment variable GONMF_CPU makes every command use other instructions
than the best that the processor has, so that a result of another machine can
be had again: avx512, avx2, neon or purego (also called generic).

For example:
  gonmf version -all
  GONMF_CPU=avx2 gonmf version -all`,
	define: func(f *flag.FlagSet, std streams) func([]string) error {
		all := f.Bool("all", false, "print everything that determines a result")
		return func(args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			if *all {
				return facts.Write(std.out)
			}
			return printVersions(std.out)
		}
	},
}

// version returns the version of gonmf, or the commit that it was built from.
func version() string { return nmf.ThisBuild().Version }

func printVersions(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "gonmf %s\n%s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	fmt.Fprintf(&b, "gophernotes %s (built by gonmf install -gophernotes)\n", gophernotes.Version)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, m := range info.Deps {
			fmt.Fprintf(&b, "%s %s\n", m.Path, m.Version)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
