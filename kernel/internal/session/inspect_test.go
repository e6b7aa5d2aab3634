package session

import (
	"strings"
	"testing"
)

func TestInspect(t *testing.T) {
	b := newBench(t)
	b.want("import (\"fmt\"; \"strings\"; \"net/http\"; \"bytes\"; \"sort\"; \"bufio\"; \"os\")\n\n// A Person has a name.\n// And an age.\ntype Person struct {\n\t// Name is what others say.\n\tName string\n\tAge  int\n}\n\n// Greet greets other.\nfunc (p Person) Greet(other string) string { return p.Name }\n\n// Twice doubles n.\nfunc Twice(n int) int { return n * 2 }\n\n// ada is the first.\nada := Person{\"Ada\", 36}\nvar sb strings.Builder\nvar client http.Client\nrw := bufio.NewReadWriter(nil, nil)", "")
	for _, c := range []struct {
		name, src  string
		signature  string
		doc        string // a part of it
		kind       Kind
		pkg        string
		nothing    bool
		exactEmpty bool
	}{
		{name: "function", src: "strings.Repe‸at", signature: "func Repeat(s string, count int) string", doc: "Repeat returns a new string consisting of count copies", kind: KindFunc, pkg: "strings"},
		{name: "at the end of the name", src: "strings.Repeat‸", signature: "func Repeat(s string, count int) string", doc: "count copies", kind: KindFunc, pkg: "strings"},
		{name: "inside the arguments", src: "strings.Repeat(\"a\", ‸", signature: "func Repeat(s string, count int) string", doc: "count copies", kind: KindFunc, pkg: "strings"},
		{name: "inside a string argument", src: "strings.Repeat(\"a‸b\", 2)", signature: "func Repeat(s string, count int) string", doc: "count copies", kind: KindFunc, pkg: "strings"},
		{name: "package", src: "stri‸ngs.Repeat", signature: "package strings // import \"strings\"", doc: "Package strings implements", kind: KindPackage, pkg: "strings"},
		{name: "method", src: "sb.WriteStr‸ing(\"\")", signature: "func (b *Builder) WriteString(s string) (int, error)", doc: "appends the contents of s", kind: KindMethod, pkg: "strings"},
		{name: "field", src: "client.Time‸out", signature: "field Timeout time.Duration", doc: "time limit for requests", kind: KindField, pkg: "net/http"},
		{name: "field of a literal", src: "http.Client{Time‸out: 1}", signature: "field Timeout time.Duration", doc: "time limit", kind: KindField, pkg: "net/http"},
		{name: "promoted method", src: "rw.ReadSt‸ring('x')", signature: "func (b *Reader) ReadString(delim byte) (string, error)", doc: "until the first occurrence of delim", kind: KindMethod, pkg: "bufio"},
		{name: "method of an interface", src: "var i sort.Interface\ni.Le‸ss(1, 2)", signature: "func (Interface) Less(i, j int) bool", doc: "Less reports whether", kind: KindMethod, pkg: "sort"},
		{name: "type", src: "var b bytes.Buf‸fer", signature: "type Buffer struct {", doc: "A Buffer is a variable-sized buffer of bytes", kind: KindType, pkg: "bytes"},
		{name: "constant", src: "http.StatusTea‸pot", signature: "const StatusTeapot = 418", doc: "RFC 9110", kind: KindConst, pkg: "net/http"},
		{name: "variable", src: "os.Ar‸gs", signature: "var Args []string", doc: "command-line arguments", kind: KindVar, pkg: "os"},
		{name: "begun", src: "strings.ToUpperS‸", signature: "func ToUpperSpecial(c unicode.SpecialCase, s string) string", doc: "mapped to their upper case", kind: KindFunc, pkg: "strings"},
		{name: "begun, of several", src: "strings.To‸", nothing: true},
		{name: "begun, not imported yet", src: "utf8.RuneCountInS‸", signature: "func RuneCountInString(s string) (n int)", doc: "its input is a string", kind: KindFunc, pkg: "unicode/utf8"},
		{name: "not imported yet", src: "slices.SortFu‸nc", signature: "func SortFunc[S ~[]E, E any](x S, cmp func(a, b E) int)", doc: "sorts the slice x", kind: KindFunc, pkg: "slices"},
		{name: "package not imported yet", src: "slic‸es.SortFunc", signature: "package slices // import \"slices\"", doc: "Package slices defines", kind: KindPackage, pkg: "slices"},
		{name: "predeclared", src: "app‸end", signature: "func append(slice []Type, elems ...Type) []Type", doc: "appends elements to the end", kind: KindVar},
		{name: "own function", src: "Twi‸ce(3)", signature: "func Twice(n int) int", doc: "Twice doubles n.", kind: KindFunc},
		{name: "own function, in its arguments", src: "Twice(‸", signature: "func Twice(n int) int", doc: "Twice doubles n.", kind: KindFunc},
		{name: "own type", src: "Per‸son{}", signature: "type Person struct {", doc: "A Person has a name.\nAnd an age.", kind: KindType},
		{name: "own method", src: "ada.Gre‸et(\"x\")", signature: "func (Person).Greet(other string) string", doc: "Greet greets other.", kind: KindMethod},
		{name: "own field", src: "ada.Na‸me", signature: "field Name string", doc: "Name is what others say.", kind: KindField},
		{name: "own variable", src: "ad‸a", signature: "var ada Person", doc: "ada is the first.", kind: KindVar},
		{name: "local", src: "func f(x []int) {\n\t_ = x‸\n}", signature: "var x []int", kind: KindVar},
		{name: "after an emoji", src: "\"🎉\"; Twi‸ce(1)", signature: "func Twice(n int) int", doc: "doubles", kind: KindFunc},
		{name: "in a broken cell", src: "for { if Twi‸ce(", signature: "func Twice(n int) int", doc: "doubles", kind: KindFunc},
		{name: "nothing there", src: "1 + ‸ 2", nothing: true},
		{name: "unknown", src: "unkno‸wn", nothing: true},
		{name: "empty", src: "‸", nothing: true},
		{name: "comment", src: "// Twi‸ce", nothing: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			src, pos := at(t, c.src)
			h, ok := b.Inspect(src, pos)
			if c.nothing {
				if ok {
					t.Errorf("got %+v", h)
				}
				return
			}
			if !ok {
				t.Fatal("nothing is known")
			}
			if first, _, _ := strings.Cut(h.Signature, "\n"); first != c.signature {
				t.Errorf("signature %q, want %q", first, c.signature)
			}
			if !strings.Contains(strings.ReplaceAll(h.Doc, "\n", " "), strings.ReplaceAll(c.doc, "\n", " ")) {
				t.Errorf("doc %q is without %q", h.Doc, c.doc)
			}
			if h.Kind != c.kind || h.Package != c.pkg {
				t.Errorf("kind %q of package %q, want %q of %q", h.Kind, h.Package, c.kind, c.pkg)
			}
		})
	}
}

func TestHelpText(t *testing.T) {
	b := newBench(t)
	h, ok := b.Inspect("import \"strings\"\nstrings.ToUpper", 30)
	want := "func ToUpper(s string) string\n// strings\n\nToUpper returns s with all Unicode letters mapped to their upper case."
	if !ok || h.Text() != want {
		t.Errorf("got %q, want %q", h.Text(), want)
	}
}
