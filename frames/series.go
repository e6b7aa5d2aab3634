package frames

import (
	"strconv"

	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
)

// labelColumn returns labels as an Int column when each is what Go prints for
// an int, as [ReadCSV] does, and as a String column otherwise.
func labelColumn(labels []string) series.Series {
	ints := make([]int, len(labels))
	for i, l := range labels {
		v, ok := canonicalInt(l)
		if !ok {
			return frame.Text(labels, false)
		}
		ints[i] = v
	}
	return series.New(ints, series.Int, "")
}

// canonicalInt parses text that is what Go prints for an int.
func canonicalInt(text string) (int, bool) {
	v, err := strconv.Atoi(text)
	if err != nil || text[0] == '+' || len(text) > 1 && (text[0] == '0' || text[0] == '-' && text[1] == '0') {
		return 0, false
	}
	return v, true
}

// allDigits reports whether text is one or more of 0 to 9.
func allDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
