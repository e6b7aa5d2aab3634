package kernelspec

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Installed is a kernel that gonmf has installed.
type Installed struct {
	Name        string
	DisplayName string
	Folder      string
	Program     string // what it starts
	Version     string // of the gonmf that installed it
}

// List returns the kernels below data that gonmf has installed. A kernel.json that
// Jupyter could not read is an error, whosesoever it is.
func List(data string) ([]Installed, error) {
	entries, err := os.ReadDir(filepath.Join(data, "kernels"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Installed
	for _, e := range entries {
		dir := filepath.Join(data, "kernels", e.Name())
		s, err := read(dir)
		if errors.Is(err, errBroken) {
			return nil, err
		}
		if errors.Is(err, ErrForeign) || errors.Is(err, ErrNotInstalled) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(s.Argv) == 0 {
			return nil, fmt.Errorf("%s starts no program: install the kernel again", filepath.Join(dir, specFile))
		}
		if !slices.Contains(s.Argv, "{connection_file}") {
			return nil, fmt.Errorf("%s does not hand on the connection file: install the kernel again", filepath.Join(dir, specFile))
		}
		program := filepath.Clean(strings.ReplaceAll(s.Argv[0], ResourceDir, dir))
		out = append(out, Installed{e.Name(), s.DisplayName, dir, program, s.Metadata.Gonmf.Version})
	}
	return out, nil
}
