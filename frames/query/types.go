package query

import (
	"bytes"
	"encoding/hex"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
	"gonmf/frames/internal/frame"
)

// kind is what a column is of, as far as the values that a driver hands over
// do not say it.
type kind int

const (
	other   kind = iota
	number       // of a type whose values drivers have as text, to keep all digits
	money        // the same, with a sign and with commas
	date         // a time at midnight
	clock        // a time of day
	instant      // a time whose zone is known
)

// kinds are those of types by the names that databases have for them.
var kinds = map[string]kind{
	"NUMERIC": number, "DECIMAL": number, "BIGINT": number, "INT": number, "INTEGER": number, "SMALLINT": number, "TINYINT": number, "MEDIUMINT": number,
	"UNSIGNED BIGINT": number, "UNSIGNED INT": number, "UNSIGNED SMALLINT": number, "UNSIGNED TINYINT": number, "UNSIGNED MEDIUMINT": number,
	"INT2": number, "INT4": number, "INT8": number, "FLOAT": number, "FLOAT4": number, "FLOAT8": number, "DOUBLE": number, "REAL": number,
	"MONEY": money, "790": money, // by its number, as pgx has it
	"DATE": date,
	"TIME": clock, "TIME WITHOUT TIME ZONE": clock,
	"TIMESTAMPTZ": instant, "TIMESTAMP WITH TIME ZONE": instant, "DATETIMEOFFSET": instant,
}

// kindOf returns the kind of a type, whose name may have a size: NUMERIC(9,2).
func kindOf(name string) kind {
	name, _, _ = strings.Cut(strings.ToUpper(name), "(")
	return kinds[strings.TrimSpace(name)]
}

// of returns a value as drivers hand it over, of one of few types.
func of(v any, k kind) (cells.Cell, error) {
	switch v := v.(type) {
	case nil:
		return cells.Cell{}, nil
	case int64:
		return cells.OfInt(v), nil
	case uint64:
		return cells.OfUint(v), nil
	case float64:
		return cells.OfFloat(v), nil
	case float32:
		return cells.OfFloat(float64(v)), nil
	case bool:
		return cells.OfBool(v), nil
	case string:
		return ofText([]byte(v), k), nil
	case []byte:
		return ofText(v, k), nil
	case time.Time:
		return ofTime(v, k), nil
	default:
		return cells.Cell{}, frame.Errorf(frames.ErrFormat, "a %T cannot be read: cast it to text in the query", v)
	}
}

func ofTime(t time.Time, k kind) cells.Cell {
	switch k {
	case date:
		year, month, day := t.Date()
		return cells.OfDate(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
	case clock:
		hour, minute, second := t.Clock()
		return cells.OfClock(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second + time.Duration(t.Nanosecond()))
	case instant: // whatever the zone of the session
		return cells.OfTime(t.UTC(), true)
	}
	_, offset := t.Zone()
	return cells.OfTime(t, offset != 0)
}

func ofText(text []byte, k kind) cells.Cell {
	switch k {
	case number:
		return ofNumber(text)
	case money:
		plain := bytes.ReplaceAll(bytes.TrimPrefix(bytes.TrimPrefix(text, []byte("-")), []byte("$")), []byte(","), nil)
		if cell := ofNumber(plain); cell.Kind != cells.Text {
			if text[0] != '-' {
				return cell
			}
			return ofNumber(append([]byte("-"), plain...))
		}
	case clock:
		if rest, ok := bytes.CutSuffix(text, []byte(".000000")); ok {
			text = rest
		}
	}
	if !utf8.Valid(text) { // bytes, as PostgreSQL writes them
		return cells.OfText(hex.AppendEncode([]byte(`\x`), text))
	}
	return cells.OfText(text)
}

// ofNumber returns a number that is written with all its digits: a whole one
// without a point as it is, any other as the nearest float64.
func ofNumber(text []byte) cells.Cell {
	s := string(text)
	if v, err := strconv.ParseInt(s, 10, 64); err == nil {
		return cells.OfInt(v)
	}
	if v, err := strconv.ParseUint(s, 10, 64); err == nil {
		return cells.OfUint(v)
	}
	if v, err := strconv.ParseFloat(s, 64); (err == nil || math.IsInf(v, 0)) && !strings.ContainsAny(s, "xX_") && strings.ContainsAny(s, ".eEnN") {
		return cells.OfFloat(v)
	}
	return cells.OfText(text)
}
