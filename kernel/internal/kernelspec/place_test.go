package kernelspec

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gonmf/scripts/pyenv"
)

func TestUserData(t *testing.T) {
	home := filepath.FromSlash("/home/ada")
	in := func(elem ...string) string { return filepath.Join(append([]string{home}, elem...)...) }
	tests := []struct {
		name, goos string
		env        map[string]string
		want       string
	}{
		{"linux", "linux", nil, in(".local", "share", "jupyter")},
		{"linux, XDG", "linux", map[string]string{"XDG_DATA_HOME": in("data")}, in("data", "jupyter")},
		{"linux, platform folders", "linux", map[string]string{"JUPYTER_PLATFORM_DIRS": "1"}, in(".local", "share", "jupyter")},
		{"mac", "darwin", nil, in("Library", "Jupyter")},
		{"mac, platform folders", "darwin", map[string]string{"JUPYTER_PLATFORM_DIRS": "1"}, in("Library", "Application Support", "Jupyter")},
		{"mac, platform folders off", "darwin", map[string]string{"JUPYTER_PLATFORM_DIRS": "False"}, in("Library", "Jupyter")},
		{"windows", "windows", map[string]string{"APPDATA": in("Roaming")}, in("Roaming", "jupyter")},
		{"windows without APPDATA", "windows", nil, in(".jupyter", "data")},
		{"windows, platform folders", "windows", map[string]string{"JUPYTER_PLATFORM_DIRS": "yes", "LOCALAPPDATA": in("Local")}, in("Local", "Jupyter")},
		{"named", "darwin", map[string]string{"JUPYTER_DATA_DIR": in("here"), "XDG_DATA_HOME": in("data")}, in("here")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := userData(tt.goos, home, func(key string) string { return tt.env[key] }); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// Jupyter itself has the last word on where it looks.
func TestUserDataIsJupyters(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	dir := t.TempDir()
	tests := []struct {
		name string
		env  map[string]string
	}{
		{"default", nil},
		{"XDG", map[string]string{"XDG_DATA_HOME": dir}},
		{"named", map[string]string{"JUPYTER_DATA_DIR": dir}},
		{"platform folders", map[string]string{"JUPYTER_PLATFORM_DIRS": "1"}},
		{"platform folders off", map[string]string{"JUPYTER_PLATFORM_DIRS": "no"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, key := range []string{"XDG_DATA_HOME", "JUPYTER_DATA_DIR", "JUPYTER_PLATFORM_DIRS"} {
				t.Setenv(key, tt.env[key])
			}
			out, err := exec.Command(python, "-c", "from jupyter_core.paths import jupyter_data_dir as d; print(d())").Output()
			if err != nil {
				t.Fatal(err)
			}
			got, err := UserData()
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.TrimSpace(string(out)); got != want {
				t.Errorf("got %s, Jupyter has %s", got, want)
			}
		})
	}
}

func TestSysPrefix(t *testing.T) {
	python := pyenv.Jupyter.Need(t)
	// What activating an environment does.
	t.Setenv("PATH", filepath.Dir(python)+string(filepath.ListSeparator)+os.Getenv("PATH"))
	got, err := SysPrefix(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := filepath.Dir(filepath.Dir(python))
	if got != want && !(runtime.GOOS == "windows" && strings.EqualFold(got, want)) {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestSysPrefixWithoutPython(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := SysPrefix(t.Context())
	if err == nil || !strings.Contains(err.Error(), "-prefix") {
		t.Errorf("got %v, want an error that says what to do", err)
	}
}
