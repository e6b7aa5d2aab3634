package frames

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
)

// WriteCSV writes df byte for byte as pandas.DataFrame.to_csv(index=False)
// does: floats by their shortest text (0.1, 1e-05, 1e+16, -0.0, inf), bools as
// True and False, missing values as nothing, \n line ends, and quotes where a
// field has a comma, a quote or a line end in it, or is all of a row and empty.
// (Python before 3.13 leaves a lone carriage return without quotes.)
func WriteCSV(w io.Writer, df dataframe.DataFrame) error {
	if err := frame.Check(df); err != nil {
		return err
	}
	rows, cols := df.Dims()
	names := df.Names()
	out := bufio.NewWriterSize(w, 64<<10)
	var line, cell []byte
	for r := -1; r < rows; r++ { // -1 is the header
		line = line[:0]
		for c := range cols {
			if c > 0 {
				line = append(line, ',')
			}
			if r < 0 {
				cell = append(cell[:0], names[c]...)
			} else {
				cell = appendCell(cell[:0], df.Elem(r, c))
			}
			line = appendField(line, cell, cols == 1)
		}
		line = append(line, '\n')
		if _, err := out.Write(line); err != nil {
			return fmt.Errorf("frames: writing: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("frames: writing: %w", err)
	}
	return nil
}

// appendCell appends the text of an element, nothing for a missing one.
func appendCell(dst []byte, e series.Element) []byte {
	if e.IsNA() {
		return dst
	}
	switch e.Type() {
	case series.Float:
		return frame.AppendFloat(dst, e.Float())
	case series.Bool:
		if v, err := e.Bool(); err == nil && v {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	default:
		return append(dst, e.String()...)
	}
}

// elementText returns the text of an element as WriteCSV writes it, nothing
// for a missing one.
func elementText(e series.Element) string { return string(appendCell(nil, e)) }

// appendField appends a field, in quotes where they are needed: by Python's
// csv.QUOTE_MINIMAL. Without them an empty field that is all of its row would
// be an empty line.
func appendField(dst, field []byte, alone bool) []byte {
	if !bytes.ContainsAny(field, ",\"\r\n") && !(alone && len(field) == 0) {
		return append(dst, field...)
	}
	dst = append(dst, '"')
	for {
		q := bytes.IndexByte(field, '"')
		if q < 0 {
			break
		}
		dst = append(dst, field[:q+1]...)
		dst = append(dst, '"')
		field = field[q+1:]
	}
	dst = append(dst, field...)
	return append(dst, '"')
}
