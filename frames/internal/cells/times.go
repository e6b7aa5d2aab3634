package cells

import (
	"math/big"
	"strings"
	"time"
)

// OfTime returns a time as pandas writes one: 2024-03-01 12:30:00, with a
// fraction where there is one, and with +00:00 where the zone is known.
func OfTime(t time.Time, zoned bool) Cell {
	layout := "2006-01-02 15:04:05"
	switch n := t.Nanosecond(); {
	case n == 0:
	case n%1000 == 0:
		layout += ".000000"
	default:
		layout += ".000000000"
	}
	if zoned {
		layout += "-07:00"
	}
	return OfText(t.AppendFormat(nil, layout))
}

// OfDate returns a date, so many days after 1970-01-01.
func OfDate(days int64) Cell {
	return OfText(time.Unix(0, 0).UTC().AddDate(0, 0, int(days)).AppendFormat(nil, time.DateOnly))
}

// OfClock returns a time of day, so long after midnight.
func OfClock(d time.Duration) Cell {
	c := OfTime(time.Unix(0, 0).UTC().Add(d), false)
	return OfText(c.text[len("2006-01-02 "):])
}

// OfDecimal returns unscaled / 10^scale with all its digits: 1.50.
func OfDecimal(unscaled *big.Int, scale int) Cell {
	digits := new(big.Int).Abs(unscaled).String()
	if scale > 0 {
		if short := scale + 1 - len(digits); short > 0 {
			digits = strings.Repeat("0", short) + digits
		}
		digits = digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
	} else if scale < 0 && digits != "0" {
		digits += strings.Repeat("0", -scale)
	}
	if unscaled.Sign() < 0 {
		digits = "-" + digits
	}
	return OfText([]byte(digits))
}
