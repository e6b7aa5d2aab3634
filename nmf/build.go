package nmf

import (
	"runtime"
	"runtime/debug"

	"gonmf/nmf/internal/kern"
)

// Build says which program computed a result. Two programs whose Builds are
// equal give the same bits for the same data and [Config]; others may differ
// by rounding, see [Config.Workers] for what does not matter.
//
// The environment variable GONMF_CPU makes a program use the instructions that
// it names (generic, or purego for the same; avx2, avx512 or neon) instead of
// the best that the processor has, so that a result of another machine can be
// had again. It is read at start; where the program or the processor has no
// such instructions, Fit and what else takes a Config return an error that
// wraps [ErrConfig].
type Build struct {
	Version      string `json:"gonmf"`        // of gonmf, or the commit it was built from
	Go           string `json:"go"`           // that compiled it
	Platform     string `json:"platform"`     // operating system and processor, as in linux/amd64
	Instructions string `json:"instructions"` // of the processor that the loops use: generic, avx2, avx512 or neon
}

// release is the version of a release, which the linker sets (scripts/release): what is built there twice is the same to
// the byte, and so knows nothing of the folder and the clone that it was built in.
var release string

// ThisBuild returns the Build of the running program.
func ThisBuild() Build {
	b := Build{"unknown", runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, kern.Name()}
	if release != "" {
		b.Version = release
	} else if info, ok := debug.ReadBuildInfo(); ok {
		b.Version = versionIn(info)
	}
	return b
}

// unstamped is the version of a program that go run made, which has no commit in
// it.
const unstamped = "devel"

// versionIn returns the version of gonmf in a program, whose main module it
// may be or not.
func versionIn(info *debug.BuildInfo) string {
	const module = "gonmf"
	main := info.Main
	for _, dep := range info.Deps {
		if dep.Path == module {
			main = *dep
			if dep.Replace != nil {
				main = *dep.Replace
			}
		}
	}
	if main.Version != "" && main.Version != "(devel)" {
		return main.Version
	}
	version := unstamped
	if main.Path != module || info.Main.Path != module {
		return version // the commit is another module's
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			version += "+" + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			version += ".dirty"
		}
	}
	return version
}
