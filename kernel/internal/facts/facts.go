// Package facts tells what determines a result beside the code and the data
// that a user brings: for `gonmf version -all` and for notebooks.
package facts

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"gonmf/nmf"
	"gonmf/notebooks/data"
)

// settings are those of the build that can change what a program computes.
var settings = []string{"vcs.revision", "vcs.time", "vcs.modified", "CGO_ENABLED", "GOAMD64", "GOARM64", "-tags", "-race", "GOEXPERIMENT", "DefaultGODEBUG"}

// Write writes all facts as lines of text, a name and a value each.
func Write(w io.Writer) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-13s %s\n", name, fmt.Sprintf(format, args...))
	}
	build := nmf.ThisBuild()
	line("gonmf", "%s", build.Version)
	line("Go", "%s", build.Go)
	line("platform", "%s", build.Platform)
	line("instructions", "%s%s", build.Instructions, chosen(build.Instructions))
	line("GOMAXPROCS", "%d of %d processors (results do not depend on it)", runtime.GOMAXPROCS(0), runtime.NumCPU())
	line("default seed", "%d, of NumPy's RandomState (MT19937)", nmf.Config{}.Seed)
	if debug := os.Getenv("GODEBUG"); debug != "" {
		line("GODEBUG", "%s", debug)
	}
	info, ok := debug.ReadBuildInfo()
	if ok {
		for _, s := range info.Settings {
			if slices.Contains(settings, s.Key) && s.Value != "" {
				line(s.Key, "%s", s.Value)
			}
		}
	}
	sums, err := data.Checksums()
	if err != nil {
		return err
	}
	for _, s := range sums {
		line("data", "%s sha256:%s", s.Name, s.SHA256)
	}
	if ok {
		for _, m := range info.Deps {
			line("module", "%s", module(m))
		}
	}
	_, err = io.WriteString(w, b.String())
	return err
}

// chosen tells of instructions in use whether GONMF_CPU has chosen them.
func chosen(instructions string) string {
	switch name := os.Getenv("GONMF_CPU"); name {
	case "":
		return ""
	case instructions, "purego":
		return " (by GONMF_CPU)"
	default:
		return fmt.Sprintf(" (not what GONMF_CPU says, %q: fits are refused)", name)
	}
}

// module names a module with its version and the sum of its files.
func module(m *debug.Module) string {
	text := strings.TrimSpace(m.Path + " " + m.Version + " " + m.Sum)
	if m.Replace != nil {
		text += " => " + module(m.Replace)
	}
	return text
}
