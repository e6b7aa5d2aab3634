package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/big"
	"time"

	"gonmf/frames/internal/cells"
	"gonmf/frames/parquet/internal/format"
)

// convert sets what makes a cell of a value of the column, and of one that is
// missing. as is what Arrow's writers say of it.
func (l *leaf) convert(as kept) error {
	e := &l.element
	if e.Type < format.Boolean || e.Type > format.FixedLenByteArray {
		return fmt.Errorf("is of type %d, which is not known", e.Type)
	}
	if e.Length < 0 || e.Type == format.FixedLenByteArray && e.Length == 0 {
		return fmt.Errorf("has values of %d bytes", e.Length)
	}
	var err error
	if l.number, l.text, err = converter(e, as); err != nil {
		return err
	}
	if l.number == nil && l.text == nil {
		l.number, l.text = plainConverter(e.Type)
	}
	switch {
	case e.Meaning == format.Null:
	case e.Meaning == format.Float16, as.duration == 0 && (e.Meaning == format.Plain || e.Meaning == format.Integer) && l.number != nil && e.Type != format.Boolean:
		l.missing = cells.MissingNumber()
	}
	return nil
}

// converter returns what makes a cell of a value that stands for more than it
// is held as; nil otherwise.
func converter(e *format.Element, as kept) (number func(uint64) cells.Cell, text func([]byte) cells.Cell, err error) {
	if (e.Meaning == format.Timestamp || e.Meaning == format.Integer && e.Bits == 64) && e.Type != format.Int64 ||
		(e.Meaning == format.Date || e.Meaning == format.Integer && e.Bits < 64) && e.Type != format.Int32 {
		return nil, nil, fmt.Errorf("says of its type, %v, what it cannot be", e.Type)
	}
	signed := func(v uint64) int64 { return int64(v) }
	if e.Type == format.Int32 {
		signed = func(v uint64) int64 { return int64(int32(v)) }
	}
	whole := e.Type == format.Int32 || e.Type == format.Int64
	switch {
	case e.Meaning == format.Decimal:
		const most = 1000
		if e.Scale < -most || e.Scale > most {
			return nil, nil, fmt.Errorf("has decimal numbers with %d places", e.Scale)
		}
		switch e.Type {
		case format.Int32, format.Int64:
			return func(v uint64) cells.Cell { return cells.OfDecimal(big.NewInt(signed(v)), e.Scale) }, nil, nil
		case format.ByteArray, format.FixedLenByteArray:
			return nil, func(b []byte) cells.Cell { return cells.OfDecimal(twos(b), e.Scale) }, nil
		}
		return nil, nil, errors.New("has decimal numbers in a type for none")
	case e.Meaning == format.Null:
		return func(uint64) cells.Cell { return cells.Cell{} }, nil, only(whole || e.Type == format.Boolean || e.Type == format.Float || e.Type == format.Double)
	case e.Meaning == format.Date && whole:
		return func(v uint64) cells.Cell { return cells.OfDate(signed(v)) }, nil, nil
	case e.Meaning == format.Timestamp && whole:
		at, zone := timeOf(e.Unit), as.zone
		if zone == nil {
			zone = time.UTC
		}
		return func(v uint64) cells.Cell { return cells.OfTime(at(signed(v)).In(zone), e.UTC) }, nil, nil
	case e.Meaning == format.Time && whole:
		at := timeOf(e.Unit)
		return func(v uint64) cells.Cell { return cells.OfClock(at(signed(v)).Sub(time.Unix(0, 0))) }, nil, nil
	case e.Meaning == format.Integer && e.Unsigned && whole:
		return cells.OfUint, nil, nil // of 32 bits, too, which are the lower ones
	case as.duration != 0 && e.Type == format.Int64:
		unit := as.duration
		return func(v uint64) cells.Cell { return cells.OfDuration(int64(v), unit) }, nil, nil
	case e.Meaning == format.Float16 && e.Type == format.FixedLenByteArray && e.Length == 2:
		return nil, func(b []byte) cells.Cell { return cells.OfFloat(half(b)) }, nil
	case e.Meaning == format.UUID && e.Type == format.FixedLenByteArray && e.Length == 16:
		return nil, cells.OfUUID, nil
	case e.Meaning == format.Interval && e.Type == format.FixedLenByteArray && e.Length == 12:
		return nil, func(b []byte) cells.Cell {
			months, days, millis := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:])
			return cells.OfInterval(int64(int32(months)), int64(int32(days)), int64(millis)*1e6)
		}, nil
	}
	return nil, nil, nil
}

// only returns an error unless values of nothing are held as numbers. (Nobody
// writes them otherwise.)
func only(ok bool) error {
	if ok {
		return nil
	}
	return errors.New("is of nothing, in a type for something")
}

// plainConverter returns what makes a cell of a value as it is held.
func plainConverter(t format.Type) (number func(uint64) cells.Cell, text func([]byte) cells.Cell) {
	switch t {
	case format.Boolean:
		return func(v uint64) cells.Cell { return cells.OfBool(v != 0) }, nil
	case format.Int32:
		return func(v uint64) cells.Cell { return cells.OfInt(int64(int32(v))) }, nil
	case format.Int64:
		return func(v uint64) cells.Cell { return cells.OfInt(int64(v)) }, nil
	case format.Float:
		return func(v uint64) cells.Cell { return cells.OfFloat(float64(math.Float32frombits(uint32(v)))) }, nil
	case format.Double:
		return func(v uint64) cells.Cell { return cells.OfFloat(math.Float64frombits(v)) }, nil
	case format.Int96: // times of Spark and Impala: nanoseconds of a Julian day
		return nil, func(b []byte) cells.Cell {
			const epoch = 2440588 // 1970-01-01
			nanos, day := int64(binary.LittleEndian.Uint64(b)), int64(int32(binary.LittleEndian.Uint32(b[8:])))
			return cells.OfTime(time.Unix((day-epoch)*86400, nanos).UTC(), false)
		}
	default:
		return nil, cells.OfText
	}
}

// timeOf returns what makes a time of a number of units since 1970.
func timeOf(unit format.Unit) func(int64) time.Time {
	switch unit {
	case format.Millis:
		return func(v int64) time.Time { return time.UnixMilli(v).UTC() }
	case format.Micros:
		return func(v int64) time.Time { return time.UnixMicro(v).UTC() }
	default:
		return func(v int64) time.Time { return time.Unix(0, v).UTC() }
	}
}

// twos returns a big-endian number in two's complement.
func twos(b []byte) *big.Int {
	x := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		x.Sub(x, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return x
}

// half returns a number of 16 bits.
func half(b []byte) float64 {
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
