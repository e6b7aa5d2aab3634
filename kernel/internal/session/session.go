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
// source: a *log.Logger of a cell is not one that compiled code accepts, for instance
// as the ErrorLog of an http.Server. recover after panic(nil) returns nil. Finalizers
// and cleanups may run later than in compiled code. An iterator that goes on after its
// loop was left by break or return is told that the loop's body returned false, even
// when it does so only after the loop.
package session

import (
	"context"
	"fmt"
	"go/parser"
	"go/types"
	"maps"
	"reflect"
	"strings"
	"sync"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/explain"
	"gonmf/kernel/internal/session/help"
	"gonmf/kernel/internal/session/machine"
	"gonmf/kernel/internal/session/source"
	"gonmf/kernel/internal/session/stdlib"
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
// still running. Cells run one after the other; everything else may be called at
// any time, from any goroutine.
type Session struct {
	opt Options

	machine *machine.Machine

	evalMu  sync.Mutex // one cell at a time
	sources sync.Map   // cell to its text, for excerpts
	because sync.Map   // variable to the error that came with it when it was assigned, as a text

	mu         sync.Mutex // guards what follows, and the compiler; not held while a cell runs
	compiler   *compile.Compiler
	explainer  *explain.Explainer
	guide      *help.Guide
	records    map[*types.Package]*record // the cells that something may still refer to
	sinceSweep int
	failed     map[string]int // names to the cell that would have declared them, had it compiled
	past       past
	base       base
}

// New starts a session.
func New(opt Options) (*Session, error) {
	s := &Session{opt: opt, records: map[*types.Package]*record{}, failed: map[string]int{}}
	var err error
	if s.machine, err = machine.New(machine.Options{
		Output: opt.Output, Input: opt.Input, Packages: []map[string]map[string]reflect.Value{stdlib.Symbols, opt.Packages},
		Interpreted: s.interpreted, Hooks: s.hooks(), Failed: s.panicked, Async: s.async,
	}); err != nil {
		return nil, err
	}
	s.explainer = &explain.Explainer{
		Text:       s.source,
		Failed:     func(name string) (int, bool) { cell, ok := s.failed[name]; return cell, ok },
		CellOf:     s.cellOf,
		IsCellType: s.machine.IsCellType,
	}
	s.compiler = compile.New(compile.Options{
		Fset: s.machine.Fset, Packages: s.machine, Sources: opt.Sources,
		Missing: s.explainer.Missing, Output: s.declareOutput, Declared: s.isDeclared,
	})
	s.explainer.Compiler = s.compiler
	s.guide = &help.Guide{Compiler: s.compiler, Text: s.source, CellOf: s.cellOf}
	ctx, err := s.machine.PredeclareContext()
	if err != nil {
		return nil, err
	}
	s.compiler.Scope["ctx"] = ctx
	s.declarePast()
	s.base = s.current()
	return s, nil
}

// interpreted returns a package that is there as source.
func (s *Session) interpreted(path string) (*types.Package, error) {
	if s.compiler == nil { // not yet
		return nil, nil
	}
	return s.compiler.Interpreted(path)
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

// Close ends what the session holds open. Goroutines that cells have started go
// on.
func (s *Session) Close() { s.machine.Close() }

// Flush hands over what cells have printed so far, for what is shown beside the
// output and has to keep its place in it.
func (s *Session) Flush() { s.machine.Flush() }

// TakeProcess gives the session the streams of its process: what compiled code prints on
// os.Stdout and os.Stderr, the usage of package flag for instance, is then output of the
// latest cell. It is for whoever has started a process for the session alone.
func (s *Session) TakeProcess() { s.machine.TakeProcess() }

// Cell returns the cell that the calling goroutine works for.
func (s *Session) Cell() int { return s.machine.Cell() }

// Eval runs one cell. cell is the number that errors and output call it by.
// Cancelling ctx is the stop button: Eval then returns within 0.2 s an error of
// the name Interrupted. It takes longer, up to 1.2 s, only while compiled code computes
// for a cell that has looked at its ctx: a fit whose iterations take longer than 0.1 s
// ends with the one that it is in, and the cell has its model.
//
// The error is an [*Error]. A Result may come with one: what the cell had already
// computed.
//
// The commands are in the order in which they stand in src.
func (s *Session) Eval(ctx context.Context, cell int, src string, commands ...source.Command) (Result, error) {
	res, typ, err := s.eval(ctx, cell, src, commands)
	if err == nil && res.Has {
		s.keepOutput(cell, typ, res.Values)
	}
	if err != nil { // not a nil *Error in an error
		return res, err
	}
	return res, nil
}

// eval also returns the type of the result.
func (s *Session) eval(ctx context.Context, cell int, src string, commands []source.Command) (Result, types.Type, *Error) {
	s.evalMu.Lock()
	defer s.evalMu.Unlock()
	if ctx.Err() != nil {
		return Result{}, nil, interruptedError(cell, context.Cause(ctx), "")
	}
	p, err := s.prepare(cell, src, commands)
	if err != nil {
		return Result{}, nil, err
	}
	res, err := s.execute(ctx, p)
	return res, p.result, err
}

// prepare compiles a cell and declares what it declares.
func (s *Session) prepare(cell int, src string, commands []source.Command) (*program, *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	u, err := s.compile(cell, src, commands)
	if err != nil {
		return nil, err
	}
	if err := s.roomForMethods(u); err != nil {
		return nil, err
	}
	p, err := s.build(u)
	if err != nil {
		return nil, err
	}
	before := maps.Clone(s.compiler.Scope)
	s.commit(u, p)
	if cell == preludeCell {
		s.base = s.current()
	}
	r := s.remember(u, p)
	p.notes = s.outdated(r, before)
	if len(u.Added) > 0 {
		p.notes = append(p.notes, fmt.Sprintf("\x1b[90mimported %s (%%autoimport off leaves that to you)\x1b[0m\n", strings.Join(u.Added, ", ")))
	}
	for name := range u.Names {
		if v, ok := before[name].(*types.Var); ok && v.Pkg() != u.Pkg {
			s.release(r)
			break
		}
	}
	return p, nil
}

// SetAutoImport says whether a package that a cell uses without an import is imported, if
// only one of its name can be, and returns what held before.
func (s *Session) SetAutoImport(on bool) (before bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, s.compiler.AutoImport = s.compiler.AutoImport, on
	return before
}

// Expression evaluates an expression as if it stood in the latest cell, for the
// user_expressions of a request.
func (s *Session) Expression(ctx context.Context, expr string) (Result, error) {
	cell := s.machine.LastCell()
	if _, err := parser.ParseExpr(expr); err != nil {
		return Result{}, explain.Errorf(CompileError, "%q is not an expression: %v", expr, err)
	}
	src := s.source(cell)
	res, _, err := s.eval(ctx, cell, expr, nil)
	s.sources.Store(cell, src)
	if err != nil {
		return res, err
	}
	return res, nil
}

// source returns the text of a cell.
func (s *Session) source(cell int) string {
	src, _ := s.sources.Load(cell)
	text, _ := src.(string)
	return text
}
