package compile

import (
	"go/token"
	"slices"

	"gonmf/kernel/internal/session/source"
)

// Compile parses and type-checks a cell. Three things are only known once the
// checker has seen it: whether the last expression has a value, which names in
// literals are fields, and which errors nobody looks at. It is then done again with what was learnt.
// The failure, if any, is to be read before forgetFiles is called for its unit.
func (c *Compiler) Compile(cell int, raw string, commands []source.Command) (*Unit, *Failure) {
	c.serial++
	src := source.Blank(raw, commands)
	chunks := source.Split(src)
	fixes := fixes{fields: map[token.Position]bool{}, keyed: map[token.Position][]string{}}
	for attempt := 1; ; attempt++ {
		u := &Unit{fset: c.Fset, Cell: cell, Serial: c.serial, Raw: raw, Commands: commands, Src: src, Chunks: chunks, fixes: fixes}
		u.Whole = slices.ContainsFunc(chunks, func(c source.Chunk) bool { return c.First == token.PACKAGE })
		if u.Whole {
			varsAreDecls(chunks)
		}
		if off, open := source.OpenComment(src); open {
			line, col := source.LineCol(src, off)
			return nil, &Failure{Unit: u, Faults: []Fault{{source.Place{Cell: cell, Line: line, Col: col}, "the comment does not end"}}}
		}
		if off, found := source.EmbedDirective(src); found {
			line, col := source.LineCol(src, off)
			return nil, &Failure{Unit: u, Faults: []Fault{{source.Place{Cell: cell, Line: line, Col: col}, "go:embed is for the compiler, which puts the file into the program: read it with os.ReadFile, or os.DirFS for several"}}}
		}
		if list := u.commandErrors(); len(list) > 0 {
			return nil, &Failure{Unit: u, Faults: list}
		}
		extra := u.extend(c.Methods)
		if err := u.parse(extra); err != nil {
			return nil, &Failure{Unit: u, Syntax: syntaxErrors(err)}
		}
		if missing := c.resolveImports(u); len(missing) > 0 {
			return nil, &Failure{Unit: u, Faults: missing}
		}
		c.rewrite(u)
		errs := c.check(u)
		if len(errs) == 0 && !u.hasUnread() {
			return u, nil
		}
		learnt := len(errs) == 0 || u.learn(errs)
		if !learnt || attempt == 6 {
			return nil, &Failure{Unit: u, Types: errs}
		}
		fixes = u.fixes
		c.ForgetFiles(u)
	}
}

// varsAreDecls leaves the variables of a program to its package initializer, which
// sorts them by what depends on what; those of an ordinary cell are set where they
// stand.
func varsAreDecls(chunks []source.Chunk) {
	for i := range chunks {
		chunks[i].Decl = chunks[i].Decl || chunks[i].First == token.VAR
	}
}

// ForgetFiles drops the positions of a unit that is not kept.
func (c *Compiler) ForgetFiles(u *Unit) {
	for _, f := range u.Files {
		c.Fset.RemoveFile(f)
	}
	u.Files = nil
}
