package machine

import (
	"context"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"sync"

	"github.com/goplus/ixgo"
	"golang.org/x/tools/go/ssa"

	"gonmf/kernel/internal/session/linked"
	"gonmf/kernel/internal/session/source"
	"gonmf/kernel/internal/session/streams"
)

// New returns a machine that has run nothing.
func New(settings Options) (*Machine, error) {
	for _, table := range settings.Packages {
		linked.Register(table)
	}
	registerHooks(settings.Hooks)
	m := &Machine{Options: settings, out: streams.NewOutput(settings.Output), functions: map[*types.Package][]*ssa.Function{}}
	m.Context = following{m}
	// Each cell is an interpreter of its own; without this mode a new one would
	// take the methods away from the types of all others.
	m.ixgo = ixgo.NewContext(ixgo.SupportMultipleInterp | ixgo.DisableCustomBuiltin)
	m.ixgo.RunContext = context.Background()
	m.Fset = m.ixgo.FileSet
	base := m.ixgo.Loader
	m.builder = ixgo.NewSSABuilder(m.ixgo)
	prog := m.builder.Program()
	m.loader = newLoader(prog, base)
	m.ixgo.Loader = m.loader
	m.compiled = ixgo.NewImporter(m.ixgo)
	m.ixgo.Importer = m
	if err := checkUnexported(m.ixgo, prog); err != nil {
		return nil, err
	}
	m.loader.rctx = newTypeContext()
	m.loader.record = ixgo.NewTypesRecord(m.ixgo, m.loader.rctx, prog, base, m.loader, map[*types.Named]int{})
	m.loader.record.ToType(errorType)

	if settings.Alone {
		m.installAlone(m.ixgo)
	} else if err := m.installSession(base); err != nil {
		return nil, err
	}
	m.numeric = newNumeric(m)
	m.editor = &editor{
		prog: prog, natives: newNatives(m, prog), isCell: m.loader.isCellType,
		done: map[*ssa.Function]bool{}, thunks: map[*ssa.Function]*ssa.Function{}, replaced: map[*ssa.Function]int64{}, selected: map[token.Pos]int{},
	}
	m.installOrder()
	return m, nil
}

// installSession gives cells what the session has in the place of the process.
func (m *Machine) installSession(base ixgo.Loader) (err error) {
	if m.stdio, err = newStdio(m); err != nil {
		return err
	}
	if _, err := m.Import("os"); err != nil {
		return fmt.Errorf("session: the standard library: %w", err)
	}
	pkg, _ := base.Installed("os")
	m.loader.library["os"] = m.stdio.install(m.ixgo, pkg)
	m.installControl(m.ixgo)
	for name, fn := range m.Options.Hooks {
		m.ixgo.RegisterExternal(source.HooksPath+"."+name, fn)
	}
	(&flags{m: m, by: map[string]int64{}}).install(m.ixgo)
	return nil
}

// Close ends what the machine holds open. Goroutines that cells have started go on.
func (m *Machine) Close() {
	m.out.Flush()
	if m.stdio != nil {
		m.stdio.close()
	}
}

// Flush hands over what cells have printed so far.
func (m *Machine) Flush() { m.out.Flush() }

var hooksOnce sync.Once

// registerHooks makes known to the type checker the functions that rewritten cells call.
// What they do is registered with the context of each machine.
func registerHooks(hooks map[string]any) {
	hooksOnce.Do(func() {
		p := &ixgo.Package{Name: "hooks", Path: source.HooksPath, Funcs: map[string]reflect.Value{}}
		for name, fn := range hooks {
			p.Funcs[name] = reflect.MakeFunc(reflect.TypeOf(fn), func([]reflect.Value) []reflect.Value { return nil })
		}
		ixgo.RegisterPackage(p)
	})
}
