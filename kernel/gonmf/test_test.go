package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// durations are what differs between two runs of tests.
var durations = regexp.MustCompile(`\d+\.\d+s|\(cached\)|(?m)^(exit status \d+|FAIL)$\n?`)

// statsModule copies testdata/stats into a module, and adds tests from outside of the package.
func statsModule(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/stats")); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, "go.mod"), "module stats\n\ngo 1.26\n")
	writeFile(t, filepath.Join(dir, "external_test.go"), externalTest)
	return dir
}

const externalTest = `package stats_test

import (
	"fmt"
	"testing"

	"stats"
)

func ExampleSum() {
	fmt.Println(stats.Sum([]float64{1, 2.5}))
	// Output: 3.5
}

func ExampleStats_Mean() {
	var s stats.Stats
	s.Add(1)
	s.Add(3)
	fmt.Println(s.Mean())
	// Unordered output: 2 <nil>
}

func TestExternal(t *testing.T) {
	var s stats.Stats
	if _, err := s.Mean(); err != stats.ErrEmpty {
		t.Fatal(err)
	}
}
`

// gonmf test says of a package what go test says.
func TestTestIsGoTest(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	self, dir := built(t), statsModule(t)
	for name, tt := range map[string]struct {
		args []string
		env  string
	}{
		"all":       {nil, ""},
		"each":      {[]string{"-v"}, ""},
		"a subtest": {[]string{"-v", "-run", "TestSum/two"}, ""},
		"a list":    {[]string{"-list", "Sum"}, ""},
		"a failure": {nil, "FAIL=1"},
		"none":      {[]string{"-run", "Nope"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			said := func(program string) (string, int) {
				cmd := exec.CommandContext(t.Context(), program, append([]string{"test"}, tt.args...)...)
				cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOFLAGS=-count=1", tt.env)
				out, _ := cmd.CombinedOutput()
				text := strings.ReplaceAll(durations.ReplaceAllString(string(out), ""), " [no tests to run]", "")
				return strings.ReplaceAll(text, "testing: warning: no tests to run\n", ""), cmd.ProcessState.ExitCode()
			}
			want, status := said("go")
			if got, s := said(self); got != want || s != status {
				t.Errorf("exit status %d and\n%s\nwant %d and\n%s", s, got, status, want)
			}
		})
	}
}

func TestTest(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	self, dir := built(t), statsModule(t)
	writeFile(t, filepath.Join(dir, "main", "main.go"), "package main\n\nfunc double(x int) int { return 2 * x }\n\nfunc main() {}\n")
	writeFile(t, filepath.Join(dir, "main", "main_test.go"), "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestMain(m *testing.M) {\n\tfmt.Println(\"before\")\n\tos.Exit(m.Run())\n}\n\nfunc TestDouble(t *testing.T) {\n\tif double(2) != 4 {\n\t\tt.Fail()\n\t}\n}\n")
	writeFile(t, filepath.Join(dir, "wrong", "wrong_test.go"), "package wrong\n\nfunc f() int { return \"\" }\n")
	writeFile(t, filepath.Join(dir, "empty", "empty.go"), "package empty\n")
	for _, tt := range []struct {
		args     []string
		status   int
		out, err string // parts
	}{
		{[]string{"-bench", ".", "-benchtime", "3x", "-run", "Nope"}, 0, "BenchmarkSum", ""},
		{[]string{"main"}, 0, "before\nPASS\n", ""},
		{[]string{"main/main.go"}, 0, "before\nPASS\n", ""},
		{[]string{"stats.go", "helper_test.go"}, 0, "ok  \tcommand-line-arguments\t", ""},
		{[]string{"wrong"}, 1, "", "wrong_test.go:3:23: cannot use \"\" (untyped string constant) as int value in return statement"},
		{[]string{"empty"}, 2, "", "there are no _test.go files in empty"},
		{[]string{"nope"}, 2, "", "there is nothing to test"},
		{[]string{"main", "wrong"}, 2, "", "one folder is tested at a time"},
	} {
		t.Run(strings.Join(tt.args, " "), func(t *testing.T) {
			got := runCommandLine(t, dir, "", self, append([]string{"test"}, tt.args...)...)
			if got.status != tt.status || !strings.Contains(got.out, tt.out) || !strings.Contains(got.err, tt.err) {
				t.Errorf("got %+v, want %+v", got, tt)
			}
		})
	}
	t.Run("a panic", func(t *testing.T) {
		t.Setenv("PANICS", "1")
		got := runCommandLine(t, dir, "", self, "test")
		if got.status != 1 || !strings.Contains(got.err, "panic: of a subtest\n") || !strings.Contains(got.err, "helper_test.go:19") || !strings.HasPrefix(got.out, "--- FAIL: TestHelper/sub\nexit status 2\nFAIL\t") {
			t.Errorf("got %+v", got)
		}
	})
}
