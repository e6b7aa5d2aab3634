// Release builds what is published of gonmf, from a clean commit:
//
//	go run ./scripts/release -out DIR [-targets linux/amd64,darwin/arm64] [-version 0.1.0]
//
// For each target: an archive with the program, the licences of all that is
// linked into it and completions for shells; a wheel, with which pip installs
// the program and its kernel for Jupyter; and a list of the modules in it
// (SPDX). SHA256SUMS names them all. The same commit and the same Go give the
// same bytes, in every folder and on every machine.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"gonmf/scripts/cli"
)

const about = `
release: archives, wheels, checksums and lists of modules of this commit, for each system and processor.

The version is the commit's tag (v0.1.0, v0.1.0-rc.1), or one for developers that names the commit. Nothing is
uploaded.

For example:  release -out dist -targets linux/amd64`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args, run))
}

func run(ctx context.Context, args []string) error {
	f := cli.Flags("release", about)
	out := f.String("out", "", "`folder` to write into")
	names := f.String("targets", strings.Join(targetNames(), ","), "systems and processors, separated by commas; \"here\" is those of this machine")
	given := f.String("version", "", "`version` as Python writes it, instead of the commit's")
	if err := cli.Parse(f, args); err != nil {
		return err
	}
	if *out == "" {
		return fmt.Errorf("into which folder? -out names it")
	}
	chosen, err := chooseTargets(*names)
	if err != nil {
		return err
	}
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	version, when, err := commitOf(ctx, root)
	if err != nil {
		return err
	}
	if *given != "" {
		version = *given
	}
	if !validVersion.MatchString(version) {
		return fmt.Errorf("%q is no version as Python writes it, like 0.1.0 or 0.1.0rc1", version)
	}
	scratch, err := os.MkdirTemp("", "gonmf-release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	b := &builder{root: root, version: version, when: when, scratch: scratch}
	return b.release(ctx, *out, chosen, os.Stdout)
}

// target is what is built for.
type target struct {
	os, arch string
	// wheel are the platforms of the wheel. Programs without C run on every
	// Linux that Go knows, whatever its C library.
	wheel []string
}

var targets = []target{
	{"linux", "amd64", []string{"manylinux2014_x86_64", "manylinux_2_17_x86_64", "musllinux_1_1_x86_64"}},
	{"linux", "arm64", []string{"manylinux2014_aarch64", "manylinux_2_17_aarch64", "musllinux_1_1_aarch64"}},
	{"darwin", "arm64", []string{"macosx_12_0_arm64"}}, // the oldest that Go 1.26 supports
	{"darwin", "amd64", []string{"macosx_12_0_x86_64"}},
	{"windows", "amd64", []string{"win_amd64"}},
}

func (t target) String() string { return t.os + "/" + t.arch }

// exe returns the file name of the program.
func (t target) exe() string {
	if t.os == "windows" {
		return "gonmf.exe"
	}
	return "gonmf"
}

func targetNames() []string {
	var names []string
	for _, t := range targets {
		names = append(names, t.String())
	}
	return names
}

func chooseTargets(names string) ([]target, error) {
	var chosen []target
	for name := range strings.SplitSeq(names, ",") {
		name = strings.TrimSpace(name)
		if name == "here" {
			name = runtime.GOOS + "/" + runtime.GOARCH
		}
		at := slices.IndexFunc(targets, func(t target) bool { return t.String() == name })
		if at < 0 {
			return nil, fmt.Errorf("-targets: nothing is published for %q: there are %s", name, strings.Join(targetNames(), ", "))
		}
		if !slices.ContainsFunc(chosen, func(t target) bool { return t.String() == name }) {
			chosen = append(chosen, targets[at])
		}
	}
	return chosen, nil
}

// entry is a file in an archive.
type entry struct {
	name    string // with slashes
	program bool   // it can be run
	data    []byte
}

func (e entry) mode() fs.FileMode {
	if e.program {
		return 0o755
	}
	return 0o644
}

// product is what one target is packed from.
type product struct {
	target
	program  []byte
	licences []entry // of gonmf, Go and every module
	sbom     []byte
	kernel   []entry // the kernel's folder
}

// release builds all targets into the folder out, and says so on log.
func (b *builder) release(ctx context.Context, out string, chosen []target, log io.Writer) error {
	sums := map[string]string{}
	write := func(name string, data []byte) error {
		sums[name] = fmt.Sprintf("%x", sha256.Sum256(data))
		fmt.Fprintf(log, "%6.1f MB  %s\n", float64(len(data))/1e6, name)
		return b.write(filepath.Join(out, name), data)
	}
	tool, err := b.tool(ctx)
	if err != nil {
		return err
	}
	completions, err := b.completions(ctx, tool)
	if err != nil {
		return err
	}
	for _, t := range chosen {
		p, err := b.product(ctx, t, tool)
		if err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
		fmt.Fprintf(log, "%6.1f MB  the program for %s\n", float64(len(p.program))/1e6, t)
		name, archive, err := b.archive(p, completions)
		if err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
		if err := write(name, archive); err != nil {
			return err
		}
		if name, archive, err = b.wheel(p); err != nil {
			return fmt.Errorf("%s: %w", t, err)
		}
		if err := write(name, archive); err != nil {
			return err
		}
		if err := write(b.name(t)+".spdx.json", p.sbom); err != nil {
			return err
		}
	}
	var list strings.Builder
	for _, name := range slices.Sorted(maps.Keys(sums)) {
		fmt.Fprintf(&list, "%s  %s\n", sums[name], name)
	}
	return b.write(filepath.Join(out, "SHA256SUMS"), []byte(list.String()))
}

func (b *builder) write(path string, data []byte) error {
	return cli.WriteFile(path, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(data))
		return err
	})
}

// name returns the name of what is built for a target, without an ending.
func (b *builder) name(t target) string {
	return fmt.Sprintf("gonmf_%s_%s_%s", b.version, t.os, t.arch)
}

// product builds for a target.
func (b *builder) product(ctx context.Context, t target, tool string) (*product, error) {
	p := &product{target: t}
	file, err := b.build(ctx, t)
	if err != nil {
		return nil, err
	}
	if p.program, err = os.ReadFile(file); err != nil {
		return nil, err
	}
	modules, err := linked(file)
	if err != nil {
		return nil, err
	}
	if p.licences, err = b.licences(ctx, t, modules); err != nil {
		return nil, err
	}
	if p.sbom, err = b.sbom(p, modules); err != nil {
		return nil, err
	}
	p.kernel, err = b.kernel(ctx, tool, t)
	return p, err
}

// builder knows what all targets share.
type builder struct {
	root    string // of the source
	version string
	when    time.Time // of the commit: the time of every file
	scratch string    // a folder for what is not kept
}
