package frames

import (
	"errors"
	"fmt"
	"gonmf/frames/internal/frame"
	"gonmf/frames/internal/text"
	"io"
	"iter"
	"math"

	"gonum.org/v1/gonum/mat"
)

// ReadMatrix reads a CSV file, plain or gzip, that has no header line and
// holds nothing but finite numbers of 0 or more: images, spectra, counts, a
// sample a row. For a file with a header or with labels see [ReadCSV] and
// [ReadInteractions].
func ReadMatrix(r io.Reader) (*mat.Dense, error) {
	var whole *mat.Dense
	err := EachBlock(r, math.MaxInt, func(m *mat.Dense) error {
		whole = m
		return nil
	})
	return whole, err
}

// Blocks returns the rows of such a file as [ReadMatrix] reads, so many at a
// time, for [nmf.FitStream]: a file of any size is fitted in the memory of a
// block. After an error it ends.
func Blocks(r io.Reader, rows int) iter.Seq2[mat.Matrix, error] {
	return func(yield func(mat.Matrix, error) bool) {
		err := EachBlock(r, rows, func(m *mat.Dense) error {
			if !yield(m, nil) {
				return errStopped
			}
			return nil
		})
		if err != nil && err != errStopped {
			yield(nil, err)
		}
	}
}

// errStopped ends a reading of which no more is wanted.
var errStopped = errors.New("stopped")

// EachBlock calls use with the rows of such a file as [ReadMatrix] reads, so
// many at a time, fewer the last time. It is [Blocks] for code that cannot
// range over a function, and ends at the first error, its own or use's. use
// may keep the block.
func EachBlock(r io.Reader, rows int, use func(*mat.Dense) error) error {
	if rows < 1 {
		return fmt.Errorf("frames: blocks of %d rows: at least 1 is needed", rows)
	}
	in, s, err := text.NewBlocks(r, text.Options{})
	if err != nil {
		return err
	}
	var values []float64
	n, done := 0, 0 // rows in values, rows of the blocks of the file before
	flush := func() error {
		m := mat.NewDense(n, len(s.Names), values)
		n, values = 0, nil
		return use(m)
	}
	for b := (text.Block{}); ; {
		if b, err = in.Next(b.Data); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		s.Reset(b)
		for {
			more, err := s.Scan()
			if err != nil {
				return frame.ShiftRow(err, done)
			}
			if !more {
				break
			}
			if s.Names == nil {
				s.Names = text.Numbered(len(s.Fields))
			}
			for c, field := range s.Fields {
				v, err := fieldEntry(field, text.Numbers{})
				if err != nil {
					return frame.At(err, done+s.Row, s.Line, s.Names[c])
				}
				values = append(values, v)
			}
			if n++; n == rows {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		done += s.Row
	}
	if done == 0 {
		return frame.Errorf(ErrEmpty, "frames: the file has no rows")
	}
	if n == 0 {
		return nil
	}
	return flush()
}
