package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gonmf/scripts"
)

// demanding is a program of what yaegi does not know, whose first argument says how it ends.
const demanding = `package main

import (
	"bufio"
	"cmp"
	"errors"
	"flag"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"sync"
)

type shape interface{ area() float64 }

type square struct{ side float64 }

func (s square) area() float64 { return s.side * s.side }

type stack[T any] struct{ items []T }

func (s *stack[T]) push(x T) { s.items = append(s.items, x) }

func (s *stack[T]) all() iter.Seq2[int, T] {
	return func(yield func(int, T) bool) {
		for i, x := range slices.Backward(s.items) {
			if !yield(i, x) {
				return
			}
		}
	}
}

type failure struct{ code int }

func (f failure) Error() string { return fmt.Sprint("failure ", f.code) }

type text string

func at(x []int, i int) int { return x[i] }

func main() {
	n := flag.Int("n", 3, "how many")
	flag.Parse()
	var s stack[string]
	for i := range *n {
		s.push(fmt.Sprint("x", i))
	}
	for i, x := range s.all() {
		fmt.Print(i, x, " ")
	}
	m := map[string]int{"b": 2, "a": 1}
	keys := slices.SortedFunc(maps.Keys(m), func(a, b string) int { return cmp.Compare(m[a], m[b]) })
	fmt.Printf("%v %v %T %v %v\n", keys, min(2.5, 1), shape(square{2}), shape(square{2}).area(), flag.Args())
	var wg sync.WaitGroup
	sums := make([]int, 4)
	for i := range sums {
		wg.Go(func() { sums[i] = i * i })
	}
	wg.Wait()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		fmt.Println(sums, lines.Text())
	}
	println("on", "stderr", 1)
	defer fmt.Println("deferred")
	switch flag.Arg(0) {
	case "exit":
		os.Exit(3)
	case "index":
		at(sums, 4)
	case "nil":
		var p *square
		p.side = 1
	case "error":
		panic(errors.New("an error"))
	case "own":
		panic(failure{3})
	case "number":
		panic(42)
	case "text":
		panic(text("x"))
	case "map":
		var m map[string]int
		m["a"] = 1
	case "assertion":
		var x any = "s"
		_ = x.(int)
	case "goroutine":
		go func() { panic("elsewhere") }()
		select {}
	case "again":
		defer func() { fmt.Println(recover()) }()
		panic("caught")
	}
}
`

// ended is how a program ended, and what it wrote.
type ended struct {
	out, err string
	status   int
}

func runCommandLine(t *testing.T, dir, stdin, program string, args ...string) ended {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	var out, errs strings.Builder
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, strings.NewReader(stdin), &out, &errs
	_ = cmd.Run()
	return ended{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// places are what differs in a traceback: addresses, arguments, the numbers of function
// literals, and the lines about the process.
var places = regexp.MustCompile(`(?m) \+0x[0-9a-f]+$|\(.*\)$|^\[signal.*\n|goroutine \d+|func\d+|^created by .*\n\t.*\n|Usage of .*`)

// A script prints what the compiled program prints, and ends as that does.
func TestRunIsAsCompiled(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	self, dir := built(t), t.TempDir()
	script, exe := filepath.Join(dir, "main.go"), filepath.Join(dir, "main.exe")
	writeFile(t, script, demanding)
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", exe, script).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, args := range [][]string{
		nil, {"-n", "5", "a", "b"}, {"--n=1", "--", "-n", "2"}, {"-nope"}, {"-h"}, {"exit"}, {"index"}, {"nil"}, {"error"}, {"own"},
		{"number"}, {"text"}, {"map"}, {"assertion"}, {"goroutine"}, {"again"},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			want := runCommandLine(t, dir, "one\ntwo", exe, args...)
			got := runCommandLine(t, dir, "one\ntwo", self, append([]string{"run", script}, args...)...)
			want.err, got.err = places.ReplaceAllString(want.err, ""), places.ReplaceAllString(got.err, "")
			if got != want {
				t.Errorf("got\n%+v\nwant\n%+v", got, want)
			}
		})
	}
}

// What does not compile is told as the go command tells it.
func TestRunWhatDoesNotCompile(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	self := built(t)
	for name, text := range map[string]string{
		"unused":       "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() {\n\tx := 1\n\tfmt.Println()\n}\n",
		"undefined":    "package main\n\nfunc main() {\n\ty = 1\n\tvar s string = 2\n\t_ = s\n}\n",
		"no main":      "package main\n\nfunc f() {}\n",
		"redeclared":   "package main\n\nfunc f() {}\nfunc f() {}\nfunc main() {}\n",
		"missing body": "package main\n\nfunc f()\nfunc main() {}\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "main.go"), text)
			want := runCommandLine(t, dir, "", "go", "run", "main.go")
			got := runCommandLine(t, dir, "", self, "run", "main.go")
			linker := regexp.MustCompile(`runtime.main_main·f: `)
			if want.err = linker.ReplaceAllString(want.err, ""); got != want {
				t.Errorf("got\n%+v\nwant\n%+v", got, want)
			}
		})
	}
	for name, tt := range map[string]struct{ text, says string }{
		"syntax":           {"package main\n\nfunc main() {\n\tx := := 1\n}\n", "./main.go:4:7: syntax error: expected operand, found ':='"},
		"unknown package":  {"package main\n\nimport _ \"example.org/nope\"\n\nfunc main() {}\n", "./main.go:3:10: could not import example.org/nope (package example.org/nope is neither compiled into gonmf nor a folder of this module)"},
		"no main package":  {"package study\n\nfunc main() {}\n", "./main.go:1:9: a script is a package main, this is package study"},
		"an embedded file": {"package main\n\nimport _ \"embed\"\n\n//go:embed main.go\nvar text string\n\nfunc main() {}\n", "./main.go:5:1: go:embed is for the compiler"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "main.go"), tt.text)
			got := runCommandLine(t, dir, "", self, "run", "main.go")
			if got.status != 1 || got.out != "" || !strings.Contains(got.err, filepath.FromSlash(tt.says)) {
				t.Errorf("got %+v, want status 1 and %q", got, tt.says)
			}
		})
	}
}

// A script may be several files, and use the packages of its module.
func TestRunSeveralFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	self, dir := built(t), t.TempDir()
	for name, text := range map[string]string{
		"go.mod":          "module example\n\ngo 1.26\n",
		"cmd/main.go":     "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n\n\t\"example/inner\"\n)\n\nfunc main() { fmt.Println(inner.Twice(three), os.Args[1:], loud()) }\n",
		"cmd/other.go":    "package main\n\nimport \"strings\"\n\nconst three = 3\n\nfunc loud() string { return strings.ToUpper(\"loud\") }\n",
		"cmd/no_test.go":  "package main\n\nconst three = 4\n",
		"inner/inner.go":  "package inner\n\n// Twice is generic.\nfunc Twice[T int | float64](x T) T { return 2 * x }\n",
		"cmd/windows.txt": "not Go",
	} {
		writeFile(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	for _, script := range [][]string{{"./cmd"}, {"cmd"}, {"cmd/main.go", "cmd/other.go"}} {
		args := slices.Concat([]string{"run"}, script, []string{"x", "-v"})
		if got := runCommandLine(t, dir, "", self, args...); got != (ended{"6 [x -v] LOUD\n", "", 0}) {
			t.Errorf("gonmf %q gives %+v", args, got)
		}
	}
	// What follows two dashes is no file of the script.
	if got := runCommandLine(t, dir, "", self, "run", "cmd/main.go", "cmd/other.go", "--", "a.go"); got.out != "6 [-- a.go] LOUD\n" {
		t.Errorf("after two dashes it gives %+v", got)
	}
	if got := runCommandLine(t, dir, "", self, "run", "-engine", "yaegi", "cmd/other.go", "cmd/main.go"); got.status != 1 || !strings.Contains(got.err, "example/inner") {
		t.Errorf("yaegi, which knows no folders, gives %+v", got)
	}
}

// Each script that comes with gonmf writes the same bytes compiled and run by both engines.
func TestScriptsAreTheSameInAllWays(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	self, dir := built(t), t.TempDir()
	in := filepath.Join(dir, "in.csv")
	var table, truth strings.Builder
	table.WriteString("item_id,user_id,weight\n")
	truth.WriteString("item_id,class\n")
	for i := range 40 {
		fmt.Fprintf(&truth, "%d,class %d\n", i, i%3)
		for j := range i%5 + 1 {
			fmt.Fprintf(&table, "%d,u%d,%d\n", i, (i%3*7+j*j)%19, j+1)
		}
	}
	classes := filepath.Join(dir, "truth.csv")
	writeFile(t, in, table.String())
	writeFile(t, classes, truth.String())
	if got := runCommandLine(t, dir, "", self, "run", "fit", "-in", in, "-k", "3", "-out", filepath.Join(dir, "model")); got.status != 0 {
		t.Fatal(got.err)
	}
	runs := map[string][]string{
		"recommend": {"-k", "3", "-n", "2"},
		"study":     {"-quiet", "-k", "4", "-weight", "weight"},
		"fit":       {"-k", "3", "-solver", "mu", "-loss", "kullback-leibler", "-max-iter", "40"},
		"cluster":   {"-k", "3", "-tfidf", "-weight", "weight", "-truth", classes},
		"coverage":  {"-model", filepath.Join(dir, "model", "model.npz")},
	}
	for _, name := range scripts.Names() {
		args, ok := runs[name]
		if !ok {
			t.Errorf("%s is not tried here", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			// Without the commit, which a model names and a test does not have.
			exe := filepath.Join(dir, name+".exe")
			if out, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", exe, "gonmf/scripts/"+name).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			compiled, printed := "", ""
			for _, way := range [][]string{{exe}, {self, "run", name}, {self, "run", "-engine", "yaegi", name}} {
				out := t.TempDir()
				got := runCommandLine(t, t.TempDir(), "", way[0], slices.Concat(way[1:], []string{"-in", in, "-out", out}, args)...)
				if got.status != 0 {
					t.Fatalf("%q: %s", way, got.err)
				}
				got.out = strings.ReplaceAll(got.out, out, "OUT")
				if compiled == "" {
					compiled, printed = out, got.out
					continue
				}
				if times := regexp.MustCompile(`\d+(\.\d+)? ?(ms|s|µs)\b`); times.ReplaceAllString(got.out, "T") != times.ReplaceAllString(printed, "T") {
					t.Errorf("%q prints\n%s\nwant\n%s", way, got.out, printed)
				}
				files, err := os.ReadDir(compiled)
				if err != nil || len(files) == 0 {
					t.Fatalf("%d files, %v", len(files), err)
				}
				for _, f := range files {
					if f.Name() == "fit.json" { // which has times
						continue
					}
					want, got := mustRead(t, filepath.Join(compiled, f.Name())), mustRead(t, filepath.Join(out, f.Name()))
					if got != want {
						t.Errorf("%q: %s differs", way, f.Name())
					}
				}
			}
		})
	}
}
