package session

import (
	"go/ast"
	"go/token"
	"go/types"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/tools/go/ssa"
)

// A session must be able to run for days. A unit is kept as long as something
// that a later cell can name refers to it; the others are dropped, now and then.
// A unit that declares a type is kept for good, since values of the type may be
// anywhere; what that costs is in the package comment.

// sweepEvery is how many cells run between two sweeps.
const sweepEvery = 64

// remember notes what is needed to tell later whether the unit of p is in use, and
// lets go of the rest.
func (s *Session) remember(p *program) {
	u := p.unit
	u.noteCalls(func(n ast.Node) string {
		return u.src[min(u.offset(s.fset, n.Pos()), len(u.src)):min(u.offset(s.fset, n.End()), len(u.src))]
	})
	for _, d := range u.decls.Decls {
		if _, ok := d.(*ast.FuncDecl); !ok {
			continue // what is not a function is not compiled again for a later cell
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && u.info.Uses[id] != nil {
				if v := s.unitOf[u.info.Uses[id].Pkg()]; v != nil && v != u && !slices.Contains(u.uses, v) {
					u.uses = append(u.uses, v)
				}
			}
			return true
		})
	}
	forgetScopes(u.pkg)
	u.pinned = len(u.types) > 0 || len(p.sources) > 0
	s.unitOf[u.pkg] = u
	for _, f := range s.editor.batch {
		if v := s.unitOf[declaredIn(f)]; v != nil {
			v.functions = append(v.functions, f)
		}
	}
	s.editor.batch = nil
	u.positions = &positions{s: s, files: u.files, cell: u.cell, text: u.raw}
	u.positions.holders.Store(2)
	runtime.AddCleanup(p.in, (*positions).release, u.positions)
	u.chunks, u.imported, u.decls, u.main, u.twin, u.hoists, u.info = nil, nil, nil, nil, nil, nil, nil
	u.commands, u.last = nil, nil
	u.scope, u.imports, u.dots, u.fixes, u.files = nil, nil, nil, fixes{}, nil
	if s.sinceSweep++; s.sinceSweep >= sweepEvery {
		s.sweep(u)
	}
}

// declaredIn returns the package with the source of f. For an instance of a generic
// function that is where the function was declared: so long may it be called.
func declaredIn(f *ssa.Function) *types.Package {
	for f.Parent() != nil {
		f = f.Parent()
	}
	if o := f.Origin(); o != nil {
		f = o
	}
	if f.Pkg == nil {
		return nil
	}
	return f.Pkg.Pkg
}

// sweep drops the units that nothing refers to. One is about to run, or nil.
func (s *Session) sweep(running *unit) {
	s.sinceSweep = 0
	forgetCaches(s.builder.Program())
	s.release(running)
}

// release is what sweep does for units. It is cheap, and done wherever a variable is
// declared again: the value that it had may be large, and is to go before there is another.
func (s *Session) release(running *unit) {
	live := map[*unit]bool{}
	var mark func(u *unit)
	mark = func(u *unit) {
		if u == nil || live[u] {
			return
		}
		live[u] = true
		for _, v := range u.uses {
			mark(v)
		}
	}
	mark(running)
	for _, obj := range s.scope {
		mark(s.unitOf[obj.Pkg()])
	}
	for _, u := range s.unitOf {
		if u.pinned {
			mark(u)
		}
	}
	for pkg, u := range s.unitOf {
		if !live[u] {
			s.drop(pkg, u)
		}
	}
}

func (s *Session) drop(pkg *types.Package, u *unit) {
	delete(s.unitOf, pkg)
	delete(s.loader.cells, pkg)
	forgetPackage(s.builder.Program(), pkg)
	for _, compiled := range u.names {
		delete(s.loader.vars.Vars, compiled)
	}
	for _, f := range u.functions {
		s.editor.forget(f)
	}
	u.positions.release()
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

func (p *positions) release() {
	if p.holders.Add(-1) > 0 {
		return
	}
	for _, f := range p.files {
		p.s.fset.RemoveFile(f)
	}
	p.s.sources.CompareAndDelete(p.cell, p.text)
}
