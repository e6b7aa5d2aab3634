// Package parquet reads and writes Apache Parquet files, as pandas, polars,
// Spark and DuckDB write them: a table of items and users becomes a labelled
// sparse matrix by [ReadInteractions] without a DataFrame on the way, and any
// table a gota DataFrame by [Read]; [Write] writes one.
//
// It is a package of its own so that programs that do not need Parquet do not
// carry it.
//
// # Types
//
// Whole numbers are Int columns (past 63 bits String), floating-point numbers
// Float, booleans Bool, text String. Dates, times, durations and decimal numbers
// are String columns, as pandas writes them into a CSV file: 2024-03-01 12:30:00,
// with +01:00 after it where the zone is known, 1 days 02:03:04, 1.50. Intervals
// of months and days are P1M2D, and UUIDs as they are always written. A null and
// a NaN are missing values. As labels, values are named as in a CSV file; a whole
// number in a column of floats is named as an integer.
//
// What is within a struct "a" has names such as "a.b". Lists, maps, structs and
// encrypted columns are not read, and are an error where they are asked for,
// beside columns that are not.
//
// Every encoding, both versions of pages and every codec but LZO are read; a
// page of each column is in memory at a time. A file that is cut off or damaged
// is an error that wraps [frames.ErrFormat] and names the row group and the
// column.
package parquet

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/go-gota/gota/dataframe"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
	"gonmf/frames/internal/frame"
	"gonmf/frames/parquet/internal/encoding"
)

// ReadInteractions reads a file of size bytes into a labelled sparse matrix.
// The columns of opt must be there; others are not looked at. A missing label or
// weight is a [*frames.CellError]. It ends when ctx does, with an error that
// wraps [context.Cause].
func ReadInteractions(ctx context.Context, r io.ReaderAt, size int64, opt frames.Columns) (t *frames.Interactions, err error) {
	src := &source{ctx: ctx}
	defer src.done(&err)
	if err := src.open(r, size); err != nil {
		return nil, err
	}
	return cells.Interactions(src, opt)
}

// Read reads the named columns of a file of size bytes into a DataFrame, all
// of them if none is named. It ends when ctx does, as [ReadInteractions].
func Read(ctx context.Context, r io.ReaderAt, size int64, columns ...string) (df dataframe.DataFrame, err error) {
	src := &source{ctx: ctx}
	defer src.done(&err)
	if err := src.open(r, size); err != nil {
		return dataframe.DataFrame{}, err
	}
	return cells.Frame(src, columns)
}

// Names returns the names of the columns of a file, without reading them.
func Names(r io.ReaderAt, size int64) (names []string, err error) {
	src := &source{ctx: context.Background()}
	defer src.done(&err)
	if err := src.open(r, size); err != nil {
		return nil, err
	}
	return src.Names(), nil
}

// Rows returns the number of rows of a file, without reading them.
func Rows(r io.ReaderAt, size int64) (n int64, err error) {
	src := &source{ctx: context.Background()}
	defer src.done(&err)
	if err := src.open(r, size); err != nil {
		return 0, err
	}
	return src.rows, nil
}

// done closes the file and turns a panic into an error: none is known, but a
// notebook should not end over a file.
func (s *source) done(err *error) {
	if p := recover(); p != nil {
		*err = s.damaged(errPanicked)
	}
	s.close()
}

var errPanicked = errors.New("a number in it cannot be")

// damaged is an error about the place at which the source is.
func (s *source) damaged(err error) error {
	place := ""
	if s.column != "" {
		place = fmt.Sprintf(", row group %d, column %q", s.group, s.column)
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = encoding.ErrShort
	}
	return frame.Errorf(errors.Join(frames.ErrFormat, err), "frames: the Parquet file is cut off or damaged%s: %v", place, err)
}
