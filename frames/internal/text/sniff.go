package text

import (
	"bytes"
	"strings"
)

// separators are those that are guessed, the most likely first.
var separators = []string{",", ";", "\t", "|"}

// guess returns the separator of a text: the one of which each line has as
// many as the first, the comma if it is one of several; else that of which the
// first line has most.
func guess(sample []byte, o Options) string {
	lines := sampleLines(sample, o)
	if len(lines) == 0 {
		return ","
	}
	best, most := ",", 0
	for _, c := range separators {
		n := strings.Count(lines[0], c)
		same := n > 0
		for _, line := range lines[1:] {
			same = same && strings.Count(line, c) == n
		}
		switch {
		case same && c == ",":
			return c
		case same:
			n += 1 << 20 // before all that are not in each line
		}
		if n > most {
			best, most = c, n
		}
	}
	return best
}

// sampleLines returns the first records of a text without what is in quotes.
func sampleLines(sample []byte, o Options) []string {
	const most = 100
	quote := byte('"')
	if o.Quote != "" {
		quote = o.Quote[0]
	}
	if o.Quote == "none" {
		quote = 0
	}
	var lines []string
	var line []byte
	inside := false
	skip := o.Skip
	for _, b := range bytes.ReplaceAll(sample, []byte("\r\n"), []byte{'\n'}) {
		switch {
		case b == quote && quote != 0:
			inside = !inside
		case inside:
		case b == '\n' || b == '\r':
			switch {
			case skip > 0:
				skip--
			case len(line) > 0 && (o.Comment == "" || !bytes.HasPrefix(line, []byte(o.Comment))):
				lines = append(lines, string(line))
			}
			if line = line[:0]; len(lines) == most {
				return lines
			}
		default:
			line = append(line, b)
		}
	}
	if len(line) > 0 && len(sample) < sampleSize {
		lines = append(lines, string(line))
	}
	return lines
}

// returnsOnly reports whether lines end with carriage returns alone.
func returnsOnly(sample []byte) bool {
	return bytes.IndexByte(sample, '\r') >= 0 && bytes.IndexByte(sample, '\n') < 0
}
