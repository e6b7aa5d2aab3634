package kernelspec

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/scripts/pyenv"
)

// program writes a file to install as a kernel's program.
func program(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "gonmf")
	if err := os.WriteFile(name, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
	return name
}

func kernel(t *testing.T, content string) Kernel {
	t.Helper()
	return Kernel{Name: "gonmf", DisplayName: "Go (gonmf)", Program: program(t, content), Args: []string{"kernel", "{connection_file}"}, Version: "v1.2.3"}
}

func installed(t *testing.T, dir string) spec {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var s spec
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestInstall(t *testing.T) {
	data := t.TempDir()
	k := kernel(t, "first")
	dir, err := Install(data, k)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(data, "kernels", "gonmf"); dir != want {
		t.Errorf("installed into %s, want %s", dir, want)
	}
	s := installed(t, dir)
	if len(s.Argv) != 3 || filepath.Dir(s.Argv[0]) != dir || s.Argv[2] != "{connection_file}" {
		t.Fatalf("argv is %q", s.Argv)
	}
	if s.DisplayName != "Go (gonmf)" || s.Language != "go" {
		t.Errorf("display name %q, language %q", s.DisplayName, s.Language)
	}
	if err := os.Remove(k.Program); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(s.Argv[0])
	if err != nil || string(content) != "first" {
		t.Errorf("the program is %q, %v: it must outlive the one it was copied from", content, err)
	}
	if n := len(files(t, dir)); n != 5 {
		t.Errorf("the folder holds %q, want kernel.json, three logos and the program", files(t, dir))
	}
}

func TestInstallAgain(t *testing.T) {
	data := t.TempDir()
	var programs []string
	for _, content := range []string{"first", "second", "second", "third"} {
		dir, err := Install(data, kernel(t, content))
		if err != nil {
			t.Fatal(err)
		}
		programs = append(programs, installed(t, dir).Argv[0])
	}
	if programs[1] != programs[2] {
		t.Errorf("the same program was installed twice, as %s and %s", programs[1], programs[2])
	}
	exists := func(name string) bool { _, err := os.Stat(name); return err == nil }
	if exists(programs[0]) || !exists(programs[2]) || !exists(programs[3]) {
		t.Errorf("first there: %v, second: %v, third: %v; want the last two", exists(programs[0]), exists(programs[2]), exists(programs[3]))
	}
}

// TestInPlace installs as a package has it: nothing is copied, and the folder may move.
func TestInPlace(t *testing.T) {
	prefix := t.TempDir()
	k := kernel(t, "none")
	k.InPlace = ResourceDir + "/../../../../bin/gonmf"
	dir, err := Install(PrefixData(prefix), k)
	if err != nil {
		t.Fatal(err)
	}
	if got := installed(t, dir).Argv; got[0] != "{resource_dir}/../../../../bin/gonmf" {
		t.Errorf("argv is %q", got)
	}
	if got := files(t, dir); len(got) != 4 {
		t.Errorf("the folder holds %q, want kernel.json and three logos", got)
	}
	list, err := List(PrefixData(prefix))
	if err != nil || len(list) != 1 || list[0].Program != filepath.Join(prefix, "bin", "gonmf") {
		t.Errorf("listed as %+v, %v; want the program in bin of the prefix", list, err)
	}
}

func TestInstallThatFailsChangesNothing(t *testing.T) {
	data := t.TempDir()
	dir, err := Install(data, kernel(t, "first"))
	if err != nil {
		t.Fatal(err)
	}
	before, now := installed(t, dir), kernel(t, "second")
	now.Program = filepath.Join(t.TempDir(), "missing")
	if _, err := Install(data, now); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want an error about the missing program", err)
	}
	after := installed(t, dir)
	if after.Argv[0] != before.Argv[0] {
		t.Errorf("the kernel now starts %s", after.Argv[0])
	}
	if _, err := os.Stat(after.Argv[0]); err != nil {
		t.Errorf("the old program is gone: %v", err)
	}
}

func TestNames(t *testing.T) {
	for _, name := range []string{"", "a b", "../up", "a/b", `a\b`, "..", "é"} {
		k := kernel(t, "x")
		k.Name = name
		if _, err := Install(t.TempDir(), k); err == nil || !strings.Contains(err.Error(), "no name for a kernel") {
			t.Errorf("Install as %q: got %v", name, err)
		}
		if err := Uninstall(t.TempDir(), name); err == nil || !strings.Contains(err.Error(), "no name for a kernel") {
			t.Errorf("Uninstall %q: got %v", name, err)
		}
	}
}

func TestForeignKernelIsLeftAlone(t *testing.T) {
	for name, text := range map[string]string{"another kernel": `{"argv": ["python"], "metadata": {"debugger": true}}`, "not JSON": "{"} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			file := filepath.Join(data, "kernels", "gonmf", "kernel.json")
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := Install(data, kernel(t, "x")); !errors.Is(err, ErrForeign) {
				t.Errorf("Install: got %v, want ErrForeign", err)
			}
			if err := Uninstall(data, "gonmf"); !errors.Is(err, ErrForeign) {
				t.Errorf("Uninstall: got %v, want ErrForeign", err)
			}
			if got, err := os.ReadFile(file); err != nil || string(got) != text {
				t.Errorf("its kernel.json is now %q, %v", got, err)
			}
			if n := len(files(t, filepath.Dir(file))); n != 1 {
				t.Errorf("its folder now holds %d files", n)
			}
		})
	}
}

func TestUninstall(t *testing.T) {
	data := t.TempDir()
	dir, err := Install(data, kernel(t, "x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := Uninstall(data, "gonmf"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder of the kernel is still there: %v", err)
	}
	if err := Uninstall(data, "gonmf"); !errors.Is(err, ErrNotInstalled) {
		t.Errorf("once more: got %v, want ErrNotInstalled", err)
	}
}

func TestUninstallLeavesOtherFiles(t *testing.T) {
	data := t.TempDir()
	dir, err := Install(data, kernel(t, "x"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "kernel.js"), []byte("own"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Uninstall(data, "gonmf"); err != nil {
		t.Fatal(err)
	}
	if got := files(t, dir); len(got) != 1 || got[0] != "kernel.js" {
		t.Errorf("left are %q, want what the user has put there", got)
	}
}

func TestList(t *testing.T) {
	data := t.TempDir()
	if got, err := List(data); err != nil || len(got) != 0 {
		t.Errorf("in an empty folder: %v, %v", got, err)
	}
	dir, err := Install(data, kernel(t, "x"))
	if err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(data, "kernels", "python3")
	if err := os.Mkdir(foreign, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(foreign, "kernel.json"), []byte(`{"argv": ["python"]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	got, err := List(data)
	if err != nil {
		t.Fatal(err)
	}
	want := Installed{"gonmf", "Go (gonmf)", dir, installed(t, dir).Argv[0], "v1.2.3"}
	if len(got) != 1 || got[0] != want {
		t.Errorf("got %v, want %v alone", got, want)
	}
}

func TestLogos(t *testing.T) {
	dir, err := Install(t.TempDir(), kernel(t, "x"))
	if err != nil {
		t.Fatal(err)
	}
	for file, side := range map[string]int{"logo-32x32.png": 32, "logo-64x64.png": 64} {
		content, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if b := img.Bounds(); b.Dx() != side || b.Dy() != side {
			t.Errorf("%s measures %v", file, b)
		}
	}
	svg, err := os.ReadFile(filepath.Join(dir, "logo-svg.svg"))
	if err != nil {
		t.Fatal(err)
	}
	var root struct {
		Rects []struct{} `xml:"rect"`
	}
	if err := xml.Unmarshal(svg, &root); err != nil {
		t.Fatal(err)
	}
	if want := len(logoW)*len(logoH) + len(logoW) + len(logoH); len(root.Rects) != want {
		t.Errorf("the logo has %d tiles, want %d", len(root.Rects), want)
	}
}

func TestJupyterFindsTheKernel(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	data := t.TempDir()
	k := kernel(t, "x")
	k.Name, k.InterruptMode = "Go-NMF", "message"
	dir, err := Install(data, k)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-m", "jupyter", "kernelspec", "list", "--json")
	cmd.Env = append(os.Environ(), "JUPYTER_DATA_DIR="+data)
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Kernelspecs map[string]struct {
			ResourceDir string `json:"resource_dir"`
			Spec        spec   `json:"spec"`
		} `json:"kernelspecs"`
	}
	if err := json.Unmarshal(out, &list); err != nil {
		t.Fatal(err)
	}
	got, ok := list.Kernelspecs["go-nmf"]
	if !ok {
		t.Fatalf("Jupyter lists %s", out)
	}
	if got.ResourceDir != dir || got.Spec.DisplayName != "Go (gonmf)" || got.Spec.InterruptMode != "message" {
		t.Errorf("Jupyter has %+v in %s", got.Spec, got.ResourceDir)
	}
}
