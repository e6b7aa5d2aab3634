package machine

import (
	"bytes"
	"context"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unsafe"
)

//go:linkname profLabel runtime/pprof.runtime_getProfLabel
func profLabel() unsafe.Pointer

var origins sync.Map // uintptr of a label to *origin

// setOrigin labels the calling goroutine.
func setOrigin(o *origin) {
	labels := []string{"cell", strconv.Itoa(o.cell)}
	if o.run != nil {
		labels = append(labels, "run", o.run.label())
	}
	ctx := pprof.WithLabels(context.Background(), pprof.Labels(labels...))
	pprof.SetGoroutineLabels(ctx)
	label := profLabel()
	key := uintptr(label)
	origins.Store(key, o)
	// The label lives as long as a goroutine that has it. By the time that this is
	// noticed another may stand in its place.
	runtime.AddCleanup((*byte)(label), func(o *origin) { origins.CompareAndDelete(key, o) }, o)
}

// currentOrigin returns the origin of the calling goroutine, or nil.
func currentOrigin() *origin {
	label := profLabel()
	if label == nil {
		return nil
	}
	o, ok := origins.Load(uintptr(label))
	if !ok {
		return nil
	}
	return o.(*origin)
}

// waits are the functions in which a goroutine waits for another, or for the system.
var waits = []string{
	"time.Sleep", "reflect.chanrecv", "reflect.chansend", "reflect.rselect", "sync.runtime_", "internal/sync.runtime_",
	"internal/poll.runtime_pollWait", "syscall.", "internal/runtime/syscall.",
}

// interpreters are the functions in which a goroutine runs code of a cell.
var interpreters = []string{
	"github.com/goplus/", "gonmf/kernel/internal/session.", "gonmf/kernel/internal/session/", "reflect.", "internal/reflectlite.",
}

// stacks returns what the goroutines with a label are in, each with the innermost
// function first. It stops the process for a moment.
func stacks(key, value string) (stacks [][]string) {
	var profile bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&profile, 1); err != nil {
		return nil
	}
	label := strconv.Quote(key) + ":" + strconv.Quote(value)
	for goroutine := range strings.SplitSeq(profile.String(), "\n\n") {
		_, lines, found := strings.Cut(goroutine, label)
		if !found {
			continue
		}
		var stack []string
		for line := range strings.Lines(lines) {
			if fields := strings.Fields(line); len(fields) > 2 && fields[0] == "#" { // then the address and the name
				stack = append(stack, fields[2])
			}
		}
		if len(stack) > 0 {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}

func hasPrefix(name string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

// blocked says whether the goroutine of a run is waiting for something.
func (r *Run) blocked() bool {
	at := stacks("run", r.label())
	return len(at) > 0 && hasPrefix(at[0][0], waits)
}

// computes says whether compiled code works for the cell of a run, in its own goroutine
// or in one that it started.
func (r *Run) computes() bool {
	return slices.ContainsFunc(stacks("cell", strconv.Itoa(r.cell)), computes)
}

// computes says whether a goroutine is in compiled code, or in code of a cell that
// compiled code has called, as a fit does to tell of its progress.
func computes(stack []string) bool {
	if hasPrefix(stack[0], waits) {
		return false
	}
	if !hasPrefix(stack[0], interpreters) {
		return true
	}
	outer := 0 // what is further out has started the goroutine
	for i, f := range stack {
		if hasPrefix(f, interpreters) {
			outer = i
		}
	}
	return slices.ContainsFunc(stack[:outer], func(f string) bool { return !hasPrefix(f, interpreters) })
}

// Cell returns the cell that the calling goroutine works for: the last one that
// was run if the goroutine is not known.
func (m *Machine) Cell() int {
	if o := currentOrigin(); o != nil && o.m == m {
		return o.cell
	}
	return int(m.lastCell.Load())
}

// LastCell returns the cell that was run last.
func (m *Machine) LastCell() int { return int(m.lastCell.Load()) }

// offspring is the origin of the goroutines that the calling one starts.
func (m *Machine) offspring() *origin {
	if o := currentOrigin(); o != nil && o.m == m {
		return &origin{m: m, cell: o.cell, ctx: o.ctx}
	}
	return &origin{m: m, cell: int(m.lastCell.Load())}
}

// spawned runs f in a goroutine that a cell has started.
func (m *Machine) spawned(o *origin, f func()) {
	if !m.Options.Alone {
		setOrigin(o)
	}
	defer func() {
		if e := recover(); e != nil {
			m.report(o.cell, e)
		}
	}()
	f()
}

// report hands a panic of a goroutine to Options.Async.
func (m *Machine) report(cell int, e any) {
	if _, ok := e.(Goexit); ok {
		return
	}
	if _, ok := e.(Stopped); ok {
		return
	}
	m.out.Flush()
	m.Options.Async(cell, e)
}
