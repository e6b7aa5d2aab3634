// Package papermill teaches papermill, which runs notebooks with parameters, to
// write them in Go: it has translators for some languages, and a Python module is
// the only way to give it another.
package papermill

import (
	"bufio"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed gonmf_papermill.py
var module string

const (
	moduleFile = "gonmf_papermill.py"
	infoFolder = "gonmf_papermill-1.0.dist-info"
)

// files are what pip would have put there, so that pip list shows it and pip
// uninstall removes it.
var files = []struct{ name, content string }{
	{moduleFile, module},
	{infoFolder + "/METADATA", "Metadata-Version: 2.1\nName: gonmf-papermill\nVersion: 1.0\nSummary: Lets papermill write its parameters in Go\nLicense: MIT\n"},
	{infoFolder + "/INSTALLER", "gonmf\n"},
	{infoFolder + "/RECORD", moduleFile + ",,\n" + infoFolder + "/METADATA,,\n" + infoFolder + "/INSTALLER,,\n" + infoFolder + "/entry_points.txt,,\n" + infoFolder + "/RECORD,,\n"},
	// Last: from here on papermill looks.
	{infoFolder + "/entry_points.txt", "[papermill.engine]\ngonmf-translator = gonmf_papermill:GoTranslator\n"},
}

// Install puts the module beside papermill and returns the folder.
func Install(ctx context.Context) (string, error) {
	dir, err := packages(ctx)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Join(dir, infoFolder), 0o777); err != nil {
		return "", fmt.Errorf("%w: papermill must be one that you may change, such as one in a virtual environment", err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(f.name)), []byte(f.content), 0o666); err != nil {
			_ = remove(dir)
			return "", err
		}
	}
	return dir, nil
}

// Uninstall removes it.
func Uninstall(ctx context.Context) (string, error) {
	dir, err := packages(ctx)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(filepath.Join(dir, moduleFile)); err != nil {
		return "", fmt.Errorf("papermill in %s was not taught Go by gonmf", dir)
	}
	return dir, remove(dir)
}

func remove(dir string) error {
	err := os.RemoveAll(filepath.Join(dir, infoFolder))
	if e := os.Remove(filepath.Join(dir, moduleFile)); e != nil && !errors.Is(e, fs.ErrNotExist) {
		err = errors.Join(err, e)
	}
	return err
}

// Installed says whether there is a papermill, and whether it knows Go.
func Installed(ctx context.Context) (found, knows bool) {
	dir, err := packages(ctx)
	if err != nil {
		return false, false
	}
	_, err = os.Stat(filepath.Join(dir, moduleFile))
	return true, err == nil
}

// packages returns the folder of packages of the Python that has papermill.
func packages(ctx context.Context) (string, error) {
	const ask = "import papermill, sysconfig; print(sysconfig.get_path('purelib'))"
	for _, python := range append(interpreter(), "python3", "python") {
		out, err := exec.CommandContext(ctx, python, "-c", ask).Output()
		if dir := strings.TrimSpace(string(out)); err == nil && dir != "" {
			return dir, nil
		}
		if ctx.Err() != nil {
			return "", context.Cause(ctx)
		}
	}
	return "", errors.New("there is no papermill: install it (pip install papermill), or activate the environment that has it")
}

// interpreter returns the Python that the command papermill names in its first
// line, if there is one.
func interpreter() []string {
	command, err := exec.LookPath("papermill")
	if err != nil {
		return nil
	}
	f, err := os.Open(command)
	if err != nil {
		return nil
	}
	defer f.Close()
	line, _ := bufio.NewReader(f).ReadString('\n')
	if python, ok := strings.CutPrefix(strings.TrimSpace(line), "#!"); ok && filepath.IsAbs(python) && !strings.Contains(python, " ") {
		return []string{python}
	}
	return nil
}
