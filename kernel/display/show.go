package display

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"gonmf/kernel/internal/outlet"
)

// stdout is where text goes in a program that is not a notebook; it is asked each time, as os.Stdout may be replaced.
var stdout = func() io.Writer { return os.Stdout }

// Show shows values below the cell that runs, each in all its forms. In a program that is not a notebook it prints
// their text. An error means that a value cannot be sent, or that the notebook has gone.
func Show(values ...any) error {
	for _, v := range values {
		if err := send(outlet.Event{Op: outlet.Show}, v); err != nil {
			return err
		}
	}
	return nil
}

// Result shows values as a cell does that ends with an expression of them: see [Values].
func Result(values ...any) error {
	d, ok := Values(values)
	if !ok {
		return nil
	}
	return Show(d)
}

// ShowAs shows a value that Update can replace later, in this cell or in another, under an id of the caller's choice.
func ShowAs(id string, v any) error {
	return send(outlet.Event{Op: outlet.Show, ID: id}, v)
}

// Update replaces what was shown under id, wherever that is.
func Update(id string, v any) error {
	return send(outlet.Event{Op: outlet.Update, ID: id}, v)
}

// NewID returns an id for ShowAs that nobody else uses.
func NewID() string { return strings.ToLower(rand.Text()) }

// Clear removes what the cell has shown so far; with wait only when it shows something new, which does not flicker.
// In a program that is not a notebook it does nothing.
func Clear(wait bool) error {
	err := outlet.Send(outlet.Event{Op: outlet.Clear, Wait: wait})
	if errors.Is(err, outlet.ErrNone) {
		return nil
	}
	return err
}

func send(e outlet.Event, v any) error {
	d := render(v)
	if !outlet.Connected() {
		_, err := fmt.Fprintln(stdout(), d.Data[MIMETypeText])
		return err
	}
	e.Data, e.Metadata = d.Data, d.Metadata
	if id, ok := d.Transient["display_id"].(string); ok && e.ID == "" {
		e.ID = id
	}
	if err := outlet.Send(e); err != nil {
		return fmt.Errorf("display: %w", err)
	}
	return nil
}
