// Package text reads tables that are text: compressed or not, in any encoding,
// with any separator. What a file is, is told by its bytes (decode.go,
// sniff.go) where nobody says it; what is not written as RFC 4180 has it is
// rewritten so on the way, line for line (rewrite.go); blocks of whole records
// (blocks.go) are then taken apart into fields (scan.go), and columns of fields
// get types (infer.go).
//
// It knows packages frame and code, and nothing of package frames.
package text

import (
	"fmt"
	"strings"

	"gonmf/frames/internal/frame"
)

// Options say how a file is written: see frames.CSV, which documents them.
type Options struct {
	Sep         string
	Decimal     string
	Thousands   string
	Encoding    string
	Comment     string
	Quote       string
	LooseQuotes bool
	Skip        int
	NoHeader    bool
	Names       []string
	NA          []string
	Ragged      string
	Notice      func(string)
}

// What Options.Ragged may be.
const (
	RaggedError = "error"
	RaggedFill  = "fill"
	RaggedSkip  = "skip"
)

// words are separators that are hard to type.
var words = map[string]string{"tab": "\t", `\t`: "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}

// checked returns the options with words replaced, or an error about one that
// cannot be.
func (o Options) checked() (Options, error) {
	if word, ok := words[strings.ToLower(o.Sep)]; ok {
		o.Sep = word
	}
	if o.Ragged == "" {
		o.Ragged = RaggedError
	}
	bad := func(format string, args ...any) (Options, error) {
		return o, frame.Errorf(frame.ErrSyntax, "frames: "+format, args...)
	}
	switch {
	case strings.ContainsAny(o.Sep, "\r\n\""):
		return bad("Sep %q: fields cannot be separated by quotes or line ends", o.Sep)
	case o.Decimal != "" && o.Decimal != "." && o.Decimal != ",":
		return bad(`Decimal %q: it is "." or ","`, o.Decimal)
	case len(o.Thousands) > 1 && o.Thousands != "\u00a0" && o.Thousands != "\u202f" && o.Thousands != "’":
		return bad("Thousands %q: it is one character", o.Thousands)
	case o.Thousands != "" && o.Thousands == o.decimal():
		return bad("Thousands and Decimal are both %q", o.Thousands)
	case len(o.Quote) > 1 && o.Quote != "none":
		return bad(`Quote %q: it is one character, or "none"`, o.Quote)
	case o.Sep != "" && (o.Sep == o.Quote || o.Sep == o.Comment):
		return bad("Sep %q stands for something else, too", o.Sep)
	case o.Skip < 0:
		return bad("Skip %d: want 0 or more lines", o.Skip)
	case o.Ragged != RaggedError && o.Ragged != RaggedFill && o.Ragged != RaggedSkip:
		return bad(`Ragged %q: it is "error", "fill" or "skip"`, o.Ragged)
	case len(o.Names) > 0 && !o.NoHeader:
		return bad("Names are for a file without a header: set NoHeader, too")
	}
	return o, nil
}

func (o Options) decimal() string {
	if o.Decimal == "" {
		return "."
	}
	return o.Decimal
}

func (o Options) notice(format string, args ...any) {
	if o.Notice != nil {
		o.Notice(fmt.Sprintf(format, args...))
	}
}

// named returns a separator as it is said.
func named(comma string) string {
	switch comma {
	case "\t":
		return "tab"
	case ",":
		return "comma"
	case ";":
		return "semicolon"
	case "|":
		return "pipe"
	case " ":
		return "space"
	default:
		return fmt.Sprintf("%q", comma)
	}
}

// Numbers says how numbers are written. The zero value stands for 1234.5.
type Numbers struct{ decimal, thousands string }

// Numbers returns how numbers are written.
func (o Options) Numbers() Numbers {
	n := Numbers{thousands: o.Thousands}
	if o.Decimal == "," {
		n.decimal = ","
	}
	return n
}

// Plain returns the text of a number with a point and without separators. What
// is no number stays none.
func (n Numbers) Plain(text string) string {
	if n == (Numbers{}) || text == "" {
		return text
	}
	if n.decimal != "" && n.thousands != "." && strings.Contains(text, ".") {
		return text + "?" // no number in this file, though it looks like one
	}
	if n.thousands != "" {
		whole, fraction, _ := strings.Cut(text, n.decimalOrPoint())
		if strings.Contains(whole, n.thousands) && grouped(whole, n.thousands) {
			text = strings.ReplaceAll(whole, n.thousands, "") + text[len(whole):]
		}
		if strings.Contains(fraction, n.thousands) {
			return text + "?"
		}
	}
	if n.decimal != "" {
		text = strings.Replace(text, n.decimal, ".", 1)
	}
	return text
}

func (n Numbers) decimalOrPoint() string {
	if n.decimal == "" {
		return "."
	}
	return n.decimal
}

// grouped reports whether digits stand in groups, the last of which have
// three (1,234,567; as Indians write it 12,34,567).
func grouped(text, separator string) bool {
	parts := strings.Split(strings.TrimLeft(strings.TrimSpace(text), "+-"), separator)
	for i, part := range parts {
		if part == "" || strings.Trim(part, "0123456789") != "" || i > 0 && len(part) > 3 || i == len(parts)-1 && len(part) != 3 {
			return false
		}
	}
	return true
}
