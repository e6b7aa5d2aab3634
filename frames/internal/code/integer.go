package code

import (
	"cmp"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// CompareIntegers orders the names of integers, and the names of equal ones
// ("7", "007") by their text.
func CompareIntegers(a, b string) int {
	x, _ := ParseInteger(a)
	y, _ := ParseInteger(b)
	return cmp.Or(x.compare(y), strings.Compare(a, b))
}

// Integer is a whole number of any size: its sign and its decimal digits
// without leading zeros, none for zero.
type Integer struct {
	negative bool
	digits   string
}

func (x Integer) compare(y Integer) int {
	if x.negative != y.negative {
		if x.negative {
			return -1
		}
		return 1
	}
	c := cmp.Or(cmp.Compare(len(x.digits), len(y.digits)), strings.Compare(x.digits, y.digits))
	if x.negative {
		return -c
	}
	return c
}

// Rank returns a number in the same order as the integers. Those of more than
// 18 digits have one rank a sign.
func (x Integer) Rank() uint64 {
	const zero = 1 << 63
	if len(x.digits) > 18 {
		if x.negative {
			return 0
		}
		return math.MaxUint64
	}
	v := uint64(0)
	for i := range len(x.digits) {
		v = v*10 + uint64(x.digits[i]-'0')
	}
	if x.negative {
		return zero - v
	}
	return zero + v
}

// ParseInteger parses an integer as Python's int does: spaces around it, a
// sign, and digits of any script, between which single underscores may stand.
func ParseInteger(text string) (Integer, bool) {
	text = strings.TrimFunc(text, pythonSpace)
	var x Integer
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") {
		x.negative = text[0] == '-'
		text = text[1:]
	}
	if !AllDigits(text) {
		var ok bool
		if text, ok = plainDigits(text); !ok {
			return Integer{}, false
		}
	}
	x.digits = strings.TrimLeft(text, "0")
	x.negative = x.negative && x.digits != ""
	return x, true
}

// plainDigits turns digits of any script into 0 to 9 and takes underscores
// out.
func plainDigits(text string) (string, bool) {
	digits := make([]byte, 0, len(text))
	after := false // a digit
	for _, r := range text {
		if r == '_' && after {
			after = false
			continue
		}
		d, ok := digitValue(r)
		if !ok {
			return "", false
		}
		digits, after = append(digits, '0'+d), true
	}
	return string(digits), after
}

// digitValue returns the value of a decimal digit. Unicode has them in runs
// of ten, from zero to nine.
func digitValue(r rune) (byte, bool) {
	for _, run := range unicode.Nd.R16 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return byte((r - rune(run.Lo)) % 10), true
		}
	}
	for _, run := range unicode.Nd.R32 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return byte((r - rune(run.Lo)) % 10), true
		}
	}
	return 0, false
}

// pythonSpace reports what Python's str.strip takes off: beside Unicode's
// spaces the four separators.
func pythonSpace(r rune) bool { return unicode.IsSpace(r) || '\x1c' <= r && r <= '\x1f' }

// CanonicalInt parses text that is what Go prints for an int.
func CanonicalInt(text string) (int, bool) {
	v, err := strconv.Atoi(text)
	if err != nil || text[0] == '+' || len(text) > 1 && (text[0] == '0' || text[0] == '-' && text[1] == '0') {
		return 0, false
	}
	return v, true
}

// AllDigits reports whether text is one or more of 0 to 9.
func AllDigits(text string) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return text != ""
}
