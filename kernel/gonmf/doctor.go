package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"gonmf/kernel/internal/kernelspec"
	"gonmf/kernel/internal/papermill"
	"gonmf/kernel/internal/server"
)

var doctorCommand = command{
	name:    "doctor",
	summary: "look whether Jupyter and the kernel are in order",
	help: `
Looks at what the kernel needs: a Jupyter, a folder that can be written, an
installed kernel that Jupyter finds and whose program runs, a memory limit that
makes sense, and ports of this machine.
It changes nothing, says of each what it found, and how to mend what is wrong.

For example:
  gonmf doctor`,
	define: func(_ *flag.FlagSet, std streams) func([]string) error {
		return func(args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			return examine(context.Background(), std.out)
		}
	},
}

// ailment is something wrong and how to mend it.
type ailment struct{ what, remedy string }

func (a ailment) Error() string { return a.what + "\n      " + a.remedy }

// examine runs all checks and writes what they found.
func examine(ctx context.Context, w io.Writer) error {
	checks := []struct {
		name  string
		check func(context.Context) (found string, err error)
	}{
		{"Jupyter", checkJupyter},
		{"folder", checkFolder},
		{"kernel", checkKernels},
		{"memory", checkMemory},
		{"papermill", checkPapermill},
		{"ports", checkPorts},
		{"Go", checkGo},
	}
	wrong := 0
	for _, c := range checks {
		found, err := c.check(ctx)
		if err != nil {
			wrong++
			fmt.Fprintf(w, "BAD  %s: %v\n", c.name, err)
			continue
		}
		fmt.Fprintf(w, "ok   %s: %s\n", c.name, found)
	}
	if wrong > 0 {
		return fmt.Errorf("%d of %d things are not in order, see above", wrong, len(checks))
	}
	return nil
}

// ask runs a command and returns what it prints.
func ask(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).Output()
	return strings.TrimSpace(string(out)), err
}

func checkJupyter(ctx context.Context) (string, error) {
	out, err := ask(ctx, "jupyter", "--version")
	if err != nil {
		return "", ailment{"there is no jupyter in PATH", "install it (pip install jupyterlab), or activate the environment that has it"}
	}
	var found []string
	for line := range strings.Lines(out) {
		name, version, ok := strings.Cut(line, ":")
		name, version = strings.TrimSpace(name), strings.TrimSpace(version)
		if ok && version != "not installed" && slices.Contains([]string{"jupyterlab", "notebook", "jupyter_client"}, name) {
			found = append(found, name+" "+version)
		}
	}
	return strings.Join(found, ", "), nil
}

// dataFolders are the folders that gonmf installs into, the user's first.
func dataFolders(ctx context.Context) ([]string, error) {
	user, err := kernelspec.UserData()
	if err != nil {
		return nil, err
	}
	folders := []string{user}
	// Without Python there is no such folder, and Jupyter was missed before.
	if prefix, err := kernelspec.SysPrefix(ctx); err == nil {
		folders = append(folders, kernelspec.PrefixData(prefix))
	}
	return folders, nil
}

func checkFolder(context.Context) (string, error) {
	data, err := kernelspec.UserData()
	if err != nil {
		return "", err
	}
	// The folder may not be there yet; then the nearest that is counts.
	dir := data
	for {
		info, err := os.Stat(dir)
		if err == nil && !info.IsDir() {
			return "", ailment{dir + " is a file where Jupyter wants a folder", "move it away"}
		}
		if err == nil || dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	probe, err := os.CreateTemp(dir, ".gonmf-doctor-*")
	if err != nil {
		return "", ailment{fmt.Sprintf("cannot write into %s: %v", dir, err), "mend its permissions, or install elsewhere (gonmf install -sys-prefix)"}
	}
	if err := errors.Join(probe.Close(), os.Remove(probe.Name())); err != nil {
		return "", err
	}
	return data + " can be written", nil
}

func checkKernels(ctx context.Context) (string, error) {
	folders, err := dataFolders(ctx)
	if err != nil {
		return "", err
	}
	var found []string
	for _, data := range folders {
		kernels, err := kernelspec.List(data)
		if errors.Is(err, syscall.ENOTDIR) {
			continue // said of the folder
		}
		if err != nil {
			return "", err
		}
		for _, k := range kernels {
			if info, err := os.Stat(k.Program); err != nil || info.Mode()&0o111 == 0 && filepath.Ext(k.Program) != ".exe" {
				return "", ailment{fmt.Sprintf("%q starts %s, which is not there or cannot be run", k.DisplayName, k.Program), "install it again (gonmf install)"}
			}
			if k.Version != version() {
				return "", ailment{fmt.Sprintf("%q in %s is of gonmf %s, this is %s", k.DisplayName, k.Folder, k.Version, version()), "install it again (gonmf install)"}
			}
			// A copy that was cut short, or of another platform, is there and does not run.
			if out, err := ask(ctx, k.Program, "version"); k.Name == ownKernel.name && (err != nil || !strings.HasPrefix(out, "gonmf ")) {
				return "", ailment{fmt.Sprintf("%q starts %s, which does not run: %v", k.DisplayName, k.Program, err), "install it again (gonmf install)"}
			}
			if seen, ok := sees(ctx, k.Name); ok && seen != k.Folder {
				what := fmt.Sprintf("Jupyter does not find the kernel in %s", k.Folder)
				if seen != "" {
					what = fmt.Sprintf("Jupyter takes the kernel in %s, not the one in %s", seen, k.Folder)
				}
				if !slices.ContainsFunc(folders, func(data string) bool { return seen != "" && strings.HasPrefix(seen, data) }) {
					return "", ailment{what, "see that JUPYTER_PATH and JUPYTER_DATA_DIR are what they should be (jupyter --paths), or install it where Jupyter looks"}
				}
			}
			found = append(found, fmt.Sprintf("%q in %s", k.DisplayName, k.Folder))
		}
	}
	if len(found) == 0 {
		return "", ailment{"none is installed", "install it: gonmf install"}
	}
	return strings.Join(found, ", "), nil
}

// sees returns the folder in which Jupyter finds a kernel, empty if it does not; false
// if it cannot be asked.
func sees(ctx context.Context, name string) (string, bool) {
	out, err := ask(ctx, "jupyter", "kernelspec", "list", "--json")
	var list struct {
		Kernelspecs map[string]struct {
			Folder string `json:"resource_dir"`
		}
	}
	if err != nil || json.Unmarshal([]byte(out), &list) != nil {
		return "", false
	}
	return list.Kernelspecs[name].Folder, true
}

func checkMemory(context.Context) (string, error) {
	limit, err := server.MemoryLimit()
	if err != nil {
		return "", ailment{err.Error(), "set it to a size like 8GiB, or unset it"}
	}
	if limit == 0 {
		return "a session may use all there is", nil
	}
	return fmt.Sprintf("a session may use %d MiB (GONMF_KERNEL_MEMORY)", limit>>20), nil
}

// checkPapermill never fails: not everybody needs it.
func checkPapermill(ctx context.Context) (string, error) {
	switch found, knows := papermill.Installed(ctx); {
	case !found:
		return "not installed; gonmf run NOTEBOOK -p needs none", nil
	case !knows:
		return "it cannot write parameters in Go yet: gonmf install -papermill", nil
	}
	return "writes parameters in Go", nil
}

func checkPorts(context.Context) (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", ailment{fmt.Sprintf("cannot listen on this machine itself: %v", err), "allow programs to listen on 127.0.0.1: the kernel and Jupyter talk that way"}
	}
	defer l.Close()
	return "the kernel can listen on 127.0.0.1", nil
}

// checkGo never fails: only some commands need Go.
func checkGo(ctx context.Context) (string, error) {
	out, err := ask(ctx, "go", "version")
	if err != nil {
		return "not installed; only gonmf build and gonmf install -gophernotes need it", nil
	}
	return strings.TrimPrefix(out, "go version "), nil
}
