package notebooks

import (
	"fmt"
	"regexp"
	"slices"

	"gonmf/scripts/notebook"
)

// What a cell shows, by kind: what it printed, and its results and pictures
// by their MIME types.
type shown map[string]string

const printed = "standard output"

// shows collects what a cell shows. A cell that failed is an error.
func shows(c *notebook.Cell) (shown, error) {
	s := shown{}
	for _, o := range c.Outputs {
		if isProgress(o) {
			continue
		}
		delete(o.Data, "application/pdf")
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
			for mime, data := range o.Data {
				text, ok := data.(string)
				if !ok {
					return nil, fmt.Errorf("%s is not text", mime)
				}
				s[mime] += text
			}
		}
	}
	delete(s, "image/png") // a chart is an SVG first, and that is compared
	delete(s, "application/pdf")
	if s[printed] = progressLine.ReplaceAllString(s[printed], ""); s[printed] == "" {
		delete(s, printed)
	}
	return s, nil
}

// progressLine is a line that was drawn again and again.
var progressLine = regexp.MustCompile(`(?m)^.*\r.*\n?`)

// isProgress says whether an output is a line that was shown in place.
func isProgress(o *notebook.Output) bool {
	text, _ := o.Data["text/plain"].(string)
	return o.Kind == "display_data" && bar.MatchString(text)
}

var bar = regexp.MustCompile(`[█░]+ +\(\d+/\d+, | iterations(, error \S+)?(, in \S+)?$`)

// save writes the executed notebook to a file, with what differs from one run to
// the next taken out.
func save(name string, nb *notebook.Notebook) error {
	for _, c := range nb.Cells {
		c.Outputs = tidy(c.Outputs)
		c.Metadata = nil
	}
	nb.Metadata = map[string]any{
		"kernelspec": map[string]any{"name": "gonmf", "display_name": "Go (gonmf)", "language": "go"},
		// All that the kernel says of it: JupyterLab marks a notebook with less as changed when it is opened.
		"language_info": map[string]any{"name": "go", "version": "1.26", "file_extension": ".go", "mimetype": "text/x-go",
			"codemirror_mode": "go", "nbconvert_exporter": "script", "pygments_lexer": "go"},
	}
	return nb.Write(name)
}

// tidy joins what a cell printed piece by piece, and leaves out lines of
// progress and what is for LaTeX alone. The PNG of a picture stays beside its SVG, which JupyterLab does not
// show of a notebook that somebody else saved.
func tidy(outputs []*notebook.Output) (kept []*notebook.Output) {
	for _, o := range outputs {
		if isProgress(o) {
			continue
		}
		delete(o.Data, "application/pdf")
		if n := len(kept); n > 0 && o.Kind == "stream" && kept[n-1].Name == o.Name {
			kept[n-1].Text += o.Text
		} else {
			kept = append(kept, o)
		}
	}
	// At last, as a line may have come in pieces.
	return slices.DeleteFunc(kept, func(o *notebook.Output) bool {
		o.Text = notebook.Text(progressLine.ReplaceAllString(string(o.Text), ""))
		return o.Kind == "stream" && o.Text == ""
	})
}
