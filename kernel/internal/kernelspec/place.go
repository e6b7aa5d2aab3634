package kernelspec

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// UserData returns the folder in which Jupyter looks for the data of the
// current user, as jupyter_core computes it.
func UserData() (string, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("there is no home folder to install into: %w; name a folder with -prefix", err)
	}
	return userData(runtime.GOOS, home, os.Getenv), nil
}

func userData(goos, home string, getenv func(string) string) string {
	if dir := getenv("JUPYTER_DATA_DIR"); dir != "" {
		return dir
	}
	platform := isSet(getenv("JUPYTER_PLATFORM_DIRS"))
	switch goos {
	case "darwin":
		if platform {
			return filepath.Join(home, "Library", "Application Support", "Jupyter")
		}
		return filepath.Join(home, "Library", "Jupyter")
	case "windows":
		if platform {
			return filepath.Join(cmp.Or(getenv("LOCALAPPDATA"), filepath.Join(home, "AppData", "Local")), "Jupyter")
		}
		if dir := getenv("APPDATA"); dir != "" {
			return filepath.Join(dir, "jupyter")
		}
		return filepath.Join(cmp.Or(getenv("JUPYTER_CONFIG_DIR"), filepath.Join(home, ".jupyter")), "data")
	default:
		return filepath.Join(cmp.Or(getenv("XDG_DATA_HOME"), filepath.Join(home, ".local", "share")), "jupyter")
	}
}

// isSet tells whether a variable of Jupyter's switches something on.
func isSet(value string) bool {
	return value != "" && !slices.Contains([]string{"no", "n", "false", "off", "0", "0.0"}, strings.ToLower(value))
}

// PrefixData returns Jupyter's data folder of an installation prefix.
func PrefixData(prefix string) string { return filepath.Join(prefix, "share", "jupyter") }

// SysPrefix returns the sys.prefix of the active Python, which is the folder
// of the active virtual or conda environment if there is one.
func SysPrefix(ctx context.Context) (string, error) {
	for _, python := range []string{"python3", "python"} {
		out, err := exec.CommandContext(ctx, python, "-c", "import sys; print(sys.prefix)").Output()
		if prefix := strings.TrimSpace(string(out)); err == nil && prefix != "" {
			return prefix, nil
		}
		if ctx.Err() != nil {
			return "", fmt.Errorf("asking Python for its prefix: %w", context.Cause(ctx))
		}
	}
	return "", errors.New("neither python3 nor python runs here: activate the environment that has Jupyter, or name its folder with -prefix")
}
