package excel

import "strings"

// kind is what a format makes of a number.
type kind byte

const (
	plain kind = iota
	date
	duration
)

// styleSheet is the formats of a workbook.
type styleSheet struct {
	Formats []struct {
		ID   int    `xml:"numFmtId,attr"`
		Code string `xml:"formatCode,attr"`
	} `xml:"numFmts>numFmt"`
	Cells []struct {
		Format int `xml:"numFmtId,attr"`
	} `xml:"cellXfs>xf"`
}

// kinds returns what the styles of cells make of numbers.
func (s *styleSheet) kinds() []kind {
	own := map[int]string{}
	for _, f := range s.Formats {
		own[f.ID] = f.Code
	}
	kinds := make([]kind, len(s.Cells))
	for n, c := range s.Cells {
		if code, ok := own[c.Format]; ok {
			kinds[n] = kindOf(code)
		} else {
			kinds[n] = builtin(c.Format)
		}
	}
	return kinds
}

// builtin returns the kind of a format that every workbook has.
func builtin(n int) kind {
	switch {
	case n == 46: // [h]:mm:ss
		return duration
	case 14 <= n && n <= 22, 27 <= n && n <= 36, n == 45, n == 47, 50 <= n && n <= 58:
		return date
	}
	return plain
}

// kindOf looks at the first part of a format, without what is in quotes, after
// a backslash or in brackets, unless that is time that has passed: [h].
func kindOf(code string) kind {
	code, _, _ = strings.Cut(strings.ToLower(code), ";")
	for i := 0; i < len(code); i++ {
		switch c := code[i]; c {
		case '"':
			end := strings.IndexByte(code[i+1:], '"')
			if end < 0 {
				return plain
			}
			i += end + 1
		case '\\', '_', '*':
			i++
		case '[':
			end := strings.IndexByte(code[i:], ']')
			if end < 0 {
				return plain
			}
			if strings.Trim(code[i+1:i+end], "hms") == "" {
				return duration
			}
			i += end
		case 'y', 'd', 'h', 's', 'm':
			return date
		case 'g': // General
			if strings.HasPrefix(code[i:], "general") {
				return plain
			}
		}
	}
	return plain
}
