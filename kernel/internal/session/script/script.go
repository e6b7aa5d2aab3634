package script

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"

	"gonmf/kernel/internal/session/compile"
	"gonmf/kernel/internal/session/machine"
	"gonmf/kernel/internal/session/source"
	"gonmf/kernel/internal/session/stdlib"
)

// Options are what a program can import beside the standard library, and the folders of
// the module that it stands in: see the options of a session.
type Options struct {
	Packages map[string]map[string]reflect.Value
	Sources  map[string]map[string]string
}

// A File is one of a program.
type File struct {
	Name string // on disk, or for messages
	Text []byte
}

// A Program is a compiled program, ready to run.
type Program struct {
	machine *machine.Machine
	program *machine.Program
	files   map[string]bool
	prefix  string // before the names of its functions in a trace
	compile *compile.Compiler
}

// A CompileError is what is wrong with the files of a program, a line each, as the go
// command tells it.
type CompileError struct{ Lines []string }

func (e *CompileError) Error() string { return strings.Join(e.Lines, "\n") }

// Compile makes a program of the files of a package main. The error is a [*CompileError] if
// they are not one.
func Compile(files []File, opt Options) (*Program, error) {
	p, err := newProgram(opt)
	if err != nil {
		return nil, err
	}
	list, err := p.parse(files)
	if err != nil {
		return nil, err
	}
	for _, f := range list {
		if f.Name.Name != "main" {
			return nil, &CompileError{[]string{fmt.Sprintf("%s: a script is a package main, this is package %s", shown(p.machine.Fset.Position(f.Name.Pos())), f.Name.Name)}}
		}
	}
	pkg := types.NewPackage(source.MainPath, "main")
	info, err := p.check(pkg, p.compile.From(p.dir(files), nil), list)
	if err != nil {
		return nil, err
	}
	if main, ok := pkg.Scope().Lookup("main").(*types.Func); !ok || main == nil {
		return nil, &CompileError{[]string{"function main is undeclared in the main package"}}
	}
	return p, p.build(pkg, info, list)
}

func newProgram(opt Options) (*Program, error) {
	p := &Program{files: map[string]bool{}, prefix: "main."}
	var err error
	if p.machine, err = machine.New(machine.Options{
		Alone: true, Packages: []map[string]map[string]reflect.Value{stdlib.Symbols, opt.Packages},
		Interpreted: func(path string) (*types.Package, error) {
			if p.compile == nil { // not yet
				return nil, nil
			}
			return p.compile.Interpreted(path)
		},
		Async: func(_ int, e any) { p.die(e) },
	}); err != nil {
		return nil, err
	}
	p.compile = compile.New(compile.Options{
		Fset: p.machine.Fset, Packages: p.machine, Sources: opt.Sources,
		Missing: func(path string, err error) string {
			return fmt.Sprintf("package %s is neither compiled into gonmf nor a folder of this module", path)
		},
	})
	return p, nil
}

// name is what positions call a file: its whole path, as in a compiled program.
func (p *Program) name(file string) string {
	if _, err := os.Stat(file); err != nil {
		return file // built in
	}
	if abs, err := filepath.Abs(file); err == nil {
		return abs
	}
	return file
}

// dir is the folder that files are in.
func (p *Program) dir(files []File) string { return filepath.Dir(p.name(files[0].Name)) }

// parse parses files.
func (p *Program) parse(files []File) (list []*ast.File, err error) {
	var lines []string
	for _, file := range files {
		name := p.name(file.Name)
		p.files[name] = true
		f, err := parser.ParseFile(p.machine.Fset, name, file.Text, parser.ParseComments|parser.SkipObjectResolution)
		var syntax scanner.ErrorList
		switch errors.As(err, &syntax); {
		case len(syntax) > 0:
			syntax.Sort()
			syntax.RemoveMultiples()
			for _, e := range syntax {
				lines = append(lines, shown(e.Pos)+": syntax error: "+e.Msg)
			}
			continue
		case err != nil:
			return nil, err
		}
		if off, found := source.EmbedDirective(string(file.Text)); found {
			at := p.machine.Fset.File(f.Pos()).Pos(off)
			lines = append(lines, shown(p.machine.Fset.Position(at))+": go:embed is for the compiler, which puts the file into the program: read it with os.ReadFile, or os.DirFS for several")
		}
		list = append(list, f)
	}
	if len(lines) > 0 {
		return nil, &CompileError{limited(lines)}
	}
	return list, nil
}

// check type-checks the files of the main package.
func (p *Program) check(pkg *types.Package, from types.Importer, list []*ast.File) (*types.Info, error) {
	info, errs := p.compile.Whole(pkg, from, list, shown)
	return info, p.compileError(errs)
}

// compileError writes what the type checker has found, if anything.
func (p *Program) compileError(errs []types.Error) error {
	if len(errs) == 0 {
		return nil
	}
	var lines []string
	for _, e := range errs {
		lines = append(lines, shown(p.machine.Fset.Position(e.Pos))+": "+source.Demangle(e.Msg))
	}
	return &CompileError{limited(lines)}
}

// limited are the first ten lines.
func limited(lines []string) []string {
	const most = 10
	if len(lines) > most {
		lines = append(lines[:most:most], "too many errors")
	}
	return lines
}

// shown is a place as the go command writes it: from here on, with a dot in front.
func shown(pos token.Position) string {
	if here, err := os.Getwd(); err == nil && filepath.IsAbs(pos.Filename) {
		if rel, err := filepath.Rel(here, pos.Filename); err == nil && !strings.HasPrefix(rel, "..") {
			pos.Filename = "." + string(filepath.Separator) + rel
		}
	}
	return pos.String()
}

// build compiles the package of the program.
func (p *Program) build(pkg *types.Package, info *types.Info, list []*ast.File) (err error) {
	if p.program, err = p.machine.Build(pkg, info, list...); err != nil {
		return err
	}
	var variables []string
	for _, name := range pkg.Scope().Names() {
		if _, ok := pkg.Scope().Lookup(name).(*types.Var); ok {
			variables = append(variables, name)
		}
	}
	p.machine.Keep(p.program, variables)
	return nil
}

// Run runs the program. It returns when its main function does; os.Exit and a panic end the
// process, as in a compiled program, the latter with its text on standard error and status 2.
func (p *Program) Run() {
	if e := p.machine.RunAlone(p.program); e != nil {
		p.die(e)
	}
}

// die ends the process for a panic.
func (p *Program) die(e any) {
	os.Stderr.WriteString(p.report(e))
	os.Exit(2)
}

// report is what Go writes of a panic, with the program's own functions.
func (p *Program) report(e any) string {
	value, frames := p.machine.Trace(e, func(name string) bool { return p.files[name] || p.compile.IsFile(name) })
	var b strings.Builder
	fmt.Fprintf(&b, "panic: %s\n", source.Demangle(p.machine.Text(value)))
	if err, ok := value.(runtime.Error); ok && strings.Contains(err.Error(), "nil pointer dereference") {
		b.WriteString("[signal SIGSEGV: segmentation violation]\n")
	}
	b.WriteString("\ngoroutine 1 [running]:\n")
	for _, f := range frames {
		args := "..."
		if f.Func == "main" {
			args = ""
		}
		fmt.Fprintf(&b, "%s%s(%s)\n\t%s:%d\n", p.prefix, f.Func, args, f.File, f.Line)
	}
	return b.String()
}
