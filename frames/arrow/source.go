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
	"gonmf/frames/internal/frame"
)

// source reads the chosen columns, a run of rows of a record batch at a time.
type source struct {
	ctx     context.Context
	schema  *arrow.Schema
	names   []string
	columns []column
	next    func() (arrow.RecordBatch, error)
	release func()
	chosen  []int // of columns

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
	if s.names == nil {
		s.names, s.columns = columnsOf(s.schema)
	}
	return s.names
}

// Whole implements cells.Source.
func (s *source) Whole() int { return s.schema.NumFields() }

// Choose implements cells.Source.
func (s *source) Choose(columns []int) error {
	names := s.Names()
	for _, c := range columns {
		switch f := s.columns[c]; {
		case readable(f.field.Type):
		case len(f.below) > 0:
			return frame.Errorf(frames.ErrFormat, "frames: column %q is a struct: name what it is of, such as %q, as with files.ReadColumns", names[c], f.below[0])
		default:
			return frame.Errorf(frames.ErrFormat, "frames: column %q: its type %v is not read: name other columns, as with files.ReadColumns", names[c], f.field.Type)
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
		s.column = s.names[s.chosen[n]]
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
		s.column = s.names[c]
		column := &s.columns[c]
		a, outside := column.of(record)
		if a.Len() != s.rows {
			return s.damaged(fmt.Errorf("it has %d values for %d rows", a.Len(), s.rows))
		}
		s.at = append(s.at, reader(a, outside, isUUID(column.field)))
	}
	s.column = ""
	return nil
}

// readable reports whether values of a type can be cells.
func readable(t arrow.DataType) bool {
	switch t := t.(type) {
	case arrow.ExtensionType:
		return readable(t.StorageType())
	case *arrow.DictionaryType:
		return readable(t.ValueType)
	case *arrow.RunEndEncodedType:
		return readable(t.Encoded())
	case *arrow.TimestampType:
		return t.Unit >= arrow.Second && t.Unit <= arrow.Nanosecond
	case *arrow.DurationType:
		return t.Unit >= arrow.Second && t.Unit <= arrow.Nanosecond
	case arrow.DecimalType:
		return t.GetScale() >= -1000 && t.GetScale() <= 1000
	}
	switch t.ID() {
	case arrow.NULL, arrow.BOOL, arrow.INT8, arrow.INT16, arrow.INT32, arrow.INT64, arrow.UINT8, arrow.UINT16, arrow.UINT32, arrow.UINT64,
		arrow.FLOAT16, arrow.FLOAT32, arrow.FLOAT64, arrow.STRING, arrow.LARGE_STRING, arrow.STRING_VIEW,
		arrow.BINARY, arrow.LARGE_BINARY, arrow.BINARY_VIEW, arrow.FIXED_SIZE_BINARY, arrow.DATE32, arrow.DATE64, arrow.TIME32, arrow.TIME64,
		arrow.INTERVAL_MONTHS, arrow.INTERVAL_DAY_TIME, arrow.INTERVAL_MONTH_DAY_NANO:
		return true
	}
	return false
}

// reader returns what makes a cell of the value at a place of an array. outside
// says where there is none for want of a struct around it; it may be nil.
func reader(a arrow.Array, outside func(i int) bool, uuid bool) func(i int) cells.Cell {
	value := values(a, uuid)
	if a.NullN() == 0 && outside == nil {
		return value
	}
	missing := cells.Cell{}
	if id := a.DataType().ID(); arrow.IsInteger(id) || arrow.IsFloating(id) {
		missing = cells.MissingNumber()
	}
	return func(i int) cells.Cell {
		if a.IsNull(i) || outside != nil && outside(i) {
			return missing
		}
		return value(i)
	}
}

// texts is what arrays of text and of bytes have in common.
type texts interface{ Value(i int) string }

func values(a arrow.Array, uuid bool) func(i int) cells.Cell {
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
		if uuid {
			return func(i int) cells.Cell { return cells.OfUUID(a.Value(i)) }
		}
		return func(i int) cells.Cell { return cells.OfText(a.Value(i)) }
	case *array.Date32:
		return func(i int) cells.Cell { return cells.OfDate(int64(a.Value(i))) }
	case *array.Date64:
		return func(i int) cells.Cell { // as a date, which it is, though it has room for more
			const day = 86_400_000
			days := int64(a.Value(i)) / day
			if int64(a.Value(i))%day < 0 {
				days--
			}
			return cells.OfDate(days)
		}
	case *array.Time32:
		unit := a.DataType().(*arrow.Time32Type).Unit
		return func(i int) cells.Cell { return cells.OfClock(unit.Multiplier() * time.Duration(a.Value(i))) }
	case *array.Time64:
		unit := a.DataType().(*arrow.Time64Type).Unit
		return func(i int) cells.Cell { return cells.OfClock(unit.Multiplier() * time.Duration(a.Value(i))) }
	case *array.Timestamp:
		t := a.DataType().(*arrow.TimestampType)
		at, zone := timeOf(t.Unit), time.UTC
		if t.TimeZone != "" {
			zone = cells.Zone(t.TimeZone)
		}
		return func(i int) cells.Cell { return cells.OfTime(at(int64(a.Value(i))).In(zone), t.TimeZone != "") }
	case *array.Duration:
		unit := a.DataType().(*arrow.DurationType).Unit.Multiplier()
		return func(i int) cells.Cell { return cells.OfDuration(int64(a.Value(i)), unit) }
	case *array.MonthInterval:
		return func(i int) cells.Cell { return cells.OfInterval(int64(a.Value(i)), 0, 0) }
	case *array.DayTimeInterval:
		return func(i int) cells.Cell {
			v := a.Value(i)
			return cells.OfInterval(0, int64(v.Days), int64(v.Milliseconds)*1e6)
		}
	case *array.MonthDayNanoInterval:
		return func(i int) cells.Cell {
			v := a.Value(i)
			return cells.OfInterval(int64(v.Months), int64(v.Days), v.Nanoseconds)
		}
	case array.ExtensionArray:
		return values(a.Storage(), uuid)
	case *array.RunEndEncoded:
		value := reader(a.Values(), nil, uuid)
		return func(i int) cells.Cell { return value(a.GetPhysicalIndex(i)) }
	case *array.Decimal32:
		return decimal(scale(a), func(i int) *big.Int { return big.NewInt(int64(a.Value(i))) })
	case *array.Decimal64:
		return decimal(scale(a), func(i int) *big.Int { return big.NewInt(int64(a.Value(i))) })
	case *array.Decimal128:
		return decimal(scale(a), func(i int) *big.Int { return a.Value(i).BigInt() })
	case *array.Decimal256:
		return decimal(scale(a), func(i int) *big.Int { return a.Value(i).BigInt() })
	case *array.Dictionary:
		value, n := reader(a.Dictionary(), nil, uuid), a.Dictionary().Len()
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

// timeOf returns what makes a time of a number of units since 1970.
func timeOf(unit arrow.TimeUnit) func(int64) time.Time {
	switch unit {
	case arrow.Second:
		return func(v int64) time.Time { return time.Unix(v, 0).UTC() }
	case arrow.Millisecond:
		return func(v int64) time.Time { return time.UnixMilli(v).UTC() }
	case arrow.Microsecond:
		return func(v int64) time.Time { return time.UnixMicro(v).UTC() }
	default:
		return func(v int64) time.Time { return time.Unix(0, v).UTC() }
	}
}

func scale(a arrow.Array) int32 { return a.DataType().(arrow.DecimalType).GetScale() }
