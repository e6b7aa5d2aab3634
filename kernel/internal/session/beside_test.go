package session

import (
	"context"
	"sync"
	"testing"
	"time"
)

// Cells of several shells run side by side: each has its own value, its own end, and sees what the other has declared.
func TestCellsSideBySide(t *testing.T) {
	s := newBench(t)
	mustEval := func(cell int, src string) Result {
		t.Helper()
		res, err := s.Eval(context.Background(), cell, src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
		}
		return res
	}
	mustEval(1, "import \"sync/atomic\"\nvar n atomic.Int64\nbegun := make(chan int)")
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		_, err := s.Eval(ctx, 2, "long := 5\nbegun <- 1\nfor i := 0; ; i++ { n.Add(1) }")
		ended <- err
	}()
	mustEval(3, "<-begun")
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			for j := range 20 {
				if res := mustEval(10+100*i+j, "func f() int { return 3 }\nx := f() + long\nx * 2"); len(res.Values) != 1 || res.Values[0] != 16 {
					t.Errorf("value %v", res.Values)
				}
			}
		})
	}
	all.Wait()
	if c := s.Complete("lon", 3); len(c.Matches) == 0 || c.Matches[0].Text != "long" {
		t.Errorf("completion while a cell runs: %+v", c.Matches)
	}
	stop()
	select {
	case err := <-ended:
		if e, ok := err.(*Error); !ok || e.Name != Interrupted {
			t.Errorf("the cell that was stopped: %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the cell does not stop")
	}
	if res := mustEval(900, "n.Load() > 0"); len(res.Values) != 1 || res.Values[0] != true {
		t.Errorf("it has not run: %v", res.Values)
	}
}
