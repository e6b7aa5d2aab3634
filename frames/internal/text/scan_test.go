package text

import (
	"encoding/csv"
	"fmt"
	"gonmf/frames/internal/frame"
	"io"
	"slices"
	"strings"
	"testing"
)

// FuzzScan holds the scanner to encoding/csv: what both take they take alike,
// cut into blocks anywhere.
func FuzzScan(f *testing.F) {
	for _, text := range []string{"a,b\n1,2\n", "\"a\"\"b\",\"c\nd\"\r\n,\n", "\n\n\"", "a\rb", "\xef\xbb\xbfa", "\x1f\x8b\x08", "a,\"b\"c"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := scanAll(strings.NewReader(text), blockSize)
		again, errAgain := scanAll(strings.NewReader(text), 4)
		if fmt.Sprint(err) != fmt.Sprint(errAgain) || !slices.EqualFunc(got, again, slices.Equal) {
			t.Fatalf("%q: %q, %v; in small blocks %q, %v", text, got, err, again, errAgain)
		}
		if err != nil || strings.Contains(text, "\r") || strings.HasPrefix(text, "\ufeff") || strings.HasPrefix(text, "\x1f\x8b") {
			return // encoding/csv drops \r where Python keeps it
		}
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		want, err := r.ReadAll()
		if err != nil {
			t.Fatalf("%q: read as %q, encoding/csv says %v", text, got, err)
		}
		if !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%q: got %q, encoding/csv reads %q", text, got, want)
		}
	})
}

func scanAll(r io.Reader, size int) ([][]string, error) {
	in, s, err := NewBlocks(r, Options{Sep: ",", Encoding: "utf-8"})
	if err != nil {
		return nil, err
	}
	in.size = size
	var records [][]string
	for {
		b, err := in.Next(nil)
		if err == io.EOF {
			return records, nil
		} else if err != nil {
			return nil, err
		}
		s.Reset(b)
		before := len(records)
		for {
			more, err := s.Scan()
			if err != nil {
				return nil, frame.ShiftRow(err, before)
			}
			if !more {
				break
			}
			record := make([]string, len(s.Fields))
			for i, field := range s.Fields {
				record[i] = string(field)
			}
			records = append(records, record)
		}
	}
}
