package arrow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/big"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
)

// source reads the chosen columns, a run of rows of a record batch at a time.
type source struct {
	ctx     context.Context
	schema  *arrow.Schema
	next    func() (arrow.RecordBatch, error)
	release func()
	chosen  []int

	at   []func(i int) cells.Cell // of the record batch under way, by chosen column
	row  int
	rows int
	out  [][]cells.Cell

	batch  int // under way, from 1
	column string
}

// outRows is the number of rows that are handed over together.
const outRows = 1024

// Names implements cells.Source.
func (s *source) Names() []string {
	var names []string
	for _, f := range s.schema.Fields() {
		names = append(names, f.Name)
	}
	return names
}

// Whole implements cells.Source.
func (s *source) Whole() int { return s.schema.NumFields() }

// Choose implements cells.Source.
func (s *source) Choose(columns []int) error {
	for _, c := range columns {
		f := s.schema.Field(c)
		if !readable(f.Type) {
			return fmt.Errorf("frames: column %q: its type %v is not read: name other columns: %w", f.Name, f.Type, frames.ErrFormat)
		}
		s.out = append(s.out, make([]cells.Cell, 0, outRows))
	}
	s.chosen = columns
	return nil
}

// Next implements cells.Source.
func (s *source) Next() ([][]cells.Cell, error) {
	for s.row == s.rows {
		if len(s.chosen) == 0 {
			return nil, io.EOF
		}
		if err := s.nextBatch(); err != nil {
			return nil, err
		}
	}
	if s.ctx.Err() != nil {
		return nil, fmt.Errorf("frames: reading: %w", context.Cause(s.ctx))
	}
	end := min(s.row+outRows, s.rows)
	for n, at := range s.at {
		s.column = s.schema.Field(s.chosen[n]).Name
		s.out[n] = s.out[n][:0]
		for i := s.row; i < end; i++ {
			s.out[n] = append(s.out[n], at(i))
		}
	}
	s.column = ""
	s.row = end
	return s.out, nil
}

func (s *source) nextBatch() error {
	s.batch++
	record, err := s.next()
	if errors.Is(err, io.EOF) {
		return io.EOF
	} else if err != nil {
		return s.damaged(err)
	}
	s.row, s.rows, s.at = 0, int(record.NumRows()), s.at[:0]
	for _, c := range s.chosen {
		s.column = s.schema.Field(c).Name
		a := record.Column(c)
		if a.Len() != s.rows {
			return s.damaged(fmt.Errorf("it has %d values for %d rows", a.Len(), s.rows))
		}
		s.at = append(s.at, reader(a))
	}
	s.column = ""
	return nil
}

// readable reports whether values of a type can be cells.
func readable(t arrow.DataType) bool {
	switch t := t.(type) {
	case *arrow.DictionaryType:
		return readable(t.ValueType)
	case *arrow.TimestampType:
		_, err := t.GetToTimeFunc()
		return err == nil
	case arrow.DecimalType:
		return t.GetScale() >= -1000 && t.GetScale() <= 1000
	}
	switch t.ID() {
	case arrow.NULL, arrow.BOOL, arrow.INT8, arrow.INT16, arrow.INT32, arrow.INT64, arrow.UINT8, arrow.UINT16, arrow.UINT32, arrow.UINT64,
		arrow.FLOAT16, arrow.FLOAT32, arrow.FLOAT64, arrow.STRING, arrow.LARGE_STRING, arrow.STRING_VIEW,
		arrow.BINARY, arrow.LARGE_BINARY, arrow.BINARY_VIEW, arrow.FIXED_SIZE_BINARY, arrow.DATE32, arrow.DATE64, arrow.TIME32, arrow.TIME64:
		return true
	}
	return false
}

// reader returns what makes a cell of the value at a place of an array.
func reader(a arrow.Array) func(i int) cells.Cell {
	value := values(a)
	if a.NullN() == 0 {
		return value
	}
	missing := cells.Cell{}
	if id := a.DataType().ID(); arrow.IsInteger(id) || arrow.IsFloating(id) {
		missing = cells.MissingNumber()
	}
	return func(i int) cells.Cell {
		if a.IsNull(i) {
			return missing
		}
		return value(i)
	}
}

// texts is what arrays of text and of bytes have in common.
type texts interface{ Value(i int) string }

func values(a arrow.Array) func(i int) cells.Cell {
	text := func(a texts) func(i int) cells.Cell {
		return func(i int) cells.Cell { return cells.OfText([]byte(a.Value(i))) }
	}
	decimal := func(scale int32, unscaled func(i int) *big.Int) func(i int) cells.Cell {
		return func(i int) cells.Cell { return cells.OfDecimal(unscaled(i), int(scale)) }
	}
	switch a := a.(type) {
	case *array.Null:
		return func(int) cells.Cell { return cells.Cell{} }
	case *array.Boolean:
		return func(i int) cells.Cell { return cells.OfBool(a.Value(i)) }
	case *array.Int8:
		return func(i int) cells.Cell { return cells.OfInt(int64(a.Value(i))) }
	case *array.Int16:
		return func(i int) cells.Cell { return cells.OfInt(int64(a.Value(i))) }
	case *array.Int32:
		return func(i int) cells.Cell { return cells.OfInt(int64(a.Value(i))) }
	case *array.Int64:
		return func(i int) cells.Cell { return cells.OfInt(a.Value(i)) }
	case *array.Uint8:
		return func(i int) cells.Cell { return cells.OfInt(int64(a.Value(i))) }
	case *array.Uint16:
		return func(i int) cells.Cell { return cells.OfInt(int64(a.Value(i))) }
	case *array.Uint32:
		return func(i int) cells.Cell { return cells.OfInt(int64(a.Value(i))) }
	case *array.Uint64:
		return func(i int) cells.Cell { return cells.OfUint(a.Value(i)) }
	case *array.Float16:
		return func(i int) cells.Cell { return cells.OfFloat(float64(a.Value(i).Float32())) }
	case *array.Float32:
		return func(i int) cells.Cell { return cells.OfFloat(float64(a.Value(i))) }
	case *array.Float64:
		return func(i int) cells.Cell { return cells.OfFloat(a.Value(i)) }
	case *array.String:
		return text(a)
	case *array.LargeString:
		return text(a)
	case *array.StringView:
		return text(a)
	case *array.Binary:
		return func(i int) cells.Cell { return cells.OfText(a.Value(i)) }
	case *array.LargeBinary:
		return func(i int) cells.Cell { return cells.OfText(a.Value(i)) }
	case *array.BinaryView:
		return func(i int) cells.Cell { return cells.OfText(a.Value(i)) }
	case *array.FixedSizeBinary:
		return func(i int) cells.Cell { return cells.OfText(a.Value(i)) }
	case *array.Date32:
		return func(i int) cells.Cell { return cells.OfDate(int64(a.Value(i))) }
	case *array.Date64:
		return func(i int) cells.Cell { return cells.OfTime(a.Value(i).ToTime(), false) }
	case *array.Time32:
		unit := a.DataType().(*arrow.Time32Type).Unit
		return func(i int) cells.Cell { return cells.OfClock(unit.Multiplier() * time.Duration(a.Value(i))) }
	case *array.Time64:
		unit := a.DataType().(*arrow.Time64Type).Unit
		return func(i int) cells.Cell { return cells.OfClock(unit.Multiplier() * time.Duration(a.Value(i))) }
	case *array.Timestamp:
		t := a.DataType().(*arrow.TimestampType)
		at, err := t.GetToTimeFunc()
		if err != nil {
			panic(err) // readable has called it
		}
		return func(i int) cells.Cell { return cells.OfTime(at(a.Value(i)), t.TimeZone != "") }
	case *array.Decimal32:
		return decimal(scale(a), func(i int) *big.Int { return big.NewInt(int64(a.Value(i))) })
	case *array.Decimal64:
		return decimal(scale(a), func(i int) *big.Int { return big.NewInt(int64(a.Value(i))) })
	case *array.Decimal128:
		return decimal(scale(a), func(i int) *big.Int { return a.Value(i).BigInt() })
	case *array.Decimal256:
		return decimal(scale(a), func(i int) *big.Int { return a.Value(i).BigInt() })
	case *array.Dictionary:
		value, n := reader(a.Dictionary()), a.Dictionary().Len()
		return func(i int) cells.Cell {
			at := a.GetValueIndex(i)
			if at < 0 || at >= n {
				panic(fmt.Sprintf("entry %d of a dictionary of %d", at, n))
			}
			return value(at)
		}
	default:
		panic(fmt.Sprintf("type %v", a.DataType())) // readable has let it through
	}
}

func scale(a arrow.Array) int32 { return a.DataType().(arrow.DecimalType).GetScale() }
