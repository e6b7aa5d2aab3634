package magic

import (
	"context"
	"fmt"
	"go/format"
	"os"
	"strings"

	"gonmf/frames/files"
	"gonmf/kernel/display"
	"gonmf/kernel/internal/session/source"
	"io"
)

// shows returns a command that shows the rest of its cell in some form.
func shows(name, what string, data func(string) display.Data) *command {
	return &command{
		name: name, summary: "shows the cell as " + what,
		run: func(m *Commands, _ context.Context, c call) error {
			if c.args != "" {
				return find(name).misuse("what is %q? The text stands in the lines below", c.args)
			}
			return display.Show(data(c.body))
		},
	}
}

var (
	htmlCommand       = shows("%%html", "HTML", display.HTML)
	markdownCommand   = shows("%%markdown", "Markdown", display.Markdown)
	latexCommand      = shows("%%latex", "LaTeX", display.Latex)
	javascriptCommand = shows("%%javascript", "JavaScript, which runs it", display.JavaScript)
)

var fmtCommand = &command{
	name: "%%fmt", summary: "formats the cell as gofmt does",
	help: "For example:\n  %%fmt\n  if   x>1 {y=2}",
	run: func(m *Commands, _ context.Context, c call) error {
		text, err := formatted(c.body)
		if err != nil {
			return err
		}
		m.tell(map[string]any{"source": "set_next_input", "text": text, "replace": true})
		return nil
	},
}

// formatted formats a cell piece by piece: gofmt takes declarations, or statements, and a
// cell may have both. Commands stay as they are.
func formatted(cell string) (string, error) {
	var b strings.Builder
	end := 0
	for _, piece := range source.Split(cell) {
		b.WriteString(cell[end:piece.Start])
		text := cell[piece.Start:piece.End]
		if first := strings.TrimSpace(text); first == "" || strings.ContainsRune("%!$?", rune(first[0])) {
			b.WriteString(text)
		} else {
			out, err := format.Source([]byte(text))
			if err != nil {
				line, _ := source.LineCol(cell, piece.Start)
				return "", fmt.Errorf("line %d: this is not Go: %w", line, err)
			}
			b.WriteString(strings.TrimSpace(string(out)))
		}
		end = piece.End
	}
	b.WriteString(cell[end:])
	lines := strings.Split(b.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n"), nil
}

// needless returns a command that is for Python, and does nothing here but say so.
func needless(name, why string) *command {
	return &command{
		name: name, args: "[...]", summary: "does nothing: " + why,
		run: func(m *Commands, _ context.Context, _ call) error {
			m.printf("%s is not needed: %s\n", name, why)
			return nil
		},
	}
}

var (
	matplotlibCommand = needless("%matplotlib", "a chart that ends a cell is shown, see chart.Bars and its like")
	loadExtCommand    = needless("%load_ext", "a package is imported by import, and by gonmf build -with if it is not here")
	autoreloadCommand = needless("%autoreload", "folders of .go files beside the notebook are imported anew when they have changed")
	configCommand     = needless("%config", "Config structs and %env set what can be set")
)

var saveCommand = &command{
	name: "%save", args: "FILE [RANGES]", summary: "writes cells that were run to a file",
	help: "All of this session, or those of RANGES like 3 or 5-8. gonmf run FILE runs them again.\n\nFor example:\n  %save analysis.go 1-7",
	run: func(m *Commands, _ context.Context, c call) error {
		list, err := words(c.args)
		if err == nil && len(list) == 0 {
			err = errNoFile
		}
		if err != nil {
			return find("%save").misuse("%v", err)
		}
		path, err := expand(list[0])
		if err != nil {
			return err
		}
		entries, err := m.past(historyQuery{}, list[1:])
		if err != nil {
			return find("%save").misuse("%v", err)
		}
		var text strings.Builder
		for _, e := range entries {
			text.WriteString(strings.TrimRight(e.In, "\n") + "\n\n")
		}
		if text.Len() == 0 {
			return fmt.Errorf("no cell has been run yet")
		}
		if _, err := os.Stat(path); err == nil {
			m.printf("Overwriting %s\n", list[0])
		}
		return files.Replace(path, func(w io.Writer) error {
			_, err := io.WriteString(w, strings.TrimSuffix(text.String(), "\n"))
			return err
		})
	},
}

var autoimportCommand = &command{
	name: "%autoimport", args: "[on | off]", summary: "says whether packages are imported as they are used",
	help: "A package that a cell uses and has not imported is imported when the cell runs, if only one of its name is here;\na grey line says so. rand, of which there are three, is left to you.",
	run: func(m *Commands, _ context.Context, c call) error {
		switch c.args {
		case "on", "off":
			m.opt.Session.SetAutoImport(c.args == "on")
		case "":
			on := m.opt.Session.SetAutoImport(true)
			m.opt.Session.SetAutoImport(on)
			m.printf("packages are %simported as they are used\n", map[bool]string{false: "not "}[on])
		default:
			return find("%autoimport").misuse("what is %q?", c.args)
		}
		return nil
	},
}
