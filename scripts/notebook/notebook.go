// Package notebook reads and writes Jupyter notebooks: files of nbformat 4.
package notebook

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"gonmf/scripts/cli"
)

// Notebook is a notebook. What this package does not know of a file it keeps.
type Notebook struct {
	Cells       []*Cell        `json:"cells"`
	Metadata    map[string]any `json:"metadata"`
	Format      int            `json:"nbformat"`
	FormatMinor int            `json:"nbformat_minor"`
}

// Cell is a cell. Count and Outputs are those of a code cell's last run.
type Cell struct {
	Kind        string         // "code", "markdown" or "raw"
	ID          string         // empty in files before nbformat 4.5
	Metadata    map[string]any // see Tagged
	Source      Text
	Count       int // 0 if the cell was not run
	Outputs     []*Output
	Attachments json.RawMessage // files that Markdown shows
}

// Output is something that a cell showed.
type Output struct {
	Kind      string         // "stream", "display_data", "execute_result" or "error"
	Name      string         // of a stream: "stdout" or "stderr"
	Text      Text           // of a stream
	Data      map[string]any // what is shown, by MIME type: a string, or JSON
	Metadata  map[string]any
	Count     int // of an execute_result
	Ename     string
	Evalue    string
	Traceback []string
}

// Text is a string that a file holds line by line.
type Text string

// UnmarshalJSON takes a string or a list of strings.
func (t *Text) UnmarshalJSON(raw []byte) error {
	var lines []string
	if err := json.Unmarshal(raw, &lines); err == nil {
		*t = Text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(raw, (*string)(t))
}

// MarshalJSON writes a list of lines, each with its end.
func (t Text) MarshalJSON() ([]byte, error) {
	lines := []string{}
	for len(t) > 0 {
		line := lineEnd.FindString(string(t))
		if line == "" {
			line = string(t)
		}
		lines = append(lines, line)
		t = t[len(line):]
	}
	return marshal(lines)
}

// lineEnd matches a line as Python's splitlines has it, which Jupyter uses.
var lineEnd = regexp.MustCompile(`^[^\n\r\v\f\x1c\x1d\x1e\x{85}\x{2028}\x{2029}]*(\r\n|[\n\r\v\f\x1c\x1d\x1e\x{85}\x{2028}\x{2029}])`)

// file is a cell as the file has it: which fields there are depends on the kind.
type file struct {
	Attachments json.RawMessage `json:"attachments,omitempty"`
	Kind        string          `json:"cell_type"`
	Count       json.RawMessage `json:"execution_count,omitempty"`
	ID          string          `json:"id,omitempty"`
	Metadata    map[string]any  `json:"metadata"`
	Outputs     *[]*Output      `json:"outputs,omitempty"`
	Source      Text            `json:"source"`
}

// UnmarshalJSON reads a cell.
func (c *Cell) UnmarshalJSON(raw []byte) error {
	var f file
	if err := json.Unmarshal(raw, &f); err != nil {
		return err
	}
	*c = Cell{Kind: f.Kind, ID: f.ID, Metadata: f.Metadata, Source: f.Source, Attachments: f.Attachments}
	if f.Outputs != nil {
		c.Outputs = *f.Outputs
	}
	if len(f.Count) == 0 {
		return nil
	}
	return json.Unmarshal(f.Count, &c.Count) // null is no error
}

// MarshalJSON writes a cell.
func (c *Cell) MarshalJSON() ([]byte, error) {
	f := file{Attachments: c.Attachments, Kind: c.Kind, ID: c.ID, Metadata: notNil(c.Metadata), Source: c.Source}
	if c.Kind == "code" {
		f.Count = count(c.Count)
		outputs := append([]*Output{}, c.Outputs...)
		f.Outputs = &outputs
	}
	return marshal(f)
}

func count(n int) json.RawMessage {
	if n == 0 {
		return json.RawMessage("null")
	}
	return fmt.Append(nil, n)
}

func notNil(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// UnmarshalJSON reads an output.
func (o *Output) UnmarshalJSON(raw []byte) error {
	var f struct {
		Kind      string                     `json:"output_type"`
		Name      string                     `json:"name"`
		Text      Text                       `json:"text"`
		Data      map[string]json.RawMessage `json:"data"`
		Metadata  map[string]any             `json:"metadata"`
		Count     int                        `json:"execution_count"`
		Ename     string                     `json:"ename"`
		Evalue    string                     `json:"evalue"`
		Traceback []string                   `json:"traceback"`
	}
	if err := json.Unmarshal(raw, &f); err != nil {
		return err
	}
	*o = Output{Kind: f.Kind, Name: f.Name, Text: f.Text, Metadata: f.Metadata, Count: f.Count, Ename: f.Ename, Evalue: f.Evalue, Traceback: f.Traceback}
	for mime, raw := range f.Data {
		if o.Data == nil {
			o.Data = map[string]any{}
		}
		var text Text
		if err := json.Unmarshal(raw, &text); err == nil {
			o.Data[mime] = string(text)
			continue
		}
		o.Data[mime] = raw
	}
	return nil
}

// MarshalJSON writes an output.
func (o *Output) MarshalJSON() ([]byte, error) {
	f := map[string]any{"output_type": o.Kind}
	switch o.Kind {
	case "stream":
		f["name"], f["text"] = o.Name, o.Text
	case "error":
		f["ename"], f["evalue"], f["traceback"] = o.Ename, o.Evalue, append([]string{}, o.Traceback...)
	default:
		data := map[string]any{}
		for mime, v := range o.Data {
			// As Jupyter does it: all text is a list of lines, but for what is JSON.
			if text, ok := v.(string); ok && !strings.HasSuffix(mime, "json") {
				v = Text(text)
			}
			data[mime] = v
		}
		f["data"], f["metadata"] = data, notNil(o.Metadata)
		if o.Kind == "execute_result" {
			f["execution_count"] = count(o.Count)
		}
	}
	return marshal(f)
}

// marshal is json.Marshal that leaves < and > alone, which HTML is full of.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// Parse reads a notebook.
func Parse(raw []byte) (*Notebook, error) {
	var nb Notebook
	if err := json.Unmarshal(raw, &nb); err != nil {
		return nil, fmt.Errorf("this is no notebook: %w", err)
	}
	if nb.Format != 4 {
		return nil, fmt.Errorf("this is no notebook of format 4, but %d: jupyter nbconvert --to notebook may convert it", nb.Format)
	}
	return &nb, nil
}

// Read reads a file.
func Read(name string) (*Notebook, error) {
	raw, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	nb, err := Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return nb, nil
}

// Write writes a file as Jupyter does, at once: an error leaves what was there.
func (nb *Notebook) Write(name string) error {
	nb.Metadata = notNil(nb.Metadata)
	raw, err := marshal(nb)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", " "); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return cli.WriteFile(name, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%s\n", &b)
		return err
	})
}

// Code returns the code cells.
func (nb *Notebook) Code() []*Cell {
	var cells []*Cell
	for _, c := range nb.Cells {
		if c.Kind == "code" {
			cells = append(cells, c)
		}
	}
	return cells
}

// Tagged says whether a cell has a tag.
func (c *Cell) Tagged(tag string) bool {
	tags, _ := c.Metadata["tags"].([]any)
	return slices.Contains(tags, any(tag))
}
