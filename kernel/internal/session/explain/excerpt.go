package explain

import "gonmf/kernel/internal/session/source"

// Excerpt shows a place in a cell that was run, or in a file.
func (ex *Explainer) Excerpt(p source.Place) []string {
	if p.File != "" {
		return p.Excerpt(ex.Compiler.FolderText(p.File))
	}
	return p.Excerpt(ex.Text(p.Cell))
}
