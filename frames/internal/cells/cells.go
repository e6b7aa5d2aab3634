// Package cells takes tables of typed columns, as Parquet, Arrow and databases
// have them, to frames' tables.
package cells

import (
	"bytes"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames"
	"gonmf/frames/internal/frame"
)

// Kind is the type of a cell.
type Kind uint8

// The kinds. Times and decimal numbers are Text.
const (
	Null Kind = iota
	Int
	Uint // past 63 bits
	Float
	Bool
	Text
)

// Cell is one value.
type Cell struct {
	Kind Kind
	bits uint64 // of numbers
	text []byte
}

// The cells of each kind.
func OfInt(v int64) Cell { return Cell{Kind: Int, bits: uint64(v)} }

// OfUint returns an Int where v is one.
func OfUint(v uint64) Cell {
	if v <= math.MaxInt64 {
		return OfInt(int64(v))
	}
	return Cell{Kind: Uint, bits: v}
}

// MissingNumber is Null in a column of numbers: one that has nothing else is
// Float, as it is to pandas.
func MissingNumber() Cell { return Cell{bits: 1} }

// OfFloat returns Null for NaN, which is how pandas has missing numbers.
func OfFloat(v float64) Cell {
	if math.IsNaN(v) {
		return MissingNumber()
	}
	return Cell{Kind: Float, bits: math.Float64bits(v)}
}

// OfBool returns a Bool.
func OfBool(v bool) Cell {
	if v {
		return Cell{Kind: Bool, bits: 1}
	}
	return Cell{Kind: Bool}
}

// OfText keeps text.
func OfText(text []byte) Cell { return Cell{Kind: Text, text: text} }

// Float returns a number as a float64.
func (c Cell) float() float64 {
	switch c.Kind {
	case Int:
		return float64(int64(c.bits))
	case Uint:
		return float64(c.bits)
	case Float:
		return math.Float64frombits(c.bits)
	default:
		return float64(c.bits) // of a Bool
	}
}

// AppendText appends the cell as [frames.WriteCSV] writes it.
func (c Cell) AppendText(dst []byte) []byte {
	switch c.Kind {
	case Int:
		return strconv.AppendInt(dst, int64(c.bits), 10)
	case Uint:
		return strconv.AppendUint(dst, c.bits, 10)
	case Float:
		return frame.AppendFloat(dst, c.float())
	case Bool:
		if c.bits != 0 {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	default:
		return append(dst, c.text...)
	}
}

// appendLabel appends the cell as a label: a whole number in a Float column is
// named as an integer, as [frames.NewInteractions] does.
func (c Cell) appendLabel(dst []byte) []byte {
	dst = c.AppendText(dst)
	if c.Kind == Float {
		dst = bytes.TrimSuffix(dst, []byte(".0"))
	}
	return dst
}

// Source is a table to be read.
type Source interface {
	// Names are those of all columns: first those that a table has, then those
	// that are within others, such as "a.b" of a struct "a".
	Names() []string

	// Whole is the number of columns that a table has.
	Whole() int

	// Choose says which columns are wanted, before the first Next. It is an
	// error if one is of a type that cannot be read.
	Choose(columns []int) error

	// Next returns the next rows of the chosen columns, equally many of each,
	// valid until it is called again; io.EOF after the last.
	Next() ([][]Cell, error)
}

// Interactions reads a source into a table. A missing label or weight is a
// [*frames.CellError].
func Interactions(src Source, opt frames.Columns) (t *frames.Interactions, err error) {
	item, user, weight, err := opt.Find(src.Names())
	if err != nil {
		return nil, err
	}
	columns := []int{item, user}
	if weight >= 0 {
		columns = append(columns, weight)
	}
	if err := src.Choose(columns); err != nil {
		return nil, err
	}
	b := frames.NewBuilder(opt)
	defer func() {
		if t == nil { // a panic of a damaged file, too
			err = errors.Join(err, b.Discard())
		}
	}()
	var i, j []byte
	for {
		batch, err := src.Next()
		if err == io.EOF {
			return b.Table()
		} else if err != nil {
			return nil, err
		}
		for r := range batch[0] {
			i, j = batch[0][r].appendLabel(i[:0]), batch[1][r].appendLabel(j[:0])
			switch {
			case weight < 0:
				err = b.AddBytes(i, j, 1)
			case batch[2][r].Kind == Text || batch[2][r].Kind == Null:
				err = b.AddText(string(i), string(j), string(batch[2][r].text))
			default:
				err = b.AddBytes(i, j, batch[2][r].float())
			}
			if err != nil {
				return nil, err
			}
		}
		if opt.Progress != nil {
			opt.Progress(b.Rows())
		}
	}
}

// Frame reads the named columns of a source, all if none is named, into a
// DataFrame.
func Frame(src Source, columns []string) (dataframe.DataFrame, error) {
	names := src.Names()[:src.Whole()]
	if len(columns) > 0 {
		names = columns
	}
	at := make([]int, len(names))
	for n, name := range names {
		at[n] = n
		if len(columns) > 0 {
			if at[n] = slices.Index(src.Names(), name); at[n] < 0 {
				_, _, _, err := frames.Columns{Item: name, User: name}.Find(src.Names()) // which says what there is
				return dataframe.DataFrame{}, err
			}
		}
	}
	if err := src.Choose(at); err != nil {
		return dataframe.DataFrame{}, err
	}
	all := make([]column, len(names))
	for {
		batch, err := src.Next()
		if err == io.EOF {
			break
		} else if err != nil {
			return dataframe.DataFrame{}, err
		}
		for n := range all {
			for _, c := range batch[n] {
				all[n].add(c)
			}
		}
	}
	out := make([]series.Series, len(all))
	for n := range all {
		out[n] = all[n].series()
		all[n] = column{}
	}
	return frame.New(names, out)
}

// column collects the cells of a column. Where their kinds differ, as they may
// in a database, whole numbers become floats among floats, and all becomes
// text otherwise.
type column struct {
	kind    Kind
	bits    []uint64
	texts   []string
	null    []bool
	numbers bool // if it has a cell at all
}

func (c *column) add(cell Cell) {
	if cell.Kind != Null && cell.Kind != c.kind {
		c.meet(&cell)
	}
	if cell.Kind == Null {
		c.numbers = c.numbers || cell.bits != 0
	}
	c.null = append(c.null, cell.Kind == Null)
	if c.kind == Text {
		c.texts = append(c.texts, string(cell.text))
	} else {
		c.bits = append(c.bits, cell.bits)
	}
}

// meet brings the column and a cell of another kind to one.
func (c *column) meet(cell *Cell) {
	float := func(k Kind) bool { return k == Int || k == Float }
	switch {
	case c.kind == Null && cell.Kind != Text:
		c.kind = cell.Kind
	case c.kind == Float && cell.Kind == Int:
		*cell = OfFloat(cell.float())
	case float(c.kind) && float(cell.Kind):
		for r, bits := range c.bits {
			c.bits[r] = math.Float64bits(float64(int64(bits)))
		}
		c.kind = Float
	default:
		if c.kind != Text {
			c.texts = make([]string, len(c.bits))
			for r, bits := range c.bits {
				if !c.null[r] {
					c.texts[r] = string(Cell{Kind: c.kind, bits: bits}.AppendText(nil))
				}
			}
			c.kind, c.bits = Text, nil
		}
		*cell = OfText(cell.AppendText(nil))
	}
}

func (c *column) series() series.Series {
	var s series.Series
	switch c.kind {
	case Int:
		s = numbers(c, series.Int, func(bits uint64) int { return int(int64(bits)) })
	case Float:
		s = numbers(c, series.Float, math.Float64frombits)
	case Bool:
		s = numbers(c, series.Bool, func(bits uint64) bool { return bits != 0 })
	case Uint: // gota has no such column
		texts := make([]string, len(c.bits))
		for r, bits := range c.bits {
			texts[r] = strconv.FormatUint(bits, 10)
		}
		s = frame.Text(texts, false)
	case Null:
		if c.numbers {
			s = numbers(c, series.Float, func(uint64) float64 { return math.NaN() })
			break
		}
		s = frame.Text(make([]string, len(c.null)), false)
	default:
		s = frame.Text(c.texts, false)
	}
	for r, null := range c.null {
		if null {
			s.Elem(r).Set(nil)
		}
	}
	return s
}

func numbers[T any](c *column, kind series.Type, of func(bits uint64) T) series.Series {
	values := make([]T, len(c.bits))
	for r, bits := range c.bits {
		values[r] = of(bits)
	}
	return series.New(values, kind, "")
}
