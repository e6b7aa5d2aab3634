package session

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"sync/atomic"

	"gonmf/kernel/internal/session/machine"
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
	machine.ForgetScopes(u.pkg)
	u.pinned = len(u.types) > 0 || p.IsFirst()
	s.unitOf[u.pkg] = u
	u.positions = &positions{s: s, files: u.files, cell: u.cell, text: u.raw}
	u.positions.holders.Store(2)
	p.WhenGone(u.positions.release)
	u.chunks, u.imported, u.decls, u.main, u.twin, u.hoists, u.info = nil, nil, nil, nil, nil, nil, nil
	u.commands, u.last = nil, nil
	u.scope, u.imports, u.dots, u.fixes, u.files = nil, nil, nil, fixes{}, nil
	if s.sinceSweep++; s.sinceSweep >= sweepEvery {
		s.sweep(u)
	}
}

// sweep drops the units that nothing refers to. One is about to run, or nil.
func (s *Session) sweep(running *unit) {
	s.sinceSweep = 0
	s.machine.Sweep()
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
	s.machine.Forget(pkg, slices.Collect(maps.Values(u.names))...)
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
