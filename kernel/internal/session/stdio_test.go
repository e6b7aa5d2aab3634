package session

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"gonmf/scripts/symbols"
)

// A scribe notes what a session prints, by cell and stream.
type scribe struct {
	mu     sync.Mutex
	pieces int
	text   map[string]*strings.Builder
	all    strings.Builder
}

func (s *scribe) output(cell int, st Stream, p []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pieces++
	key := fmt.Sprintf("%d/%d", cell, st)
	if s.text[key] == nil {
		s.text[key] = new(strings.Builder)
	}
	s.text[key].Write(p)
	s.all.Write(p)
}

// of returns what a cell printed on a stream.
func (s *scribe) of(cell int, st Stream) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.text[fmt.Sprintf("%d/%d", cell, st)]; b != nil {
		return b.String()
	}
	return ""
}

func newScribe(t *testing.T, input func(int, string, bool) (string, error)) (*Session, *scribe) {
	t.Helper()
	out := &scribe{text: map[string]*strings.Builder{}}
	s, err := New(Options{Output: out.output, Input: input})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, out
}

// eval runs a cell that must not fail.
func eval(t *testing.T, s *Session, cell int, src string) Result {
	t.Helper()
	res, err := s.Eval(t.Context(), cell, src)
	if err != nil {
		t.Fatalf("In [%d]: %v", cell, err)
	}
	return res
}

func TestStreams(t *testing.T) {
	for _, c := range []struct{ name, src, stdout, stderr string }{
		{"print functions", `fmt.Print("a"); fmt.Println("b"); fmt.Printf("%d\n", 3)`, "ab\n3\n", ""},
		{"builtins", `println("p", 1); print("q")`, "", "p 1\nq"},
		{"methods of the file", `os.Stdout.WriteString("a"); os.Stderr.Write([]byte("b")); os.Stdout.Write(nil)`, "a", "b"},
		{"as a writer", `fmt.Fprintln(os.Stdout, "a"); io.WriteString(os.Stderr, "b")`, "a\n", "b"},
		{"kept as a writer", `w := bufio.NewWriter(os.Stdout); fmt.Fprint(w, "a"); fmt.Print("first "); w.Flush()`, "first a", ""},
		{"encoders", `fmt.Println("x"); json.NewEncoder(os.Stdout).Encode(1); fmt.Println("y")`, "x\n1\ny\n", ""},
		{"log", `log.SetFlags(0); log.Print("a"); log.New(os.Stdout, "p ", 0).Print("b")`, "p b\n", "a\n"},
		{"in a struct", `type T struct{ w io.Writer }; fmt.Fprint(T{os.Stdout}.w, "a")`, "a", ""},
		{"multi writer", `fmt.Fprint(io.MultiWriter(os.Stdout, os.Stderr), "a")`, "a", "a"},
		{"as a file", `f := []*os.File{os.Stdout}; var v any = f[0]; v.(io.Writer).Write([]byte("through the pipe"))`, "through the pipe", ""},
		{"in a goroutine", `done := make(chan bool); go func() { fmt.Print("a"); done <- true }(); <-done`, "a", ""},
		{"replaced", `old := os.Stdout; r, w, _ := os.Pipe(); os.Stdout = w; fmt.Print("captured"); w.Close(); os.Stdout = old; b, _ := io.ReadAll(r); fmt.Print("got ", string(b))`, "got captured", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, out := newScribe(t, nil)
			eval(t, s, 1, "import (\"bufio\"; \"encoding/json\"; \"fmt\"; \"io\"; \"log\"; \"os\")\n"+c.src)
			if got := out.of(1, Stdout); got != c.stdout {
				t.Errorf("stdout is %q, want %q", got, c.stdout)
			}
			if got := out.of(1, Stderr); got != c.stderr {
				t.Errorf("stderr is %q, want %q", got, c.stderr)
			}
		})
	}
}

func TestOutputBelongsToTheCellThatStartedIt(t *testing.T) {
	s, out := newScribe(t, nil)
	eval(t, s, 1, "import (\"fmt\"; \"time\"; \"sync\"; \"log\")\nlog.SetFlags(0)\ngate := make(chan bool)\nvar wg sync.WaitGroup")
	eval(t, s, 2, "wg.Add(1)\ngo func() { <-gate; fmt.Print(\"from 2\"); println(\"err 2\"); log.Print(\"log 2\"); go func() { fmt.Print(\" nested\"); wg.Done() }() }()")
	eval(t, s, 3, "wg.Add(1)\ntime.AfterFunc(time.Millisecond, func() { <-gate; fmt.Print(\"timer 3\"); wg.Done() })")
	eval(t, s, 4, "fmt.Print(\"from 4\")\nclose(gate)\nwg.Wait()")
	for _, c := range []struct {
		cell   int
		stream Stream
		want   string
	}{
		{2, Stdout, "from 2 nested"}, {2, Stderr, "err 2\nlog 2\n"}, {3, Stdout, "timer 3"}, {4, Stdout, "from 4"},
	} {
		if got := out.of(c.cell, c.stream); got != c.want {
			t.Errorf("cell %d, stream %d: %q, want %q", c.cell, c.stream, got, c.want)
		}
	}
}

// A goroutine that outlives its cell is heard without a further cell.
func TestLateOutputIsFlushed(t *testing.T) {
	s, out := newScribe(t, nil)
	eval(t, s, 1, "import (\"fmt\"; \"time\")\ngo func() { time.Sleep(20 * time.Millisecond); fmt.Print(\"late\") }()")
	deadline := time.Now().Add(2 * time.Second)
	for out.of(1, Stdout) != "late" {
		if time.Now().After(deadline) {
			t.Fatal("nothing came")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestMuchOutputInSmallWrites(t *testing.T) {
	s, out := newScribe(t, nil)
	start := time.Now()
	eval(t, s, 1, "import \"fmt\"\nfor range 500_000 { fmt.Println(\"0123456789012345678\") }")
	took := time.Since(start)
	if n := len(out.of(1, Stdout)); n != 10_000_000 {
		t.Errorf("%d bytes arrived, want 10,000,000", n)
	}
	if out.pieces > 500 {
		t.Errorf("they came in %d pieces", out.pieces)
	}
	within(t, 1500*time.Millisecond, took)
}

func TestProcessStreamsAreLeftAlone(t *testing.T) {
	before := [3]*os.File{os.Stdin, os.Stdout, os.Stderr}
	s, _ := newScribe(t, nil)
	eval(t, s, 1, "import \"os\"\nos.Stdout = nil\nos.Stderr, os.Stdin = nil, nil")
	if after := [3]*os.File{os.Stdin, os.Stdout, os.Stderr}; before != after {
		t.Error("a cell has changed the streams of the process")
	}
}

func TestInput(t *testing.T) {
	const head = "import (\"bufio\"; \"fmt\"; \"io\"; \"os\")\n"
	for _, c := range []struct {
		name, src string
		lines     []string
		want      string
	}{
		{"Scan", "var a, b int\nfmt.Scan(&a, &b)\na + b", []string{"1", "2"}, "3"},
		{"Scan of one line twice", "var a, b int\nfmt.Scan(&a)\nfmt.Scan(&b)\na*10 + b", []string{"1 2"}, "12"},
		{"Scanln", "var a string\nfmt.Scanln(&a)\na", []string{"word"}, "word"},
		{"Scanf", "var a int\nfmt.Scanf(\"n=%d\\n\", &a)\na", []string{"n=7"}, "7"},
		{"Reader", "r := bufio.NewReader(os.Stdin)\nl, _ := r.ReadString('\\n')\nm, _ := r.ReadString('\\n')\nl + m", []string{"one", "two"}, "one\ntwo\n"},
		{"Scanner", "sc := bufio.NewScanner(os.Stdin)\nn := 0\nfor sc.Scan() { n += len(sc.Text()) }\nn", []string{"ab", "", "c"}, "3"},
		{"ReadAll", "b, _ := io.ReadAll(os.Stdin)\nstring(b)", []string{"x", "y"}, "x\ny\n"},
		{"Read", "p := make([]byte, 8)\nn, _ := os.Stdin.Read(p)\nstring(p[:n])", []string{"abc"}, "abc\n"},
		{"Fscan", "var s string\nfmt.Fscan(os.Stdin, &s)\ns", []string{"é"}, "é"},
		{"end", "var a int\n_, err := fmt.Scan(&a)\nerr == io.EOF", nil, "true"},
		{"a line longer than any buffer", "b, _ := io.ReadAll(os.Stdin)\nlen(b)", []string{strings.Repeat("x", 10_000)}, "10001"},
	} {
		t.Run(c.name, func(t *testing.T) {
			lines := c.lines
			s, _ := newScribe(t, func(cell int, prompt string, password bool) (string, error) {
				if cell != 1 || password {
					t.Errorf("asked for cell %d, password %v", cell, password)
				}
				if len(lines) == 0 {
					return "", io.EOF
				}
				line := lines[0]
				lines = lines[1:]
				return line, nil
			})
			if got := values(eval(t, s, 1, head+c.src)); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPassword(t *testing.T) {
	s, err := New(Options{Packages: symbols.Symbols, Input: func(_ int, _ string, password bool) (string, error) {
		return fmt.Sprint("secret ", password), nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if got := values(eval(t, s, 1, "import (\"os\"; \"golang.org/x/term\")\np, err := term.ReadPassword(int(os.Stdin.Fd()))\nstring(p)")); got != "secret true" {
		t.Errorf("got %q", got)
	}
}

// What a cell asks has been shown by the time that it waits for the answer.
func TestInputFollowsOutput(t *testing.T) {
	var out *scribe
	s, out := newScribe(t, func(int, string, bool) (string, error) {
		if got := out.of(1, Stdout); got != "Name? " {
			t.Errorf("shown before the question: %q", got)
		}
		return "Ada", nil
	})
	eval(t, s, 1, "import \"fmt\"\nvar name string\nfmt.Print(\"Name? \")\nfmt.Scanln(&name)")
}

func TestInterruptWhileReading(t *testing.T) {
	b := newBench(t)
	release := make(chan bool)
	defer close(release)
	b.machine.Options.Input = func(int, string, bool) (string, error) { <-release; return "", io.EOF }
	got, took := b.interruptAfter("import \"fmt\"\nvar x int\nfmt.Scan(&x)")
	if got != "! Interrupted: interrupted" || took > 200*time.Millisecond {
		t.Errorf("%q after %v", got, took)
	}
}
