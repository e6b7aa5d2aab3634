// Package excel reads the first sheet of an Excel workbook (.xlsx, Office Open
// XML, ECMA-376), as pandas.read_excel does: the first row that is not empty
// names the columns; whole numbers, numbers, truths, text, and dates and times,
// which are numbers that a format makes dates of. Empty rows are left out. The
// value of a formula is the one that was kept.
package excel

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"time"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
	"gonmf/frames/internal/frame"
	"gonmf/frames/internal/text"
)

// maxColumns is the most columns of a sheet.
const maxColumns = 1 << 14

// Sheet is a sheet that is read a row at a time.
type Sheet struct {
	file  io.ReadCloser
	in    *xml.Decoder
	names []string
	first int // column that the first name is of

	texts  []string
	styles []kind // by number
	epoch  time.Time

	row    []cells.Cell // by column of the sheet
	number int          // of the row, from 1
	chosen []int
	batch  [][]cells.Cell
}

// Open opens the first sheet of a workbook.
func Open(r io.ReaderAt, size int64) (*Sheet, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, damaged(err)
	}
	book := workbook{zip: z}
	s, err := book.open()
	if err != nil {
		return nil, damaged(err)
	}
	for {
		more, err := s.next()
		if err != nil {
			s.Close()
			return nil, s.failed(err)
		}
		if !more {
			s.Close()
			return nil, frame.Errorf(frames.ErrEmpty, "frames: the first sheet of the workbook is empty")
		}
		if s.header() {
			return s, nil
		}
	}
}

// Close ends the reading.
func (s *Sheet) Close() { s.file.Close() }

func damaged(err error) error {
	return frame.Errorf(errors.Join(frames.ErrFormat, err), "frames: the Excel workbook is damaged: %v", err)
}

func (s *Sheet) failed(err error) error {
	return frame.Errorf(errors.Join(frames.ErrFormat, err), "frames: the Excel workbook is damaged: first sheet, after row %d: %v", s.number, err)
}

// header takes the row for the names of columns, unless it is empty.
func (s *Sheet) header() bool {
	last := 0
	for c, cell := range s.row {
		if cell.Kind != cells.Null {
			last = c + 1
		}
	}
	for s.first < last && s.row[s.first].Kind == cells.Null {
		s.first++
	}
	for _, cell := range s.row[:last][min(s.first, last):] {
		s.names = append(s.names, string(cell.AppendText(nil)))
	}
	s.names = text.Distinct(s.names)
	return last > 0
}

// Names implements cells.Source.
func (s *Sheet) Names() []string { return s.names }

// Whole implements cells.Source.
func (s *Sheet) Whole() int { return len(s.names) }

// Choose implements cells.Source.
func (s *Sheet) Choose(columns []int) error {
	s.chosen, s.batch = columns, make([][]cells.Cell, len(columns))
	return nil
}

// Next implements cells.Source.
func (s *Sheet) Next() ([][]cells.Cell, error) {
	const rows = 256
	for n := range s.batch {
		s.batch[n] = s.batch[n][:0]
	}
	count := 0
	for count < rows && len(s.chosen) > 0 {
		more, err := s.next()
		if err != nil {
			return nil, s.failed(err)
		}
		if !more {
			break
		}
		empty := true
		for _, cell := range s.row {
			empty = empty && cell.Kind == cells.Null
		}
		if empty {
			continue
		}
		for n, at := range s.chosen {
			var cell cells.Cell
			if at += s.first; at < len(s.row) {
				cell = s.row[at]
			}
			s.batch[n] = append(s.batch[n], cell)
		}
		count++
	}
	if count == 0 {
		return nil, io.EOF
	}
	return s.batch, nil
}

// next reads the next row.
func (s *Sheet) next() (bool, error) {
	for {
		token, err := s.in.Token()
		if err == io.EOF {
			return false, nil
		} else if err != nil {
			return false, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "row" {
			s.number++
			if r, err := strconv.Atoi(attribute(start, "r")); err == nil {
				s.number = r
			}
			return true, s.readRow()
		}
	}
}

// sheetCell is a cell as it is written.
type sheetCell struct {
	Place  string   `xml:"r,attr"`
	Type   string   `xml:"t,attr"`
	Style  int      `xml:"s,attr"`
	Value  string   `xml:"v"`
	Inline richText `xml:"is"`
}

// richText is text, in one or in parts.
type richText struct {
	Text  string   `xml:"t"`
	Parts []string `xml:"r>t"`
}

func (t richText) String() string { return t.Text + strings.Join(t.Parts, "") }

func (s *Sheet) readRow() error {
	s.row = s.row[:0]
	for {
		token, err := s.in.Token()
		if err != nil {
			return short(err)
		}
		switch token := token.(type) {
		case xml.EndElement:
			if token.Name.Local == "row" {
				return nil
			}
		case xml.StartElement:
			if token.Name.Local != "c" {
				continue
			}
			var c sheetCell
			if err := s.in.DecodeElement(&c, &token); err != nil {
				return short(err)
			}
			at := len(s.row)
			if c.Place != "" {
				at = columnOf(c.Place)
			}
			if at < len(s.row) || at >= maxColumns {
				return fmt.Errorf("a cell %.20q", c.Place)
			}
			for len(s.row) < at {
				s.row = append(s.row, cells.Cell{})
			}
			cell, err := s.cell(&c)
			if err != nil {
				return err
			}
			s.row = append(s.row, cell)
		}
	}
}

func short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("it ends too early")
	}
	return err
}

// columnOf returns the column of a place such as AB12, from 0.
func columnOf(place string) int {
	n := 0
	for _, c := range place {
		if c < 'A' || c > 'Z' || n > maxColumns {
			break
		}
		n = 26*n + int(c-'A') + 1
	}
	return n - 1
}

// cell returns the value of a cell.
func (s *Sheet) cell(c *sheetCell) (cells.Cell, error) {
	of := func(text string) cells.Cell {
		if text == "" {
			return cells.Cell{}
		}
		return cells.OfText([]byte(text))
	}
	switch c.Type {
	case "s":
		n, err := strconv.Atoi(c.Value)
		if err != nil || n < 0 || n >= len(s.texts) {
			return cells.Cell{}, fmt.Errorf("cell %s has text %.20q of %d", c.Place, c.Value, len(s.texts))
		}
		return of(s.texts[n]), nil
	case "inlineStr":
		return of(c.Inline.String()), nil
	case "str":
		return of(c.Value), nil
	case "b":
		return cells.OfBool(c.Value == "1"), nil
	case "e": // of a formula, as #N/A
		return cells.Cell{}, nil
	case "d":
		return of(strings.Replace(c.Value, "T", " ", 1)), nil
	}
	if c.Value == "" {
		return cells.Cell{}, nil
	}
	v, err := strconv.ParseFloat(c.Value, 64)
	if err != nil {
		return cells.Cell{}, fmt.Errorf("cell %s has the number %.20q", c.Place, c.Value)
	}
	kind := plain
	if c.Style >= 0 && c.Style < len(s.styles) {
		kind = s.styles[c.Style]
	}
	switch {
	case kind == plain && v == float64(int64(v)):
		return cells.OfInt(int64(v)), nil
	case kind == plain || v < 0 || v > 1e7: // which is no date
		return cells.OfFloat(v), nil
	}
	// To the millisecond, which is what the numbers of dates are good for.
	since := time.Duration(v*86400e3+.5) * time.Millisecond
	switch {
	case kind == duration:
		return cells.OfDuration(int64(since), 1), nil
	case v < 1:
		return cells.OfClock(since), nil
	}
	days := int(v)
	if s.epoch.Year() == 1899 && v < 60 { // there, 1900 has a 29th of February
		days++
	}
	at := s.epoch.AddDate(0, 0, days).Add(since - time.Duration(int(v))*24*time.Hour)
	return cells.OfTime(at, false), nil
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// workbook is the parts of a file.
type workbook struct{ zip *zip.Reader }

func (w *workbook) part(name string) (io.ReadCloser, error) {
	for _, f := range w.zip.File {
		if strings.EqualFold(f.Name, name) {
			return f.Open()
		}
	}
	return nil, fmt.Errorf("it has no %s", name)
}

// decode reads a part of XML; one that is not there is left as it is.
func (w *workbook) decode(name string, to any) error {
	f, err := w.part(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	if err := xml.NewDecoder(f).Decode(to); err != nil {
		return fmt.Errorf("%s: %w", name, short(err))
	}
	return nil
}

func (w *workbook) open() (*Sheet, error) {
	var book struct {
		Properties struct {
			From1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			ID    string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
			State string `xml:"state,attr"`
		} `xml:"sheets>sheet"`
	}
	var relations struct {
		All []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	var shared struct {
		Texts []richText `xml:"si"`
	}
	var styles styleSheet
	for _, p := range []struct {
		name string
		to   any
	}{{"xl/workbook.xml", &book}, {"xl/_rels/workbook.xml.rels", &relations}, {"xl/sharedStrings.xml", &shared}, {"xl/styles.xml", &styles}} {
		if err := w.decode(p.name, p.to); err != nil {
			return nil, err
		}
	}
	if len(book.Sheets) == 0 {
		return nil, errors.New("it has no sheets")
	}
	name := "xl/worksheets/sheet1.xml"
	for _, r := range relations.All {
		if r.ID != "" && r.ID == book.Sheets[0].ID {
			if name = path.Join("xl", r.Target); strings.HasPrefix(r.Target, "/") {
				name = r.Target[1:]
			}
		}
	}
	f, err := w.part(name)
	if err != nil {
		return nil, err
	}
	s := &Sheet{file: f, in: xml.NewDecoder(f), styles: styles.kinds(), epoch: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)}
	if v := book.Properties.From1904; v == "1" || v == "true" {
		s.epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	for _, t := range shared.Texts {
		s.texts = append(s.texts, t.String())
	}
	return s, nil
}
