package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gonmf/scripts/pyenv"
)

const testVersion = "0.1.0.dev0+gtest"

func newBuilder(t *testing.T, root string) *builder {
	t.Helper()
	root, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	return &builder{root: root, version: testVersion, when: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), scratch: t.TempDir()}
}

// here builds what is packed for this machine from the source in root.
func here(t *testing.T, root string) (*builder, *product) {
	t.Helper()
	chosen, err := chooseTargets("here")
	if err != nil {
		t.Skip(err)
	}
	b := newBuilder(t, root)
	tool, err := b.tool(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p, err := b.product(t.Context(), chosen[0], tool)
	if err != nil {
		t.Fatal(err)
	}
	return b, p
}

// TestWheel builds the wheel for this machine, builds what is in it again from
// another folder, and has pip install it where there is no Go.
func TestWheel(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	root := filepath.Join("..", "..")
	b, p := here(t, root)
	name, data, err := b.wheel(p)
	if err != nil {
		t.Fatal(err)
	}
	wheel := filepath.Join(t.TempDir(), name)
	if err := b.write(wheel, data); err != nil {
		t.Fatal(err)
	}
	t.Run("record", func(t *testing.T) { checkWheel(t, wheel) })
	t.Run("same bytes", func(t *testing.T) {
		// A copy has another path and no git. How it is packed TestPacked looks at.
		if _, again := here(t, copyOf(t, root)); !reflect.DeepEqual(p, again) {
			t.Errorf("built in another folder it is not the same: the program %v, the licences %v, the list %v, the kernel %v", bytes.Equal(p.program, again.program),
				reflect.DeepEqual(p.licences, again.licences), bytes.Equal(p.sbom, again.sbom), reflect.DeepEqual(p.kernel, again.kernel))
		}
	})
	t.Run("pip", func(t *testing.T) { tryWheel(t, python, wheel) })
}

// TestPacked packs a small program for every target, twice and in other orders.
func TestPacked(t *testing.T) {
	b := newBuilder(t, ".")
	for _, target := range targets {
		t.Run(target.String(), func(t *testing.T) {
			pack := func(licences, completions []entry) [2][]byte {
				t.Helper()
				p := &product{target: target, program: []byte("a program"), sbom: []byte("{}"), licences: licences, kernel: []entry{{name: "kernel.json"}}}
				archive, one, err := b.archive(p, completions)
				if err != nil {
					t.Fatal(err)
				}
				wheel, two, err := b.wheel(p)
				if err != nil {
					t.Fatal(err)
				}
				if isZip := bytes.HasPrefix(one, []byte("PK")); isZip != strings.HasSuffix(archive, ".zip") || isZip != (target.os == "windows") {
					t.Errorf("is %s a zip? %v", archive, isZip)
				}
				if want := "gonmf-" + testVersion + "-py3-none-" + strings.Join(target.wheel, ".") + ".whl"; wheel != want {
					t.Errorf("the wheel is %s, want %s", wheel, want)
				}
				return [2][]byte{one, two}
			}
			x, y := entry{name: "licenses/x/LICENSE", data: []byte("x")}, entry{name: "licenses/y/LICENSE", data: []byte("y")}
			v, w := entry{name: "completions/v"}, entry{name: "completions/w"}
			if !reflect.DeepEqual(pack([]entry{x, y}, []entry{v, w}), pack([]entry{y, x}, []entry{w, v})) {
				t.Error("it is packed in another way in another order")
			}
		})
	}
}

// copyOf copies the source that git knows of.
func copyOf(t *testing.T, root string) string {
	t.Helper()
	list, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatal(err)
	}
	to := filepath.Join(t.TempDir(), "elsewhere")
	for name := range strings.SplitSeq(strings.TrimRight(string(list), "\x00"), "\x00") {
		data, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			continue // about to be deleted
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(to, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// checkWheel holds every file of a wheel to its RECORD.
func checkWheel(t *testing.T, wheel string) {
	z, err := zip.OpenReader(wheel)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	content := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if content[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
		r.Close()
		if program := strings.Contains(f.Name, ".data/scripts/"); !f.Mode().IsRegular() || (f.Mode()&0o111 != 0) != program {
			t.Errorf("%s has the mode %v", f.Name, f.Mode())
		}
	}
	const info = "gonmf-" + testVersion + ".dist-info/"
	rows, err := csv.NewReader(bytes.NewReader(content[info+"RECORD"])).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(content) {
		t.Errorf("RECORD has %d lines for %d files", len(rows), len(content))
	}
	for _, row := range rows {
		data, ok := content[row[0]]
		sum := sha256.Sum256(data)
		want := []string{row[0], "sha256=" + base64.RawURLEncoding.EncodeToString(sum[:]), strconv.Itoa(len(data))}
		if row[0] == info+"RECORD" {
			want = []string{row[0], "", ""}
		}
		if !ok || !slices.Equal(row, want) {
			t.Errorf("RECORD has %q, want %q", row, want)
		}
	}
	for _, file := range []string{"METADATA", "WHEEL", "licenses/LICENSE", "licenses/go/LICENSE", "licenses/gonum.org/v1/gonum/LICENSE", "sboms/gonmf.spdx.json"} {
		if len(content[info+file]) == 0 {
			t.Errorf("%s is missing", file)
		}
	}
	// The name says the tags once more.
	platforms := strings.Split(strings.TrimSuffix(filepath.Base(wheel)[len("gonmf-"+testVersion+"-py3-none-"):], ".whl"), ".")
	for _, p := range platforms {
		if !strings.Contains(string(content[info+"WHEEL"]), "\nTag: py3-none-"+p+"\n") {
			t.Errorf("WHEEL does not name the platform %s", p)
		}
	}
	var list document
	if err := json.Unmarshal(content[info+"sboms/gonmf.spdx.json"], &list); err != nil || len(list.Packages) < 20 || len(list.Relationships) != len(list.Packages) {
		t.Errorf("the list of modules has %d packages and %d relationships (%v)", len(list.Packages), len(list.Relationships), err)
	}
	// The drivers of three databases are 4 MB of it; without them it was 23.4.
	if limit := 28_000_000; size(t, wheel) > limit {
		t.Errorf("the wheel has %d bytes, more than %d", size(t, wheel), limit)
	}
}

func size(t *testing.T, name string) int {
	t.Helper()
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	return int(info.Size())
}

// tryWheel installs a wheel into a fresh environment without Go, runs what is
// in it, and uninstalls it.
func tryWheel(t *testing.T, python, wheel string) {
	dir := t.TempDir()
	env := filepath.Join(dir, "env")
	bin, exe := filepath.Join(env, "bin"), ""
	if runtime.GOOS == "windows" {
		bin, exe = filepath.Join(env, "Scripts"), ".exe"
	}
	environ := append(slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return strings.HasPrefix(name, "JUPYTER") || strings.HasPrefix(name, "PYTHON") || strings.HasPrefix(name, "PIP_") || strings.EqualFold(name, "PATH")
	}), "PATH="+bin, "HOME="+dir, "JUPYTER_PATH="+filepath.Join(env, "share", "jupyter"),
		"JUPYTER_DATA_DIR="+filepath.Join(dir, "data"), "JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "runtime"), "GONMF_DATA_DIR="+dir)
	sh := func(stdin, name string, args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), name, args...)
		cmd.Env, cmd.Dir, cmd.Stdin = environ, dir, strings.NewReader(stdin)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		printed, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s %q: %v\n%s%s", name, args, err, printed, &errs)
		}
		return string(printed)
	}
	pip := func(args ...string) {
		t.Helper()
		sh("", filepath.Join(bin, "python"+exe), append([]string{"-m", "pip", "--disable-pip-version-check", "--no-input"}, args...)...)
	}
	cells, err := filepath.Abs(filepath.Join("..", "..", "kernel", "gonmf", "testdata", "cells.py"))
	if err != nil {
		t.Fatal(err)
	}

	sh("", python, "-m", "venv", env)
	before := tree(t, env)
	pip("install", "--no-index", "--no-deps", wheel)
	gonmf := filepath.Join(bin, "gonmf"+exe)
	if said := sh("", gonmf, "version"); !strings.HasPrefix(said, "gonmf "+testVersion+"\n") {
		t.Errorf("gonmf version says %q", said)
	}
	sh("", gonmf, "run", "study", "-quiet", "-k", "2", "-max-iter", "2", "-out", filepath.Join(dir, "study"))
	if size(t, filepath.Join(dir, "study", "coverage.svg")) == 0 {
		t.Error("the study drew nothing")
	}
	listed := sh("", filepath.Join(filepath.Dir(python), "jupyter"+exe), "kernelspec", "list", "--json")
	if !strings.Contains(listed, `"display_name": "Go (gonmf)"`) || !strings.Contains(listed, filepath.ToSlash(filepath.Join(env, "share"))) && runtime.GOOS != "windows" {
		t.Errorf("Jupyter does not list the kernel:\n%s", listed)
	}
	var answers []struct{ Status, Stdout, Error string }
	answer := sh(`["import (\"fmt\"; \"gonmf/nmf\")", "fmt.Println(nmf.ThisBuild().Version)"]`, python, cells, "gonmf")
	if err := json.Unmarshal([]byte(answer), &answers); err != nil || len(answers) != 2 || answers[1].Stdout != testVersion+"\n" {
		t.Errorf("the cells gave %s (%v)", answer, err)
	}
	pip("uninstall", "--yes", "gonmf")
	// The empty folders above the kernel's pip leaves to whoever made them.
	if after := tree(t, env); !slices.Equal(before, after) {
		for _, name := range slices.Concat(before, after) {
			if !slices.Contains(before, name) || !slices.Contains(after, name) {
				t.Errorf("%s was there before or after, not both", name)
			}
		}
	}
	if _, err := os.Stat(filepath.Join(env, "share", "jupyter", "kernels", "gonmf")); err == nil {
		t.Error("the folder of the kernel is left")
	}
}

// tree lists the files, without what Python compiles.
func tree(t *testing.T, root string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == "__pycache__" {
			return filepath.SkipDir
		}
		if !d.IsDir() {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestVersions(t *testing.T) {
	const commit = "012345678901aaaa"
	for _, tt := range []struct{ tags, want string }{
		{"", "0.1.0.dev0+g012345678901"},
		{"nightly v1 vfoo v1.2", "0.1.0.dev0+g012345678901"},
		{"v0.1.0", "0.1.0"},
		{"v0.2.0-rc.1", "0.2.0rc1"},
		{"v0.2.0-alpha2", "0.2.0a2"},
		{"v0.2.0-rc.1 v0.2.0", "0.2.0"},
		{"v0.2.0 v0.2.0-rc.1", "0.2.0"},
	} {
		got := versionOf(strings.Fields(tt.tags), commit)
		if got != tt.want || !validVersion.MatchString(got) {
			t.Errorf("%q: %s, want %s", tt.tags, got, tt.want)
		}
	}
	for _, bad := range []string{"", "v0.1.0", "0.1.0-rc1", "0.1.0+", "0.1.0+A", "1.0 "} {
		if validVersion.MatchString(bad) {
			t.Errorf("%q is no version", bad)
		}
	}
}

func TestTargets(t *testing.T) {
	for names, want := range map[string]string{
		"linux/amd64": "[linux/amd64]",
		"darwin/arm64, linux/arm64, darwin/arm64": "[darwin/arm64 linux/arm64]",
		"plan9/amd64": "nothing is published for \"plan9/amd64\"",
		"":            "nothing is published for \"\"",
	} {
		chosen, err := chooseTargets(names)
		if got := fmt.Sprint(chosen, err); !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", names, got, want)
		}
	}
}

// TestCommit sees that only what is committed is released.
func TestCommit(t *testing.T) {
	dir := t.TempDir()
	git := func(args ...string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
		cmd.Env = append(os.Environ(), "GIT_COMMITTER_DATE=2026-01-02T03:04:05+02:00")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %q: %v\n%s", args, err, out)
		}
	}
	git("init", "-q")
	git("commit", "-q", "--allow-empty", "-m", "first")
	git("tag", "v1.2.3")
	version, when, err := commitOf(t.Context(), dir)
	if err != nil || version != "1.2.3" || !when.Equal(time.Date(2026, 1, 2, 1, 4, 5, 0, time.UTC)) {
		t.Errorf("got %s of %v, %v", version, when, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "new"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, err := commitOf(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "new") {
		t.Errorf("with a file that is not committed: %v", err)
	}
}

func TestDeclared(t *testing.T) {
	bsd := "Redistribution and use in source and binary forms, with"
	for text, want := range map[string]string{
		"do what you like": "NOASSERTION",
		"Permission is hereby granted, free of charge, to": "MIT",
		bsd: "BSD-2-Clause",
		bsd + "out ...\nNeither the name of Google":                                               "BSD-3-Clause",
		"Apache License\n   Version 2.0, January":                                                 "Apache-2.0",
		"SIL OPEN FONT LICENSE Version 1.1\nPermission is hereby granted, free of charge, to any": "OFL-1.1",
		"Permission to use, copy, modify, and/or distribute this software":                        "ISC",
	} {
		if got := declared([]entry{{data: []byte(text)}}); got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
	if got := declared([]entry{{data: []byte(bsd)}, {data: []byte("Permission is hereby granted, free of charge")}}); got != "BSD-2-Clause AND MIT" {
		t.Errorf("two files of terms are %s", got)
	}
}
