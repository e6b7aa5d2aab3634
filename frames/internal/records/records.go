// Package records reads tables of JSON: a list of records, or records one after
// the other (JSON lines), as pandas, polars and DuckDB write them.
//
// What is within an object "a" is a column such as "a.b"; lists are not read,
// and are an error where they are asked for. What a record lacks is missing.
package records

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
	"gonmf/frames/internal/frame"
)

// Table is a table that was read.
type Table struct {
	names   []string
	columns map[string]*column
	rows    int

	chosen []*column
	at     int // the next row
	batch  [][]cells.Cell
}

// column holds the values that are there. So memory is in proportion to the
// text, whatever records lack.
type column struct {
	rows  []int
	cells []cells.Cell
	list  bool
	next  int
}

// maxDepth is the most objects within objects.
const maxDepth = 64

// Read reads r to its end.
func Read(r io.Reader) (*Table, error) {
	t := &Table{columns: map[string]*column{}}
	d := json.NewDecoder(r)
	d.UseNumber()
	list := false
	for {
		token, err := d.Token()
		switch {
		case err == io.EOF && !list:
			if t.rows == 0 {
				return nil, frame.Errorf(frames.ErrEmpty, "frames: the JSON file has no records")
			}
			return t, nil
		case err != nil:
			return nil, t.failed(d, err)
		case token == json.Delim('[') && !list && t.rows == 0:
			list = true
		case token == json.Delim(']') && list:
			list = false
		case token == json.Delim('{'):
			if err := t.object(d, "", 0); err != nil {
				return nil, t.failed(d, err)
			}
			t.rows++
		default:
			return nil, t.failed(d, fmt.Errorf("%v where a record should begin: write it with orient='records'", token))
		}
	}
}

// failed is an error about the record under way.
func (t *Table) failed(d *json.Decoder, err error) error {
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		err = errors.New("it ends too early")
	case errors.As(err, &syntax):
	case errors.Is(err, errDepth) || strings.Contains(err.Error(), "record should begin"):
	default:
		return fmt.Errorf("frames: reading: %w", err)
	}
	return frame.Errorf(frames.ErrFormat, "frames: JSON, record %d, byte %d: %v", t.rows+1, d.InputOffset(), err)
}

var errDepth = errors.New("objects within objects, too many to be a table")

// object reads an object to its end.
func (t *Table) object(d *json.Decoder, prefix string, depth int) error {
	if depth == maxDepth {
		return errDepth
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return err
		}
		name := prefix + token.(string) // a name, or else an error of syntax
		if token, err = d.Token(); err != nil {
			return err
		}
		switch v := token.(type) {
		case json.Delim:
			if v == '{' {
				err = t.object(d, name+".", depth+1)
			} else {
				t.column(name).list = true
				err = skip(d)
			}
			if err != nil {
				return err
			}
		case string:
			t.add(name, cells.OfText([]byte(v)))
		case bool:
			t.add(name, cells.OfBool(v))
		case json.Number:
			t.add(name, number(string(v)))
		case nil:
			t.column(name)
		}
	}
	_, err := d.Token() // its end
	return err
}

// skip reads a list to its end.
func skip(d *json.Decoder) error {
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('['), json.Delim('{'):
			depth++
		case json.Delim(']'), json.Delim('}'):
			depth--
		}
	}
	return nil
}

// number returns a number as it is written; a whole one past 64 bits is text.
func number(text string) cells.Cell {
	if strings.ContainsAny(text, ".eE") {
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			return cells.OfFloat(v)
		}
	} else if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		return cells.OfInt(v)
	} else if v, err := strconv.ParseUint(text, 10, 64); err == nil {
		return cells.OfUint(v)
	}
	return cells.OfText([]byte(text))
}

func (t *Table) column(name string) *column {
	c := t.columns[name]
	if c == nil {
		c = &column{}
		t.names, t.columns[name] = append(t.names, name), c
	}
	return c
}

func (t *Table) add(name string, cell cells.Cell) {
	c := t.column(name)
	if n := len(c.rows); n > 0 && c.rows[n-1] == t.rows { // named twice: the last one counts
		c.cells[n-1] = cell
		return
	}
	c.rows, c.cells = append(c.rows, t.rows), append(c.cells, cell)
}

// Rows returns the number of records.
func (t *Table) Rows() int { return t.rows }

// Names implements cells.Source.
func (t *Table) Names() []string { return t.names }

// Whole implements cells.Source.
func (t *Table) Whole() int { return len(t.names) }

// Choose implements cells.Source.
func (t *Table) Choose(columns []int) error {
	for _, at := range columns {
		c := *t.columns[t.names[at]]
		if c.list {
			return frame.Errorf(frames.ErrFormat, "frames: column %q is of lists, which are not read: name other columns, as with files.ReadColumns", t.names[at])
		}
		t.chosen = append(t.chosen, &c)
	}
	t.batch = make([][]cells.Cell, len(t.chosen))
	return nil
}

// Next implements cells.Source.
func (t *Table) Next() ([][]cells.Cell, error) {
	const rows = 1024
	if t.at == t.rows || len(t.chosen) == 0 {
		return nil, io.EOF
	}
	end := min(t.at+rows, t.rows)
	for n, c := range t.chosen {
		t.batch[n] = t.batch[n][:0]
		for row := t.at; row < end; row++ {
			var cell cells.Cell
			if c.next < len(c.rows) && c.rows[c.next] == row {
				cell = c.cells[c.next]
				c.next++
			}
			t.batch[n] = append(t.batch[n], cell)
		}
	}
	t.at = end
	return t.batch, nil
}
