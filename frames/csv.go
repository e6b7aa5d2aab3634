package frames

import (
	"io"
	"unicode/utf8"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
	"gonmf/frames/internal/text"
)

// CSV says how a table of text is written. The zero value reads what can be
// told by the bytes alone: compressed by gzip, zstd, bzip2, xz or zip or not;
// UTF-8, or UTF-16, or else Windows-1252; fields separated by commas,
// semicolons, tabs or pipes; a header line. What is guessed is told to Notice.
type CSV struct {
	// Sep separates fields: ",", ";", "\t" (or "tab"), "|", "::", ... Where it
	// is empty, it is that of ",", ";", "\t" and "|" of which each of the first
	// lines has equally many.
	Sep string

	Decimal   string // in numbers: "." (where it is empty) or ","
	Thousands string // between groups of three digits, as "." in 1.234.567,5; empty for none

	// Encoding is that of the file, by the name that web pages use: "utf-8",
	// "utf-16", "latin-1", "windows-1252", "shift_jis", ... Where it is empty,
	// the file is UTF-16 if its first bytes say so, and UTF-8, or Windows-1252 if
	// a line of its first megabyte is not UTF-8.
	Encoding string

	Comment     string // what lines begin with that are left out, as "#"; empty for none
	Quote       string // around fields: a double quote where it is empty, or another character, or "none"
	LooseQuotes bool   // takes quotes within a field for a part of it, as in 5" disk

	Skip     int      // lines before the header
	NoHeader bool     // the first line is a row; columns are called by Names, or 1, 2, ...
	Names    []string // of the columns, where there is no header

	// NA are words that stand for a missing value, in every column.
	NA []string

	// Ragged is what becomes of a row with more or fewer fields than the header:
	// "error" (where it is empty), "fill" (what a short row lacks is missing, a
	// long one is an error), "skip" (such rows are left out).
	Ragged string

	// Notice is told, in a sentence each, what was guessed and what was left
	// out; nil is silent.
	Notice func(string)
}

// Read reads a table as [ReadCSV] does, which infers types.
func (c CSV) Read(r io.Reader) (dataframe.DataFrame, error) {
	numbers := text.Options(c).Numbers()
	return readCSV(r, c, numbers.Column)
}

// ReadText reads a table as [ReadCSVText] does, whose columns are text.
func (c CSV) ReadText(r io.Reader) (dataframe.DataFrame, error) {
	return readCSV(r, c, textColumn)
}

// ReadCSV reads a CSV file with a header line into a DataFrame. How the file is
// written, compression, encoding and separator, is told by its bytes: see [CSV],
// by which it can be said, too. Columns have the types that pandas.read_csv
// infers for them, with the values that it has:
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
// Empty lines are skipped. Of two columns of one name the second is called
// name.1, and a column without a name Unnamed: 3, as pandas has it. A row with
// more or fewer fields than the header is an error.
func ReadCSV(r io.Reader) (dataframe.DataFrame, error) { return CSV{}.Read(r) }

// ReadCSVText is [ReadCSV] with String columns alone: each value is the text of
// the file, and nothing but an empty field is missing. [WriteCSV] gives back
// what was read.
func ReadCSVText(r io.Reader) (dataframe.DataFrame, error) { return CSV{}.ReadText(r) }

func textColumn(values []string) series.Series { return frame.Text(values, true) }

func readCSV(r io.Reader, how CSV, column func(values []string) series.Series) (dataframe.DataFrame, error) {
	in, s, b, err := text.Open(r, text.Options(how))
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	columns := make([][]string, len(s.Names))
	rows := 0
	for {
		for {
			more, err := s.Scan()
			if err != nil {
				return dataframe.DataFrame{}, frame.ShiftRow(err, rows)
			}
			if !more {
				break
			}
			for c, field := range s.Fields {
				if !utf8.Valid(field) {
					return dataframe.DataFrame{}, frame.ShiftRow(frame.At(frame.NotUTF8(field), s.Row, s.Line, s.Names[c]), rows)
				}
				columns[c] = append(columns[c], string(field))
			}
		}
		rows += s.Row
		if b, err = in.Next(b.Data); err == io.EOF {
			break
		} else if err != nil {
			return dataframe.DataFrame{}, err
		}
		s.Reset(b)
	}
	s.Told(how.Notice)
	out := make([]series.Series, len(columns))
	for c, values := range columns {
		out[c] = column(values)
		columns[c] = nil
	}
	return frame.New(s.Names, out)
}
