// Generate writes docs.zip into the current directory: the signatures and doc
// comments of all packages that a cell can import. It is run by go generate, with
// the source of all of them at hand.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/format"
	"go/parser"
	"go/token"
	"io"
	"log"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/goplus/ixgo"
	_ "github.com/goplus/ixgo/pkg" // the standard library

	"gonmf/kernel/internal/session/docs"
	"gonmf/kernel/internal/session/stdlib"
	"gonmf/scripts/symbols"
)

// extra are packages that are in none of the tables: display comes with the
// kernel, builtin documents what is predeclared.
var extra = []string{"builtin", "gonmf/kernel/display"}

func main() {
	log.SetFlags(0)
	log.SetPrefix("docs: ")
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	pkgs, err := list(paths())
	if err != nil {
		return err
	}
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	w.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestCompression)
	})
	for _, p := range pkgs {
		entries, err := p.document()
		if err != nil {
			return err
		}
		f, err := w.Create(p.ImportPath)
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(entries)) {
			e := entries[name]
			line := []string{name, e.Signature, e.Doc}
			if _, err := io.WriteString(f, strings.Join(line, docs.FieldSeparator)+docs.EntrySeparator); err != nil {
				return err
			}
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	if err := os.WriteFile("docs.zip.new", buf.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename("docs.zip.new", "docs.zip")
}

// paths returns the import paths of all packages that a cell can import.
func paths() []string {
	set := map[string]bool{}
	for _, p := range ixgo.PackageList() {
		if !strings.Contains(p, "internal") && !strings.HasPrefix(p, "github.com/") {
			set[p] = true
		}
	}
	for key := range stdlib.Symbols {
		set[path.Dir(key)] = true
	}
	for key := range symbols.Symbols {
		set[path.Dir(key)] = true
	}
	for _, p := range extra {
		set[p] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// A pkg is what the go command says about a package.
type pkg struct {
	ImportPath, Dir, Name string
	GoFiles               []string
	Error                 *struct{ Err string }
}

func list(paths []string) ([]pkg, error) {
	cmd := exec.Command("go", append([]string{"list", "-e", "-json=ImportPath,Dir,Name,GoFiles,Error"}, paths...)...)
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=amd64")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	var pkgs []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if p.Error != nil {
			log.Printf("left out: %s: %s", p.ImportPath, p.Error.Err)
			continue
		}
		pkgs = append(pkgs, p)
	}
}

// document returns the documentation of a package by name.
func (p pkg) document() (map[string]docs.Entry, error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	var mode doc.Mode
	if p.ImportPath == "builtin" {
		mode = doc.AllDecls // its names are written in lower case
	}
	d, err := doc.NewFromFiles(fset, files, p.ImportPath, mode)
	if err != nil {
		return nil, err
	}
	w := writer{fset: fset, entries: map[string]docs.Entry{}}
	w.add("", fmt.Sprintf("package %s // import %q", d.Name, p.ImportPath), d.Doc)
	w.values(d.Consts)
	w.values(d.Vars)
	w.funcs("", d.Funcs)
	for _, t := range d.Types {
		w.add(t.Name, w.source(t.Decl), t.Doc)
		w.fields(t)
		w.values(t.Consts)
		w.values(t.Vars)
		w.funcs("", t.Funcs)
		w.funcs(t.Name+".", t.Methods)
	}
	return w.entries, nil
}

type writer struct {
	fset    *token.FileSet
	entries map[string]docs.Entry
}

// A tooltip has nothing to follow: the brackets of links to other names go, and so
// do the definitions of those for which gonmf gives an address.
var (
	docLink = regexp.MustCompile(`(^|[\s(])\[(\*?(?:[a-z][\w/]*\.)?[A-Z]\w*(?:\.[A-Z]\w*)?)\]([\s).,;:']|$)`)
	linkDef = regexp.MustCompile(`(?m)^\[[^\]\n]+\]: https://pkg\.go\.dev/\S*\n?`)
)

func (w *writer) add(name, signature, text string) {
	text = docLink.ReplaceAllString(linkDef.ReplaceAllString(text, ""), "$1$2$3")
	w.entries[name] = docs.Entry{Signature: signature, Doc: strings.TrimSpace(text)}
}

func (w *writer) funcs(prefix string, list []*doc.Func) {
	for _, f := range list {
		w.add(prefix+f.Name, w.source(f.Decl), f.Doc)
	}
}

// values documents constants and variables. One of a group is described by its
// own comment, or else by that of the group.
func (w *writer) values(list []*doc.Value) {
	for _, v := range list {
		for _, sp := range v.Decl.Specs {
			vs := sp.(*ast.ValueSpec)
			text := v.Doc
			if own := comment(vs.Doc, vs.Comment); own != "" {
				text = own
			}
			for _, id := range vs.Names {
				if id.IsExported() {
					one := *vs
					one.Doc, one.Comment = nil, nil
					w.add(id.Name, v.Decl.Tok.String()+" "+w.source(&one), text)
				}
			}
		}
	}
}

// fields documents the exported fields of a struct and methods of an interface.
func (w *writer) fields(t *doc.Type) {
	for _, sp := range t.Decl.Specs {
		var list *ast.FieldList
		switch x := sp.(*ast.TypeSpec).Type.(type) {
		case *ast.StructType:
			list = x.Fields
		case *ast.InterfaceType:
			list = x.Methods
		default:
			continue
		}
		for _, f := range list.List {
			for _, id := range f.Names {
				if !id.IsExported() {
					continue
				}
				signature := "field " + id.Name + " " + w.source(f.Type)
				if ft, ok := f.Type.(*ast.FuncType); ok && sp.(*ast.TypeSpec).Type != nil && isInterface(sp) {
					signature = "func (" + t.Name + ") " + id.Name + strings.TrimPrefix(w.source(ft), "func")
				}
				w.add(t.Name+"."+id.Name, signature, comment(f.Doc, f.Comment))
			}
		}
	}
}

func isInterface(sp ast.Spec) bool {
	_, ok := sp.(*ast.TypeSpec).Type.(*ast.InterfaceType)
	return ok
}

func comment(groups ...*ast.CommentGroup) string {
	var parts []string
	for _, g := range groups {
		if text := strings.TrimSpace(g.Text()); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, "\n")
}

// source prints a declaration without its comment and body.
func (w *writer) source(n any) string {
	switch d := n.(type) {
	case *ast.FuncDecl:
		one := *d
		one.Doc, one.Body = nil, nil
		n = &one
	case *ast.GenDecl:
		one := *d
		one.Doc = nil
		n = &one
	}
	var b strings.Builder
	if err := format.Node(&b, w.fset, n); err != nil {
		return ""
	}
	return b.String()
}
