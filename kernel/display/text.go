package display

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
)

const (
	maxElements = 1000     // of a slice or map that plain text lists
	maxText     = 20 << 10 // bytes that a value puts into a notebook by itself
	lineWidth   = 100      // of a list of numbers
)

// plain is the text of a value: its own, if it has one; fields of structs with their names; long lists cut short.
func plain(v any) string {
	text := guardedText(v)
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], "") + fmt.Sprintf("… (%s bytes in all)", grouped(len(text)))
	}
	return text
}

func guardedText(v any) (text string) {
	defer func() {
		if p := recover(); p != nil {
			text = fmt.Sprintf("%T (its text cannot be had: %v)", v, p)
		}
	}()
	switch v := v.(type) {
	case nil:
		return "nil"
	case string:
		return v
	case error:
		return fmt.Sprint(v) // which knows what to do about a nil pointer
	case fmt.Formatter:
		return fmt.Sprintf("%v", v)
	case fmt.Stringer:
		return fmt.Sprint(v)
	}
	rv := reflect.ValueOf(v)
	switch rv.Kind() {
	case reflect.Slice, reflect.Array:
		if list, ok := listed(rv); ok {
			return list
		}
		if n := rv.Len(); n > maxElements && rv.Kind() == reflect.Slice && !repeats(rv) {
			head := fmt.Sprintf("%+v", rv.Slice(0, maxElements).Interface())
			return strings.TrimSuffix(head, "]") + fmt.Sprintf(" … %s in all]", grouped(n))
		}
	case reflect.Func, reflect.Chan: // whose address says nothing
		if rv.IsNil() {
			return rv.Type().String() + "(nil)"
		}
		return rv.Type().String()
	case reflect.Map:
		if n := rv.Len(); n > maxElements {
			return fmt.Sprintf("%T with %s entries", v, grouped(n))
		}
	}
	if repeats(rv) {
		var b strings.Builder
		writeOnce(&b, rv, map[visit]bool{})
		return b.String()
	}
	return fmt.Sprintf("%+v", v)
}

// listed writes texts in quotes and numbers as a table has them, a line of them after another; nothing of other
// elements, and of those that have a text of their own.
func listed(v reflect.Value) (string, bool) {
	elem := v.Type().Elem()
	if hasOwnText(elem) || v.Type().Elem().Kind() == reflect.Uint8 {
		return "", false
	}
	var write func(reflect.Value) string
	switch {
	case elem.Kind() == reflect.String:
		write = func(e reflect.Value) string { return strconv.Quote(e.String()) }
	case elem.Kind() == reflect.Float64 || elem.Kind() == reflect.Float32:
		write = func(e reflect.Value) string { return number(e.Float()) }
	case isNumeric(elem.Kind()):
		write = func(e reflect.Value) string { return fmt.Sprint(e.Interface()) }
	default:
		return "", false
	}
	var b strings.Builder
	b.WriteByte('[')
	width := 1
	for i := range min(v.Len(), maxElements) {
		text := write(v.Index(i))
		if i > 0 {
			if width+1+len(text) > lineWidth {
				b.WriteString("\n ")
				width = 1
			} else {
				b.WriteByte(' ')
				width++
			}
		}
		b.WriteString(text)
		width += len(text)
	}
	if n := v.Len(); n > maxElements {
		fmt.Fprintf(&b, " … %s in all", grouped(n))
	}
	b.WriteByte(']')
	return b.String(), true
}

// number formats a cell of a table: six significant digits, as one reads them.
func number(x float64) string {
	if math.IsNaN(x) {
		return "NaN"
	}
	if a := math.Abs(x); x == math.Trunc(x) && a < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// grouped writes 100000 as 100,000.
func grouped(n int) string {
	s := strconv.Itoa(n)
	sign := 0
	if n < 0 {
		sign = 1
	}
	for i := len(s) - 3; i > sign; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
