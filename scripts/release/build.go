package main

import (
	"bytes"
	"context"
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	command = "gonmf/kernel/gonmf" // the program
	next    = "0.1.0"              // the version that untagged commits are on the way to
)

var (
	// validVersion matches versions as PEP 440 normalizes them.
	validVersion = regexp.MustCompile(`^\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?(\+[a-z0-9]+(\.[a-z0-9]+)*)?$`)
	// tag matches the tags of releases, which Go reads, too.
	tag = regexp.MustCompile(`^v(\d+\.\d+\.\d+)(?:-(alpha|beta|rc)\.?(\d+))?$`)
)

// output runs a command in dir and returns what it prints.
func output(ctx context.Context, dir string, env []string, name string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = dir, env
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return nil, fmt.Errorf("%s %s: %w: %s", filepath.Base(name), args[0], err, bytes.TrimSpace(errs.Bytes()))
	}
	return out.Bytes(), nil
}

// moduleRoot returns the folder of gonmf's source.
func moduleRoot(ctx context.Context) (string, error) {
	out, err := output(ctx, "", nil, "go", "list", "-m", "-f", "{{.Dir}}", "gonmf")
	if err != nil {
		return "", fmt.Errorf("this builds gonmf from its source, start it there: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}

// commitOf returns the version and the time of the commit at root, from which
// no file may differ.
func commitOf(ctx context.Context, root string) (version string, when time.Time, err error) {
	git := func(args ...string) (string, error) {
		out, err := output(ctx, root, nil, "git", args...)
		return strings.TrimSpace(string(out)), err
	}
	changed, err := git("status", "--porcelain")
	if err != nil {
		return "", when, fmt.Errorf("a release is built from a commit: %w", err)
	}
	if changed != "" {
		first, _, _ := strings.Cut(changed, "\n")
		return "", when, fmt.Errorf("a release is built from a commit, and files differ from it (%s): commit or remove them", first)
	}
	seconds, err := git("log", "-1", "--format=%ct")
	if err != nil {
		return "", when, err
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return "", when, fmt.Errorf("git: the time of the commit is %q", seconds)
	}
	commit, err := git("rev-parse", "HEAD")
	if err != nil {
		return "", when, err
	}
	tags, err := git("tag", "--points-at", "HEAD")
	if err != nil {
		return "", when, err
	}
	return versionOf(strings.Fields(tags), commit), time.Unix(n, 0).UTC(), nil
}

// versionOf returns the version of a commit, as Python writes versions. If
// several releases are of the same commit, the last of them counts.
func versionOf(tags []string, commit string) string {
	version, final := "", false
	for _, t := range tags {
		m := tag.FindStringSubmatch(t)
		if m == nil || final && m[2] != "" {
			continue
		}
		version, final = m[1], m[2] == ""
		if !final {
			version += map[string]string{"alpha": "a", "beta": "b", "rc": "rc"}[m[2]] + m[3]
		}
	}
	if version == "" {
		// A g, as git has it: digits alone would be read as a number.
		version = next + ".dev0+g" + commit[:min(12, len(commit))]
	}
	return version
}

// environment is what the go command builds with. Settings of this machine
// that would change the program are left out.
func environment(t target) []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"GOFLAGS", "GOEXPERIMENT", "GOFIPS140", "GODEBUG"}, name)
	})
	return append(env, "GOOS="+t.os, "GOARCH="+t.arch, "CGO_ENABLED=0", "GOAMD64=v1", "GOARM64=v8.0", "GOWORK=off", "GOFLAGS=-mod=readonly")
}

// build builds the program, without symbols for debuggers, and returns its file.
func (b *builder) build(ctx context.Context, t target) (string, error) {
	file := filepath.Join(b.scratch, t.os+"-"+t.arch, t.exe())
	if _, err := os.Stat(file); err == nil {
		return file, nil // it is the tool
	}
	// No folder (-trimpath) and no clone (-buildvcs) leaves a trace in it; the version says which commit it is.
	_, err := output(ctx, b.root, environment(t), "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags=-s -w -X gonmf/nmf.release="+b.version, "-o", file, command)
	return file, err
}

// tool returns the program for this machine, which knows its completions and its kernel.
func (b *builder) tool(ctx context.Context) (string, error) {
	return b.build(ctx, target{os: runtime.GOOS, arch: runtime.GOARCH})
}

// completions returns the files that shells complete commands by.
func (b *builder) completions(ctx context.Context, tool string) ([]entry, error) {
	var out []entry
	for _, c := range []struct{ shell, file string }{{"bash", "gonmf.bash"}, {"fish", "gonmf.fish"}, {"zsh", "_gonmf"}} {
		text, err := output(ctx, "", nil, tool, "completion", c.shell)
		if err != nil {
			return nil, err
		}
		out = append(out, entry{name: "completions/" + c.file, data: text})
	}
	return out, nil
}

// kernel returns the folder of the kernel in a Python environment, where pip puts the program into bin or Scripts.
func (b *builder) kernel(ctx context.Context, tool string, t target) ([]entry, error) {
	program := "{resource_dir}/../../../../bin/" + t.exe()
	if t.os == "windows" {
		program = `{resource_dir}\..\..\..\..\Scripts\` + t.exe()
	}
	prefix := filepath.Join(b.scratch, t.os+"-"+t.arch, "prefix")
	if _, err := output(ctx, "", nil, tool, "install", "-prefix", prefix, "-program", program); err != nil {
		return nil, err
	}
	return filesBelow(filepath.Join(prefix, "share", "jupyter", "kernels", "gonmf"))
}

// filesBelow returns the files in a folder, sorted.
func filesBelow(dir string) ([]entry, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []entry
	for _, f := range files {
		data, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return nil, err
		}
		out = append(out, entry{name: f.Name(), data: data})
	}
	return out, nil
}

// linked returns the modules in a program, as it says itself.
func linked(file string) ([]*debug.Module, error) {
	info, err := buildinfo.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if info.GoVersion != runtime.Version() {
		return nil, fmt.Errorf("it was built by %s and is packed by %s: the licence would be that of another Go", info.GoVersion, runtime.Version())
	}
	for _, m := range info.Deps {
		if m.Replace != nil {
			return nil, fmt.Errorf("%s is replaced in go.mod: a release is built of published modules", m.Path)
		}
	}
	if len(info.Deps) == 0 {
		return nil, errors.New("it names no modules")
	}
	return info.Deps, nil
}
