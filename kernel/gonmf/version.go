package main

import (
	"flag"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"gonmf/kernel/gophernotes"
)

var versionCommand = command{
	name:    "version",
	summary: "print the versions of gonmf, Go and the packages in it",
	help: `
Prints the versions of gonmf, of the Go that built it, of the platform, and of
every module whose packages are in it.

For example:
  gonmf version`,
	define: func(_ *flag.FlagSet, std streams) func([]string) error {
		return func(args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			return printVersions(std.out)
		}
	},
}

// version returns the version of gonmf, or the commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	commit, dirty := "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			commit = "+" + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = ".dirty"
		}
	}
	return "devel" + commit + dirty
}

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
