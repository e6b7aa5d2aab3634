package scripts

import (
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
	"github.com/traefik/yaegi/stdlib/unrestricted"

	"gonmf/scripts/symbols"
)

// source is a script as it was found, not yet looked into.
type source struct {
	name  string   // as it was asked for
	files []string // names of its files, for messages
	text  map[string][]byte
}

// notFoundError is the name of a script that is nowhere. It is an
// fs.ErrNotExist.
type notFoundError string

func (e notFoundError) Error() string {
	return fmt.Sprintf("there is no file or folder %s, and no script of that name comes with gonmf (these do: %s)", string(e), strings.Join(Names(), ", "))
}

func (e notFoundError) Is(target error) bool { return target == fs.ErrNotExist }

// A File is one of a script.
type File struct {
	Name string // as messages call it
	Text []byte
}

// Load returns the files of the script at a path, as [Run] takes it, or of one that is
// several .go files.
func Load(paths ...string) ([]File, error) {
	s, err := load(paths)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, name := range s.files {
		files = append(files, File{name, s.text[name]})
	}
	return files, nil
}

// load is Load.
func load(paths []string) (*source, error) {
	if len(paths) == 1 {
		return loadOne(paths[0])
	}
	s := &source{text: map[string][]byte{}}
	for _, p := range paths {
		one, err := loadFile(p)
		if err != nil {
			return nil, err
		}
		if s.name == "" {
			s.name = p
		}
		s.files = append(s.files, one.files...)
		maps.Copy(s.text, one.text)
	}
	return s, nil
}

// loadOne reads the script at path: the disk first, then what is built in. A
// folder without a Go file, such as the one that a script named like it has
// written, does not stand in the way of a script that is built in.
func loadOne(path string) (*source, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		s, err := loadFolder(os.DirFS(path), path)
		if errors.As(err, new(noGoError)) {
			if in, ok := loadBuiltin(path); ok {
				return in, nil
			}
		}
		return s, err
	case err == nil:
		return loadFile(path)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	if in, ok := loadBuiltin(path); ok {
		return in, nil
	}
	return nil, notFoundError(path)
}

// loadBuiltin reads the script of that name that comes with gonmf.
func loadBuiltin(name string) (*source, bool) {
	if !slices.Contains(Names(), name) {
		return nil, false
	}
	sub, err := fs.Sub(builtin, name)
	if err != nil {
		return nil, false
	}
	s, err := loadFolder(sub, name)
	return s, err == nil
}

// noGoError is the path of a folder without Go files.
type noGoError string

func (e noGoError) Error() string { return "there are no Go files in " + string(e) }

func loadFile(path string) (*source, error) {
	if filepath.Ext(path) != ".go" {
		return nil, fmt.Errorf("%s is not a .go file", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return &source{name: path, files: []string{path}, text: map[string][]byte{path: text}}, nil
}

// loadFolder reads the Go files of a folder that the go command would build
// there. Shown in messages, they lie below path.
func loadFolder(fsys fs.FS, path string) (*source, error) {
	names, err := fs.Glob(fsys, "*.go")
	if err != nil {
		return nil, err
	}
	bctx := build.Default
	bctx.JoinPath = func(elem ...string) string { return elem[len(elem)-1] }
	bctx.OpenFile = func(name string) (io.ReadCloser, error) { return fsys.Open(name) }
	s := &source{name: path, text: map[string][]byte{}}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file := filepath.Join(path, name)
		ok, err := bctx.MatchFile("", name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if !ok {
			continue
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		s.files = append(s.files, file)
		s.text[file] = text
	}
	if len(s.files) == 0 {
		return nil, noGoError(path)
	}
	return s, nil
}

// program is a script as one syntax tree.
type program struct {
	*source
	fset    *token.FileSet
	file    *ast.File
	untyped []token.Pos // loops over something whose type is not known here
}

// Yaegi compiles one file at a time, and tells the imports of files apart by
// the last element of their names. So the files of a script become one syntax
// tree, in which each bears its own name followed by the same last element.
const joined = "/script.go"

// shown takes that off again.
func shown(filename string) string { return strings.TrimSuffix(filename, joined) }

// parse reads the files of the script and puts their declarations together.
func (s *source) parse(fset *token.FileSet) (*program, error) {
	p := &program{source: s, fset: fset}
	var decls []ast.Decl
	imported := map[string]string{} // name in a file -> path
	hasMain := false
	for _, name := range s.files {
		as := name
		if len(s.files) > 1 {
			as += joined
		}
		f, err := parser.ParseFile(fset, as, s.text[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, p.syntax(err)
		}
		if f.Name.Name != "main" {
			return nil, p.errorf(f.Name.Pos(), "a script is a package main, this is package %s", f.Name.Name)
		}
		if p.file == nil {
			p.file = f
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				if d.Tok == token.IMPORT {
					if err := p.imports(d, imported); err != nil {
						return nil, err
					}
				}
			case *ast.FuncDecl:
				hasMain = hasMain || d.Recv == nil && d.Name.Name == "main"
			}
		}
		decls = append(decls, f.Decls...)
	}
	if !hasMain {
		return nil, fmt.Errorf("%s has no function main", s.name)
	}
	p.file.Decls = decls
	return p, p.check()
}

// imports checks the imports of one declaration and drops those that another
// file has made already.
func (p *program) imports(d *ast.GenDecl, imported map[string]string) error {
	kept := d.Specs[:0]
	for _, s := range d.Specs {
		spec := s.(*ast.ImportSpec)
		path, err := strconv.Unquote(spec.Path.Value)
		name, ok := linked()[path]
		if err != nil || !ok {
			return p.errorf(spec.Pos(), "%s is not linked in: a script can import the standard library, gonmf, gota, gonum and gonum/plot; compile it instead (go run)", spec.Path.Value)
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		switch before, again := imported[name]; {
		case !again || name == "_" || name == ".":
			imported[name] = path
			kept = append(kept, s)
		case before != path:
			return p.errorf(spec.Pos(), "%s is %q in another file of this script: give one of the two another name", name, before)
		}
	}
	d.Specs = kept
	return nil
}

// linked maps the import paths that scripts have to package names.
var linked = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, table := range []interp.Exports{stdlib.Symbols, unrestricted.Symbols, symbols.Symbols} {
		for key := range table {
			m[path.Dir(key)] = path.Base(key)
		}
	}
	return m
})

// syntax gives a syntax error its place and keeps the first of several.
func (p *program) syntax(err error) error {
	var list scanner.ErrorList
	if !errors.As(err, &list) || len(list) == 0 {
		return fmt.Errorf("%s: %w", p.name, err)
	}
	return p.at(list[0].Pos, list[0].Msg)
}
