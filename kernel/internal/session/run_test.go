package session

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// interruptAfter runs a cell and presses stop after 50 ms. It returns what came
// of the cell and how long that took from then on.
func (b *bench) interruptAfter(src string) (string, time.Duration) {
	b.t.Helper()
	ctx, cancel := context.WithCancel(b.t.Context())
	var pressed time.Time
	timer := time.AfterFunc(50*time.Millisecond, func() { pressed = time.Now(); cancel() })
	defer timer.Stop()
	got := b.runContext(ctx, src)
	if pressed.IsZero() {
		b.t.Fatalf("the cell ended by itself: %s", got)
	}
	return got, time.Since(pressed)
}

// left is said of a cell that is blocked.
const left = "; the cell was waiting for something that cannot be stopped, and its goroutine was left behind"

func TestInterrupt(t *testing.T) {
	b := newBench(t)
	b.want("import (\"fmt\"; \"time\"; \"sync\"; \"sort\"; \"os\")\nkept := 41\nvar mu sync.Mutex\nch := make(chan int)", "")
	b.want("func spin() { for i := 0; ; i++ {} }\nfunc outer() { spin() }\nspinner := func() { for {} }", "")
	b.want("func ping(n int) { if n > 0 { pong(n - 1) }; for {} }\nfunc pong(n int) { ping(n) }", "")

	for _, c := range []struct{ name, src, more string }{
		{"empty loop", "for {}", ""},
		{"loop with work", "for i := 0; ; i++ { kept = 41 + i*0 }", ""},
		{"loop in a function of this cell", "func f() { for { _ = fmt.Sprint(1) } }\nf()", ""},
		{"loop in a function of an earlier cell", "outer()", ""},
		{"loop in a closure of an earlier cell", "spinner()", ""},
		{"loop under recursion", "ping(5)", ""},
		{"loop under compiled code", "sort.Slice([]int{1, 2, 3}, func(i, j int) bool { for {} })", ""},
		{"sleep", "time.Sleep(time.Hour)", ""},
		{"receive", "<-make(chan int)", left},
		{"send", "make(chan int) <- 1", left},
		{"range over a channel", "for range make(chan int) {}", left},
		{"select without cases", "select {}", left},
		{"select", "select { case <-ch: case ch <- 1: }", left},
		{"mutex", "mu.Lock()\nmu.Lock()", left},
		{"wait group", "var wg sync.WaitGroup\nwg.Add(1)\nwg.Wait()", left},
		{"reading a pipe", "r, _, err := os.Pipe()\nr.Read(make([]byte, 1))", left},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			got, took := b.interruptAfter(c.src)
			if want := "! Interrupted: interrupted" + c.more; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			within(t, 200*time.Millisecond, took)
			b.want("kept", "=> 41")
		})
	}
}

func TestInterruptRunsDeferred(t *testing.T) {
	b := newBench(t)
	b.want("import (\"fmt\"; \"sync\")\nvar mu sync.Mutex\nn := 0", "")
	got, _ := b.interruptAfter("func work() {\n\tmu.Lock()\n\tdefer mu.Unlock()\n\tdefer func() { n++; fmt.Print(\"closed\") }()\n\tfor {}\n}\nwork()")
	if want := "closed! Interrupted: interrupted"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	b.want("mu.TryLock()", "=> true")
	b.want("n", "=> 1")
}

// What is left of an abandoned cell must not run once it is no longer blocked.
func TestAbandonedCellStaysStopped(t *testing.T) {
	b := newBench(t)
	b.want("import \"time\"\nch := make(chan int)\nran := false", "")
	b.interruptAfter("<-ch\nran = true")
	b.want("ch <- 1\ntime.Sleep(20 * time.Millisecond)\nran", "=> false")
}

// Stopping one cell is no reason to stop what others have started.
func TestInterruptSparesOtherGoroutines(t *testing.T) {
	b := newBench(t)
	b.want("import (\"time\"; \"sync/atomic\")\nvar ticks atomic.Int64\nfunc tick() { for { time.Sleep(100 * time.Microsecond); ticks.Add(1) } }\ngo tick()\ngo func() { for { time.Sleep(100 * time.Microsecond); ticks.Add(1000000) } }()", "")
	for _, src := range []string{"<-make(chan int)", "select {}", "time.Sleep(time.Hour)", "for {}"} {
		b.interruptAfter(src)
	}
	b.want("before := ticks.Load()\ntime.Sleep(50 * time.Millisecond)\nmore := ticks.Load() - before\nmore > 1000000 && more % 1000000 > 0", "=> true")
}

func TestInterruptedContextKeepsWhatWasComputed(t *testing.T) {
	b := newBench(t)
	b.want("import (\"context\"; \"time\")\nfunc fit(ctx context.Context) (int, error) {\n\tfor n := 0; ; n++ {\n\t\tselect {\n\t\tcase <-ctx.Done():\n\t\t\treturn n, ctx.Err()\n\t\tcase <-time.After(5 * time.Millisecond):\n\t\t}\n\t}\n}", "")
	got, took := b.interruptAfter("model, err := fit(ctx)\nerr")
	if want := "=> context canceled! Interrupted: interrupted"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if took > 200*time.Millisecond {
		t.Errorf("it took %v", took)
	}
	b.want("model > 0", "=> true")
	b.want("ctx.Err()", "=> <nil>")
}

func TestInterruptTellsItsCause(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(20*time.Millisecond, func() { cancel(errors.New("out of memory")) })
	if got, want := b.runContext(ctx, "for {}"), "! Interrupted: interrupted: out of memory"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := b.runContext(ctx, "1"), "! Interrupted: interrupted: out of memory"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEndings(t *testing.T) {
	b := newBench(t)
	b.want("import (\"os\"; \"log\"; \"runtime\"; \"fmt\"; \"io\"; \"time\"; \"errors\")", "")
	for _, s := range []step{
		{`os.Exit(3)`, "! ExitStatus: exit status 3 (the session goes on)"},
		{`func() { defer fmt.Print("deferred"); os.Exit(4) }()`, "deferred! ExitStatus: exit status 4 (the session goes on)"},
		{"log.SetFlags(0)\nlog.Fatal(\"bye\")", "bye\n! ExitStatus: exit status 1 (the session goes on)"},
		{`log.New(io.Discard, "", 0).Fatalf("x")`, "! ExitStatus: exit status 1 (the session goes on)"},
		{`runtime.Goexit()`, ""},
		{`panic("p")`, "! Panic: panic: p"},
		{`panic(fmt.Errorf("wrapped: %w", io.EOF))`, "! Panic: panic: wrapped: EOF"},
		{"type T struct{ A int }\npanic(T{1})", "! Panic: panic: main.T({1})"},
		{"var np *T\nnp.A", "! Panic: panic: runtime error: invalid memory address or nil pointer dereference"},
		{"xs := []int{1, 2, 3}\nk := 5\nxs[1:k]", "! Panic: panic: runtime error: slice bounds out of range [:5] with capacity 3"},
		{"zero := 0\n1 / zero", "! Panic: panic: runtime error: integer divide by zero"},
		{"var v any = \"s\"\nv.(int)", "! Panic: panic: interface conversion: interface {} is string, not int"},
		{"var m map[string]int\nm[\"a\"] = 1", "! Panic: panic: assignment to entry in nil map"},
		{`panic(nil)`, "! Panic: panic: panic called with nil argument"},
		{"fmt.Println(\"before\")\nset := 8\nvar unset int\npanic(1)\nunset = 9", "before\n! Panic: panic: int(1)"},
		{`set*10 + unset`, "=> 80"},
	} {
		b.want(s.src, s.want)
	}
}

func TestPanicUnwrapsToItsError(t *testing.T) {
	b := newBench(t)
	_, err := b.Eval(t.Context(), 1, "import \"io\"\npanic(io.ErrUnexpectedEOF)")
	if err == nil || !strings.Contains(err.Error(), "unexpected EOF") {
		t.Fatal(err)
	}
	if e, ok := errors.AsType[*Error](err); !ok || errors.Unwrap(e) == nil || e.Unwrap().Error() != "unexpected EOF" {
		t.Errorf("%#v does not unwrap to the value of the panic", err)
	}
}

func TestGoroutines(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"literal", `go func() { panic("boom") }()`, "in a goroutine of In [1]: panic: boom"},
		{"function", "func bg() { var m map[string]int; m[\"x\"] = 1 }\ngo bg()", "in a goroutine of In [1]: panic: assignment to entry in nil map"},
		{"variable", "f := func(n int) { panic(n) }\ngo f(3)", "in a goroutine of In [1]: panic: int(3)"},
		{"variadic", `go func(n int, s ...string) { panic(s[n]) }(1, "a", "b")`, "in a goroutine of In [1]: panic: b"},
		{"method", "type T struct{ k int }\nfunc (t *T) m(s string) { panic(s) }\ngo (&T{}).m(\"in m\")", "in a goroutine of In [1]: panic: in m"},
		{"interface", "type T struct{}\nfunc (T) M() { panic(\"in M\") }\nvar i interface{ M() } = T{}\ngo i.M()", "in a goroutine of In [1]: panic: in M"},
		{"nil function", "var f func()\ngo f()", "in a goroutine of In [1]: panic: runtime error: invalid memory address or nil pointer dereference"},
		{"timer", "import \"time\"\ntimer := time.AfterFunc(0, func() { panic(\"late\") })", "in a goroutine of In [1]: panic: late"},
		{"wait group", "import \"sync\"\nvar wg sync.WaitGroup\nwg.Go(func() { panic(\"in a group\") })\nwg.Wait()", "in a goroutine of In [1]: panic: in a group"},
		{"context", "import \"context\"\nc, cancel := context.WithCancel(ctx)\nstop := context.AfterFunc(c, func() { panic(\"after\") })\ncancel()\nselect {\ncase <-c.Done():\n}", "in a goroutine of In [1]: panic: after"},
		{"exit", "import \"os\"\ngo os.Exit(3)", "in a goroutine of In [1]: exit status 3 (the session goes on)"},
		{"compiled method", "import \"sync\"\nvar wg sync.WaitGroup\ngo wg.Done()", "in a goroutine of In [1]: panic: sync: negative WaitGroup counter"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newBench(t)
			b.want(c.src, "")
			deadline := time.Now().Add(5 * time.Second)
			for {
				b.mu.Lock()
				got := append([]string(nil), b.async...)
				b.mu.Unlock()
				if len(got) > 0 {
					if first, _, _ := strings.Cut(got[0], "\n"); first != c.want {
						t.Errorf("got %q, want %q", first, c.want)
					}
					break
				}
				if time.Now().After(deadline) {
					t.Fatal("the panic was not reported")
				}
				time.Sleep(time.Millisecond)
			}
			b.want("1 + 1", "=> 2")
		})
	}
}

func TestGoexitInGoroutineIsNoError(t *testing.T) {
	b := newBench(t)
	b.want("import \"runtime\"\nn, ended := 0, make(chan bool)\ngo func() { defer close(ended); defer func() { n = 1 }(); runtime.Goexit() }()\n<-ended\nn", "=> 1")
	if len(b.async) > 0 {
		t.Errorf("reported: %v", b.async)
	}
}

// Code that makes its own context is stopped by the same button, in whatever cell the
// context was made.
func TestBackgroundFollowsTheCell(t *testing.T) {
	b := newBench(t)
	b.want("import (\"context\"; \"errors\"; \"fmt\"; \"sync\"; \"time\")\nvar ctx = context.Background()\nmake2 := context.TODO\ntype job struct{ ctx context.Context }\nj := job{make2()}", "")
	b.want("func wait(c context.Context) (string, error) { <-c.Done(); return \"so far\", context.Cause(c) }", "")
	for _, c := range []struct{ name, src, want string }{
		{"variable of an earlier cell", "got, err := wait(ctx)\nerr", "=> context canceled"},
		{"kept in a struct", "got, err := wait(j.ctx)\nerr", "=> context canceled"},
		{"made in the cell", "got, err := wait(context.Background())\nerr", "=> context canceled"},
		{"derived", "c, cancel := context.WithTimeout(context.WithValue(ctx, 1, 2), time.Hour)\ngot, err := wait(c)\ncancel()\nerr", "=> context canceled"},
		{"in goroutines", "var wg sync.WaitGroup\nvar got string\nvar err error\nwg.Go(func() { got, err = wait(ctx) })\nwg.Wait()\nerr", "=> context canceled"},
		{"looked at before", "got, fine := \"so far\", ctx.Err()\nfor {}", ""},
		{"looked at by another", "got := \"so far\"\ngo func() { wait(ctx); select {} }()\ntime.Sleep(time.Millisecond)\nselect {}", ""},
		{"looked at, in compiled code", "got, fine := \"so far\", ctx.Err()\nfor { got = fmt.Sprint(got)  }", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.t = t
			got, took := b.interruptAfter(c.src)
			if want := c.want + "! Interrupted: interrupted"; strings.TrimSuffix(got, left) != want {
				t.Errorf("got %q, want %q", got, want)
			}
			within(t, 200*time.Millisecond, took)
			b.want("got", "=> so far")
			b.want("ctx.Err()", "=> <nil>")
		})
	}
	b.t = t
	b.want("ctx == context.Background()", "=> true")
	b.want("ctx", "=> context.Background")
	b.want("ctx.Value(1)", "=> <nil>")
	b.want("deadline, ok := ctx.Deadline()\nok", "=> false")

	// What an earlier cell left running is not stopped.
	b.want("stopped := make(chan bool, 1)\ngo func() { select { case <-ctx.Done(): stopped <- true; case <-time.After(300 * time.Millisecond): stopped <- ctx.Err() != nil } }()", "")
	b.interruptAfter("wait(ctx)")
	b.want("<-stopped", "=> false")
}
