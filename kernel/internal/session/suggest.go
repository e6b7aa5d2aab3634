package session

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

// packagesNamed returns the packages that are called name, the shortest path
// first.
func (s *Session) packagesNamed(name string) []string {
	var out []string
	for _, p := range s.compiler.Importable() {
		if packageName(p) == name {
			out = append(out, p)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return len(out[i]) < len(out[j]) })
	return out
}

// packageName guesses the name of a package from its path: a last element like v2
// is a version.
func packageName(p string) string {
	name := path.Base(p)
	if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" && strings.Contains(p, "/") {
		name = path.Base(path.Dir(p))
	}
	return name
}

// unusable are the packages that no kernel has, and why.
var unusable = map[string]string{
	"C":                  "there is no C compiler behind it",
	"net/rpc":            "it calls methods by their number, which for a type of a cell would end the session; use net/http",
	"net/rpc/jsonrpc":    "net/rpc cannot; use net/http",
	"plugin":             "a plugin only loads into the very program that it was built for",
	"runtime/cgo":        "there is no C compiler behind it",
	"runtime/race":       "the race detector has to be compiled into the whole program",
	"testing/cryptotest": "it is for test binaries",
}

// importMessage says what to do about an import that failed.
func (s *Session) importMessage(p string, err error) string {
	switch {
	case unusable[p] != "":
		return fmt.Sprintf("the package %q cannot be used in a cell: %s", p, unusable[p])
	case slices.Contains(s.compiler.Importable(), p):
		return fmt.Sprintf("the package %q is compiled in but cannot be loaded: %v", p, err)
	}
	text := fmt.Sprintf("the package %q is not compiled into this kernel", p)
	near := nearest(p, s.compiler.Importable())
	if len(near) > 0 {
		text += "; did you mean " + quoteList(near) + "?"
	}
	if first, _, _ := strings.Cut(p, "/"); strings.Contains(first, ".") {
		text += fmt.Sprintf(". To build one that has it, and install it: gonmf build -with %s@latest -o gonmf-plus && ./gonmf-plus install", p)
	} else if len(near) == 0 {
		text += ", and there is no folder of that name with .go files"
	}
	return text
}

// hint says what to do about a type error, where that is clear.
func (s *Session) hint(u *compile.Unit, e types.Error) string {
	if name, ok := strings.CutPrefix(e.Msg, "undefined: "); ok {
		return s.undefinedHint(u, source.Demangle(name))
	}
	if strings.HasPrefix(e.Msg, "too many return values") && atTop(u, e.Pos) {
		return "\n\ta cell is no function: its value is its last expression, without return"
	}
	return s.typeAdvice(u, e.Pos, ownPackage.ReplaceAllString(source.Demangle(e.Msg), ""))
}

// atTop says whether a position is among the statements of the cell, in no function.
func atTop(u *compile.Unit, pos token.Pos) bool {
	path, _ := astutil.PathEnclosingInterval(u.Main, pos, pos)
	return len(path) > 2 && !slices.ContainsFunc(path, func(n ast.Node) bool {
		_, ok := n.(*ast.FuncLit)
		return ok
	})
}

// otherWords are what other languages call what Go predeclares.
var otherWords = map[string]string{"None": "nil", "null": "nil", "NULL": "nil", "True": "true", "False": "false", "self": "the name of the receiver", "this": "the name of the receiver"}

// undefinedHint explains a name that nothing declares.
func (s *Session) undefinedHint(u *compile.Unit, name string) string {
	if before, _, ok := strings.Cut(name, "."); ok { // a member of a package
		sp, known := u.Imports[before]
		if !known {
			return ""
		}
		pkg, err := s.machine.Import(sp.Path)
		if err != nil {
			return ""
		}
		names, member := exported(pkg.Scope().Names()), name[len(before)+1:]
		if near := didYouMean(member, names, before+"."); near != "" {
			return near
		}
		return anyOf(slices.DeleteFunc(names, func(n string) bool { return !strings.Contains(n, member) }), before+".")
	}
	if word := otherWords[name]; word != "" {
		return ": Go's word is " + word
	}
	if u.Names[name] != "" {
		return ": it is declared further down in this cell"
	}
	if paths := s.packagesNamed(name); len(paths) > 0 {
		if len(paths) > 3 {
			paths = paths[:3]
		}
		for i, p := range paths {
			paths[i] = fmt.Sprintf("import %q", p)
		}
		return ": add " + strings.Join(paths, " or ")
	}
	if hint := blockOf(u, s.compiler.Fset, name); hint != "" {
		return hint
	}
	if cell, ok := s.failed[name]; ok {
		return fmt.Sprintf(": In [%d] declares it, but did not compile", cell)
	}
	var known []string
	for n := range u.Scope {
		known = append(known, n)
	}
	for n := range u.Names {
		known = append(known, n)
	}
	for n := range u.Imports {
		known = append(known, n)
	}
	known = append(known, types.Universe.Names()...)
	return didYouMean(name, known, "")
}

func exported(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !ast.IsExported(n) })
}

func didYouMean(name string, known []string, prefix string) string {
	return anyOf(nearest(name, known), prefix)
}

func anyOf(names []string, prefix string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + prefix + strings.Join(names[:min(3, len(names))], " or "+prefix) + "?"
}

func quoteList(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = fmt.Sprintf("%q", s)
	}
	return strings.Join(quoted, " or ")
}

// Nearest returns up to three of the known names that name may have been meant to be, the nearest first.
func Nearest(name string, known []string) []string { return nearest(name, known) }

// nearest returns up to three of the known names that differ from name by a slip
// of the keyboard, the nearest first.
func nearest(name string, known []string) []string {
	limit := 1 + len(name)/4
	type match struct {
		name string
		d    int
	}
	var found []match
	for _, k := range known {
		if k == name || k == "_" {
			continue
		}
		a, b := strings.ToLower(name), strings.ToLower(k)
		d := distance(a, b, limit)
		if d > limit || d >= len(name) || d > 1 && a[0] != b[0] {
			continue // two slips, and one of them in the first letter: another word
		}
		found = append(found, match{k, d})
	}
	sort.Slice(found, func(i, j int) bool {
		if found[i].d != found[j].d {
			return found[i].d < found[j].d
		}
		return found[i].name < found[j].name
	})
	var out []string
	for _, m := range found {
		if m.d > 0 && found[0].d == 0 {
			break
		}
		if len(out) < 3 && !slices.Contains(out, m.name) {
			out = append(out, m.name)
		}
	}
	return out
}

// distance is the number of insertions, deletions, replacements and swaps of
// neighbours between a and b, or more than limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var before, above []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row = above, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
