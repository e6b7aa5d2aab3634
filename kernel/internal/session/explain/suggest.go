package explain

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/source"
)

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

// Missing says what to do about an import that failed.
func (ex *Explainer) Missing(p string, err error) string {
	switch {
	case unusable[p] != "":
		return fmt.Sprintf("the package %q cannot be used in a cell: %s", p, unusable[p])
	case slices.Contains(ex.Compiler.Importable(), p):
		return fmt.Sprintf("the package %q is compiled in but cannot be loaded: %v", p, err)
	}
	first, _, _ := strings.Cut(p, "/")
	if has := modules[first]; has != "" && len(ex.Compiler.PackagesNamed(first)) == 0 {
		return fmt.Sprintf("the package %q is not Go's: %s", p, has)
	}
	text := fmt.Sprintf("the package %q is not compiled into this kernel", p)
	near := Nearest(p, ex.Compiler.Importable())
	if len(near) > 0 {
		text += "; did you mean " + quoteList(near) + "?"
	}
	if strings.Contains(first, ".") {
		text += fmt.Sprintf(". To build one that has it, and install it: gonmf build -with %s@latest -o gonmf-plus && ./gonmf-plus install", p)
	} else if len(near) == 0 {
		text += ", and there is no folder of that name with .go files"
	}
	return text
}

// hint says what to do about a type error, where that is clear.
func (ex *Explainer) hint(u *compile.Unit, e types.Error) string {
	if name, ok := strings.CutPrefix(e.Msg, "undefined: "); ok {
		return ex.undefinedHint(u, e.Pos, source.Demangle(name))
	}
	if strings.HasPrefix(e.Msg, "too many return values") && atTop(u, e.Pos) {
		return "\n\ta cell is no function: its value is its last expression, without return"
	}
	return ex.typeAdvice(u, e.Pos, ownPackage.ReplaceAllString(source.Demangle(e.Msg), ""))
}

// atTop says whether a position is among the statements of the cell, in no function.
func atTop(u *compile.Unit, pos token.Pos) bool {
	path, _ := astutil.PathEnclosingInterval(u.Main, pos, pos)
	return len(path) > 2 && !slices.ContainsFunc(path, func(n ast.Node) bool {
		_, ok := n.(*ast.FuncLit)
		return ok
	})
}

// undefinedHint explains a name that nothing declares.
func (ex *Explainer) undefinedHint(u *compile.Unit, pos token.Pos, name string) string {
	if before, _, ok := strings.Cut(name, "."); ok { // a member of a package
		sp, known := u.Imports[before]
		if !known {
			return ""
		}
		pkg, err := ex.Compiler.Packages.Import(sp.Path)
		if err != nil {
			return ""
		}
		names, member := exported(pkg.Scope().Names()), name[len(before)+1:]
		if advice := functionsElsewhere[name]; advice != "" {
			return ": write " + advice
		}
		if near := didYouMean(member, names, before+"."); near != "" {
			return near
		}
		return anyOf(slices.DeleteFunc(names, func(n string) bool { return !strings.Contains(n, member) }), before+".")
	}
	if u.Names[name] != "" {
		return ": it is declared further down in this cell"
	}
	at := enclosing(u, pos)
	if advice := ex.wordAdvice(u, at, name); advice != "" {
		return advice
	}
	if len(at) > 1 {
		if sel, ok := at[1].(*ast.SelectorExpr); ok && sel.X == at[0] && !ast.IsExported(sel.Sel.Name) {
			if written := ex.capital(name, sel.Sel.Name); written != "" {
				return ": write " + written
			}
		}
	}
	if paths := ex.Compiler.PackagesNamed(name); len(paths) > 0 {
		if len(paths) > 3 {
			paths = paths[:3]
		}
		for i, p := range paths {
			paths[i] = fmt.Sprintf("import %q", p)
		}
		return ": add " + strings.Join(paths, " or ")
	}
	if hint := blockOf(u, ex.Compiler.Fset, name); hint != "" {
		return hint
	}
	if cell, ok := ex.Failed(name); ok {
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

// capital returns a member of a package that is written with a small letter as it should be.
func (ex *Explainer) capital(pkg, member string) string {
	for _, path := range ex.Compiler.PackagesNamed(pkg) {
		p, err := ex.Compiler.Packages.Import(path)
		if err != nil {
			continue
		}
		for _, name := range exported(p.Scope().Names()) {
			if strings.EqualFold(name, member) {
				return pkg + "." + name
			}
		}
	}
	return ""
}
