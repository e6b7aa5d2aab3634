// Package query takes the answer of a database, by database/sql, to a table of
// items and users or to a gota DataFrame, row by row as they come:
//
//	rows, err := db.QueryContext(ctx, "SELECT sku, customer, sum(n) AS n FROM orders GROUP BY 1, 2")
//	table, err := query.Interactions(rows, frames.Columns{Item: "sku", User: "customer", Weight: "n"})
//
// Any driver will do; the program imports the one that it needs.
//
// Whole numbers, floating-point numbers, booleans and text are what they are.
// Numbers with a fixed number of digits (numeric, decimal, money) are numbers:
// whole ones without a point as they are, past 64 bits as text, others as the
// nearest float64. Times are text as pandas writes them: 2024-03-01 12:30:00, a
// date 2024-03-01, a time of day 12:30:00, and where the type has a zone, in UTC:
// 2024-03-01 11:30:00+00:00. Bytes are text; those that are not UTF-8 are written
// \x00ff. NULL is a missing value.
package query

import (
	"database/sql"
	"fmt"
	"io"

	"github.com/go-gota/gota/dataframe"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
)

// Interactions reads rows to their end, and closes them, into a labelled
// sparse matrix. A NULL label or weight is a [*frames.CellError]; an end of the
// query's context is an error.
func Interactions(rows *sql.Rows, opt frames.Columns) (t *frames.Interactions, err error) {
	src, err := open(rows)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	return cells.Interactions(src, opt)
}

// Frame reads rows to their end, and closes them, into a DataFrame. In a
// column whose values differ in kind, as SQLite has them, whole numbers become
// floats among floats, and all becomes text otherwise.
func Frame(rows *sql.Rows) (dataframe.DataFrame, error) {
	src, err := open(rows)
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	defer rows.Close()
	return cells.Frame(src, nil)
}

// source reads the columns of an answer.
type source struct {
	rows   *sql.Rows
	names  []string
	kinds  []kind
	values []any
	to     []any // pointers to values
	chosen []int
	batch  [][]cells.Cell
	row    int
}

func open(rows *sql.Rows) (*source, error) {
	if rows == nil {
		return nil, fmt.Errorf("frames: there are no rows: did the query fail? %w", frames.ErrEmpty)
	}
	names, err := rows.Columns()
	if err != nil {
		return nil, fmt.Errorf("frames: query: %w", err)
	}
	types, err := rows.ColumnTypes()
	if err != nil {
		return nil, fmt.Errorf("frames: query: %w", err)
	}
	s := &source{rows: rows, names: names, kinds: make([]kind, len(names)), values: make([]any, len(names))}
	for n, t := range types {
		s.kinds[n] = kindOf(t.DatabaseTypeName())
	}
	for n := range s.values {
		s.to = append(s.to, &s.values[n])
	}
	return s, nil
}

// Names implements cells.Source.
func (s *source) Names() []string { return s.names }

// Whole implements cells.Source.
func (s *source) Whole() int { return len(s.names) }

// Choose implements cells.Source.
func (s *source) Choose(columns []int) error {
	s.chosen = columns
	s.batch = make([][]cells.Cell, len(columns))
	return nil
}

// Next implements cells.Source.
func (s *source) Next() ([][]cells.Cell, error) {
	const rows = 256
	for n := range s.batch {
		s.batch[n] = s.batch[n][:0]
	}
	if len(s.batch) == 0 {
		return nil, io.EOF
	}
	for len(s.batch[0]) < rows && s.rows.Next() {
		s.row++
		if err := s.rows.Scan(s.to...); err != nil {
			return nil, fmt.Errorf("frames: query: row %d: %w", s.row, err)
		}
		for n, c := range s.chosen {
			cell, err := of(s.values[c], s.kinds[c])
			if err != nil {
				return nil, fmt.Errorf("frames: query: row %d, column %q: %w", s.row, s.names[c], err)
			}
			s.batch[n] = append(s.batch[n], cell)
		}
	}
	if err := s.rows.Err(); err != nil {
		return nil, fmt.Errorf("frames: query: after row %d: %w", s.row, err)
	}
	if len(s.batch[0]) == 0 {
		return nil, io.EOF
	}
	return s.batch, nil
}
