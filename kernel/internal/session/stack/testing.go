package stack

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	_ "unsafe" // for linkname

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"
)

// What package testing writes about a test begins with the line that said it, which it
// would look for among compiled functions.

//go:linkname callerOf github.com/goplus/ixgo.runtimeCaller
func callerOf(fr *ixgo.Frame, skip int) (pc uintptr, file string, line int, ok bool)

// tests are the functions of package testing for a program alone.
type tests struct {
	helpers sync.Map // *ssa.Function: those that have called Helper
	failed  func(name string, e any)
}

// A tested is a *testing.T, B or F.
type tested interface {
	comparable
	Name() string
	Output() io.Writer
	Fail()
	FailNow()
	SkipNow()
}

// ReplaceTesting lets the tests of a program be told with their lines. failed is called with
// what a test has panicked with, and the name of the test.
func ReplaceTesting(ctx *ixgo.Context, failed func(name string, e any)) {
	s := &tests{failed: failed}
	reportBy[*testing.T](s, ctx, "T")
	reportBy[*testing.B](s, ctx, "B")
	reportBy[*testing.F](s, ctx, "F")
	ctx.RegisterExternal("(*testing.T).Run", func(t *testing.T, name string, f func(*testing.T)) bool {
		return t.Run(name, s.guarded(f))
	})
}

// Guarded returns the function of a test that tells its panic.
func Guarded(failed func(name string, e any), f func(*testing.T)) func(*testing.T) {
	return (&tests{failed: failed}).guarded(f)
}

func (s *tests) guarded(f func(*testing.T)) func(*testing.T) {
	return func(t *testing.T) {
		defer func() {
			if e := recover(); e != nil {
				s.failed(t.Name(), e)
			}
		}()
		f(t)
	}
}

func reportBy[R tested](s *tests, ctx *ixgo.Context, name string) {
	nothing := func(R) {}
	for method, then := range map[string]func(R){"Log": nothing, "Error": R.Fail, "Fatal": R.FailNow, "Skip": R.SkipNow} {
		ctx.RegisterExternal("(*testing."+name+")."+method, func(fr *ixgo.Frame, t R, args ...any) {
			s.report(fr, t.Output(), fmt.Sprintln(args...))
			then(t)
		})
		ctx.RegisterExternal("(*testing."+name+")."+method+"f", func(fr *ixgo.Frame, t R, format string, args ...any) {
			s.report(fr, t.Output(), fmt.Sprintf(format, args...))
			then(t)
		})
	}
	ctx.RegisterExternal("(*testing."+name+").Helper", func(fr *ixgo.Frame, _ R) {
		s.helpers.Store(Of(fr).Function(), true)
	})
}

// report writes what was said in fr, or by the one whose helper that is.
func (s *tests) report(fr *ixgo.Frame, w io.Writer, text string) {
	at := Of(fr)
	skip := 0
	for s.isHelper(at.Function()) && at.Caller().Is() && at.Caller().Function() != nil {
		at = at.Caller()
		skip++
	}
	_, file, line, _ := callerOf(fr, skip)
	text = strings.ReplaceAll(strings.TrimSuffix(text, "\n"), "\n", "\n    ")
	fmt.Fprintf(w, "%s:%d: %s\n", filepath.Base(file), line, text)
}

func (s *tests) isHelper(f *ssa.Function) bool {
	_, ok := s.helpers.Load(f)
	return ok
}
