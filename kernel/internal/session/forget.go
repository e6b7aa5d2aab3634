package session

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/machine"
)

// A session must be able to run for days. A unit is kept as long as something
// that a later cell can name refers to it; the others are dropped, now and then.
// A unit that declares a type is kept for good, since values of the type may be
// anywhere; what that costs is in the package comment.

// sweepEvery is how many cells run between two sweeps.
const sweepEvery = 64

// remember notes what is needed to tell later whether a cell is in use, and lets go of the
// rest.
func (s *Session) remember(u *compile.Unit, p *program) *record {
	r := &record{cell: u.Cell, pkg: u.Pkg, names: u.Names}
	r.noteCalls(u)
	for _, d := range u.Decls.Decls {
		if _, ok := d.(*ast.FuncDecl); !ok {
			continue // what is not a function is not compiled again for a later cell
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && u.Info.Uses[id] != nil {
				if v := s.records[u.Info.Uses[id].Pkg()]; v != nil && !slices.Contains(r.uses, v) {
					r.uses = append(r.uses, v)
				}
			}
			return true
		})
	}
	machine.ForgetScopes(u.Pkg)
	r.pinned = len(u.Types) > 0 || p.IsFirst()
	s.records[u.Pkg] = r
	r.positions = &positions{s: s, files: u.Files, cell: u.Cell, text: u.Raw}
	r.positions.holders.Store(2)
	p.WhenGone(r.positions.release)
	if s.sinceSweep++; s.sinceSweep >= sweepEvery {
		s.sweep(r)
	}
	return r
}

// sweep drops the units that nothing refers to. One is about to run, or nil.
func (s *Session) sweep(running *record) {
	s.sinceSweep = 0
	s.machine.Sweep()
	s.release(running)
}

// release is what sweep does for units. It is cheap, and done wherever a variable is
// declared again: the value that it had may be large, and is to go before there is another.
func (s *Session) release(running *record) {
	live := map[*record]bool{}
	var mark func(r *record)
	mark = func(r *record) {
		if r == nil || live[r] {
			return
		}
		live[r] = true
		for _, v := range r.uses {
			mark(v)
		}
	}
	mark(running)
	for _, obj := range s.compiler.Scope {
		mark(s.records[obj.Pkg()])
	}
	for _, r := range s.records {
		if r.pinned {
			mark(r)
		}
	}
	for pkg, r := range s.records {
		if !live[r] {
			s.drop(pkg, r)
		}
	}
}

func (s *Session) drop(pkg *types.Package, r *record) {
	delete(s.records, pkg)
	s.machine.Forget(pkg, slices.Collect(maps.Values(r.names))...)
	r.positions.release()
}

func (p *positions) release() {
	if p.holders.Add(-1) > 0 {
		return
	}
	for _, f := range p.files {
		p.s.compiler.Fset.RemoveFile(f)
	}
	p.s.sources.CompareAndDelete(p.cell, p.text)
}
