package cells

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // of machines that have none of their own
)

// OfTime returns a time as pandas writes one: 2024-03-01 12:30:00, with a
// fraction where there is one, and with its offset, +01:00, where the zone is
// known.
func OfTime(t time.Time, zoned bool) Cell {
	layout := "2006-01-02 15:04:05" + fraction(t.Nanosecond())
	if zoned {
		layout += "-07:00"
		if _, offset := t.Zone(); offset%60 != 0 { // before there were zones
			layout += ":00"
		}
	}
	return OfText(t.AppendFormat(nil, layout))
}

// fraction returns the layout of a fraction of a second.
func fraction(nanos int) string {
	switch {
	case nanos == 0:
		return ""
	case nanos%1000 == 0:
		return ".000000"
	default:
		return ".000000000"
	}
}

// Zone returns a time zone by a name such as Europe/Berlin or +01:00; UTC where
// there is no such zone.
func Zone(name string) *time.Location {
	if zone, err := time.LoadLocation(name); err == nil {
		return zone
	}
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if t, err := time.Parse(layout, name); err == nil {
			return t.Location()
		}
	}
	return time.UTC
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

// OfDuration returns a duration of so many units as pandas writes one: 1 days
// 02:03:04.500000, and -1 days +23:59:59 for a second less than none.
func OfDuration(n int64, unit time.Duration) Cell {
	perDay := int64(24 * time.Hour / unit)
	days, rest := n/perDay, n%perDay
	if rest < 0 {
		days, rest = days-1, rest+perDay
	}
	text := strconv.AppendInt(nil, days, 10)
	text = append(text, " days "...)
	if days < 0 {
		text = append(text, '+')
	}
	t := time.Unix(0, rest*int64(unit)).UTC()
	return OfText(t.AppendFormat(text, "15:04:05"+fraction(t.Nanosecond())))
}

// OfInterval returns months, days and nanoseconds, which are of no one length,
// as ISO 8601 writes them: P1Y2M3DT4.5S.
func OfInterval(months, days, nanos int64) Cell {
	text := []byte("P")
	part := func(n int64, unit byte) {
		if n != 0 {
			text = append(strconv.AppendInt(text, n, 10), unit)
		}
	}
	part(months/12, 'Y')
	part(months%12, 'M')
	part(days, 'D')
	if nanos != 0 {
		text = append(text, 'T')
		part(nanos/3600e9, 'H')
		part(nanos/60e9%60, 'M')
		if rest := nanos % 60e9; rest != 0 {
			sign := ""
			if rest < 0 {
				sign, rest = "-", -rest
			}
			seconds := fmt.Sprintf("%s%d.%09d", sign, rest/1e9, rest%1e9)
			text = append(append(text, strings.TrimRight(strings.TrimRight(seconds, "0"), ".")...), 'S')
		}
	}
	if len(text) == 1 {
		text = append(text, "T0S"...)
	}
	return OfText(text)
}

// OfUUID returns the text of a UUID of 16 bytes; other bytes as they are.
func OfUUID(b []byte) Cell {
	if len(b) != 16 {
		return OfText(b)
	}
	return OfText(fmt.Appendf(nil, "%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:]))
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
