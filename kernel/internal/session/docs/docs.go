// Package docs is the documentation of the packages that a cell can import: the
// signature and doc comment of every exported name, so that a notebook can show
// them on a machine without Go or any source.
//
// It is a zip file, one entry a package, made from the source by go generate. Run
// that again when a package is added or the API of one changes.
package docs

import (
	"archive/zip"
	"bytes"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
)

//go:generate go run ./generate

//go:embed docs.zip
var archive []byte

// An Entry is the documentation of one name.
type Entry struct {
	Signature string // the declaration, as gofmt writes it
	Doc       string // the comment, without comment marks
}

// The separators of the table: between entries, and between the name, signature
// and doc of one.
const (
	EntrySeparator = "\x1e"
	FieldSeparator = "\x1f"
)

var open = sync.OnceValues(func() (*zip.Reader, error) {
	return zip.NewReader(bytes.NewReader(archive), int64(len(archive)))
})

// cache holds the packages that were looked at.
var cache sync.Map // import path to map[string]Entry

// Lookup returns the documentation of a name of a package: "Name", "Type.Method"
// or "Type.Field", or "" for the package itself.
func Lookup(path, name string) (Entry, bool) {
	entries, ok := cache.Load(path)
	if !ok {
		read, err := load(path)
		if err != nil {
			return Entry{}, false // not in the table
		}
		entries, _ = cache.LoadOrStore(path, read)
	}
	e, ok := entries.(map[string]Entry)[name]
	return e, ok
}

// Members returns the signatures of what a package has but for methods and fields, or a type
// has of methods, sorted; those of several lines are cut after the first.
func Members(path, typeName string) (signatures []string) {
	if _, ok := Lookup(path, typeName); !ok {
		return nil
	}
	entries, _ := cache.Load(path)
	for name, e := range entries.(map[string]Entry) {
		owner, _, isMember := strings.Cut(name, ".")
		if name == "" || isMember != (typeName != "") || isMember && (owner != typeName || !strings.HasPrefix(e.Signature, "func ")) {
			continue
		}
		first, _, more := strings.Cut(e.Signature, "\n")
		if more {
			first = strings.TrimSuffix(first, " {") + " { ... }"
		}
		signatures = append(signatures, first)
	}
	slices.Sort(signatures)
	return signatures
}

func load(path string) (map[string]Entry, error) {
	r, err := open()
	if err != nil {
		return nil, fmt.Errorf("docs: the embedded table: %w", err)
	}
	f, err := r.Open(path)
	if err != nil {
		return nil, fmt.Errorf("docs: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("docs: %s: %w", path, err)
	}
	entries := map[string]Entry{}
	for line := range strings.SplitSeq(string(text), EntrySeparator) {
		if parts := strings.SplitN(line, FieldSeparator, 3); len(parts) == 3 {
			entries[parts[0]] = Entry{Signature: parts[1], Doc: parts[2]}
		}
	}
	return entries, nil
}
