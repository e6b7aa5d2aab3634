package magic

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gonmf/frames/files"
)

var cdCommand = &command{
	name: "%cd", args: "[FOLDER]", summary: "changes the current folder; - is the one before, none is home",
	run: func(m *Commands, _ context.Context, c call) error {
		dir, err := oneWord(c.args)
		if err != nil {
			return find("%cd").misuse("%v", err)
		}
		switch dir {
		case "":
			dir = "~"
		case "-":
			m.mu.Lock()
			dir = m.old
			m.mu.Unlock()
			if dir == "" {
				return errors.New("%cd -: there is no folder before this one")
			}
		}
		if dir, err = expand(dir); err != nil {
			return err
		}
		before, _ := os.Getwd()
		if err := os.Chdir(dir); err != nil {
			return err
		}
		m.mu.Lock()
		m.old = before
		m.mu.Unlock()
		return printDir(m)
	},
	complete: func(_ *Commands, word string) []string {
		return slices.DeleteFunc(paths(word), func(s string) bool { return !strings.HasSuffix(s, "/") })
	},
}

var pwdCommand = &command{
	name: "%pwd", summary: "prints the current folder",
	run: func(m *Commands, _ context.Context, _ call) error { return printDir(m) },
}

func printDir(m *Commands) error {
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	m.printf("%s\n", dir)
	return nil
}

var envCommand = &command{
	name: "%env", args: "[NAME | NAME=VALUE]", summary: "lists, shows or sets variables of the environment",
	help: "NAME= removes the variable. In VALUE, $OTHER is the value of another variable.\n\nFor example:\n  %env OMP_NUM_THREADS=2",
	run: func(m *Commands, _ context.Context, c call) error {
		if c.args == "" {
			for _, line := range slices.Sorted(slices.Values(os.Environ())) {
				m.printf("%s\n", line)
			}
			return nil
		}
		name, value, set := strings.Cut(c.args, "=")
		if !set {
			name, value = cutWord(c.args)
			set = value != ""
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if strings.ContainsAny(name, " \t\x00") || name == "" {
			return find("%env").misuse("%q is no name", name)
		}
		if !set {
			value, ok := os.LookupEnv(name)
			if !ok {
				return fmt.Errorf("the environment has no variable %s", name)
			}
			m.printf("%s\n", value)
			return nil
		}
		value = os.ExpandEnv(value)
		now, err := &value, os.Setenv(name, value)
		if value == "" {
			now, err = nil, os.Unsetenv(name)
		}
		if err != nil {
			return err
		}
		m.mu.Lock()
		m.env[name], m.moved = now, true
		m.mu.Unlock()
		m.printf("env: %s=%s\n", name, value)
		return nil
	},
	complete: func(_ *Commands, word string) []string {
		var list []string
		for _, line := range os.Environ() {
			name, _, _ := strings.Cut(line, "=")
			list = append(list, name)
		}
		slices.Sort(list)
		return withPrefix(list, word)
	},
}

var errNoFile = errors.New("which file?")

var loadCommand = &command{
	name: "%load", args: "FILE", summary: "puts a file into the cell",
	help: "For example:\n  %load analysis.go",
	run: func(m *Commands, _ context.Context, c call) error {
		name, err := oneWord(c.args)
		if err == nil && name == "" {
			err = errNoFile
		}
		if err != nil {
			return find("%load").misuse("%v", err)
		}
		path, err := expand(name)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if bytes.IndexByte(text, 0) >= 0 {
			return fmt.Errorf("%s is not text", name)
		}
		m.tell(map[string]any{
			"source": "set_next_input", "text": "// %load " + c.args + "\n" + string(text), "replace": true,
		})
		return nil
	},
	complete: func(_ *Commands, word string) []string { return paths(word) },
}

var writefileCommand = &command{
	name: "%%writefile", args: "[-a] FILE", summary: "writes the cell to a file, with its folder; -a appends it",
	help: "For example:\n  %%writefile helpers/helpers.go\n  package helpers",
	run: func(m *Commands, _ context.Context, c call) error {
		list, err := words(c.args)
		add := len(list) > 0 && list[0] == "-a"
		if add {
			list = list[1:]
		}
		if err == nil && len(list) != 1 {
			err = errNoFile
		}
		if err != nil {
			return find("%%writefile").misuse("%v", err)
		}
		path, err := expand(list[0])
		if err != nil {
			return err
		}
		before, err := os.ReadFile(path)
		verb, text := "Overwriting", []byte(c.body)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			verb = "Writing"
		case err != nil:
			return err
		case add:
			verb, text = "Appending to", append(before, text...)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		err = files.Replace(path, func(w io.Writer) error {
			_, err := w.Write(text)
			return err
		})
		if err != nil {
			return err
		}
		m.printf("%s %s\n", verb, list[0])
		return nil
	},
}

// oneWord returns the only word of args, or nothing. A name with spaces need not be quoted.
func oneWord(args string) (string, error) {
	list, err := words(args)
	switch {
	case err != nil:
		return "", err
	case len(list) == 0:
		return "", nil
	case len(list) > 1:
		return args, nil
	}
	return list[0], nil
}

// expand replaces ~ by the home folder and $NAME by a variable of the environment.
func expand(path string) (string, error) {
	path = os.ExpandEnv(path)
	if path != "~" && !strings.HasPrefix(path, "~/") && !strings.HasPrefix(path, `~\`) {
		return path, nil
	}
	home, err := os.UserHomeDir()
	return home + path[1:], err
}

// paths lists the files that a path may go on to be, folders with a slash.
func paths(word string) []string {
	dir, prefix := filepath.Split(word)
	where, err := expand(dir)
	if err != nil {
		return nil
	}
	if where == "" {
		where = "."
	}
	entries, _ := os.ReadDir(where)
	var list []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, prefix) || prefix == "" && name[0] == '.' {
			continue
		}
		if info, err := os.Stat(filepath.Join(where, name)); err == nil && info.IsDir() {
			name += "/"
		}
		list = append(list, dir+name)
	}
	return list
}
