package frames

import (
	"io"

	"github.com/go-gota/gota/dataframe"

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
