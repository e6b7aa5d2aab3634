package scripts_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A room is a package, or with "/..." at the end of its name all below it.
type room struct {
	name string
	may  []string // import of gonmf, as rooms are named
	and  []string // modules of others; nil: any
}

var (
	alone  = []string{}
	gonum  = []string{"gonum.org/v1/gonum"}
	public = []string{"nmf", "nmf/sparse", "nmf/selection", "nmf/recommend"} // rooms of nmf
)

// session names rooms of the kernel's session.
func session(names ...string) (rooms []string) {
	for _, name := range names {
		rooms = append(rooms, "kernel/internal/session/"+name)
	}
	return rooms
}

// house is who may import whom: kernel -> scripts -> frames -> nmf, inside nmf:
// nmf -> solve, start -> block -> par, kern, and inside the session: session -> help,
// explain, export -> compile -> source, with machine, which alone knows the interpreter but
// for its table of packages, linked, its calls of cells, callback, and its stack, beside
// compile. Arrows point down only.
var house = []room{
	{"nmf/internal/kern", alone, alone},
	{"nmf/internal/nprand", alone, alone},
	{"nmf/internal/csr", alone, alone},
	{"nmf/internal/npz", alone, alone},
	{"nmf/internal/shard", alone, alone},
	{"nmf/internal/number", alone, alone},
	{"nmf/internal/par", alone, alone},
	{"nmf/internal/kind", alone, alone},
	{"nmf/internal/table", alone, alone},
	{"nmf/sparse", []string{"nmf/internal/kind", "nmf/internal/csr", "nmf/internal/npz", "nmf/internal/shard"}, gonum},
	{"nmf/internal/block", []string{"nmf/internal/kern", "nmf/internal/par", "nmf/internal/csr", "nmf/internal/shard"}, gonum},
	{"nmf/internal/start", []string{"nmf/internal/block", "nmf/internal/kern", "nmf/internal/nprand"}, gonum},
	{"nmf/internal/solve", []string{"nmf/internal/block", "nmf/internal/kern", "nmf/internal/nprand"}, alone},
	{"nmf", []string{"nmf/internal/kind", "nmf/sparse", "nmf/internal/solve", "nmf/internal/start", "nmf/internal/block", "nmf/internal/kern", "nmf/internal/npz", "nmf/internal/number", "nmf/internal/shard"}, gonum},
	{"nmf/selection", []string{"nmf/internal/kind", "nmf", "nmf/sparse", "nmf/internal/par", "nmf/internal/nprand", "nmf/internal/table"}, gonum},
	{"nmf/recommend", []string{"nmf/internal/kind", "nmf", "nmf/sparse", "nmf/internal/block", "nmf/internal/par", "nmf/internal/nprand", "nmf/internal/table"}, gonum},
	{"nmf/internal/nmftest", []string{"nmf"}, nil},

	{"frames/chart/internal/page", alone, nil},
	{"frames/...", slices.Concat(public, []string{"frames/..."}), nil},
	{"notebooks/data", alone, alone},
	{"scripts/...", slices.Concat(public, []string{"frames/...", "notebooks/data", "scripts/..."}), nil},

	{"kernel/internal/session/source", alone, alone},
	{"kernel/internal/session/streams", alone, alone},
	{"kernel/internal/session/docs", alone, alone},
	{"kernel/internal/session/stdlib", alone, alone},
	{"kernel/internal/session/unboxed", alone, []string{"golang.org/x/tools/go/ssa"}},
	{"kernel/internal/session/linked", session("source"), []string{"github.com/goplus/ixgo", "github.com/goplus/reflectx"}},
	{"kernel/internal/session/callback", session("unboxed"), []string{"github.com/goplus/ixgo", "github.com/visualfc/funcval", "golang.org/x/tools/go/ssa"}},
	{"kernel/internal/session/stack", alone, []string{"github.com/goplus/ixgo", "golang.org/x/tools/go/ssa"}},
	{"kernel/internal/session/machine", session("source", "streams", "unboxed", "linked", "callback", "stack"), []string{"github.com/goplus/ixgo", "github.com/goplus/reflectx", "golang.org/x/tools", "golang.org/x/term"}},
	{"kernel/internal/session/compile", session("source"), []string{"golang.org/x/tools/go/ast/astutil"}},
	{"kernel/internal/session/explain", session("compile", "source"), []string{"golang.org/x/tools/go/ast/astutil", "github.com/go-gota/gota"}}, // gota: the columns that a table has
	{"kernel/internal/session/help", session("compile", "source", "docs"), alone},
	{"kernel/internal/session/export", session("compile", "source", "explain"), alone}, // explain: what its errors are
	{"kernel/internal/session", session("help", "explain", "export", "compile", "machine", "source", "streams", "stdlib"), alone},
	{"kernel/internal/session/script", session("compile", "machine", "source", "stack", "stdlib"), alone},
	{"kernel/internal/session/docs/generate", slices.Concat(session("docs", "stdlib"), []string{"scripts/symbols"}), nil},
	{"kernel/...", slices.Concat(public, []string{"frames/...", "notebooks/data", "scripts/...", "kernel/..."}), nil},
}

// is says whether a package is in the room of that name.
func is(pkg, name string) bool {
	if below, all := strings.CutSuffix(name, "/..."); all {
		return pkg == below || strings.HasPrefix(pkg, below+"/")
	}
	return pkg == name
}

// source is a file of a package that is no test.
type source struct {
	file      string
	imports   []string
	lines     int
	generated bool
}

// sources returns the sources of every package of the module by its folder.
func sources(t *testing.T) map[string][]source {
	t.Helper()
	found := map[string][]source{}
	root := ".."
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			base := d.Name()
			if name != root && (base == "testdata" || strings.HasPrefix(base, "_") || strings.HasPrefix(base, ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		s := source{file: filepath.Base(name), lines: bytes.Count(text, []byte("\n")), generated: bytes.Contains(text, []byte("DO NOT EDIT"))}
		for _, i := range file.Imports {
			p, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			s.imports = append(s.imports, p)
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		pkg := filepath.ToSlash(dir)
		found[pkg] = append(found[pkg], s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestHouse holds every package to the rooms of the house.
func TestHouse(t *testing.T) {
	all := sources(t)
	inhabited := map[string]bool{}
	for pkg, sources := range all {
		at := slices.IndexFunc(house, func(r room) bool { return is(pkg, r.name) })
		if at < 0 {
			t.Errorf("%s is in no room of the house: give it a line in the table that says what it may import", pkg)
			continue
		}
		r := house[at]
		inhabited[r.name] = true
		for _, s := range sources {
			for _, p := range s.imports {
				if own, ok := strings.CutPrefix(p, "gonmf/"); ok {
					if !slices.ContainsFunc(r.may, func(name string) bool { return is(own, name) }) {
						t.Errorf("%s imports %s, which %s may not: of gonmf it may import %q", path.Join(pkg, s.file), own, r.name, r.may)
					}
					continue
				}
				first, _, _ := strings.Cut(p, "/")
				foreign := strings.Contains(first, ".")
				if foreign && r.and != nil && !slices.ContainsFunc(r.and, func(module string) bool { return is(p, module+"/...") }) {
					t.Errorf("%s imports %s, which %s may not: beside the standard library it may import %q", path.Join(pkg, s.file), p, r.name, r.and)
				}
			}
		}
	}
	for _, r := range house {
		if !inhabited[r.name] {
			t.Errorf("there is no package in the room %s: take its line out of the table", r.name)
		}
	}
}

// TestRoomsAreNotHalls bounds every package: past this a room has more than one idea.
func TestRoomsAreNotHalls(t *testing.T) {
	const mostFiles, mostLines = 25, 4000
	for pkg, sources := range sources(t) {
		files, lines := 0, 0
		for _, s := range sources {
			if !s.generated {
				files++
				lines += s.lines
			}
		}
		if files > mostFiles || lines > mostLines {
			t.Errorf("%s has %d source files and %d lines: a room has at most %d and %d; see what in it is an idea of its own", pkg, files, lines, mostFiles, mostLines)
		}
	}
}
