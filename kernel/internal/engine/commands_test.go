package engine

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/wire"
)

// script is a program with flags of its own and an exit status.
const script = `package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	n := flag.Int("n", 1, "")
	status := flag.Int("status", 0, "")
	flag.Parse()
	fmt.Println("n is", *n, "and", flag.Args())
	os.Exit(*status)
}
`

func TestCommands(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "script.go"), []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	k := kerneltest.Start(t)
	cases := []struct{ name, code, out, result, failure string }{ // patterns, but for result
		{"shell", "!echo one | tr a-z A-Z; echo two >&2", "^ONE\n$", "", ""},
		{"shell in between", "a := 1\n!echo between\na + 1", "^between\n$", "2", ""},
		{"gophernotes", "$echo dollar", "^dollar\n$", "", ""},
		{"continued", "!echo one \\\n  two", "^one two\n$", "", ""},
		{"closed input", "!cat; echo end", "^end\n$", "", ""},
		{"fed input", "!echo fed | cat", "^fed\n$", "", ""},
		{"status", "!exit 3", "^$", "", `^CommandError exit status 3\n`},
		{"not", "ok := true\n!ok", "", "", `exit status 127 \(for Go's not, write \(!ok\)\)\nIn \[\d+\], line 2\n    !ok$`},
		{"Go's not", "(!ok)", "^$", "false", ""},
		{"continuation of Go", "b := ok &&\n\t!ok\nb", "^$", "false", ""},
		{"bash", "%%bash -u\nfor i in 1 2; do\n  echo $((i * 10))\ndone", "^10\n20\n$", "", ""},
		{"bash fails", "%%bash -e\nfalse\necho not here", "^$", "", "exit status 1"},
		{"time", "import \"time\"\n%time begun := time.Now(); time.Sleep(20 * time.Millisecond)\nbegun.IsZero()",
			`^CPU times: user .+, sys: .+, total: .+\nWall time: [\d.]+ m?s\n$`, "false", ""},
		{"time over lines", "%time xs := []int{\n\t1,\n\t2,\n}\n%time len(xs) + 1", `(?s)^CPU.+Wall.+CPU.+Wall`, "3", ""},
		{"whole cell", "%%time\nys := len(xs)\nys * 2", `Wall time`, "4", ""},
		{"timeit", "%timeit -n 10 -r2 zs := append(xs, 3); len(zs)",
			`^[\d.]+ (ns|µs|ms|s) ± [\d.]+ (ns|µs|ms|s) per loop \(mean ± std. dev. of 2 runs, 10 loops each\), best [\d.]+ (ns|µs|ms|s)\n$`, "", ""},
		{"timeit picks loops", "%timeit time.Sleep(time.Millisecond)", `^[\d.]+ ms ± .+ of 7 runs, (10|100|1,000) loops each\), best [\d.]+ ms`, "", ""},
		{"timeit declares nothing", "zs", "", "", "undefined: zs"},
		{"timeit misused", "%timeit -n 0x 1", "", "", `usage: %timeit \[-n LOOPS\] \[-r RUNS\] GO`},
		{"time misused", "%time\n1", "", "", `In \[\d+\], line 1: %time: which Go\?; usage: %time GO\n    %time\n    \^$`},
		{"who", "type T struct{ a []float64 }\nt := T{make([]float64, 1000)}\nconst c = 3\nfunc f() int { return 1 }\n%who",
			`(?s)^Name +Type +Size +Value +Cell\n.*\nc +const .*3 .*\nf +func\(\) int +\[\d+\]\nok +bool +1 B +true +\[\d+\]\nt +T +8.02 KB .*\nxs +\[\]int +40 B +2 long`, "", ""},
		{"who of a long text", `long := "żółw żółw żółw żółw żółw żółw żółw żółw"` + "\n%who string", `long +string +79 B +"(żółw ){6}"… \(63 bytes\)`, "", ""},
		{"who while a map is written to", "import (\"fmt\"; \"time\")\nfull, done := map[string]string{}, make(chan bool)\n" +
			"go func() {\n\tfor i := 0; ; i++ {\n\t\tselect {\n\t\tcase <-done:\n\t\t\treturn\n\t\tdefault:\n\t\t\tfull[fmt.Sprint(i%100)] = \"x\"\n\t\t}\n\t}\n}()\n" +
			"time.Sleep(20 * time.Millisecond)\n%who\n%who\n%who\n%who\nclose(done)", `full +map\[string\]string +> [\d.]+ K?B +\d+ long`, "", ""},
		{"who of a type", "%who bool", `^Name.*\nb +bool.*\nok +bool.*\n$`, "", ""},
		{"cd", "!mkdir -p deep/er\n%cd deep/er", `deep/er\n$`, "", ""},
		{"cd back", "%cd -\n%cd deep\n%pwd", `(?s)deep\n.*deep\n$`, "", ""},
		{"cd nowhere", "%cd /does/not/exist", "", "", "no such file"},
		{"cd up", "%cd ..", "", "", ""},
		{"env", "%env GONMF_TEST=$HOME/x\n%env GONMF_TEST\n!echo $GONMF_TEST", `^env: GONMF_TEST=(/.*/x)\n`, "", ""},
		{"env in Go", `import "os"; os.Getenv("GONMF_TEST") != ""`, "", "true", ""},
		{"env refused", "%env GONMF_NOPE=a\x00b", "", "", "invalid argument"},
		{"env not there", "%env GONMF_NOPE", "", "", "no variable GONMF_NOPE"},
		{"writefile", "%%writefile new/notes.txt\nfirst\n%second", "^Writing new/notes.txt\n$", "", ""},
		{"writefile appends", "%%writefile -a new/notes.txt\n\nthird", "^Appending to new/notes.txt\n$", "", ""},
		{"save", "%save new/saved.go 1", "^$", "", ""},
		{"saved", "!cat new/saved.go", "^!echo one", "", ""},
		{"save misused", "%save", "", "", "which file"},
		{"html misused", "%%html x\n<b>", "", "", `what is "x"\? The text stands in the lines below; usage: %%html`},
		{"autoimport", "%autoimport", "^packages are imported as they are used\n$", "", ""},
		{"autoimport at work", `strconv.Itoa(5)`, "", `5`, ""},
		{"autoimport off", "%autoimport off\n%autoimport", "^packages are not imported", "", ""},
		{"nothing is imported", "bytes.MinRead", "", "", "undefined: bytes"},
		{"autoimport misused", "%autoimport maybe", "", "", `what is "maybe"\?`},
		{"autoimport on", "%autoimport on", "^$", "", ""},
		{"for Python", "%matplotlib inline\n%load_ext autoreload", "^%matplotlib is not needed: a chart that ends a cell is shown.*\n%load_ext is not needed: ", "", ""},
		{"fmt of what is no Go", "%%fmt\nx := 1\nif {", "", "", "line 2: this is not Go"},
		{"written", "!cat new/notes.txt", "^first\n%second\nthird$", "", ""},
		{"writefile, a quote", "%%writefile 'a\nx", "", "", "the quote ' is not closed"},
		{"writefile misused", "%%writefile\nx", "", "", "which file"},
		{"run", "%run script.go -n 7 'a b' c", `^n is 7 and \[a b c\]\n$`, "", ""},
		{"run fails", "%run script.go -status 4", "", "", "exit status 4"},
		{"run misused", "%run", "", "", `usage: %run SCRIPT`},
		{"help about nothing", "?", "", "", "which name"},
		{"history", "%history 1", "^!echo one", "", ""},
		{"history numbers", "%history -n 2-3", "   2: \na := 1\n!echo between\na \\+ 1\n   3: \\$echo dollar\n", "", ""},
		{"history searched", "%history -g '*dollar'", `1/3: \$echo dollar\n`, "", ""},
		{"history misused", "%history x", "", "", `"x" is no range of cells`},
		{"In", "In[3]", "", "$echo dollar", ""},
		{"Out", "Out[2] * 21", "", "42", ""},
		{"help", "%help", `(?s)%time GO  +runs Go.*%%bash.*!COMMAND|! COMMAND`, "", ""},
		{"help of one", "%help timeit", `^%timeit \[-n LOOPS\].*\n\nRuns Go again`, "", ""},
		{"version", "%version -all", `(?s)^gonmf .*\nGo .*seed.*sha256:`, "", ""},
		{"version misused", "%version x", "", "", `usage: %version \[-all\]`},
		{"unknown", "x := 1\n%tme x\n", "", "", `^CompileError In \[\d+\], line 2: there is no command %tme; did you mean %time\? %help lists them\n    %tme x`},
		{"unknown and unlike any", "%nosuch", "", "", `there is no command %nosuch; %help lists them, and !nosuch runs the program of this name`},
		{"nothing is run", "!echo no\nundefinedName", "^$", "", "undefined: undefinedName"},
		{"too late for a whole cell", "x := 1\n%%bash\n", "", "", "%%bash is for a whole cell and stands in its first line"},
		{"Go's remainder", "r := 7 %\n3\ns := `\n%who\n!false\n`\n/*\n%cd\n*/\nr + len(s)", "^$", "14", ""},
		{"lines", "lines := !printf 'one\\ntwo words\\n'; echo seen >&2\nlen(lines)", "^$", "2", ""},
		{"lines again", "lines = !!echo three | tr e E\nlines[0]", "^$", "thrEE", ""},
		{"no lines but a program", "none := !exit 0\nnone == nil", "^$", "false", ""},
		{"lines of a path", "here := !/bin/sh -c 'echo here'\nstrings.ToUpper(here[0])", "^$", "HERE", ""},
		{"lines fail", "lines = !echo four; exit 5", "", "", `exit status 5\nIn \[\d+\], line 1\n    lines = !echo four`},
		{"lines kept", "len(lines)", "", "1", ""},
		{"Go's not of a name", "no := !ok\nother := true\nyes := !other\nneither := !strings.Contains(\"a\", \"b\")\nno || yes || !neither", "^$", "false", ""},
		{"lines in a block are Go", "if true { x := !nothing }", "", "", "undefined: nothing"},
		{"reset asks", "%reset", "", "", "%reset -f does not ask"},
		{"reset", "%reset -f", "", "", ""},
		{"after reset", "xs", "", "", "undefined: xs"},
		{"display after reset", "display.HTML(\"x\")", "", "x", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			cell := k.Run(c.code)
			failure := ""
			if f := cell.Reply.Failure; f != nil {
				failure = f.Name + " " + strings.Join(f.Traceback, "\n")
			}
			if (c.failure == "") != (failure == "") || !regexp.MustCompile(c.failure).MatchString(failure) {
				t.Errorf("failure %q", failure)
			}
			if text := cell.Text(t, "stdout"); !regexp.MustCompile(c.out).MatchString(text) {
				t.Errorf("stdout %q", text)
			}
			if got := cell.Result(t); got != c.result {
				t.Errorf("result %q", got)
			}
		})
	}
}

func TestPages(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "script.go"), []byte(script), 0o666); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	k := kerneltest.Start(t)
	run(t, k, "// Twice doubles.\nfunc Twice(n int) int { return 2 * n }")
	for code, want := range map[string]string{
		"?strings.Cut": "func Cut(s, sep string) (before, after string, found bool)", "strings.Cut?": "Cut slices s", "Twice??": "Twice doubles.",
		"1 + 1\nTwice?\n": "func Twice(n int) int", "?%time": "%time GO", "nmf.Fit?": "ctx context.Context",
		"n := []int{1, 2}\nn?": "2 long, 40 B\n\n[1 2]", "nmf??": "\nfunc Fit(",
	} {
		cell := run(t, k, code)
		if len(cell.Reply.Payload) != 1 || cell.Reply.Payload[0]["source"] != "page" || !strings.Contains(fmt.Sprint(cell.Reply.Payload[0]["data"]), want) {
			t.Errorf("%q: %v", code, cell.Reply.Payload)
		}
	}
	for code, want := range map[string]string{
		"nope?": "nope is not declared", "strings.Cutt?": "strings has no Cutt; did you mean Cut or Count?",
		"word := struct{ One, Two int }{}\nword.Three?": "word has no Three; it has One, Two",
	} {
		if cell := k.Run(code); cell.Reply.Failure == nil || !strings.Contains(cell.Reply.Value, want) {
			t.Errorf("%s: %+v", code, cell.Reply.Failure)
		}
	}
	cell := run(t, k, "%load script.go")
	want := map[string]any{"source": "set_next_input", "text": "// %load script.go\n" + script, "replace": true}
	if fmt.Sprint(cell.Reply.Payload) != fmt.Sprint([]map[string]any{want}) {
		t.Errorf("%v", cell.Reply.Payload)
	}
}

func TestCellsShownAsTheyAre(t *testing.T) {
	k := kerneltest.Start(t)
	for command, mime := range map[string]string{"%%html": "text/html", "%%markdown": "text/markdown", "%%latex": "text/latex", "%%javascript": "application/javascript"} {
		shown := bundles(t, run(t, k, command+"\n<b>x</b>"))
		if len(shown) != 1 || !strings.Contains(fmt.Sprint(shown[0][mime]), "<b>x</b>") {
			t.Errorf("%s shows %v", command, shown)
		}
	}
}

func TestFmt(t *testing.T) {
	k := kerneltest.Start(t)
	for cell, want := range map[string]string{
		"x:=1\nif x>0{\n  x=2\n    }":                                            "x := 1\nif x > 0 {\n\tx = 2\n}",
		"import (\n \"fmt\"\n)\n// says\nfunc f( ){ fmt.Println( 1 )}\n\n\nf( )": "import (\n\t\"fmt\"\n)\n// says\nfunc f() { fmt.Println(1) }\n\n\nf()",
		"%time y  :=  1\nz:=2":                                                   "%time y  :=  1\nz := 2",
		"":                                                                       "",
	} {
		got := run(t, k, "%%fmt\n"+cell).Reply.Payload
		if fmt.Sprint(got) != fmt.Sprint([]map[string]any{{"source": "set_next_input", "text": want, "replace": true}}) {
			t.Errorf("%q: %v", cell, got)
		}
	}
}

func TestRecall(t *testing.T) {
	k := kerneltest.Start(t)
	run(t, k, "x := 1")
	run(t, k, "x++\nx\n")
	for command, want := range map[string]string{"%recall 1-2": "x := 1\nx++\nx", "%recall 2": "x++\nx"} {
		got := run(t, k, command).Reply.Payload
		if fmt.Sprint(got) != fmt.Sprint([]map[string]any{{"source": "set_next_input", "text": want, "replace": true}}) {
			t.Errorf("%s: %v", command, got)
		}
	}
	run(t, k, "x = 7")
	if got := run(t, k, "%recall").Reply.Payload; len(got) != 1 || got[0]["text"] != "x = 7" {
		t.Errorf("%v", got)
	}
	for command, want := range map[string]string{"%recall 70": "no such cell was run", "%recall one": "\"one\" is no range of cells"} {
		if cell := k.Run(command); cell.Reply.Failure == nil || !strings.Contains(cell.Reply.Value, want) {
			t.Errorf("%s: %+v", command, cell.Reply.Failure)
		}
	}
}

// What is asked in a subshell is answered while a cell runs, by the cell's own session.
func TestSubshellsLookAtWhatRuns(t *testing.T) {
	k := kerneltest.Start(t)
	run(t, k, "import \"time\"\ndone := 0")
	sub := kerneltest.Decode[wire.SubshellReply](t, k.Ask(k.Control, "create_subshell_request", nil)).ID
	ask := func(code string) kerneltest.Cell {
		q := wire.NewExecuteRequest()
		q.Code = code
		return k.Finish(k.SendSub(sub, "execute_request", q))
	}
	q := wire.NewExecuteRequest()
	q.Code = "ready := make(chan bool)\nfit := 41\nready <- true\nfor { time.Sleep(time.Millisecond) }"
	long := k.Send(k.Shell, "execute_request", q)
	k.Published(func(m *wire.Message) bool { return m.Header.Type == "execute_input" && kerneltest.ParentID(m) == long })
	for begin := time.Now(); ask("<-ready").Reply.Status != "ok"; { // it is compiled first
		if time.Since(begin) > time.Minute {
			t.Fatal("the cell does not begin")
		}
	}
	if cell := ask("fit + 1"); cell.Reply.Status != "ok" || !strings.Contains(fmt.Sprint(bundles(t, cell)), "42") {
		t.Errorf("%+v %v", cell.Reply, bundles(t, cell))
	}
	if cell := ask("%who int"); !strings.Contains(cell.Text(t, "stdout"), "fit") {
		t.Errorf("%+v", cell)
	}
	k.Ask(k.Control, "interrupt_request", nil)
	if cell := k.Finish(long); cell.Reply.Name != "Interrupted" {
		t.Errorf("%+v", cell.Reply)
	}
}

func TestResetAsks(t *testing.T) {
	k := kerneltest.Start(t)
	run(t, k, "x := 1")
	for _, answer := range []string{"n", "y"} {
		q := wire.NewExecuteRequest()
		q.Code, q.AllowStdin = "%reset", true
		id := k.Send(k.Shell, "execute_request", q)
		k.Answer(k.Question(), answer)
		k.Finish(id)
		if gone := k.Run("x").Reply.Status == "error"; gone != (answer == "y") {
			t.Errorf("%s: gone is %v", answer, gone)
		}
	}
}

func TestCommandsAreInterrupted(t *testing.T) {
	k := kerneltest.Start(t)
	for _, code := range []string{
		"!sleep 600 & sleep 601; echo not here", "%%bash\ntrap '' INT\nwhile true; do sleep 1; done", "import \"time\"\n%timeit time.Sleep(time.Hour)", "%time for {}",
	} {
		id := k.Send(k.Shell, "execute_request", wire.ExecuteRequest{Code: code, StoreHistory: true})
		k.Published(func(m *wire.Message) bool { return m.Header.Type == "execute_input" && kerneltest.ParentID(m) == id })
		time.Sleep(100 * time.Millisecond)
		begin := time.Now()
		k.Ask(k.Control, "interrupt_request", nil)
		cell := k.Finish(id)
		if cell.Reply.Failure == nil || cell.Reply.Name != "Interrupted" || strings.Contains(cell.Text(t, "stdout"), "not here") {
			t.Errorf("%s: %+v, %q", code, cell.Reply.Failure, cell.Text(t, "stdout"))
		}
		if d := time.Since(begin); d > 2*time.Second {
			t.Errorf("%s: stopped after %v", code, d)
		}
	}
	if got := run(t, k, "!ps -eo args | grep -c '[s]leep 60[01]' || true").Text(t, "stdout"); got != "0\n" {
		t.Errorf("%s are left", got)
	}
}

// A session that dies is followed by one in the same place, and what it had started ends with it.
func TestPlaceOutlivesTheSession(t *testing.T) {
	t.Chdir(t.TempDir())
	k := kerneltest.Start(t)
	run(t, k, "!mkdir sub\n%cd sub\n%env GONMF_TEST=kept\n!sleep 6543 &")
	if cell := k.Run(`var f func(int) int; f = func(n int) int { return f(n+1) + 1 }; f(0)`); cell.Reply.Failure == nil || cell.Reply.Name != "StackOverflow" {
		t.Fatalf("%+v", cell.Reply.Failure)
	}
	cell := run(t, k, "import (\"os\"; \"path/filepath\")\ndir, _ := os.Getwd()\nfilepath.Base(dir) + \" \" + os.Getenv(\"GONMF_TEST\") + \" \" + In[1][:5]")
	if got := cell.Result(t); got != "sub kept !mkdi" {
		t.Errorf("the new session is at %q", got)
	}
	if got := run(t, k, "len(In)").Result(t); got != "5" {
		t.Errorf("In has %s entries", got)
	}
	if got := run(t, k, "!ps -eo args | grep -c '[s]leep 6543' || true").Text(t, "stdout"); got != "0\n" {
		t.Errorf("what was started is left: %s", got)
	}
}
