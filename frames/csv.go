package frames

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
)

// ReadCSV reads a CSV file with a header line, plain or gzip, UTF-8, by RFC
// 4180, into a DataFrame. Columns have the types that pandas.read_csv infers
// for them, with the values that it has:
//
//   - Int (int64) when each value is a whole number of 64 bits. A sign, leading
//     zeros and spaces around it do not matter: "+7", "007" and " 7" are 7.
//   - Float (float64) when each is such a number or a decimal one (".5", "1e-05",
//     "12E4", "inf"), or missing.
//   - Bool when each is true or false, in letters of any case.
//   - String (str, object, and uint64, which gota lacks) otherwise, letter by
//     letter: "0x10", "1_000", whole numbers past 64 bits.
//
// An empty field is missing. The other words that pandas takes for missing, such
// as NA, NaN and null, are missing in columns of numbers alone: where pandas
// has a missing value in a column of text, "NA" stays the text that it is. A
// column without any value is Float, and one without rows String.
//
// Labels that are numbers come back as numbers: "007" as 7, "2.50" as 2.5.
// [ReadCSVText] and [ReadInteractions] take them letter by letter.
//
// Empty lines are skipped. Two columns of one name, a row with more or fewer
// fields than the header, and what is not UTF-8 text are errors.
func ReadCSV(r io.Reader) (dataframe.DataFrame, error) { return readCSV(r, inferredColumn) }

// ReadCSVText is [ReadCSV] with String columns alone: each value is the text of
// the file, and nothing but an empty field is missing. [WriteCSV] gives back
// what was read.
func ReadCSVText(r io.Reader) (dataframe.DataFrame, error) {
	return readCSV(r, func(values []string) series.Series { return frame.Text(values, true) })
}

func readCSV(r io.Reader, column func(values []string) series.Series) (dataframe.DataFrame, error) {
	in, s, b, err := openTable(r)
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	columns := make([][]string, len(s.names))
	rows := 0
	for {
		for {
			more, err := s.scan()
			if err != nil {
				return dataframe.DataFrame{}, shiftRow(err, rows)
			}
			if !more {
				break
			}
			for c, field := range s.fields {
				if !utf8.Valid(field) {
					return dataframe.DataFrame{}, shiftRow(at(notUTF8(field), s.row, s.line, s.names[c]), rows)
				}
				columns[c] = append(columns[c], string(field))
			}
		}
		rows += s.row
		if b, err = in.next(b.data); err == io.EOF {
			break
		} else if err != nil {
			return dataframe.DataFrame{}, err
		}
		s.reset(b)
	}
	out := make([]series.Series, len(columns))
	for c, values := range columns {
		out[c] = column(values)
		columns[c] = nil
	}
	return frame.New(s.names, out)
}

// openTable starts to read a CSV file: the blocks to come, and a scanner that
// has read the header and stands at the rows of the first block.
func openTable(r io.Reader) (*blocks, *scanner, block, error) {
	in, err := newBlocks(r)
	if err != nil {
		return nil, nil, block{}, err
	}
	b, err := in.next(nil)
	if err != nil && err != io.EOF {
		return nil, nil, block{}, err
	}
	s := &scanner{}
	s.reset(b)
	switch more, err := s.scan(); {
	case err != nil:
		return nil, nil, block{}, shiftRow(err, -1)
	case !more:
		return nil, nil, block{}, fmt.Errorf("frames: the file has no header line: %w", ErrEmpty)
	}
	names := make([]string, len(s.fields))
	seen := make(map[string]bool, len(names))
	for c, field := range s.fields {
		if !utf8.Valid(field) {
			return nil, nil, block{}, at(notUTF8(field), 0, s.line, "")
		}
		names[c] = string(field)
		if seen[names[c]] {
			return nil, nil, block{}, fmt.Errorf("frames: the header has two columns %q: rename one: %w", names[c], ErrSyntax)
		}
		seen[names[c]] = true
	}
	s.names, s.row = names, 0
	return in, s, b, nil
}

// notUTF8 is about a field whose place is yet to be given.
func notUTF8(field []byte) *CellError {
	bad := bytes.IndexFunc(field, func(r rune) bool { return r == utf8.RuneError })
	return &CellError{Detail: fmt.Sprintf("byte %#02x is not UTF-8: save the file as UTF-8", field[bad]), Err: ErrSyntax}
}

// shiftRow adds to the row of a CellError the rows that came before its block.
func shiftRow(err error, rows int) error {
	var cell *CellError
	if errors.As(err, &cell) {
		cell.Row += rows
	}
	return err
}
