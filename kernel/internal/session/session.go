// Package session is the interpreter behind a notebook: it runs Go one cell at
// a time, each cell seeing what the earlier ones declared.
//
// A cell is type-checked by go/types as a package of its own into whose scope the names
// of earlier cells are put, compiled to SSA by golang.org/x/tools/go/ssa, and run by ixgo,
// which the room machine alone knows.
// Nothing here runs the go command or uses the network: what a cell can import is
// what is compiled into the program, and folders with Go source beside the notebook
// (or in the module that it stands in), which run interpreted as cells do.
//
// # The rooms
//
// This package is the life of a session: run, interrupt, what is past, names, forgetting.
// It imports the rooms, and no module but gonmf. Each of them opens with its own way through:
//
//   - source: the text of a cell. It knows no types.
//   - compile: text becomes a checked package; imports source.
//   - explain, help, export: what a person is told, what is asked while a cell is written,
//     and a notebook as a program; on top of compile.
//   - machine: all that knows the interpreter, beside compile; with unboxed, numeric code,
//     callback, functions of cells that compiled code calls, linked, the packages that are compiled in, stack, who has called whom, and streams, what cells print and read.
//   - script: whole programs, which have a process to themselves, on compile and machine.
//   - docs, stdlib: tables of what can be imported.
//
// The way through it is [Session.Eval] (eval.go): the compiler makes a checked package, the
// machine builds it, what it declares is committed and remembered (forget.go), it is run
// (report.go) with hooks for its value and its commands (hooks.go), and what went wrong is
// told (traceback.go). A test in scripts holds who may import whom.
//
// # What a cell is
//
// A cell mixes imports, declarations and statements. Types, constants and
// functions are declared before the statements run, wherever they stand; a
// variable declared at top level, by := or var, belongs to the session. An init
// function runs where it stands, after the var declarations that follow it. A
// cell with a package clause is a program: its variables are initialized as Go
// does it, and its main function is called at the end. Each name may be declared
// again, with another type if need be: code of earlier cells goes on using what it
// was compiled with. Unused variables and imports are not errors. A cell that does
// not compile changes nothing.
//
// The variable ctx, a [context.Context], is predeclared and is cancelled when the
// cell is interrupted. In a cell context.Background() and context.TODO() are the same
// context, so that code which was not written for a notebook can be stopped, too.
// Wherever it is kept, it follows the cell that uses it: a goroutine looks at the run
// that it was started by. A context derived from it, by context.WithTimeout say,
// belongs to the run that derived it.
//
// # What can still end the process
//
// A panic in a goroutine that compiled code has started, a recursion without end in
// code that computes with more than numbers, and a fatal error of Go's runtime such
// as two goroutines writing to one map. Whoever owns the session should run it in a
// process of its own.
//
// # What a long session costs
//
// A cell is forgotten when no later one can name what it declared and nothing that can
// be named refers to it. Three things are for good, since values of a type may be
// anywhere and Go's runtime never forgets a type: a cell that declares types keeps some
// 40 KiB, the last values of its variables, and a stub for each of their methods, of which the process has 8,192; a type
// declared inside of a function some 1 KiB each time that its cell is run; the first
// import of a package what the package takes. The values of the last 1,000 cells are
// kept for Out. (TestMemoryStaysFlat, TestMemoryOfATypeIsBounded)
//
// # What differs from compiled Go
//
// Of the tests of the language in Go's distribution those hold that are programs and need
// neither the go command nor cgo, but for ones that count what the collector frees and
// allocations, look for compiled functions in stack traces, or compute for minutes
// (TestGoDistribution has the list with a reason for each).
// The text of a panic has an index beyond the largest int as a negative number, since ixgo
// counts in int. What a local variable holds lives until its function returns: ixgo keeps
// registers that are no longer read. A value of a named pointer type passes a type assertion
// to the unnamed one, which is not worth a check at each assertion to a pointer. A type
// declared in a generic function has a name without the compiler's number. A flag may be
// defined again by another run of a cell. os.Exit ends the process where compiled code other
// than package flag's calls it.
//
// The packages log, log/slog, slices, maps and cmp run interpreted, from their
// source (but for what sorts and searches slices of the usual types): a *log.Logger of a cell is not one that compiled code accepts, for instance
// as the ErrorLog of an http.Server. recover after panic(nil) returns nil. Finalizers
// and cleanups may run later than in compiled code. An iterator that goes on after its
// loop was left by break or return is told that the loop's body returned false, even
// when it does so only after the loop.
package session

import (
	"go/token"
	"go/types"
	"reflect"
	"sync"
	"sync/atomic"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/explain"
	"gonmf/kernel/internal/session/help"
	"gonmf/kernel/internal/session/machine"
	"gonmf/kernel/internal/session/source"
)

// Options say how a session talks to its surroundings. A zero Options discards
// what cells print, ends what they read and drops the errors of goroutines.
//
// The functions may be called from any goroutine, Output never from two at once.
// None may call back into the session.
type Options struct {
	// Output receives what a cell printed, in order and joined to large pieces;
	// p is only valid during the call. A goroutine prints for the cell that
	// started it, even after that cell has ended. What was printed is handed over
	// before Eval returns and before Input is called, and at other times within
	// 50 ms.
	Output func(cell int, s Stream, p []byte)

	// Input returns a line, without its newline, for whatever reads os.Stdin.
	// An error ends the input: io.EOF as usual, any other is what the read fails
	// with.
	Input func(cell int, prompt string, password bool) (string, error)

	// Async receives the panic of a goroutine that a cell started, during the
	// cell or after it.
	Async func(cell int, err *Error)

	// Packages are compiled packages that cells may import beside the standard
	// library, as `yaegi extract` writes them: from "import/path/name" to the
	// exported symbols, types being nil pointers.
	Packages map[string]map[string]reflect.Value

	// Sources are packages that cells may import and that run interpreted, as generic
	// functions have to: from the import path to the names and the text of the files.
	// They come before compiled packages of the same path.
	Sources map[string]map[string]string

	// FileColumns returns the names of the columns of a table in a file, which completion
	// offers where a cell reads that file; nil if there is none. It may be nil itself.
	FileColumns func(file string) []string

	// Show says how large a value is, and what, for help on a variable. It may be nil.
	Show func(v any) string
}

// A Result is what the last expression of a cell gave.
type Result struct {
	// Has says whether the cell ended in an expression that has a value. A call
	// of a print or write function does not count, so that fmt.Println(x) shows
	// what it prints and no "21 <nil>".
	Has bool
	// Values has one entry, or several for a call that returns several.
	Values []any
}

// A Session is the state of a notebook: what its cells have declared and what is
// still running. Everything may be called at any time, from any goroutine: cells
// run one after the other if who calls Eval has them do so, else side by side,
// each as a goroutine would that the other had started.
type Session struct {
	opt Options

	machine *machine.Machine

	cells   sync.RWMutex // is read-locked while a cell runs
	sources sync.Map     // cell to its text, for excerpts
	because sync.Map     // variable to the error that came with it when it was assigned, as a text

	mu         sync.Mutex // guards what follows, and the compiler; not held while a cell runs
	compiler   *compile.Compiler
	explainer  *explain.Explainer
	guide      *help.Guide
	records    map[*types.Package]*record // the cells that something may still refer to
	sinceSweep int
	failed     map[string]int // names to the cell that would have declared them, had it compiled
	past       past
	base       base
	idle       bool // no cell runs, for as long as this is set
}

// cellOf returns the cell that has declared obj.
func (s *Session) cellOf(obj types.Object) (cell int, ok bool) {
	r := s.records[obj.Pkg()]
	if r == nil {
		return 0, false
	}
	return r.cell, true
}

// isDeclared says whether a cell has declared obj: not what the session has itself.
func (s *Session) isDeclared(obj types.Object) bool { return s.records[obj.Pkg()] != nil }

// source returns the text of a cell.
func (s *Session) source(cell int) string {
	src, _ := s.sources.Load(cell)
	text, _ := src.(string)
	return text
}

// A record is what is kept of a cell that has run.
type record struct {
	cell   int
	pkg    *types.Package
	names  map[string]string // what it declared: as written to as compiled
	uses   []*record         // whose names it uses
	pinned bool
	calls  []called          // the functions of cells that its functions call
	texts  map[string]string // its functions

	positions *positions
}

// A called function is one that a function of a unit calls.
type called struct {
	caller string
	callee types.Object
}

// positions are those of a unit, and the text that they are positions in. They are
// needed as long as the unit is kept and as long as a closure lives that its
// interpreter has made.
type positions struct {
	s       *Session
	files   []*token.File
	cell    int
	text    string
	holders atomic.Int32
}

// past is what earlier cells were and what they gave: the predeclared variables In
// and Out. Out[7] with a literal index, or _7, has the type that the value had in its
// cell; such a variable is only declared when a cell mentions it.
type past struct {
	in   []string    // In, by cell
	out  map[int]any // Out, by cell; replaced at each change, as a goroutine may be reading it
	kept map[int]kept
	old  []int // cells in kept, the oldest first
}

type kept struct {
	typ   types.Type
	value reflect.Value
}

// base is what the prelude has declared and imported.
type base struct {
	scope   map[string]types.Object
	imports map[string]compile.Import
	dots    []compile.Import
}

// A program is a compiled cell, ready to run.
type program struct {
	*machine.Program
	cell     int
	result   types.Type // of the last expression, nil if there is none
	commands []source.Command
	notes    []string // what the user should know of it
}
