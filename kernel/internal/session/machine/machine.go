package machine

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"strconv"
	"sync"
	"sync/atomic"
	"weak"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/callback"
	"gonmf/kernel/internal/session/streams"
	"gonmf/kernel/internal/session/unboxed"
)

// Options say what a machine calls. The functions may be called from any goroutine.
type Options struct {
	// Output, Input and Packages are those of a session.
	Output   func(cell int, s streams.Stream, p []byte)
	Input    func(cell int, prompt string, password bool) (string, error)
	Packages []map[string]map[string]reflect.Value

	// Alone says that there will be one program, which has the process to itself: its
	// streams, its signals and its end. Output, Input and Async are not called then.
	Alone bool

	// Interpreted returns a package that runs interpreted, or nil if path is no such one.
	Interpreted func(path string) (*types.Package, error)
	// Hooks are what the functions that rewritten cells call do, by name.
	Hooks map[string]any
	// Failed makes an error of what a cell has panicked with; nil is none. It is called
	// where the panic was.
	Failed func(cell int, e any) error
	// Async receives the panic of a goroutine that a cell has started.
	Async func(cell int, e any)
}

// A Machine runs checked cells. It is one interpreter as far as cells can tell; inside
// it has one for each of them.
type Machine struct {
	Options Options
	Fset    *token.FileSet
	Context context.Context // the cells' context.Background()

	ixgo     *ixgo.Context
	compiled types.Importer
	loader   *loader
	builder  *ixgo.SSABuilder
	editor   *editor
	numeric  *numeric
	out      *streams.Output
	stdio    *stdio // nil for a program alone
	lastCell atomic.Int64
	interps  interps

	functions map[*types.Package][]*ssa.Function // of cells, to be forgotten with them
}

// A Run is one run of a cell.
type Run struct {
	Of any // what the session keeps with it

	id   int64
	cell int
	in   *ixgo.Interp
	ctx  *cellContext
	stop chan struct{} // closed when the cell has to stop

	// resumed is set once a deferred function runs after an abort: the rest of the
	// way out is a panic, and no code may be aborted any more.
	resumed atomic.Bool
}

// What ends the goroutine of a cell, as panic values.
type (
	Exit    int      // os.Exit
	Goexit  struct{} // runtime.Goexit
	Stopped struct{} // an interrupt
)

// An Interruption is what a run that was interrupted ends with.
type Interruption struct {
	Cause error
	Left  bool // the cell was waiting for what cannot be stopped, and its goroutine was left behind
}

func (i *Interruption) Error() string { return fmt.Sprintf("interrupted: %v", i.Cause) }

func (e Exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

func (Goexit) Error() string { return "runtime.Goexit was called" }

func (Stopped) Error() string { return "interrupted" }

// interps are the interpreters that may still run: those of earlier cells whose
// functions are still referred to.
type interps struct {
	mu   sync.Mutex
	list []weak.Pointer[ixgo.Interp]
	next int // length at which the list is cleared of the dead
}

func (l *interps) add(in *ixgo.Interp) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, weak.Make(in))
	if len(l.list) >= l.next {
		l.eachLocked(func(*ixgo.Interp) {})
		l.next = 2*len(l.list) + 64
	}
}

func (l *interps) each(f func(*ixgo.Interp)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.eachLocked(f)
}

func (l *interps) eachLocked(f func(*ixgo.Interp)) {
	live := l.list[:0]
	for _, w := range l.list {
		if in := w.Value(); in != nil {
			live = append(live, w)
			f(in)
		}
	}
	clear(l.list[len(live):])
	l.list = live
}

// A cellContext is the context of one run of a cell, which an interrupt cancels. It
// notices whether anyone looks at it.
type cellContext struct {
	context.Context
	cancel  context.CancelCauseFunc
	noticed atomic.Bool
}

func newCellContext() *cellContext {
	c := new(cellContext)
	c.Context, c.cancel = context.WithCancelCause(context.Background())
	return c
}

// stdio is what cells see as os.Stdin, os.Stdout and os.Stderr: variables of the
// session's own, so that those of the process stay what they are.
//
// Each holds an *os.File, as it must. Where that is used as an io.Writer or
// io.Reader, and in direct calls of its methods, the session's stream takes its
// place, which knows the cell of the goroutine that writes. What compiled code
// writes to the *os.File itself goes through a pipe and is taken for output of
// the latest cell.
type stdio struct {
	m   *Machine
	in  *os.File // what the cells' os.Stdin is unless they set it; the same for out and err
	out *os.File
	err *os.File

	vars struct{ in, out, err *os.File } // the variables
	args []string                        // the cells' os.Args

	stdin          *streams.Stdin
	stdout, stderr *streamWriter
	pipes          []*streams.Pipe
}

// streamWriter is a stream of the cell that writes.
type streamWriter struct {
	m      *Machine
	stream streams.Stream
}

// natives are the compiled functions that edited SSA calls. Their parameters and
// results are of type any, which is how ixgo passes values, one function for each
// number of them.
type natives struct {
	m         *Machine
	functions map[string]*ssa.Function
	invokers  map[[2]int]any // the usual dispatchers, by numbers of arguments and results
	callees   sync.Map       // methodKey to callee
	owns      sync.Map       // methodKey to *ownMethod
}

// Functions and top-level loops that only compute with numbers run unboxed. ixgo
// sees a function that calls a native one in their place.
type numeric struct {
	m        *Machine
	env      *unboxed.Env
	stopping atomic.Int32 // while an interrupt is under way
	plans    sync.Map     // int64 to *unboxed.Func
	next     int64

	callbacks callback.Table
}

// An editor changes the SSA of cells between builder and interpreter, where ixgo
// v1.1.1 would do something else than Go does, or than a notebook needs:
//
//   - every function gets a recover block, since ixgo looks for an abort only in
//     functions that have one;
//   - the phis of a block happen at once, while ixgo runs them one by one;
//   - a recursive function is laid out so that calls of it from within itself run
//     its deferred functions;
//   - a function whose defer statements all stand in loops over functions runs them
//     at its end, which some versions of ssa leave out;
//   - interface calls go through a dispatcher that knows the types of all cells,
//     ixgo's own those of the running one;
//   - go statements go through a function that reports a panic;
//   - a goroutine looks whether it was stopped when it has been blocked;
//   - a deferred function lifts the abort, so that it can do its work;
//   - min and max of floats, and of uintptr, are computed by Go, since ixgo's are
//     wrong for NaN and -0, and for uintptr;
//   - a failed type assertion, and an iterator that goes on too long, panic with
//     Go's texts;
//   - functions that only compute with numbers run unboxed;
//   - os.Stdin, os.Stdout and os.Stderr become the session's when they turn into
//     an io.Reader or io.Writer.
type editor struct {
	prog    *ssa.Program
	natives *natives
	isCell  func(types.Type) bool
	done    map[*ssa.Function]bool
	batch   []*ssa.Function // edited for the current cell
	thunks  map[*ssa.Function]*ssa.Function
	// replaced has the functions that run unboxed, with their ids.
	replaced map[*ssa.Function]int64
	// selected has the calls of unsafe.Offsetof in generic functions, with the number of
	// fields on the way.
	selected map[token.Pos]int
}

var anyType = types.Universe.Lookup("any").Type()

// An origin says for which cell a goroutine works. It hangs on the goroutine as
// its profiler label, since that is the one thing that a goroutine hands on to
// those it starts, in compiled code too. (In a CPU profile of the kernel the
// label tells the cells apart, which is what labels are for.)
type origin struct {
	m    *Machine
	cell int
	run  *Run         // for the goroutine that runs the cell itself, nil for those it started
	ctx  *cellContext // of the run that it began with
}

// The numbers of arguments and results that functions are made for in advance:
// ixgo reads its table of functions without a lock, so that nothing should be put
// in once goroutines run.
const commonArgs, commonResults = 8, 3

// label tells the goroutine of this run from all others.
func (r *Run) label() string { return strconv.FormatInt(r.id, 10) }
