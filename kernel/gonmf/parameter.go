package main

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"gonmf/scripts/notebook"
)

// parameter is a variable of a notebook and its value, a Go expression.
type parameter struct{ name, value string }

func parseParameter(s string) (parameter, error) {
	name, value, ok := strings.Cut(s, "=")
	if !ok || !token.IsIdentifier(name) {
		return parameter{}, fmt.Errorf("%q is not a variable, = and its value", s)
	}
	if _, err := parser.ParseExpr(value); err != nil {
		return parameter{}, fmt.Errorf("%s: %q is no Go value; text stands in quotes, as in -p 'name=\"Anna\"'", name, value)
	}
	return parameter{name, value}, nil
}

// The tags are papermill's.
const (
	parametersTag = "parameters"
	injectedTag   = "injected-parameters"
)

// inject gives variables of a notebook other values, by a cell behind the one that
// has the tag parameters, or in the place of one that was injected before.
func inject(nb *notebook.Notebook, params []parameter) error {
	if len(params) == 0 {
		return nil
	}
	at := slices.IndexFunc(nb.Cells, func(c *notebook.Cell) bool { return c.Tagged(parametersTag) })
	if at < 0 {
		return errors.New("no cell has the tag " + parametersTag + ", where the variables of -p and their usual values stand (in JupyterLab: the property inspector, Cell Tags)")
	}
	nb.Cells = slices.DeleteFunc(nb.Cells, func(c *notebook.Cell) bool { return c.Tagged(injectedTag) })
	at = slices.IndexFunc(nb.Cells, func(c *notebook.Cell) bool { return c.Tagged(parametersTag) })
	cell := &notebook.Cell{Kind: "code", Metadata: map[string]any{"tags": []any{injectedTag}}}
	if nb.FormatMinor >= 5 {
		cell.ID = injectedTag
	}
	cell.Source = "// Parameters"
	for _, p := range params {
		cell.Source += notebook.Text("\n" + p.name + " = " + p.value)
	}
	nb.Cells = slices.Insert(nb.Cells, at+1, cell)
	return nil
}
