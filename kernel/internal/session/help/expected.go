package help

import (
	"go/types"

	"gonmf/kernel/internal/session/compile"
)

// What fits where something of a known type is to stand: the constants of that type, or what
// else its package has for it.

// expected returns the type of what is to stand at level n of a's path, if what is around it
// asks for one.
func (a *analysis) expected(n int) types.Type { return a.u.Expected(a.path, n) }

// fitting marks the matches whose objects are of type t.
func fitting(matches []Match, pkg *types.Package, t types.Type) []Match {
	if t == nil || pkg == nil {
		return matches
	}
	for i := range matches {
		switch obj := pkg.Scope().Lookup(matches[i].Text).(type) {
		case *types.Const, *types.Var:
			matches[i].fits = types.Identical(obj.Type(), t)
		case *types.TypeName:
			_, ok := compile.Implements(obj, t)
			matches[i].fits = ok && compile.Sealed(t)
		}
	}
	return matches
}

// valuesOf returns what may stand where a type is asked for: see [compile.Unit.ValuesOf].
func valuesOf(u *compile.Unit, t types.Type) (matches []Match) {
	if b, ok := t.(*types.Basic); ok && b.Info()&types.IsBoolean != 0 {
		return []Match{{Text: "true", Kind: KindConst, Type: "bool", fits: true}, {Text: "false", Kind: KindConst, Type: "bool", fits: true}}
	}
	for _, v := range u.ValuesOf(t) {
		matches = append(matches, Match{Text: v.Text, Kind: KindOf(v.Object), Type: TypeText(t), Import: v.Import, fits: true})
	}
	return matches
}
