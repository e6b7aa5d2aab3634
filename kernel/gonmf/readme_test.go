//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"gonmf/scripts/pyenv"
)

// standIns are run for commands that would take minutes, open a window or run
// this test: they see that the command is there and takes its flags.
var standIns = map[string]string{
	"go test ./...":         "go list ./...",
	"go test -short ./...":  "go list ./...",
	"go generate ./...":     "go generate -n ./...",
	"jupyter lab":           "jupyter lab --version",
	"jupyter lab notebooks": "jupyter lab --version",
	"go run ./scripts/bench -in online_retail.csv.gz -chart scripts/bench/speed.svg": "go run ./scripts/bench -h",
	"go run ./scripts/bench/reading":                                                 "go run ./scripts/bench/reading -h",
	"go run ./scripts/bench/shards":                                                  "go run ./scripts/bench/shards -h",
	"go test -bench . ./nmf":                                                         "go list -test ./nmf",
	"go test ./notebooks -run TestNotebooksRun -update":                              "go list -test ./notebooks",
	"go test ./notebooks":                                                            "go list -test ./notebooks",
}

// placeholders are what readers put their own into.
var placeholders = strings.NewReplacer(
	"-in FILE", "-in notebooks/data/names.csv.gz",
	"purchases.csv -item sku -user customer", "notebooks/data/names.csv.gz -item item_id -user user_id")

var (
	shell  = regexp.MustCompile("(?s)```sh\n(.*?)```")
	inline = regexp.MustCompile("(?:`|<code>)((?:go (?:run|test|install|generate)|gonmf (?:run|install|doctor|version|build|verify)|jupyter) [^`<]*)")
)

// commands returns the commands of a page: the lines of its blocks of shell,
// and those in the text.
func commandsOf(t *testing.T, page string) []string {
	t.Helper()
	raw, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	text := string(raw)
	var found []string
	for _, block := range shell.FindAllStringSubmatch(text, -1) {
		for line := range strings.Lines(block[1]) {
			line, _, _ = strings.Cut(line, " #")
			if line = strings.TrimSpace(line); line != "" {
				found = append(found, line)
			}
		}
	}
	for _, match := range inline.FindAllStringSubmatch(shell.ReplaceAllString(text, ""), -1) {
		if command := strings.Join(strings.Fields(match[1]), " "); !slices.Contains(found, command) {
			found = append(found, command)
		}
	}
	return found
}

// TestCommandsOfTheREADME runs what the README and the pages tell to run, in
// order, in a copy of the repository.
func TestCommandsOfTheREADME(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	root := filepath.Join("..", "..")
	clone, home := filepath.Join(t.TempDir(), "clone"), t.TempDir()
	cloned, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(strings.TrimRight(string(cloned), "\x00"), "\x00") {
		if _, err := os.Stat(filepath.Join(root, name)); err == nil { // else it is about to be deleted
			copyFile(t, filepath.Join(root, name), filepath.Join(clone, name))
		}
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, script, _ := strings.Cut(string(readme), "```go\npackage main")
	script, _, _ = strings.Cut("package main"+script, "```")
	writeFile(t, filepath.Join(clone, "hello.go"), script)

	env := append(os.Environ(),
		"GOBIN="+filepath.Join(home, "bin"),
		"PATH="+filepath.Join(home, "bin")+":"+filepath.Dir(python)+":"+os.Getenv("PATH"),
		"GOFLAGS=-trimpath", // what is built is kept for the next copy, wherever it is
		"JUPYTER_DATA_DIR="+filepath.Join(home, "data"),
		"JUPYTER_CONFIG_DIR="+filepath.Join(home, "config"),
		"JUPYTER_PATH=",
	)
	done := map[string]bool{}
	sh := func(command string) {
		t.Helper()
		if instead, ok := standIns[command]; ok {
			command = instead
		}
		command = placeholders.Replace(command)
		if done[command] {
			return
		}
		done[command] = true
		start := time.Now()
		cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
		cmd.Dir, cmd.Env = clone, env
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
		t.Logf("%.1f s: %s", time.Since(start).Seconds(), command)
	}
	// It has to be there for what the text speaks of before.
	sh("go install ./kernel/gonmf")
	number := 0
	var last []string
	for _, page := range []string{"README.md", "notebooks/README.md", "notebooks/from-python.md", "notebooks/from-r.md"} {
		for _, command := range commandsOf(t, filepath.Join(root, page)) {
			number++
			if strings.HasPrefix(command, "gonmf uninstall") {
				last = append(last, command)
				continue
			}
			sh(command)
		}
	}
	for _, command := range last {
		sh(command)
	}
	if number < 15 {
		t.Errorf("there are only %d commands", number)
	}
	for _, name := range []string{"study/coverage.svg", "study/model.npz", "mygonmf"} {
		if info, err := os.Stat(filepath.Join(clone, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s was not made: %v", name, err)
		}
	}
}

// TestCellOfTheREADME runs the first cell of the page with a table like the one that it
// speaks of.
func TestCellOfTheREADME(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	readme, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, cell, ok := strings.Cut(string(readme), "```go\nimport (")
	if !ok {
		t.Fatal("there is no cell")
	}
	cell, _, _ = strings.Cut("import ("+cell, "```")
	dir := t.TempDir()
	table := "article,customer,quantity\ntea,ann,2\nmilk,ann,1\ntea,ben,3\nscones,ben,2\nmilk,cleo,4\nscones,cleo,2\nbeer,dan,6\ncrisps,dan,2\nbeer,eve,3\ncrisps,eve,1\n"
	writeFile(t, filepath.Join(dir, "sales.csv"), table)
	nb := writeNotebook(t, dir, cell, "best", "err == nil")
	out, errs, status := program(t, dir, "", "run", nb)
	if status != 0 || !strings.Contains(out, `chart "Bought more than one at a time"`) || !strings.Contains(out, "item_id") || !strings.HasSuffix(out, "true\n") {
		t.Errorf("status %d, printed %s\n%s", status, out, errs)
	}
	if info, err := os.Stat(filepath.Join(dir, "sales.npz")); err != nil || info.Size() == 0 {
		t.Errorf("the model was not saved: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "sales.csv")); err != nil {
		t.Fatal(err)
	}
	out, errs, status = program(t, dir, "", "run", nb)
	if status == 0 || !strings.Contains(out+errs, "open sales.csv: no such file or directory") || strings.Contains(out+errs, "nil pointer") {
		t.Errorf("without the table: status %d, printed %s\n%s", status, out, errs)
	}
}
