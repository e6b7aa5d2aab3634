package help

import (
	"go/types"
	"strings"

	"gonmf/kernel/internal/session/source"
)

// A Kind says what a name or a completion stands for.
type Kind string

// The kinds.
const (
	KindVar     Kind = "variable"
	KindConst   Kind = "constant"
	KindFunc    Kind = "function"
	KindType    Kind = "type"
	KindField   Kind = "field"
	KindMethod  Kind = "method"
	KindPackage Kind = "package"
	KindKeyword Kind = "keyword"
	KindFile    Kind = "file"
	KindColumn  Kind = "column"
)

// KindOf returns the kind of an object.
func KindOf(obj types.Object) Kind {
	switch obj := obj.(type) {
	case *types.Const:
		return KindConst
	case *types.TypeName:
		return KindType
	case *types.Func:
		if obj.Signature().Recv() != nil {
			return KindMethod
		}
		return KindFunc
	case *types.PkgName:
		return KindPackage
	case *types.Var:
		if obj.IsField() {
			return KindField
		}
	}
	return KindVar
}

// TypeText writes a type as a cell would.
func TypeText(t types.Type) string {
	text := source.Demangle(types.TypeString(t, func(p *types.Package) string {
		if p.Path() == source.MainPath {
			return ""
		}
		return p.Name()
	}))
	return strings.ReplaceAll(text, "interface{}", "any")
}
