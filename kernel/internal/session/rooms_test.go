package session_test

import (
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A room is a package of the session.
type room struct {
	name    string
	may     []string // import of other rooms
	and     []string // of other modules
	mayNot  []string // of the standard library
	someday bool     // be of the size that a room may have
}

// rooms are the packages of the session and what each may import, beside the standard
// library: of the rooms, and of other modules. Arrows point down only.
var rooms = []room{
	{name: "session", may: []string{"compile", "explain", "export", "help", "machine", "source", "stdlib", "streams"}},
	{name: "help", may: []string{"compile", "docs", "source"}},
	{name: "explain", may: []string{"compile", "source"}, and: []string{"golang.org/x/tools/go/ast/astutil", "github.com/go-gota/gota/dataframe"}},
	{name: "export", may: []string{"compile", "explain", "source"}},
	{name: "machine", may: []string{"source", "streams", "unboxed"}, and: []string{"github.com/goplus/", "golang.org/x/tools/", "golang.org/x/term"}},
	{name: "compile", may: []string{"source"}, and: []string{"golang.org/x/tools/go/ast/astutil"}},
	{name: "streams", mayNot: []string{"go/types"}},
	{name: "source", mayNot: []string{"go/types"}},
	{name: "unboxed", and: []string{"golang.org/x/tools/go/ssa"}},
	{name: "docs"},
	{name: "stdlib"},
}

// What a room may hold outside of generated code.
const mostFiles, mostLines = 25, 4000

func TestRooms(t *testing.T) {
	const here = "gonmf/kernel/internal/session"
	found := map[string]bool{}
	files, lines := map[string]int{}, map[string]int{}
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || d.Name() == "generate"): // a generator is no part of the session
			return filepath.SkipDir
		case d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		place := filepath.ToSlash(filepath.Dir(name))
		if place == "." {
			place = "session"
		}
		at := slices.IndexFunc(rooms, func(r room) bool { return r.name == place })
		if at < 0 {
			t.Errorf("%s is in no room: give %s a line in the table that says what it may import", name, place)
			return nil
		}
		r := rooms[at]
		found[place] = true
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, i := range f.Imports {
			path, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			first, _, _ := strings.Cut(path, "/")
			other, own := strings.CutPrefix(path, here+"/")
			switch {
			case own && !slices.Contains(r.may, other):
				t.Errorf("%s imports %s, which %s may not: of the rooms it may import %q", name, other, place, r.may)
			case !own && first == "gonmf":
				t.Errorf("%s imports %s, which %s may not: of gonmf it may import rooms of the session only", name, path, place)
			case strings.Contains(first, ".") && !slices.ContainsFunc(r.and, func(p string) bool { return strings.HasPrefix(path, p) }):
				t.Errorf("%s imports %s, which %s may not: of other modules it may import %q", name, path, place, r.and)
			case slices.Contains(r.mayNot, path):
				t.Errorf("%s imports %s, which %s may not", name, path, place)
			}
		}
		if !bytes.Contains(text, []byte("DO NOT EDIT")) {
			files[place]++
			lines[place] += bytes.Count(text, []byte("\n"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rooms {
		if !found[r.name] {
			t.Errorf("there is no room %s: take its line out of the table", r.name)
		}
		if !r.someday && (files[r.name] > mostFiles || lines[r.name] > mostLines) {
			t.Errorf("%s has %d files and %d lines: a room has at most %d and %d", r.name, files[r.name], lines[r.name], mostFiles, mostLines)
		}
	}
}
