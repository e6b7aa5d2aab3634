package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"gonmf/kernel/internal/gobuild"
	"gonmf/scripts/symbols"
)

// plan is how packages are added to gonmf.
type plan struct {
	compiled []string                     // import paths
	sources  map[string]map[string]string // from import path to the names and texts of files
	notes    []string                     // for the user

	packages map[string]*listed
}

// listed is what the go command says about a package.
type listed struct {
	ImportPath, Name, Dir string
	Standard              bool
	GoFiles, SFiles       []string
	CgoFiles              []string
	Imports               []string
	Module                *struct{ Path string }
	Error                 *struct{ Err string }

	generic  bool // it exports something generic
	bodiless bool // it has functions that are not written in Go
}

// planFor decides which of the packages, and of what they import, are compiled
// in and which come as source.
func planFor(ctx context.Context, goCommand *gobuild.Go, dir string, paths []string) (*plan, error) {
	args := []string{"list", "-e", "-deps", "-json=ImportPath,Name,Dir,Standard,GoFiles,SFiles,CgoFiles,Imports,Module,Error"}
	out, err := goCommand.Run(ctx, dir, append(args, paths...)...)
	if err != nil {
		return nil, err
	}
	p := &plan{sources: map[string]map[string]string{}, packages: map[string]*listed{}}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		pkg := new(listed)
		if err := dec.Decode(pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		p.packages[pkg.ImportPath] = pkg
	}
	for _, path := range paths {
		pkg := p.packages[path]
		if err := pkg.unusable(path); err != nil {
			return nil, err
		}
		if err := p.add(pkg); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// unusable says why a package cannot be added, and what to do.
func (pkg *listed) unusable(path string) error {
	switch {
	case pkg == nil:
		return fmt.Errorf("the go command does not know the package %s", path)
	case pkg.Error != nil && strings.Contains(pkg.Error.Err, "no required module provides"):
		return fmt.Errorf("which version of %s? it is of no module that gonmf has already: -with %[1]s@latest", path)
	case pkg.Error != nil && strings.Contains(pkg.Error.Err, "is not in std"):
		return fmt.Errorf("there is no package %q in the standard library; that of another module has a host and a version, as github.com/google/uuid@latest", path)
	case pkg.Error != nil && len(pkg.GoFiles) == 0:
		return fmt.Errorf("%s: %s", path, pkg.Error.Err)
	case pkg.Name == "main":
		return fmt.Errorf("%s is a program, and programs cannot be imported: name one of its packages", path)
	case isInternal(path):
		return fmt.Errorf("%s is internal to its module: Go lets nobody else import it", path)
	}
	return nil
}

func isInternal(path string) bool { return slices.Contains(strings.Split(path, "/"), "internal") }

// present says whether cells can import a package of gonmf as it is.
func present(importPath string) bool {
	return symbols.Symbols[importPath+"/"+path.Base(importPath)] != nil
}

// add adds a package, and with one that comes as source what it imports.
func (p *plan) add(pkg *listed) error {
	if p.sources[pkg.ImportPath] != nil || slices.Contains(p.compiled, pkg.ImportPath) || present(pkg.ImportPath) {
		return nil
	}
	files, err := pkg.read()
	if err != nil {
		return err
	}
	internal := isInternal(pkg.ImportPath)
	if !pkg.generic && !internal {
		p.compiled = append(p.compiled, pkg.ImportPath)
		return nil
	}
	if pkg.bodiless || len(pkg.SFiles)+len(pkg.CgoFiles) > 0 {
		if internal {
			return fmt.Errorf("%s, which has to come as source, has assembly or C in it", pkg.ImportPath)
		}
		p.compiled = append(p.compiled, pkg.ImportPath)
		p.notes = append(p.notes, fmt.Sprintf("%s has assembly or C in it, and is compiled in without its generic functions.", pkg.ImportPath))
		return nil
	}
	before := p.copy()
	p.sources[pkg.ImportPath] = files
	for _, path := range pkg.Imports {
		dep := p.packages[path]
		if dep == nil || dep.Standard {
			continue
		}
		if err := p.add(dep); err != nil {
			if internal {
				return err
			}
			*p = before
			p.compiled = append(p.compiled, pkg.ImportPath)
			p.notes = append(p.notes, fmt.Sprintf("%s is compiled in without its generic functions: %v.", pkg.ImportPath, err))
			return nil
		}
	}
	// Scripts run under another interpreter, which takes the rest of it.
	if !internal {
		p.compiled = append(p.compiled, pkg.ImportPath)
	}
	return nil
}

func (p *plan) copy() plan {
	return plan{slices.Clone(p.compiled), maps.Clone(p.sources), slices.Clone(p.notes), p.packages}
}

// read reads the files of a package, and finds out what it has in it.
func (pkg *listed) read() (map[string]string, error) {
	files := map[string]string{}
	for _, name := range pkg.GoFiles {
		text, err := os.ReadFile(filepath.Join(pkg.Dir, name))
		if err != nil {
			return nil, err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files[name] = string(text)
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				pkg.generic = pkg.generic || d.Name.IsExported() && d.Type.TypeParams != nil
				pkg.bodiless = pkg.bodiless || d.Body == nil
			case *ast.GenDecl:
				for _, sp := range d.Specs {
					ts, ok := sp.(*ast.TypeSpec)
					pkg.generic = pkg.generic || ok && ts.Name.IsExported() && (ts.TypeParams != nil || isConstraint(ts.Type))
				}
			}
		}
	}
	return files, nil
}

// isConstraint says whether a type is an interface of a union of types, which
// says something to generic code alone.
func isConstraint(t ast.Expr) bool {
	i, ok := t.(*ast.InterfaceType)
	return ok && slices.ContainsFunc(i.Methods.List, func(f *ast.Field) bool {
		switch f.Type.(type) {
		case *ast.BinaryExpr, *ast.UnaryExpr:
			return true
		}
		return false
	})
}

// writeOverlay writes the files that a plan adds into the folder work, and the
// one that says where in the source of gonmf they seem to be. It returns the name
// of the latter.
func writeOverlay(ctx context.Context, goCommand *gobuild.Go, work, source string, p *plan) (string, error) {
	files := filepath.Join(work, "symbols")
	if err := os.Mkdir(files, 0o777); err != nil {
		return "", err
	}
	if len(p.compiled) > 0 {
		generate := append([]string{"run", "./scripts/symbols/internal/generate", "-o", files}, p.compiled...)
		if _, err := goCommand.Run(ctx, source, generate...); err != nil {
			return "", err
		}
	}
	entries, err := os.ReadDir(files)
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for _, e := range entries {
		replace[filepath.Join(source, "scripts", "symbols", e.Name())] = filepath.Join(files, e.Name())
	}
	var text bytes.Buffer
	text.WriteString("package engine\n\nfunc init() {\n")
	for _, path := range slices.Sorted(maps.Keys(p.sources)) {
		fmt.Fprintf(&text, "\tSources[%q] = %#v\n", path, p.sources[path])
	}
	text.WriteString("}\n")
	name := filepath.Join(work, "sources.go")
	if err := os.WriteFile(name, text.Bytes(), 0o666); err != nil {
		return "", err
	}
	replace[filepath.Join(source, "kernel", "internal", "engine", "sources_gen.go")] = name
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	name = filepath.Join(work, "overlay.json")
	return name, os.WriteFile(name, overlay, 0o666)
}
