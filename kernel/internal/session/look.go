package session

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"

	"gonmf/kernel/internal/session/explain"
	"gonmf/kernel/internal/session/machine"
)

// An unreadError is what a cell stops with where it does not look at an error.
type unreadError struct {
	error
	name string // of the variable; empty for a result that is dropped
}

// lookAt stops the cell if v is an error or carries one. A cell that is being stopped goes on
// to its end as far as it gets: what is wrong with it is told already.
func (s *Session) lookAt(names string, v any) {
	err := errorIn(v)
	if err == nil || s.machine.Context.Err() != nil {
		return
	}
	name, others, _ := strings.Cut(names, " ")
	for _, other := range strings.Fields(others) {
		s.because.Store(other, s.failure(err))
	}
	panic(unreadError{err, name})
}

// failure is how a later cell is told of an error.
func (s *Session) failure(err error) string {
	return fmt.Sprintf("In [%d] assigned it together with the error: %s", s.machine.LastCell(), firstLine(machine.PanicText(err)))
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// lookAtLast is lookAt for the results of a call.
func (s *Session) lookAtLast(v ...any) {
	if len(v) > 0 {
		s.lookAt("", v[len(v)-1])
	}
}

// errorIn returns the error that a value is, or that gota keeps in it.
func errorIn(v any) error {
	if err, ok := v.(error); ok {
		return err
	}
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Struct {
		return nil
	}
	if f := rv.FieldByName("Err"); f.IsValid() && f.CanInterface() {
		err, _ := f.Interface().(error)
		return err
	}
	return nil
}

// unreadHint says what to do with an error that stops a cell.
func (e unreadError) hint() string {
	if e.name == "" {
		return "    (nobody takes this error, so that the cell stops here: err := ... and a look at err, or _ = ..., go on)"
	}
	return fmt.Sprintf("    (this cell does not look at %s, so that it stops here: a look at it, or _ in its place, goes on)", e.name)
}

// whoseNil explains a panic on nil in a line.
func (s *Session) whoseNil(e any, line string) []string {
	err, ok := machine.AsGo(e).(error)
	if !ok || !strings.Contains(err.Error(), "nil pointer dereference") {
		return nil
	}
	return explain.WhoseNil(line, s.variable, func(name string) string {
		text, _ := s.because.Load(name)
		because, _ := text.(string)
		return because
	})
}

// variable returns the value of a variable of the cells.
func (s *Session) variable(name string) (reflect.Value, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.variableLocked(name)
}

// variableLocked is variable for those who hold s.mu.
func (s *Session) variableLocked(name string) (reflect.Value, bool) {
	obj, ok := s.compiler.Scope[name].(*types.Var)
	if !ok {
		return reflect.Value{}, false
	}
	ptr, ok := s.machine.Variable(obj.Name())
	if !ok || !ptr.Elem().CanInterface() {
		return reflect.Value{}, false
	}
	return ptr.Elem(), true
}
