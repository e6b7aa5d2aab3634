package server

import (
	"sync"

	"gonmf/kernel/internal/outlet"
	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/supervisor"
	"gonmf/kernel/internal/wire"
)

// maxCells is how many cells are remembered, so that a goroutine which one of them left behind still writes below it.
const maxCells = 10_000

// cell is a run of a cell: where its output belongs.
type cell struct {
	request *request
	silent  bool // nothing is published
	stdin   bool // the front end answers questions
}

// cells numbers the runs. A cell that counts has its execution count as its number; others are negative.
type cells struct {
	mu     sync.Mutex
	byID   map[int]*cell
	order  []int // the latest maxCells
	latest int
	others int
}

func (c *cells) add(run *cell, count int, counts bool) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byID == nil {
		c.byID = make(map[int]*cell)
	}
	id := count
	if !counts {
		c.others--
		id = c.others
	}
	c.byID[id] = run
	c.latest = id
	c.order = append(c.order, id)
	if len(c.order) > maxCells {
		delete(c.byID, c.order[0])
		c.order = c.order[1:]
	}
	return id
}

// find returns the run with that number, or the latest if it is not known. It returns nil before the first.
func (c *cells) find(id int) *cell {
	c.mu.Lock()
	defer c.mu.Unlock()
	if run := c.byID[id]; run != nil {
		return run
	}
	return c.byID[c.latest]
}

// Output implements supervisor.Handler.
func (k *Kernel) Output(id int, stderr bool, text []byte) {
	name := "stdout"
	if stderr {
		name = "stderr"
	}
	k.publish(id, "stream", wire.Stream{Name: name, Text: string(text)})
}

// Event implements supervisor.Handler.
func (k *Kernel) Event(e pipe.Event) {
	if e.Op == outlet.Clear {
		k.publish(e.Cell, "clear_output", wire.ClearOutput{Wait: e.Wait})
		return
	}
	data := wire.DisplayData{Data: e.Data, Metadata: e.Metadata, Transient: map[string]any{}}
	if e.ID != "" {
		data.Transient["display_id"] = e.ID
	}
	msgType := "display_data"
	if e.Op == outlet.Update {
		msgType = "update_display_data"
	}
	k.publish(e.Cell, msgType, data)
}

// Died implements supervisor.Handler: the session ended while no cell ran.
func (k *Kernel) Died(d *supervisor.Death) {
	k.Output(0, true, []byte(d.Error()+"\n"))
}

// publish sends what a cell brought about, unless it runs silently. It waits for front ends that do not keep up, and with
// it the cell: what they have not read yet must not pile up here.
func (k *Kernel) publish(id int, msgType string, content any) {
	k.iopub.socket.Throttle(k.running)
	run := k.cells.find(id)
	switch {
	case run == nil:
		k.iopub.publish(nil, msgType, content)
	case !run.silent:
		k.iopub.publish(run.request.Message, msgType, content)
	}
}
