package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
)

var (
	// licenceFile matches what modules call their terms.
	licenceFile = regexp.MustCompile(`(?i)^(licen[cs]es?|copying|notice|patents|authors|unlicense)([-._].*)?$`)
	// licenceFolder matches the folders that some keep them in.
	licenceFolder = regexp.MustCompile(`(?i)^licen[cs]es?$`)
)

// licences returns the terms of gonmf, of Go, and of every module in the
// program, from the folders of the packages that are linked in and those above
// them. A module without any is an error.
func (b *builder) licences(ctx context.Context, t target, modules []*debug.Module) ([]entry, error) {
	own, err := os.ReadFile(filepath.Join(b.root, "LICENSE"))
	if err != nil {
		return nil, err
	}
	data, err := os.ReadFile(filepath.Join(b.root, "notebooks", "data", "NOTICE.md"))
	if err != nil {
		return nil, err
	}
	goroot, err := output(ctx, b.root, environment(t), "go", "env", "GOROOT")
	if err != nil {
		return nil, err
	}
	golang, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(goroot)), "LICENSE"))
	if err != nil {
		return nil, fmt.Errorf("the licence of Go: %w: build with a Go from go.dev/dl", err)
	}
	out := []entry{
		{name: "LICENSE", data: own},
		{name: "licenses/data/NOTICE.md", data: data},
		{name: "licenses/go/LICENSE", data: golang},
	}
	folders, err := b.folders(ctx, t)
	if err != nil {
		return nil, err
	}
	for _, m := range modules {
		found := 0
		for _, dir := range folders[m.Path].packages {
			terms, err := termsIn(dir)
			if err != nil {
				return nil, err
			}
			for _, file := range terms {
				inside, err := filepath.Rel(folders[m.Path].root, file)
				if err != nil {
					return nil, err
				}
				text, err := os.ReadFile(file)
				if err != nil {
					return nil, err
				}
				found++
				out = append(out, entry{name: "licenses/" + m.Path + "/" + filepath.ToSlash(inside), data: text})
			}
		}
		if found == 0 {
			return nil, fmt.Errorf("%s %s has no licence in its folder: what has none cannot be handed on", m.Path, m.Version)
		}
	}
	slices.SortFunc(out, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

// module is where a module is, and its folders with terms that may matter.
type module struct {
	root     string
	packages []string // folders of packages that are linked in, and all above them
}

// folders returns those of every module whose packages are in the program.
func (b *builder) folders(ctx context.Context, t target) (map[string]*module, error) {
	list, err := output(ctx, b.root, environment(t), "go", "list", "-deps", "-json=Dir,Module", command)
	if err != nil {
		return nil, err
	}
	found := map[string]*module{}
	for d := json.NewDecoder(bytes.NewReader(list)); ; {
		var pkg struct {
			Dir    string
			Module *struct {
				Path, Dir string
				Main      bool
			}
		}
		if err := d.Decode(&pkg); errors.Is(err, io.EOF) {
			return found, nil
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		if pkg.Module == nil || pkg.Module.Main {
			continue
		}
		m := found[pkg.Module.Path]
		if m == nil {
			m = &module{root: pkg.Module.Dir}
			found[pkg.Module.Path] = m
		}
		for dir := pkg.Dir; len(dir) >= len(m.root); dir = filepath.Dir(dir) {
			if !slices.Contains(m.packages, dir) {
				m.packages = append(m.packages, dir)
			}
		}
	}
}

// termsIn returns the files in dir that are terms.
func termsIn(dir string) ([]string, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, f := range files {
		name := filepath.Join(dir, f.Name())
		switch {
		case f.IsDir() && licenceFolder.MatchString(f.Name()):
			inside, err := os.ReadDir(name)
			if err != nil {
				return nil, err
			}
			for _, g := range inside {
				if g.Type().IsRegular() && filepath.Ext(g.Name()) != ".go" {
					out = append(out, filepath.Join(name, g.Name()))
				}
			}
		case f.Type().IsRegular() && licenceFile.MatchString(f.Name()) && filepath.Ext(f.Name()) != ".go":
			out = append(out, name)
		}
	}
	return out, nil
}

var font = regexp.MustCompile(`SIL OPEN FONT LICENSE Version 1\.1`)

// known are words that only one licence has, by the names of SPDX.
var known = []struct {
	name string
	has  *regexp.Regexp
	not  *regexp.Regexp
}{
	{"Apache-2.0", regexp.MustCompile(`(?i)Apache License,?\W+Version 2\.0`), nil},
	{"BSD-2-Clause", regexp.MustCompile(`Redistribution and use in source and binary forms`), regexp.MustCompile(`(?i)neither the names?`)},
	{"BSD-3-Clause", regexp.MustCompile(`(?is)Redistribution and use in source and binary forms.*neither the names?`), nil},
	{"ISC", regexp.MustCompile(`Permission to use, copy, modify, and(/or)? distribute this software`), nil},
	{"MIT", regexp.MustCompile(`Permission is hereby granted, free of charge`), font},
	{"OFL-1.1", font, nil},
}

// declared names the licences that the terms of a module are, all of which
// hold, in the words of SPDX; NOASSERTION if they are others.
func declared(terms []entry) string {
	var names []string
	for _, k := range known {
		if slices.ContainsFunc(terms, func(e entry) bool { return k.has.Match(e.data) && (k.not == nil || !k.not.Match(e.data)) }) {
			names = append(names, k.name)
		}
	}
	if len(names) == 0 {
		return "NOASSERTION"
	}
	return strings.Join(names, " AND ")
}
