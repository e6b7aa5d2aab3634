package compile

import (
	"fmt"
	"go/build"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// onDisk says whether a folder is on disk, and may change.
func onDisk(dir string) bool { return filepath.IsAbs(dir) }

// goFiles lists the files of a directory that belong to its package on this platform.
func goFiles(dir string) (names []string) {
	if !onDisk(dir) {
		return slices.Sorted(maps.Keys(sources[dir]))
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if match, err := build.Default.MatchFile(dir, name); match && err == nil {
			names = append(names, name)
		}
	}
	return names
}

// readFile reads a file of a directory.
func readFile(dir, name string) ([]byte, error) {
	if !onDisk(dir) {
		return []byte(sources[dir][name]), nil
	}
	return os.ReadFile(filepath.Join(dir, name))
}

// stampOf changes when a file of the directory does.
func stampOf(dir string, names []string) string {
	if !onDisk(dir) {
		return ""
	}
	var b strings.Builder
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil {
			fmt.Fprintf(&b, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
	}
	return b.String()
}

// LocalPaths lists the import paths of folders that begin with text.
func LocalPaths(text string) (paths []string) {
	dir, prefix := "", text
	if i := strings.LastIndexByte(text, '/'); i >= 0 {
		dir, prefix = text[:i+1], text[i+1:]
	}
	here, err := filepath.Abs(filepath.FromSlash(dir))
	if err != nil || filepath.IsAbs(dir) {
		return nil
	}
	entries, err := os.ReadDir(here)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), prefix) && len(goFiles(filepath.Join(here, e.Name()))) > 0 {
			paths = append(paths, dir+e.Name())
		}
	}
	return paths
}

// FolderText returns the text of a file in a folder, by the name that positions have.
func (c *Compiler) FolderText(shown string) string {
	at, ok := c.folders.files.Load(shown)
	if !ok {
		return ""
	}
	file := at.([2]string)
	text, err := readFile(file[0], file[1])
	if err != nil {
		return ""
	}
	return string(text)
}
