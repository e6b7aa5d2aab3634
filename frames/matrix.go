package frames

import (
	"fmt"
	"io"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// ReadMatrix reads a CSV file, plain or gzip, that has no header line and
// holds nothing but finite numbers of 0 or more: images, spectra, counts, a
// sample a row. For a file with a header or with labels see [ReadCSV] and
// [ReadInteractions].
func ReadMatrix(r io.Reader) (*mat.Dense, error) {
	in, err := newBlocks(r)
	if err != nil {
		return nil, err
	}
	var values []float64
	var s scanner
	rows := 0
	for b := (block{}); ; {
		if b, err = in.next(b.data); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		s.reset(b)
		for {
			more, err := s.scan()
			if err != nil {
				return nil, shiftRow(err, rows)
			}
			if !more {
				break
			}
			if s.names == nil {
				s.names = numbered(len(s.fields))
			}
			for c, field := range s.fields {
				v, err := fieldEntry(field)
				if err != nil {
					return nil, at(err, rows+s.row, s.line, s.names[c])
				}
				values = append(values, v)
			}
		}
		rows += s.row
	}
	if rows == 0 {
		return nil, fmt.Errorf("frames: the file has no rows: %w", ErrEmpty)
	}
	return mat.NewDense(rows, len(s.names), values), nil
}

// numbered returns names for columns that have none: 1, 2, ...
func numbered(n int) []string {
	names := make([]string, n)
	for c := range names {
		names[c] = strconv.Itoa(c + 1)
	}
	return names
}
