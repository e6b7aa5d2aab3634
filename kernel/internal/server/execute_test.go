package server_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/wire"
)

func TestCell(t *testing.T) {
	k := start(t)
	cell := k.Run("print hello\nvalue 42")
	if got, want := cell.Types(), []string{"execute_input", "stream", "execute_result"}; !reflect.DeepEqual(got, want) {
		t.Errorf("published %v", got)
	}
	if cell.Text(t, "stdout") != "hello\n" || cell.Result(t) != "42" || cell.Reply.Status != "ok" || cell.Reply.ExecutionCount != 1 {
		t.Errorf("stdout %q, result %q, reply %+v", cell.Text(t, "stdout"), cell.Result(t), cell.Reply)
	}
	cell = k.Run("html <b>\nprint x")
	if got := cell.Types(); !reflect.DeepEqual(got, []string{"execute_input", "stream"}) {
		t.Errorf("a cell without a value published %v", got)
	}
	if k.Run("eprint oops").Text(t, "stderr") != "oops\n" {
		t.Error("stderr is lost")
	}
	cell = k.Run("html <b>bold</b>")
	data := kerneltest.Decode[wire.DisplayData](t, cell.Output[1])
	if data.Data["text/html"] != "<b>bold</b>" || data.Data["text/plain"] != "<b>bold</b>" || data.ExecutionCount != 4 {
		t.Errorf("%+v", data)
	}
}

func TestCellThatFails(t *testing.T) {
	k := start(t)
	cell := k.Run("fail why")
	want := wire.Failure{Name: "Failure", Value: "why", Traceback: []string{"trace of why"}}
	if cell.Reply.Status != "error" || !reflect.DeepEqual(*cell.Reply.Failure, want) {
		t.Errorf("reply %+v", cell.Reply)
	}
	if got := kerneltest.Decode[wire.Failure](t, cell.Output[len(cell.Output)-1]); !reflect.DeepEqual(got, want) {
		t.Errorf("published %+v", got)
	}
	for code, name := range map[string]string{"panic oh": "internal error of the interpreter: oh", "nan": "cannot be shown"} {
		cell := k.Run(code)
		if cell.Reply.Status != "error" || !strings.Contains(cell.Reply.Value, name) {
			t.Errorf("%s: %+v", code, cell.Reply)
		}
	}
	if got := k.Run("value 1").Result(t); got != "1" {
		t.Errorf("the next cell shows %q", got)
	}
}

func TestSilentAndHistoryFlags(t *testing.T) {
	k := start(t)
	silent := wire.NewExecuteRequest()
	silent.Code, silent.Silent = "print x\nshow y\nvalue 1", true
	cell := k.Execute(silent)
	if len(cell.Output) != 0 || cell.Reply.Status != "ok" {
		t.Errorf("a silent cell published %v, reply %+v", cell.Types(), cell.Reply)
	}
	unstored := wire.NewExecuteRequest()
	unstored.Code, unstored.StoreHistory = "value 2", false
	if cell := k.Execute(unstored); cell.Result(t) != "2" {
		t.Errorf("result %q", cell.Result(t))
	}
	if cell := k.Run("value 3"); cell.Reply.ExecutionCount != 1 {
		t.Errorf("the first cell that counts is number %d", cell.Reply.ExecutionCount)
	}
	reply := kerneltest.Decode[wire.HistoryReply](t, k.Ask(k.Shell, "history_request", map[string]any{"hist_access_type": "tail", "n": 10}))
	if fmt.Sprint(reply.History) != "[[1 1 value 3]]" {
		t.Errorf("history %v", reply.History)
	}
}

func TestUserExpressions(t *testing.T) {
	k := start(t)
	q := wire.NewExecuteRequest()
	q.Code, q.UserExpressions = "count", map[string]string{"a": "count", "b": "html <i>", "c": "fail no", "d": "print x"}
	cell := k.Execute(q)
	got := cell.Reply.UserExpressions
	for name, want := range map[string]string{
		"a": "map[data:map[text/plain:2] metadata:map[] status:ok]",
		"b": "map[data:map[text/html:<i> text/plain:<i>] metadata:map[] status:ok]",
		"c": "map[ename:Failure evalue:no status:error traceback:[trace of no]]",
		"d": "map[data:map[] metadata:map[] status:ok]",
	} {
		if fmt.Sprint(got[name]) != want {
			t.Errorf("%s: %v", name, got[name])
		}
	}
}

func TestQueuedCells(t *testing.T) {
	k := start(t)
	k.Run("count")
	count := 1
	kerneltest.Best(t, "1,000 queued cells", 1500*time.Millisecond, func() time.Duration {
		begin := time.Now()
		var ids []string
		for range 1000 {
			q := wire.NewExecuteRequest()
			q.Code = "count"
			ids = append(ids, k.Send(k.Shell, "execute_request", q))
		}
		for _, id := range ids {
			count++
			cell := k.Finish(id)
			if cell.Result(t) != fmt.Sprint(count) || cell.Reply.ExecutionCount != count {
				t.Fatalf("cell %d shows %s, its count is %d", count, cell.Result(t), cell.Reply.ExecutionCount)
			}
		}
		return time.Since(begin)
	})
}

func TestCellsBehindAFailedOneAreAborted(t *testing.T) {
	k := start(t)
	send := func(code string, stop bool) string {
		q := wire.NewExecuteRequest()
		q.Code, q.StopOnError = code, stop
		return k.Send(k.Shell, "execute_request", q)
	}
	for _, stop := range []bool{true, false} {
		first, second := send("fail x", stop), send("count", stop)
		info := k.Send(k.Shell, "kernel_info_request", nil)
		if got := k.Finish(first); got.Reply.Status != "error" {
			t.Errorf("stop %v: first %+v", stop, got.Reply)
		}
		want := "ok"
		if stop {
			want = "aborted"
		}
		got := k.Finish(second)
		if got.Reply.Status != want || stop && len(got.Output) != 0 {
			t.Errorf("stop %v: second %+v, %v", stop, got.Reply, got.Types())
		}
		if m := k.Reply(k.Shell); kerneltest.ParentID(m) != info || m.Header.Type != "kernel_info_reply" {
			t.Errorf("stop %v: %s instead of kernel_info_reply", stop, m.Header.Type)
		}
	}
	if got := k.Run("count"); got.Reply.Status != "ok" || got.Result(t) != "2" {
		t.Errorf("a cell sent after the error: %+v %s", got.Reply, got.Result(t))
	}
}

func TestLatency(t *testing.T) {
	k := start(t)
	for range 500 {
		k.Run("value 1")
	}
	kerneltest.Best(t, "median of a trivial cell after 500 cells", 5*time.Millisecond, func() time.Duration {
		var times []time.Duration
		for range 100 {
			begin := time.Now()
			if cell := k.Run("value 1"); cell.Result(t) != "1" {
				t.Fatalf("result %q", cell.Result(t))
			}
			times = append(times, time.Since(begin))
		}
		slices.Sort(times)
		return times[len(times)/2]
	})
}

func TestMuchOutput(t *testing.T) {
	k := start(t)
	kerneltest.Best(t, "10 MB of output", 300*time.Millisecond, func() time.Duration {
		begin := time.Now()
		cell := k.Run("flood 10000000")
		d := time.Since(begin)
		text := cell.Text(t, "stdout")
		if len(text) != 10_000_000 || strings.Contains(text, "\uFFFD") {
			t.Errorf("%d bytes arrived, damaged: %v", len(text), strings.Contains(text, "\uFFFD"))
		}
		if n := len(cell.Output); n >= 50 {
			t.Errorf("%d messages", n)
		}
		return d
	})
}

func TestOutputOfAGoroutineGoesToItsCell(t *testing.T) {
	k := start(t)
	first := k.Run("later tick")
	second := k.Run("value 2")
	k.Published(func(m *wire.Message) bool { return m.Header.Type == "stream" && kerneltest.ParentID(m) == first.ID })
	for _, m := range k.Of(second.ID) {
		if m.Header.Type == "stream" {
			t.Error("the output went to a later cell")
		}
	}
}

func TestStreamsKeepTheirOrder(t *testing.T) {
	k := start(t)
	cell := k.Run("print 1\neprint 2\nprint 3\nshow 4\nprint 5\nfail 6")
	var got []string
	for _, m := range cell.Output[1:] {
		got = append(got, m.Header.Type)
	}
	want := []string{"stream", "stream", "stream", "display_data", "stream", "error"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestDisplay(t *testing.T) {
	k := start(t)
	cell := k.Run("showas one\nupdate two\nclear\nshow three")
	type shown struct{ Type, ID, Text string }
	var got []shown
	for _, m := range cell.Output[1:] {
		d := kerneltest.Decode[wire.DisplayData](t, m)
		id, _ := d.Transient["display_id"].(string)
		text, _ := d.Data["text/plain"].(string)
		got = append(got, shown{m.Header.Type, id, text})
	}
	want := []shown{{"display_data", "id", "one"}, {"update_display_data", "id", "two"}, {"clear_output", "", ""}, {"display_data", "", "three"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if c := kerneltest.Decode[wire.ClearOutput](t, cell.Output[3]); !c.Wait {
		t.Error("wait is lost")
	}
}

func TestInput(t *testing.T) {
	k := start(t)
	for _, password := range []bool{false, true} {
		q := wire.NewExecuteRequest()
		q.Code, q.AllowStdin = "ask name?", true
		if password {
			q.Code = "password name?"
		}
		id := k.Send(k.Shell, "execute_request", q)
		question := k.Question()
		if got := kerneltest.Decode[wire.InputRequest](t, question); got.Prompt != "name?" || got.Password != password {
			t.Errorf("question %+v", got)
		}
		if kerneltest.ParentID(question) != id {
			t.Error("the question's parent is not the cell")
		}
		k.Answer(question, "Gödel")
		if got := k.Finish(id).Result(t); got != "Gödel" {
			t.Errorf("result %q", got)
		}
	}
	if cell := k.Run("ask name?"); cell.Reply.Status != "error" || !strings.Contains(cell.Reply.Value, "does not take input") {
		t.Errorf("without allow_stdin: %+v", cell.Reply)
	}
}

func TestInterruptedQuestion(t *testing.T) {
	k := start(t)
	q := wire.NewExecuteRequest()
	q.Code, q.AllowStdin = "ask first?", true
	id := k.Send(k.Shell, "execute_request", q)
	old := k.Question()
	k.Ask(k.Control, "interrupt_request", nil)
	if cell := k.Finish(id); cell.Reply.Status != "error" || cell.Reply.Name != "Interrupted" {
		t.Errorf("reply %+v", cell.Reply)
	}
	k.Answer(old, "too late")
	within(t, kerneltest.Timeout, "the late answer is reported", func() bool { return strings.Contains(k.Log.String(), "answers no question") })
	q.Code = "ask second?"
	id = k.Send(k.Shell, "execute_request", q)
	k.Answer(k.Question(), "in time")
	if got := k.Finish(id).Result(t); got != "in time" {
		t.Errorf("result %q", got)
	}
}

func TestTwoFrontEnds(t *testing.T) {
	k := start(t)
	other := kerneltest.Dial(t, k.Connection)
	q := wire.NewExecuteRequest()
	q.Code, q.AllowStdin = "ask whose?", true
	mine := k.Send(k.Shell, "execute_request", q)
	k.Answer(k.Question(), "mine")
	if got := k.Finish(mine).Result(t); got != "mine" {
		t.Errorf("result %q", got)
	}
	theirs := other.Send(other.Shell, "execute_request", q)
	other.Answer(other.Question(), "theirs")
	if got := other.Finish(theirs).Result(t); got != "theirs" {
		t.Errorf("result %q", got)
	}
	// Each hears of what the other does.
	k.Idle(theirs)
	other.Idle(mine)
	if a, b := len(k.Of(theirs)), len(other.Of(mine)); a != 2 || b != 2 {
		t.Errorf("they heard %d and %d messages of each other's cells", a, b)
	}
}
