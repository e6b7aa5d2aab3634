package notebooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// notebook is what the tests look at of a file of nbformat 4.
type notebook struct {
	Cells []cell `json:"cells"`
}

type cell struct {
	Kind    string   `json:"cell_type"`
	Source  text     `json:"source"`
	Count   int      `json:"execution_count"` // 0 of a cell that was not run
	Outputs []output `json:"outputs"`
}

type output struct {
	Kind   string                     `json:"output_type"`
	Name   string                     `json:"name"` // of a stream
	Text   text                       `json:"text"`
	Data   map[string]json.RawMessage `json:"data"`
	Ename  string                     `json:"ename"`
	Evalue string                     `json:"evalue"`
}

// text is a string that a notebook may hold line by line.
type text string

func (t *text) UnmarshalJSON(raw []byte) error {
	var lines []string
	if err := json.Unmarshal(raw, &lines); err == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(raw, (*string)(t))
}

func read(name string) (*notebook, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var nb notebook
	if err := json.Unmarshal(raw, &nb); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &nb, nil
}

// code returns the code cells.
func (nb *notebook) code() []cell {
	var cells []cell
	for _, c := range nb.Cells {
		if c.Kind == "code" {
			cells = append(cells, c)
		}
	}
	return cells
}

// What a cell shows, by kind: what it printed, and its results and pictures
// by their MIME types.
type shown map[string]string

const printed = "standard output"

// shows collects what a cell shows. A cell that failed is an error.
func (c cell) shows() (shown, error) {
	s := shown{}
	for _, o := range c.Outputs {
		switch o.Kind {
		case "error":
			return nil, fmt.Errorf("%s: %s", o.Ename, o.Evalue)
		case "stream":
			if o.Name == "stdout" {
				s[printed] += string(o.Text)
			} else {
				s["standard error"] += string(o.Text)
			}
		default:
			for mime, raw := range o.Data {
				var t text
				if err := json.Unmarshal(raw, &t); err != nil {
					return nil, fmt.Errorf("%s: %w", mime, err)
				}
				s[mime] += string(t)
			}
		}
	}
	delete(s, "image/png") // a chart is an SVG first, and that is compared
	if s[printed] = progressLine.ReplaceAllString(s[printed], ""); s[printed] == "" {
		delete(s, printed)
	}
	return s, nil
}

// progressLine is a line that was drawn again and again.
var progressLine = regexp.MustCompile(`(?m)^.*\r.*\n?`)

// save writes the executed notebook raw to a file, as nbformat does, with what
// differs from one run to the next taken out.
func save(name string, raw []byte) error {
	var nb map[string]any
	if err := json.Unmarshal(raw, &nb); err != nil {
		return err
	}
	cells, _ := nb["cells"].([]any)
	for _, c := range cells {
		c, _ := c.(map[string]any)
		if outputs, ok := c["outputs"].([]any); ok {
			c["outputs"] = tidy(outputs)
		}
		c["metadata"] = map[string]any{}
	}
	nb["metadata"] = map[string]any{
		"kernelspec":    map[string]any{"name": "gonmf", "display_name": "Go (gonmf)", "language": "go"},
		"language_info": map[string]any{"name": "go", "file_extension": ".go", "mimetype": "text/x-go"},
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", " ")
	if err := enc.Encode(nb); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(name), ".notebook-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name()) // in vain once it is renamed
	if _, err := tmp.Write(b.Bytes()); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	if err := os.Chmod(tmp.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), name)
}

// tidy joins what a cell printed piece by piece, and leaves out lines of
// progress, and the PNG of a picture that is there as SVG too.
func tidy(outputs []any) []any {
	kept := []any{}
	var stream map[string]any // the last output, if it is a stream
	for _, o := range outputs {
		o, _ := o.(map[string]any)
		if o["output_type"] != "stream" {
			stream = nil
			if data, ok := o["data"].(map[string]any); ok && data["image/svg+xml"] != nil {
				delete(data, "image/png")
			}
			kept = append(kept, o)
			continue
		}
		lines, _ := o["text"].([]any)
		if stream == nil || stream["name"] != o["name"] {
			stream = o
			stream["text"] = ""
			kept = append(kept, o)
		}
		for _, line := range lines {
			stream["text"] = fmt.Sprint(stream["text"], line)
		}
	}
	// At last, as a line may have come in pieces.
	return slices.DeleteFunc(kept, func(o any) bool {
		stream, _ := o.(map[string]any)
		whole, ok := stream["text"].(string)
		if !ok {
			return false
		}
		lines := []string{}
		for line := range strings.Lines(progressLine.ReplaceAllString(whole, "")) {
			lines = append(lines, line)
		}
		stream["text"] = lines
		return len(lines) == 0
	})
}
