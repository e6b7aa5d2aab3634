package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/server"
	"gonmf/kernel/internal/wire"
	"gonmf/scripts"
)

// TestMain makes the test's own binary a worker and a kernel with the interpreter.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case server.WorkerCommand:
			Worker()
		case "kernel":
			if err := server.Main(context.Background(), os.Args[2], "test"); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		case "run": // what %run starts
			err := scripts.Run(context.Background(), os.Args[2], os.Args[3:])
			if exit := (*scripts.ExitError)(nil); errors.As(err, &exit) {
				os.Exit(exit.Code)
			}
			if err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
			os.Exit(0)
		}
	}
	os.Exit(m.Run())
}

// run runs a cell that must succeed.
func run(t *testing.T, k *kerneltest.Kernel, code string) kerneltest.Cell {
	t.Helper()
	cell := k.Run(code)
	if cell.Reply.Status != "ok" {
		t.Fatalf("%s\n%s", code, strings.Join(cell.Reply.Traceback, "\n"))
	}
	return cell
}

// bundles lists what a cell shows, in the order in which it does.
func bundles(t *testing.T, cell kerneltest.Cell) []wire.Bundle {
	t.Helper()
	var list []wire.Bundle
	for _, m := range cell.Output {
		if strings.HasSuffix(m.Header.Type, "display_data") || m.Header.Type == "execute_result" {
			list = append(list, kerneltest.Decode[wire.DisplayData](t, m).Data)
		}
	}
	return list
}

func TestRichValues(t *testing.T) {
	k := kerneltest.Start(t)
	run(t, k, `
		import (
			"fmt"
			"image"
			"strings"
			"gonum.org/v1/gonum/mat"
			"gonum.org/v1/plot"
			"gonmf/nmf/sparse"
			"github.com/go-gota/gota/dataframe"
			"github.com/go-gota/gota/series"
		)
		type page struct{ title string }
		func (p page) HTML() string { return "<h1>" + p.title + "</h1>" }
		type drawing struct{}
		func (d *drawing) SVG() string { return "<svg/>" }
		type both struct{}
		func (both) SimpleRender() map[string]any { return map[string]any{"text/html": "a", "text/latex": "b"} }
		type row struct { Name string; N int }
		type full struct{}
		func (full) Render() display.Data { return display.Data{Data: display.MIMEMap{"text/html": "full"}} }
		type tree []int
		func (t tree) JSON() map[string]any { return map[string]any{"n": len(t)} }
		func (t *tree) PNG() []byte { return []byte("png") }
		func (t tree) String() string { return fmt.Sprint("tree of ", len(t)) }
	`)
	cases := []struct{ code, mime, want string }{
		{`page{"x"}`, "text/html", "<h1>x</h1>"},
		{`&page{"x"}`, "text/html", "<h1>x</h1>"},
		{`drawing{}`, "image/svg+xml", "<svg/>"},
		{`&drawing{}`, "image/svg+xml", "<svg/>"},
		{`both{}`, "text/latex", "b"},
		{`full{}`, "text/html", "full"},
		{`tree{1, 2}`, "application/json", "map[n:2]"},
		{`tree{1, 2}`, "image/png", "cG5n"},
		{`tree{1, 2}`, "text/plain", "tree of 2"},
		{`[]*row{{"a", 1}, nil}`, "text/html", ">nil<"},
		{`[][]float64{{1, 2.5}}`, "text/html", ">2.5<"},
		{`p := plot.New(); p.Title.Text = "T"; p`, "image/svg+xml", "<svg"},
		{`display.Markdown("*m*")`, "text/markdown", "*m*"},
		{`display.JSON(map[string]any{"a": 1})`, "application/json", "map[a:1]"},
		{`image.NewGray(image.Rect(0, 0, 2, 2))`, "image/png", "iVBORw0KGgo"},
		{`mat.NewDense(1, 2, []float64{1, 2})`, "text/html", "mat.Dense: 1 rows × 2 columns"},
		{`m, _ := sparse.FromTriplets(1, 2, []int{0}, []int{1}, []float64{3}); m`, "text/html", "sparse.CSR, 1 entries (50%): 1 rows × 2 columns"},
		{`dataframe.New(series.New(make([]int, 100000), series.Int, "n"))`, "text/html", "10 of 100,000 rows × 1 columns, 1.6 MB"},
		{`series.New([]string{"a"}, series.String, "s")`, "text/html", "Series: 1 elements"},
		{`[]row{{"a", 1}, {"b", 2}}`, "text/html", "2 rows × 2 columns"},
		{`map[string]int{"one": 1}`, "text/html", "map[string]int: 1 entries"},
		{`fmt.Sprint("plain")`, "text/plain", "plain"},
		{`1 + 2`, "text/plain", "3"},
		{`x, err := 7, error(nil); x`, "text/plain", "7"},
		{`func() (int, error) { return 5, nil }()`, "text/plain", "5"},
	}
	for _, c := range cases {
		t.Run(c.code, func(t *testing.T) {
			shown := bundles(t, run(t, k, c.code))
			if len(shown) != 1 || !strings.Contains(fmt.Sprint(shown[0][c.mime]), c.want) || shown[0]["text/plain"] == nil {
				t.Errorf("shown: %.300v", shown)
			}
		})
	}
	if shown := bundles(t, run(t, k, `var nothing error; nothing`)); len(shown) != 0 {
		t.Errorf("nil shows %v", shown)
	}
}

func TestGoroutinesShowBelowTheirCell(t *testing.T) {
	k := kerneltest.Start(t)
	run(t, k, `import ("fmt"; "time")`)
	first := run(t, k, `go func() { time.Sleep(200 * time.Millisecond); fmt.Println("late"); display.Show("later"); panic("too late") }()`)
	second := run(t, k, `1`)
	for _, kind := range []string{"stream", "display_data"} {
		m := k.Published(func(m *wire.Message) bool { return m.Header.Type == kind })
		if kerneltest.ParentID(m) != first.ID {
			t.Errorf("%s went to another cell", kind)
		}
	}
	k.Published(func(m *wire.Message) bool {
		return m.Header.Type == "stream" && kerneltest.ParentID(m) == first.ID && strings.Contains(string(m.Content), "too late")
	})
	if len(k.Of(second.ID)) != 2 {
		t.Errorf("the second cell shows %v", second.Types())
	}
}

func TestErrorsOfCells(t *testing.T) {
	k := kerneltest.Start(t)
	cases := []struct{ code, name, want string }{
		{"x +", "CompileError", ""},
		{"nope()", "CompileError", "nope"},
		{`panic("oh")`, "Panic", "oh"},
		{`import "os"; os.Exit(3)`, "ExitStatus", "3"},
		{`var f func(int) int; f = func(n int) int { return f(n+1) + 1 }; f(0)`, "StackOverflow", "a new session has started"},
	}
	for _, c := range cases {
		t.Run(c.code, func(t *testing.T) {
			cell := k.Run(c.code)
			if cell.Reply.Failure == nil || cell.Reply.Name != c.name || !strings.Contains(cell.Reply.Value, c.want) || len(cell.Reply.Traceback) == 0 {
				t.Errorf("reply %+v", cell.Reply.Failure)
			}
		})
	}
	if got := run(t, k, "1 + 1").Result(t); got != "2" {
		t.Errorf("afterwards: %q", got)
	}
}

func TestInterrupt(t *testing.T) {
	k := kerneltest.Start(t)
	run(t, k, `import "time"; n := 1`)
	for _, code := range []string{"for {}", "time.Sleep(time.Hour)", "<-make(chan int)"} {
		id := k.Send(k.Shell, "execute_request", wire.ExecuteRequest{Code: code, StoreHistory: true})
		k.Published(func(m *wire.Message) bool { return m.Header.Type == "execute_input" && kerneltest.ParentID(m) == id })
		kerneltest.Best(t, "kernel_info on control during "+code, 10*time.Millisecond, func() time.Duration {
			begin := time.Now()
			k.Ask(k.Control, "kernel_info_request", nil)
			return time.Since(begin)
		})
		time.Sleep(50 * time.Millisecond)
		begin := time.Now()
		k.Ask(k.Control, "interrupt_request", nil)
		cell := k.Finish(id)
		if cell.Reply.Failure == nil || cell.Reply.Name != "Interrupted" {
			t.Errorf("%s: %+v", code, cell.Reply)
		}
		took := time.Since(begin)
		if limit := 200 * time.Millisecond; took > limit && took > time.Duration(float64(limit)*kerneltest.Busy()) {
			t.Errorf("%s: stopped after %v, the limit is %v", code, took, limit)
		}
	}
	if got := run(t, k, "n").Result(t); got != "1" {
		t.Errorf("the session is gone: n is %q", got)
	}
}

func TestMemoryLimit(t *testing.T) {
	k := kerneltest.Start(t, func(o *server.Options) { o.MemoryLimit = 512 << 20 })
	for _, code := range []string{
		`func() { var s [][]byte; for { s = append(s, make([]byte, 1<<20)) } }()`,
		`big := make([]byte, 1<<40); len(big)`,
		`var keep [][]byte; for { keep = append(keep, make([]byte, 1<<20)) }`,
	} {
		cell := k.Run(code)
		if cell.Reply.Failure == nil || cell.Reply.Name != "OutOfMemory" {
			t.Errorf("%s: %+v", code, cell.Reply.Failure)
		}
	}
	deadline := time.Now().Add(kerneltest.Timeout)
	for k.Run("1+1").Result(t) != "2" {
		if time.Now().After(deadline) {
			t.Fatal("no session afterwards")
		}
	}
}

func TestInput(t *testing.T) {
	k := kerneltest.Start(t)
	q := wire.NewExecuteRequest()
	q.Code, q.AllowStdin = "import \"fmt\"\nvar name string\nfmt.Print(\"who? \")\nfmt.Scanln(&name)\nname", true
	id := k.Send(k.Shell, "execute_request", q)
	k.Answer(k.Question(), "gopher")
	cell := k.Finish(id)
	if cell.Result(t) != "gopher" || cell.Text(t, "stdout") != "who? " {
		t.Errorf("result %q, stdout %q", cell.Result(t), cell.Text(t, "stdout"))
	}
}

func TestUserExpressions(t *testing.T) {
	k := kerneltest.Start(t)
	q := wire.NewExecuteRequest()
	q.Code, q.UserExpressions = "n := 20", map[string]string{"good": "n + 1", "bad": "nope"}
	cell := k.Execute(q)
	if good := fmt.Sprint(cell.Reply.UserExpressions["good"]); !strings.Contains(good, "text/plain:21") {
		t.Errorf("good: %s", good)
	}
	if bad := fmt.Sprint(cell.Reply.UserExpressions["bad"]); !strings.Contains(bad, "status:error") {
		t.Errorf("bad: %s", bad)
	}
}

func TestSpeed(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	k := kerneltest.Start(t)
	run(t, k, `import ("fmt"; "strings")`)
	for i := range 500 {
		run(t, k, fmt.Sprintf("v%d := %d; v%d", i%50, i, i%50))
	}
	kerneltest.Best(t, "median of a trivial cell after 500 cells", 5*time.Millisecond, func() time.Duration {
		var times []time.Duration
		for range 100 {
			begin := time.Now()
			run(t, k, "v1 + 1")
			times = append(times, time.Since(begin))
		}
		slices.Sort(times)
		return times[len(times)/2]
	})
	kerneltest.Best(t, "1,000 queued cells", 1500*time.Millisecond, func() time.Duration {
		begin := time.Now()
		var ids []string
		for i := range 1000 {
			q := wire.NewExecuteRequest()
			q.Code = fmt.Sprint(i)
			ids = append(ids, k.Send(k.Shell, "execute_request", q))
		}
		for i, id := range ids {
			if got := k.Finish(id).Result(t); got != fmt.Sprint(i) {
				t.Fatalf("cell %d shows %q", i, got)
			}
		}
		return time.Since(begin)
	})
	for name, code := range map[string]string{
		"one string": `fmt.Print(strings.Repeat("0123456789", 1000000))`,
		"lines":      `line := strings.Repeat("x", 999); for range 10000 { fmt.Println(line) }`,
	} {
		kerneltest.Best(t, "10 MB as "+name, 300*time.Millisecond, func() time.Duration {
			begin := time.Now()
			cell := run(t, k, code)
			d := time.Since(begin)
			if n := len(cell.Text(t, "stdout")); n != 10_000_000 || len(cell.Output) >= 50 {
				t.Errorf("10 MB as %s: %d bytes in %d messages", name, n, len(cell.Output))
			}
			return d
		})
	}
}
