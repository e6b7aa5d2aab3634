package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gonmf/scripts/pyenv"
)

// needChromium returns the browser that is installed, or that the environment
// variable CHROME names.
func needChromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("CHROME"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("there is no Chromium; the environment variable CHROME may say where")
	return ""
}

// TestBrowser uses a notebook in JupyterLab as people do; the steps are in
// testdata/browser.py. Pictures of what there was to see are kept by
// go test -artifacts.
func TestBrowser(t *testing.T) {
	python, chromium := pyenv.Jupyter.Need(t), needChromium(t)
	dir := t.TempDir()
	notebook := filepath.Join(dir, "notebooks", "01-fit.ipynb")
	copyFile(t, filepath.Join("..", "..", "notebooks", "01-fit.ipynb"), notebook)
	// Else it asks, over the notebook, whether it may look for news.
	writeFile(t, filepath.Join(dir, "settings", "@jupyterlab", "apputils-extension", "notification.jupyterlab-settings"), `{"fetchNews": "false"}`)

	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, filepath.Join("testdata", "browser.py"), chromium, notebook, t.ArtifactDir())
	cmd.Env = append(slices.Clip(installed(t)), "TMPDIR="+mkdir(t, dir, "tmp"))
	for variable, folder := range map[string]string{
		"JUPYTER_CONFIG_DIR": "config", "JUPYTER_RUNTIME_DIR": "runtime",
		"JUPYTERLAB_SETTINGS_DIR": "settings", "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
	} {
		cmd.Env = append(cmd.Env, variable+"="+filepath.Join(dir, folder))
	}
	// The end of its input tells it to clean up and go, even should this
	// process be killed.
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Cancel, cmd.WaitDelay = stdin.Close, time.Minute
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		t.Errorf("%v\n%s", err, &errs)
	}
	for steps := json.NewDecoder(bytes.NewReader(out)); ; {
		var step struct {
			Name, Error string
			Seconds     float64
		}
		if err := steps.Decode(&step); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		t.Run(step.Name, func(t *testing.T) {
			t.Logf("%.1f s", step.Seconds)
			if step.Error != "" {
				t.Error(step.Error)
			}
		})
	}
	left := having(t, dir)
	for patience := time.Now().Add(10 * time.Second); len(left) > 0 && time.Now().Before(patience); left = having(t, dir) {
		time.Sleep(50 * time.Millisecond) // they may be on their way
	}
	if len(left) > 0 {
		t.Errorf("left behind are %q", left)
	}
}

// having returns the command lines of the processes whose environment speaks
// of dir, where the system tells (Linux).
func having(t *testing.T, dir string) []string {
	t.Helper()
	environments, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, name := range environments {
		environment, err := os.ReadFile(name)
		if err != nil || !bytes.Contains(environment, []byte(dir)) {
			continue // it ended meanwhile, or is not ours
		}
		line, err := os.ReadFile(filepath.Join(filepath.Dir(name), "cmdline"))
		if err == nil && len(line) > 0 {
			found = append(found, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return found
}

func mkdir(t *testing.T, elem ...string) string {
	t.Helper()
	dir := filepath.Join(elem...)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	mkdir(t, filepath.Dir(name))
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, to, string(text))
}
