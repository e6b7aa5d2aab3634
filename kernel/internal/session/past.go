package session

import (
	"go/types"
	"maps"
	"reflect"
	"slices"

	"gonmf/kernel/internal/session/compile"
)

var universeAny = types.Universe.Lookup("any").Type()

// maxOut is how many values of cells are kept.
const maxOut = 1000

// declarePast declares In and Out.
func (s *Session) declarePast() {
	s.past = past{out: map[int]any{}, kept: map[int]kept{}}
	text := types.NewSlice(types.Typ[types.String])
	s.predeclare("In", text, reflect.ValueOf(&s.past.in))
	s.predeclare("Out", types.NewMap(types.Typ[types.Int], universeAny), reflect.ValueOf(&s.past.out))
}

// predeclare declares a variable of the session as if a cell had.
func (s *Session) predeclare(name string, t types.Type, ptr reflect.Value) {
	s.compiler.Scope[name] = s.machine.Predeclare(name, t, ptr)
}

// SetInput records what was run as a cell, for In.
func (s *Session) SetInput(cell int, src string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cell <= 0 || cell > len(s.past.in)+1_000_000 {
		return
	}
	for len(s.past.in) <= cell {
		s.past.in = append(s.past.in, "")
	}
	s.past.in[cell] = src
}

// Inputs returns what was run, by cell.
func (s *Session) Inputs() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.past.in)
}

// Output returns the value of a cell, if it had one that is still kept.
func (s *Session) Output(cell int) (any, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.past.out[cell]
	return v, ok
}

// keepOutput records the value of a cell. Of several values, as of a function that
// returns an error beside its result, the first is kept if the rest is a nil error.
func (s *Session) keepOutput(cell int, t types.Type, values []any) {
	if cell <= 0 || t == nil || len(values) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var value any = values
	k := kept{typ: types.NewSlice(universeAny)}
	if tuple, ok := t.(*types.Tuple); ok && len(values) == 2 && values[1] == nil && tuple.Len() == 2 {
		t, values = tuple.At(0).Type(), values[:1]
	}
	if len(values) == 1 {
		value, k.typ = values[0], t
	}
	if value == nil {
		return
	}
	k.value = reflect.ValueOf(value)
	out := maps.Clone(s.past.out)
	for len(s.past.old) >= maxOut {
		s.forgetOutput(out, s.past.old[0])
		s.past.old = s.past.old[1:]
	}
	s.forgetOutput(out, cell) // of an earlier run, as cell numbers may repeat
	s.past.old = append(slices.DeleteFunc(s.past.old, func(c int) bool { return c == cell }), cell)
	out[cell], s.past.kept[cell] = value, k
	s.past.out = out
}

func (s *Session) forgetOutput(out map[int]any, cell int) {
	delete(out, cell)
	delete(s.past.kept, cell)
	name := compile.OutName(cell)
	if obj := s.compiler.Scope[name]; obj != nil && s.records[obj.Pkg()] == nil {
		delete(s.compiler.Scope, name)
		s.machine.Forget(obj.Pkg(), obj.Name())
	}
}

// ForgetOutputs drops the values of cells.
func (s *Session) ForgetOutputs() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forgetOutputs()
}

func (s *Session) forgetOutputs() {
	for _, cell := range s.past.old {
		s.forgetOutput(s.past.out, cell)
	}
	s.past.out, s.past.old = map[int]any{}, nil
}

// declareOutput declares the variable for the value of a cell, if there is one.
func (s *Session) declareOutput(cell int) types.Object {
	k, ok := s.past.kept[cell]
	if !ok {
		return nil
	}
	rt := k.value.Type()
	if types.IsInterface(k.typ) {
		rt = s.machine.TypeOf(k.typ)
	}
	ptr := reflect.New(rt)
	ptr.Elem().Set(k.value)
	name := compile.OutName(cell)
	s.predeclare(name, k.typ, ptr)
	return s.compiler.Scope[name]
}
