package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/scripts/notebook"
)

// writeNotebook writes a notebook of code cells; one that begins with a # is
// Markdown.
func writeNotebook(t *testing.T, dir string, cells ...string) string {
	t.Helper()
	nb := &notebook.Notebook{Format: 4, FormatMinor: 4}
	for _, source := range cells {
		c := &notebook.Cell{Kind: "code", Source: notebook.Text(source)}
		if strings.HasPrefix(source, "#") {
			c.Kind = "markdown"
		}
		if strings.HasPrefix(source, "// defaults\n") {
			c.Metadata = map[string]any{"tags": []any{"parameters"}}
		}
		nb.Cells = append(nb.Cells, c)
	}
	name := filepath.Join(dir, "some.ipynb")
	if err := nb.Write(name); err != nil {
		t.Fatal(err)
	}
	return name
}

// program runs gonmf as a program in a folder.
func program(t *testing.T, dir, stdin string, args ...string) (stdout, stderr string, status int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), built(t), args...)
	var out, errs strings.Builder
	cmd.Dir, cmd.Stdin, cmd.Stdout, cmd.Stderr = dir, strings.NewReader(stdin), &out, &errs
	_ = cmd.Run()
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// difficult are cells whose names, types and order matter, and what they print.
var difficult = []string{
	"# Names\n\nthat are declared again",
	"import \"fmt\"\nimport r \"math/rand\"\n\ntype point struct{ x, y int }\n\nfunc (p point) norm() int { return p.x*p.x + p.y*p.y + offset }\n\noffset := 1 // of all norms\n",
	"p := point{1, 2}\nfmt.Println(p.norm())\nold := func() int { return p.x }",
	"p := point{3, 4} // another p: old has the first\noffset = 10\nfmt.Println(p.norm(), old())",
	"// A method for a type of before.\nfunc (p point) String() string { return fmt.Sprint(\"p\", p.x) }\nq := point{7, 8}\nq",
	"type point []float64\n\nfunc sum[T int | float64](v ...T) (s T) {\n\tfor _, x := range v {\n\t\ts += x\n\t}\n\treturn s\n}\nsum(point{.5, 1}...)",
	"import \"math/rand/v2\"\n\nx, err := fmt.Sprint(rand.New(rand.NewPCG(1, 2)).IntN(1), r.New(r.NewSource(1)).Intn(1)), error(nil)\nfmt.Println(x, err)",
	"x, n := 5, len(x)\nunused := 3\nfor i, unusedToo := range []string{\"a\"} {\n\tfmt.Println(i, x, n)\n}",
	"var (\n\tm = map[string]point{\"a\": {1}}\n\tdone chan bool\n)\nconst half = 1 / 2.\nm[\"a\"][0] + half",
	"func fact(n int) int {\n\tif n < 2 {\n\t\treturn 1\n\t}\n\treturn n * fact(n-1)\n}\nfact(5); ctx.Err()",
	"func fact(n int) string { return \"new\" }\nfmt := fact(1) + fmt.Sprint(ctx.Err())\nfmt",
	"Display(len(fmt))\nx == 5",
}

const difficultOutput = "6\n35 1\np7\n1.5\n0 0 <nil>\n0 5 3\n1.5\nnew<nil>\n8\ntrue\n"

func TestNotebookAsScript(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	dir := t.TempDir()
	name := writeNotebook(t, dir, difficult...)
	ran := filepath.Join(dir, "ran.ipynb")
	if out, errs, status := program(t, dir, "", "run", name, "-o", ran); out != difficultOutput || status != 0 {
		t.Errorf("as a notebook: status %d, printed %q, want %q\n%s", status, out, difficultOutput, errs)
	}
	nb, err := notebook.Read(ran)
	if err != nil {
		t.Fatal(err)
	}
	if c := nb.Cells[2]; c.Count != 2 || len(c.Outputs) != 1 || c.Outputs[0].Text != "6\n" {
		t.Errorf("the second cell was saved as %+v", c)
	}
	if c := nb.Cells[4]; len(c.Outputs) != 1 || c.Outputs[0].Kind != "execute_result" || c.Outputs[0].Data["text/plain"] != "p7" {
		t.Errorf("the fourth cell was saved as %+v", c)
	}

	exported := filepath.Join(dir, "some.go")
	if out, errs, status := program(t, dir, "", "export", name); out != "" || status != 0 {
		t.Fatalf("export: status %d, %q, %q", status, out, errs)
	}
	cmd := exec.CommandContext(t.Context(), "go", "run", exported)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != difficultOutput {
		text, _ := os.ReadFile(exported)
		t.Errorf("as a program: %v, printed %q, want %q\n%s", err, out, difficultOutput, text)
	}
	text, err := os.ReadFile(exported)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"// # Names\n", "// In [3]\n", "// of all norms", "// A method for a type of before.\n"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the program does not have %q", want)
		}
	}
}

// What nbconvert writes as a script, and %save, runs.
func TestLooseCellsRun(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "cells.go")
	if err := os.WriteFile(name, []byte("// In [1]\nimport \"fmt\"\nx := 6\n\nfunc twice(n int) int { return 2 * n }\n%time x++\nfor range 2 {\n\tfmt.Println(twice(x))\n}\nx\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, status := program(t, dir, "", "run", name)
	if status != 0 || !strings.HasSuffix(out, "14\n14\n7\n") {
		t.Errorf("status %d, printed %q\n%s", status, out, errs)
	}
}

func TestExportRefuses(t *testing.T) {
	for name, tt := range map[string]struct{ cell, says string }{
		"what does not compile": {"x := 1\nx = nope", "In [2], line 2: undefined: nope"},
		"a program":             {"package main\n\nfunc main() {}", "In [2] is a program of its own"},
		"an init function":      {"func init() {}", "In [2] has an init function"},
		"an earlier input":      {"x := 1\nprint(In[1], x)", "In [2], line 2: In is for notebooks only"},
		"an earlier result":     {"print(Out[1])", "In [2], line 1: Out is for notebooks only"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			nb := writeNotebook(t, dir, "y := 1\ny", tt.cell)
			status, stdout, stderr := gonmf("export", nb)
			if status != 1 || stdout != "" || !strings.Contains(stderr, tt.says) {
				t.Errorf("status %d, %q, %q; want 1 and %q", status, stdout, stderr, tt.says)
			}
			if _, err := os.Stat(filepath.Join(dir, "some.go")); err == nil {
				t.Error("it has written a program")
			}
		})
	}
}

// What stops a cell ends the program, and what only a notebook can do is a comment.
func TestExportWritesLooksOut(t *testing.T) {
	dir := t.TempDir()
	nb := writeNotebook(t, dir, "import (\"os\"; \"strconv\"; \"fmt\")\n%time n, err := strconv.Atoi(\"12\")\n!ls\nfmt.Println(n)",
		"%%bash\necho hello\n\necho again", "os.Chdir(\".\")\nstrconv.Atoi(\"7\")", "n, err = strconv.Atoi(\"x\")\nfmt.Println(\"not reached\")", "names := !ls *.go\nnone := !on(names)\nfunc on(list []string) bool { return len(list) > 0 }\nfmt.Println(len(names), none)")
	status, _, stderr := gonmf("export", nb)
	if status != 0 {
		t.Fatal(stderr)
	}
	for _, want := range []string{"%time is for notebooks only: it is a comment in the program", "!ls is for", "%%bash is for", "echo again is for"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("no %q in %s", want, stderr)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "some.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"\tn, err := strconv.Atoi(\"12\") // for notebooks only: %time\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\t// for notebooks only: !ls\n",
		"\tif err := os.Chdir(\".\"); err != nil {\n\t\tlog.Fatal(err)\n\t}\n",
		"\tif value, err := strconv.Atoi(\"7\"); err != nil {\n\t\tlog.Fatal(err)\n\t} else {\n\t\tdisplay.Result(value)\n\t}\n",
		"\tn, err = strconv.Atoi(\"x\")\n\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n\tfmt.Println(\"not reached\")\n",
		"\t// for notebooks only: echo hello\n",
		"\tnames := []string{} // for notebooks only: !ls *.go\n", "\tnone := !on(names)\n",
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the program does not have\n%s\nbut is\n%s", want, text)
		}
	}
}

// Comments stay where a group of variables becomes assignments.
func TestExportKeepsComments(t *testing.T) {
	dir := t.TempDir()
	nb := writeNotebook(t, dir, "import \"fmt\"\n// Settings.\nvar (\n\t// k is how many.\n\tk = 3 // components\n\n\tname = \"x\" // a name\n\tunset int // later\n)\nfunc show() { fmt.Println(k, name, unset) }\nshow()")
	if status, _, stderr := gonmf("export", nb); status != 0 {
		t.Fatal(stderr)
	}
	text, err := os.ReadFile(filepath.Join(dir, "some.go"))
	if want := "\t// k is how many.\n\tk = 3      // components\n\tname = \"x\" // a name\n"; err != nil || !strings.Contains(string(text), want) || !strings.Contains(string(text), "// Settings.") {
		t.Errorf("%v, it wrote\n%s", err, text)
	}
}

func TestRunNotebook(t *testing.T) {
	if testing.Short() {
		t.Skip("builds gonmf")
	}
	tests := []struct {
		name        string
		cells       []string
		stdin       string
		args        []string
		out, errors string
		status      int
	}{
		{
			name:  "lines of a command",
			cells: []string{"words := !echo two words; echo and more", "import \"fmt\"\nfmt.Println(len(words), words[1])"},
			out:   "2 and more\n",
		},
		{
			name:  "parameters",
			cells: []string{"// defaults\nk, name := 3, \"none\"", "import \"fmt\"\nfmt.Println(k, name)"},
			args:  []string{"-p", "k=20", "-p", `name="Anna = é"`}, out: "20 Anna = é\n",
		},
		{
			name:  "a parameter that there is not",
			cells: []string{"// defaults\nk := 3"}, args: []string{"-p", "kk=20"},
			errors: "undefined: kk", status: 1,
		},
		{
			name:  "no place for parameters",
			cells: []string{"k := 3"}, args: []string{"-p", "k=20"},
			errors: "no cell has the tag parameters", status: 1,
		},
		{
			name:  "input",
			cells: []string{"import \"fmt\"\nvar a, b int\nfmt.Scan(&a, &b)\na + b"}, stdin: "3\n4\n", out: "7\n",
		},
		{
			name:  "a file beside it",
			cells: []string{"import \"os\"\nb, err := os.ReadFile(\"some.ipynb\")\nlen(b) > 0"}, out: "true\n",
		},
		{
			name:  "a panic",
			cells: []string{"import \"fmt\"\nfmt.Println(1)", "x := []int{}\nx[0]", "fmt.Println(2)"},
			out:   "1\n", errors: "In [2], line 2", status: 1,
		},
		{
			name:  "an exit",
			cells: []string{"import \"os\"\nos.Exit(7)", "panic(1)"}, status: 7,
		},
		{
			name:  "the end of the process",
			cells: []string{"import \"runtime/debug\"\ndebug.SetMaxStack(8 << 20)\nfunc f(s []int) []int { return f(s[:0]) }\nf(nil)"}, errors: "stack", status: 1,
		},
		{
			name:  "progress",
			cells: []string{"import \"fmt\"\nfmt.Print(\"\\r10%\", \"\\r100%\\n\", \"done\")"}, out: "done",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			nb := writeNotebook(t, dir, tt.cells...)
			// From another folder than its own.
			out, errs, status := program(t, t.TempDir(), tt.stdin, append([]string{"run", nb, "-o", filepath.Join(dir, "out.ipynb")}, tt.args...)...)
			if out != tt.out || !strings.Contains(errs, tt.errors) || (errs == "") != (tt.errors == "") || status != tt.status {
				t.Errorf("status %d, %q, %q; want %d, %q, %q", status, out, errs, tt.status, tt.out, tt.errors)
			}
			if strings.Contains(errs, "\x1b") {
				t.Errorf("there are colours in %q", errs)
			}
			if _, err := notebook.Read(filepath.Join(dir, "out.ipynb")); err != nil && !strings.Contains(tt.name, "no place") {
				t.Error(err)
			}
		})
	}
}
