// Package kernelspec installs Jupyter kernels: a folder with a kernel.json,
// the program it starts and a logo, where Jupyter looks for such folders.
package kernelspec

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Kernel is what Install installs.
type Kernel struct {
	Name          string   // of the folder, and what `jupyter console --kernel` takes
	DisplayName   string   // what Jupyter shows
	Program       string   // file that is copied into the folder
	InPlace       string   // if not empty, what is started instead of such a copy; it may begin with [ResourceDir]
	Args          []string // of the program; {connection_file} is replaced by Jupyter
	InterruptMode string   // "signal" (also if empty) or "message"
	Version       string   // of gonmf, for whoever reads the kernel.json
}

// spec is the content of a kernel.json.
type spec struct {
	Argv          []string `json:"argv"`
	DisplayName   string   `json:"display_name"`
	Language      string   `json:"language"`
	InterruptMode string   `json:"interrupt_mode,omitempty"`
	Metadata      metadata `json:"metadata"`
}

// metadata marks the kernels that are gonmf's, which it may change and remove.
type metadata struct {
	Gonmf *mark `json:"gonmf,omitempty"`
}

type mark struct {
	Version string `json:"version"`
}

const specFile = "kernel.json"

// ResourceDir stands in a kernel.json for the folder that it is in. Jupyter
// replaces it, and so a package can have a kernel and its program without
// knowing where it will be installed. VS Code does so since 2025.
const ResourceDir = "{resource_dir}"

var logoFiles = []string{"logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}

// ErrForeign is wrapped by errors about a kernel that gonmf did not install.
var ErrForeign = errors.New("was not installed by gonmf")

var errBroken = errors.New("kernel.json cannot be read (remove the folder, or install the kernel again)")

// ErrNotInstalled is wrapped by errors about a kernel that is not there.
var ErrNotInstalled = errors.New("is not installed")

var validName = regexp.MustCompile(`^[a-z0-9._-]+$`)

// folder returns the folder of a kernel below Jupyter's data folder.
func folder(data, name string) (string, error) {
	// Jupyter finds kernels by their names in lower case.
	name = strings.ToLower(name)
	if !validName.MatchString(name) || strings.Trim(name, ".") == "" {
		return "", fmt.Errorf("%q is no name for a kernel: use letters, digits and - . _", name)
	}
	return filepath.Join(data, "kernels", name), nil
}

// Install installs k below data, a folder that Jupyter looks for kernels in
// (see [UserData] and [PrefixData]), and returns the folder of the kernel. One
// that gonmf has installed before under the same name is replaced; kernels of
// it that are running go on.
//
// The program is copied under a name made of its content, and the kernel.json
// that starts it is put in place last and at once: until then, and after any
// error, Jupyter has the kernel that it had before.
func Install(data string, k Kernel) (string, error) {
	dir, err := folder(data, k.Name)
	if err != nil {
		return "", err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	old, err := read(dir)
	if err != nil && !errors.Is(err, ErrNotInstalled) {
		return "", fmt.Errorf("%w: give this one another name (-name), or remove that one first (jupyter kernelspec remove)", err)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", writeError(err)
	}
	program := k.InPlace
	if program == "" {
		if program, err = copyProgram(dir, k.Program); err != nil {
			return "", writeError(err)
		}
	}
	if err := writeLogos(dir); err != nil {
		return "", writeError(err)
	}
	text, err := json.MarshalIndent(spec{
		Argv:          append([]string{program}, k.Args...),
		DisplayName:   k.DisplayName,
		Language:      "go",
		InterruptMode: k.InterruptMode,
		Metadata:      metadata{&mark{k.Version}},
	}, "", "  ")
	if err != nil {
		return "", err
	}
	if err := writeFile(filepath.Join(dir, specFile), bytes.NewReader(append(text, '\n')), 0o644); err != nil {
		return "", writeError(err)
	}
	// A running kernel may have to start its program again. So the one just
	// replaced stays; the next installation removes it.
	keep := []string{program}
	if old != nil && len(old.Argv) > 0 {
		keep = append(keep, old.Argv[0])
	}
	removePrograms(dir, keep)
	return dir, nil
}

// Uninstall removes what Install has put below data under that name.
func Uninstall(data, name string) error {
	dir, err := folder(data, name)
	if err != nil {
		return err
	}
	if _, err := read(dir); err != nil {
		return err
	}
	// The kernel.json first: without it Jupyter sees no kernel.
	for _, name := range append([]string{specFile}, logoFiles...) {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return writeError(err)
		}
	}
	removePrograms(dir, nil)
	// What is left, if anything, is not ours.
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		return err
	}
	if err := os.Remove(dir); err != nil {
		return writeError(err)
	}
	return nil
}

// read reads the kernel.json of a kernel that gonmf has installed.
func read(dir string) (*spec, error) {
	text, err := os.ReadFile(filepath.Join(dir, specFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the kernel in %s %w", dir, ErrNotInstalled)
	}
	if err != nil {
		return nil, err
	}
	var s spec
	if err := json.Unmarshal(text, &s); err != nil {
		return nil, fmt.Errorf("the kernel in %s %w: its %w: %v", dir, ErrForeign, errBroken, err)
	}
	if s.Metadata.Gonmf == nil {
		return nil, fmt.Errorf("the kernel in %s %w", dir, ErrForeign)
	}
	return &s, nil
}

func writeError(err error) error {
	return fmt.Errorf("cannot write: %w: choose another place (-prefix, -sys-prefix) or mend the permissions", err)
}

// programName matches the names that copyProgram gives.
var programName = regexp.MustCompile(`^[\w.]+-[0-9a-f]{12}(\.exe)?$`)

// copyProgram copies a program into dir and returns its new path.
func copyProgram(dir, program string) (string, error) {
	in, err := os.Open(program)
	if err != nil {
		return "", err
	}
	defer in.Close()
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		return "", err
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	ext := filepath.Ext(program)
	if ext != ".exe" {
		ext = ""
	}
	// The part before a dash: what the go command or CreateTemp has appended
	// is no part of the name.
	base, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(program), ext), "-")
	name := filepath.Join(dir, fmt.Sprintf("%s-%x%s", base, h.Sum(nil)[:6], ext))
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	return name, writeFile(name, in, 0o755)
}

// removePrograms removes the programs in dir but for those to keep. It leaves
// one that it cannot remove, as Windows has it for a program that runs.
func removePrograms(dir string, keep []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		if programName.MatchString(e.Name()) && !slices.Contains(keep, name) {
			os.Remove(name)
		}
	}
}

func writeLogos(dir string) error {
	small, err := logoPNG(1)
	if err != nil {
		return err
	}
	large, err := logoPNG(2)
	if err != nil {
		return err
	}
	for i, content := range [][]byte{small, large, logoSVG()} {
		if err := writeFile(filepath.Join(dir, logoFiles[i]), bytes.NewReader(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// writeFile writes a file under a temporary name and renames it.
func writeFile(name string, content io.Reader, mode fs.FileMode) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), ".gonmf-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err := io.Copy(f, content); err != nil {
		return err
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
