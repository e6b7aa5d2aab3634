package main

import (
	"flag"
	"fmt"
	"go/build"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"gonmf/kernel/internal/engine"
	"gonmf/scripts"
)

var testCommand = command{
	name:    "test",
	args:    "[FOLDER or .go files]",
	summary: "run the tests beside a script, interpreted",
	help: `
Runs the _test.go files of a folder, here unless another is named, without
compiling them: Test, Benchmark and Example functions with // Output, subtests,
TestMain, and the seeds of Fuzz functions, as go test does and with its flags. A
.go file stands for itself and the test beside it: sum.go for sum.go and
sum_test.go. The exit status is 0 if all pass, and 1 otherwise. Go need not be
installed. Times of benchmarks are those of the interpreter.

For example:
  gonmf test
  gonmf test -v -run 'Sum/empty' sum.go
  gonmf test -bench . -benchtime 100x ./stats`,
	define: func(f *flag.FlagSet, std streams) func([]string) error {
		passed := testFlags(f)
		return func(args []string) error {
			files, name, err := testFiles(args)
			if err != nil {
				return err
			}
			program, err := engine.Tests(name, files)
			if err != nil {
				return err
			}
			if err := os.Chdir(filepath.Dir(files[0].Name)); err != nil { // where go test runs them
				return err
			}
			become(name, passed())
			program.Run()
			return nil
		}
	},
}

// testFlags declares the flags of go test that a test binary has, too, and returns what
// hands on those that were given.
func testFlags(f *flag.FlagSet) (passed func() []string) {
	for name, usage := range map[string]string{"v": "print each test as it runs", "short": "tests may leave out what takes long", "failfast": "end at the first test that fails", "benchmem": "benchmarks tell what they allocate"} {
		f.Bool(name, false, usage)
	}
	for name, usage := range map[string]string{
		"run": "the tests and examples that match a `pattern`, a part for each level of subtests", "skip": "all but those that match a `pattern`",
		"bench": "the benchmarks that match a `pattern`, after the tests", "benchtime": "for each benchmark a `duration`, or how many rounds like 100x",
		"count": "run each test `n` times", "timeout": "a `duration` after which all ends", "list": "list the names that match a `pattern`",
		"parallel": "how `many` tests that allow it run at once", "cpu": "run all with these numbers of processors, a `list` like 1,2", "shuffle": "the order: on, off or a `seed`",
		"cpuprofile": "write a profile of the interpreter to a `file`",
	} {
		f.String(name, "", usage)
	}
	return func() (args []string) {
		f.Visit(func(one *flag.Flag) { args = append(args, "-test."+one.Name+"="+one.Value.String()) })
		return args
	}
}

// testFiles returns the files of a package with its tests, and what the package is called.
func testFiles(args []string) (files []scripts.File, name string, err error) {
	if len(args) == 0 {
		args = []string{"."}
	}
	names := args
	switch info, err := os.Stat(args[0]); {
	case err != nil:
		return nil, "", usagef("there is nothing to test: %v", err)
	case info.IsDir():
		if len(args) > 1 {
			return nil, "", usagef("what is %q? one folder is tested at a time", args[1])
		}
		if names, err = goFilesIn(args[0]); err != nil {
			return nil, "", err
		}
		if name, err = packagePath(args[0]); err != nil {
			return nil, "", err
		}
	default:
		name = "command-line-arguments"
		if test := strings.TrimSuffix(args[0], ".go") + "_test.go"; len(args) == 1 && !strings.HasSuffix(args[0], "_test.go") {
			names = []string{args[0], test}
		}
	}
	if !slices.ContainsFunc(names, func(n string) bool { return strings.HasSuffix(n, "_test.go") }) {
		return nil, "", usagef("there are no _test.go files in %s", strings.Join(args, ", "))
	}
	for _, n := range names {
		text, err := os.ReadFile(n)
		if err != nil {
			return nil, "", usageError{err.Error()}
		}
		files = append(files, scripts.File{Name: n, Text: text})
	}
	return files, name, nil
}

// goFilesIn lists the Go files of a folder that belong to its package on this platform.
func goFilesIn(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || e.Type()&fs.ModeType != 0 && e.IsDir() {
			continue
		}
		match, err := build.Default.MatchFile(dir, e.Name())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(dir, e.Name()), err)
		}
		if match {
			names = append(names, filepath.Join(dir, e.Name()))
		}
	}
	return names, nil
}

// packagePath is the import path of a folder, or its name if it stands in no module.
func packagePath(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	for top := dir; ; top = filepath.Dir(top) {
		if text, err := os.ReadFile(filepath.Join(top, "go.mod")); err == nil {
			rest, err := filepath.Rel(top, dir)
			return path.Join(modfile.ModulePath(text), filepath.ToSlash(rest)), err
		}
		if top == filepath.Dir(top) {
			return filepath.Base(dir), nil
		}
	}
}
