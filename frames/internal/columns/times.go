package columns

import (
	"fmt"
	"strings"
	"time"
)

// layouts are the ways of writing a date or a time that are understood: year
// first; then, as pandas takes it, the month before the day; then with names.
var layouts = []string{
	"2006-01-02", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04",
	time.RFC3339, "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 MST",
	"2006/1/2", "2006/1/2 15:04:05", "2006/1/2 15:04", "20060102", "2006-1-2", "2006-1-2 15:04:05", "2006-1-2 15:04",
	"1/2/2006", "1/2/2006 15:04:05", "1/2/2006 15:04", "1/2/2006 3:04:05 PM", "1/2/2006 3:04 PM", "1/2/06", "1/2/06 15:04",
	"1-2-2006", "1-2-2006 15:04:05", "1-2-2006 15:04",
	"2 Jan 2006", "2 Jan 2006 15:04:05", "2 Jan 2006 15:04", "2 January 2006", "2-Jan-2006", "2-Jan-06", "Jan 2, 2006", "January 2, 2006",
	"Jan 2 2006", "Jan 2006", "January 2006", "2006-01", time.RFC1123, time.RFC1123Z, time.ANSIC, time.UnixDate,
}

// dayFirst are those that take the day before the month.
var dayFirst = []string{
	"2/1/2006", "2/1/2006 15:04:05", "2/1/2006 15:04", "2-1-2006", "2-1-2006 15:04:05", "2-1-2006 15:04",
	"2.1.2006", "2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.06", "2/1/06",
}

// ParseTime reads a date or a time that names the year first, or a month by
// its name, or the month before the day (10/2/2024 is the 2nd of October), or
// the day first with dots (2.10.2024). Without a zone it is in UTC.
func ParseTime(text string) (time.Time, error) {
	t, _, err := parseTime(text, nil)
	return t, err
}

// parseTime tries a list of layouts, then all.
func parseTime(text string, first []string) (time.Time, string, error) {
	text = strings.TrimSpace(text)
	for _, list := range [][]string{first, layouts, dayFirst} {
		for _, layout := range list {
			if t, err := time.Parse(layout, text); err == nil {
				return t, layout, nil
			}
		}
	}
	return time.Time{}, "", fmt.Errorf("%q is not a date or time that is known: write it as 2024-02-29 or 2024-02-29 13:45:00", text)
}

// ParseTimes reads a column of dates or times that are all written in one way,
// that of the first which fits all: the month before the day unless a day
// above 12 says otherwise. Missing ones stay so.
func ParseTimes(cells []Cell[string]) ([]time.Time, error) {
	out := make([]time.Time, len(cells))
	at := 0 // the first that is there
	var candidates []string
	for r, c := range cells {
		if c.NA {
			continue
		}
		if candidates == nil {
			for _, list := range [][]string{layouts, dayFirst} {
				for _, l := range list {
					if _, err := time.Parse(l, strings.TrimSpace(c.V)); err == nil {
						candidates = append(candidates, l)
					}
				}
			}
			if candidates == nil {
				_, _, err := parseTime(c.V, nil)
				return nil, rowError{r, err}
			}
			at = r
		}
	}
	if candidates == nil {
		return out, nil
	}
	var failed error
	for _, layout := range candidates {
		failed = nil
		for r := at; r < len(cells); r++ {
			if cells[r].NA {
				continue
			}
			t, err := time.Parse(layout, strings.TrimSpace(cells[r].V))
			if err != nil {
				failed = rowError{r, fmt.Errorf("%q is not written as row %d has it (%q): write all in one way", cells[r].V, at+1, cells[at].V)}
				break
			}
			out[r] = t
		}
		if failed == nil {
			return out, nil
		}
	}
	return nil, failed
}
