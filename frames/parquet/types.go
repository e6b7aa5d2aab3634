package parquet

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"time"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
)

// missing returns the cell of a value of a column that is null.
func missing(c *pq.Column) cells.Cell {
	if l := c.Type().LogicalType(); l != nil {
		if _, whole := l.Value.(*format.IntType); !whole {
			return cells.Cell{}
		}
	}
	switch c.Type().Kind() {
	case pq.Int32, pq.Int64, pq.Float, pq.Double:
		return cells.MissingNumber()
	}
	return cells.Cell{}
}

// converter returns what makes a cell of a value of a column that is not null.
func converter(c *pq.Column) (func(pq.Value) cells.Cell, error) {
	var logical format.LogicalTypeValue
	if l := c.Type().LogicalType(); l != nil {
		logical = l.Value
	}
	kind := c.Type().Kind()
	whole := kind == pq.Int32 || kind == pq.Int64
	integer := func(v pq.Value) int64 { // of the size that the column has
		if kind == pq.Int32 {
			return int64(v.Int32())
		}
		return v.Int64()
	}
	switch l := logical.(type) {
	case *format.DecimalType:
		const most = 1000
		if l.Scale < -most || l.Scale > most {
			return nil, fmt.Errorf("decimal numbers with %d places: %w", l.Scale, frames.ErrFormat)
		}
		return func(v pq.Value) cells.Cell {
			unscaled := new(big.Int)
			if whole {
				unscaled.SetInt64(integer(v))
			} else {
				signed(unscaled, v.ByteArray())
			}
			return cells.OfDecimal(unscaled, int(l.Scale))
		}, nil
	case *format.DateType:
		return func(v pq.Value) cells.Cell { return cells.OfDate(int64(v.Int32())) }, nil
	case *format.TimestampType:
		at := timeOf(l.Unit)
		return func(v pq.Value) cells.Cell { return cells.OfTime(at(v.Int64()), l.IsAdjustedToUTC) }, nil
	case *format.TimeType:
		at := timeOf(l.Unit)
		return func(v pq.Value) cells.Cell { return cells.OfClock(at(integer(v)).Sub(time.Unix(0, 0))) }, nil
	case *format.IntType:
		if !l.IsSigned && whole {
			if kind == pq.Int32 {
				return func(v pq.Value) cells.Cell { return cells.OfUint(uint64(v.Uint32())) }, nil
			}
			return func(v pq.Value) cells.Cell { return cells.OfUint(v.Uint64()) }, nil
		}
	case *format.Float16Type:
		return func(v pq.Value) cells.Cell { return cells.OfFloat(half(v.ByteArray())) }, nil
	case *format.UUIDType:
		return func(v pq.Value) cells.Cell {
			b := v.ByteArray()
			if len(b) != 16 {
				return cells.OfText(b)
			}
			return cells.OfText(fmt.Appendf(nil, "%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
		}, nil
	}
	switch kind {
	case pq.Boolean:
		return func(v pq.Value) cells.Cell { return cells.OfBool(v.Boolean()) }, nil
	case pq.Int32, pq.Int64:
		return func(v pq.Value) cells.Cell { return cells.OfInt(integer(v)) }, nil
	case pq.Int96: // times of Spark and Impala: nanoseconds of a Julian day
		return func(v pq.Value) cells.Cell {
			const epoch = 2440588 // 1970-01-01
			w := v.Int96()
			t := time.Unix((int64(w[2])-epoch)*86400, int64(uint64(w[1])<<32|uint64(w[0]))).UTC()
			return cells.OfTime(t, false)
		}, nil
	case pq.Float:
		return func(v pq.Value) cells.Cell { return cells.OfFloat(float64(v.Float())) }, nil
	case pq.Double:
		return func(v pq.Value) cells.Cell { return cells.OfFloat(v.Double()) }, nil
	case pq.ByteArray, pq.FixedLenByteArray:
		return func(v pq.Value) cells.Cell { return cells.OfText(v.ByteArray()) }, nil
	default:
		return nil, fmt.Errorf("its type %v is not known: %w", kind, frames.ErrFormat)
	}
}

// timeOf returns what makes a time of a number of units since 1970.
func timeOf(unit format.TimeUnit) func(int64) time.Time {
	switch unit.Value.(type) {
	case *format.MilliSeconds:
		return func(v int64) time.Time { return time.UnixMilli(v).UTC() }
	case *format.MicroSeconds:
		return func(v int64) time.Time { return time.UnixMicro(v).UTC() }
	default:
		return func(v int64) time.Time { return time.Unix(0, v).UTC() }
	}
}

// signed sets x to a big-endian number in two's complement.
func signed(x *big.Int, b []byte) {
	x.SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
}

// half returns a number of 16 bits.
func half(b []byte) float64 {
	if len(b) != 2 {
		return math.NaN()
	}
	bits := binary.LittleEndian.Uint16(b)
	sign, exponent, fraction := 1.0, int(bits>>10&31), float64(bits&1023)
	if bits>>15 != 0 {
		sign = -1
	}
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -24)
	case 31:
		if fraction != 0 {
			return math.NaN()
		}
		return math.Inf(int(sign))
	default:
		return sign * math.Ldexp(1024+fraction, exponent-25)
	}
}
