package text

import (
	"archive/zip"
	"bufio"
	"bytes"
	"compress/bzip2"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"gonmf/frames/internal/frame"
)

// sampleSize is how much of a file is looked at to tell what it is.
const sampleSize = 1 << 20

// sampled is a reader of which the first bytes are known.
type sampled struct {
	head []byte // not yet read on
	r    io.Reader
	err  error // what r said last
}

// sample reads the first n bytes of r, fewer if there are no more.
func sample(r io.Reader, n int) *sampled {
	s := &sampled{head: make([]byte, 0, n), r: r}
	for len(s.head) < n && s.err == nil {
		var m int
		m, s.err = r.Read(s.head[len(s.head):n])
		s.head = s.head[:len(s.head)+m]
	}
	return s
}

// Read implements io.Reader.
func (s *sampled) Read(p []byte) (int, error) {
	switch {
	case len(s.head) > 0:
		n := copy(p, s.head)
		s.head = s.head[n:]
		return n, nil
	case s.err != nil:
		return 0, s.err
	}
	n, err := s.r.Read(p)
	s.err = err
	return n, err
}

// Unmarked leaves out the mark of UTF-8 that a text may begin with.
func Unmarked(r io.Reader) io.Reader {
	s := sample(r, 3)
	s.head = bytes.TrimPrefix(s.head, []byte("\xef\xbb\xbf"))
	return s
}

// empty returns an error where there is nothing to read.
func (s *sampled) empty() error {
	switch {
	case len(s.head) > 0:
		return nil
	case s.err != io.EOF:
		return readError(s.err)
	}
	return frame.Errorf(frame.ErrEmpty, "frames: the file is empty")
}

// Decompress takes off gzip, zstd, bzip2, xz, or a zip with one file in it,
// which their first bytes tell.
func Decompress(r io.Reader) (io.Reader, error) {
	br := sample(r, 64<<10)
	head, err := br.head, error(nil)
	var z io.Reader
	switch text := string(head); {
	case strings.HasPrefix(text, "\x1f\x8b"):
		z, err = gzip.NewReader(br)
	case strings.HasPrefix(text, "\x28\xb5\x2f\xfd"):
		z, err = zstd.NewReader(br, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<30))
	case strings.HasPrefix(text, "BZh") && len(text) > 3 && '1' <= text[3] && text[3] <= '9':
		z, err = bzip2.NewReader(br), nil
	case strings.HasPrefix(text, "\xfd7zXZ\x00"):
		z, err = xz.NewReader(br)
	case strings.HasPrefix(text, "PK\x03\x04"):
		z, err = unzip(br)
	default:
		return br, nil
	}
	if err != nil {
		return nil, readError(err)
	}
	return bufio.NewReaderSize(z, 64<<10), nil
}

// unzip opens the only file of a zip archive. An archive is read from its end,
// so that it is held in memory.
func unzip(r io.Reader) (io.Reader, error) {
	raw, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	archive, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, frame.Errorf(frame.ErrSyntax, "frames: the zip file is damaged: fetch it again")
	}
	var found []*zip.File
	for _, f := range archive.File {
		if f.FileInfo().Mode().IsRegular() && !strings.HasPrefix(f.Name, "__MACOSX/") {
			found = append(found, f)
		}
		if f.Name == "[Content_Types].xml" {
			return nil, frame.Errorf(frame.ErrSyntax, "frames: this is an Excel workbook or another document of Office: files.Read and files.ReadInteractions read a workbook's first sheet")
		}
	}
	if len(found) != 1 {
		return nil, frame.Errorf(frame.ErrSyntax, "frames: the zip file has %d files, of which one cannot be told: unpack it", len(found))
	}
	return found[0].Open()
}

// others are the first bytes of files that are no text, and the way on.
var others = []struct {
	at          int
	magic, told string
}{
	{0, "\x89HDF\r\n\x1a\n", "an HDF5 file (.h5, .h5ad): in Python, anndata or h5py read it and scipy.io.mmwrite or to_parquet write what is read here"},
	{0, "ORC", "an ORC file: pyarrow.orc reads it and to_parquet writes what is read here"},
	{0, "SQLite format 3\x00", "an SQLite database: package query reads a SELECT from it"},
	{8, "DUCK", "a DuckDB database: COPY (SELECT ...) TO 'table.parquet' writes what is read here"},
	{0, "\x80\x02", "a Python pickle: in Python, pandas.read_pickle(...).to_parquet(...) writes what is read here"},
	{0, "\x80\x03", "a Python pickle: in Python, pandas.read_pickle(...).to_parquet(...) writes what is read here"},
	{0, "\x80\x04", "a Python pickle: in Python, pandas.read_pickle(...).to_parquet(...) writes what is read here"},
	{0, "\x80\x05", "a Python pickle: in Python, pandas.read_pickle(...).to_parquet(...) writes what is read here"},
	{0, "MATLAB 5.0", "a MATLAB file: in Python, scipy.io.loadmat and scipy.io.mmwrite lead to what is read here"},
	{0, "\x93NUMPY", "a NumPy array (.npy), which has no columns: files.ReadInteractions reads it"},
	{0, "\xd0\xcf\x11\xe0", "an old Excel workbook (.xls): save it as .xlsx or CSV"},
	{0, "PARE", "an encrypted Parquet file, which is not read: decrypt it with what wrote it"},
	{0, "PAR1", "a Parquet file: package parquet, and files.Read, read it"},
	{0, "ARROW1", "an Arrow file: package arrow, and files.Read, read it"},
	{0, "\xff\xff\xff\xff", "an Arrow stream: package arrow, and files.Read, read it"},
	{0, "%PDF-", "a PDF: no table can be read from it"},
	{0, "\x89PNG", "a picture"},
	{0, "\xff\xd8\xff", "a picture"},
	{0, "\x04\x22\x4d\x18", "compressed by lz4, which is not read: compress it with gzip or zstd"},
	{0, "7z\xbc\xaf\x27\x1c", "a 7z archive, which is not read: unpack it"},
	{0, "Rar!", "a RAR archive, which is not read: unpack it"},
}

// refuse returns an error for what is known to be no text.
func refuse(head []byte) error {
	for _, o := range others {
		if len(head) >= o.at && bytes.HasPrefix(head[o.at:], []byte(o.magic)) {
			return frame.Errorf(frame.ErrSyntax, "frames: this is no CSV file, but %s", o.told)
		}
	}
	return nil
}

// decoded returns the text as UTF-8 without a byte order mark.
func decoded(r io.Reader, o Options) (*sampled, error) {
	br := sample(r, sampleSize)
	if err := br.empty(); err != nil {
		return nil, err
	}
	if err := refuse(br.head); err != nil {
		return nil, err
	}
	if rest, marked := bytes.CutPrefix(br.head, []byte("\xef\xbb\xbf")); marked {
		br.head = rest
		return br, nil
	}
	how, err := encodingOf(br.head, br.err == io.EOF, o)
	if err != nil || how == nil {
		return br, err
	}
	br = sample(how.NewDecoder().Reader(br), sampleSize)
	return br, br.empty()
}

// encodingOf returns the encoding that is asked for or told by the first bytes;
// nil for UTF-8.
func encodingOf(sample []byte, whole bool, o Options) (encoding.Encoding, error) {
	marked := bytes.HasPrefix(sample, []byte("\xff\xfe")) || bytes.HasPrefix(sample, []byte("\xfe\xff"))
	switch name := strings.ToLower(strings.ReplaceAll(o.Encoding, "_", "-")); {
	case name == "utf-8" || name == "utf8":
		return nil, nil
	case name == "" && marked, name == "utf-16" || name == "utf16":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), nil
	case name == "latin-1" || name == "latin1" || name == "iso-8859-1":
		return charmap.ISO8859_1, nil
	case name != "":
		how, err := htmlindex.Get(name)
		if err != nil {
			return nil, frame.Errorf(frame.ErrSyntax, "frames: Encoding %q is not known: there are utf-8, utf-16, latin-1, windows-1252, iso-8859-15, shift_jis, gbk and what else web pages are written in", o.Encoding)
		}
		return how, nil
	}
	if end, ok := wide(sample); ok {
		o.notice("read as UTF-16, which has no mark here: Encoding %q says so", "utf-16le")
		return unicode.UTF16(end, unicode.IgnoreBOM), nil
	}
	if line, ok := badUTF8(sample, whole); ok {
		o.notice("read as windows-1252, since line %d is not UTF-8: another Encoding is to be named", line)
		return charmap.Windows1252, nil
	}
	return nil, nil
}

// wide reports whether every other byte of text is 0, as UTF-16 has it.
func wide(sample []byte) (end unicode.Endianness, ok bool) {
	n := min(len(sample), 1024) / 2 * 2
	var zeros [2]int
	for i, b := range sample[:n] {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch most := n / 2 * 3 / 4; {
	case n < 8:
		return end, false
	case zeros[1] > most && zeros[0] == 0:
		return unicode.LittleEndian, true
	case zeros[0] > most && zeros[1] == 0:
		return unicode.BigEndian, true
	}
	return end, false
}

// badUTF8 returns the line of the first byte that is not UTF-8. A character
// that is cut off at the end of a part is none.
func badUTF8(sample []byte, whole bool) (line int, bad bool) {
	if utf8.Valid(sample) {
		return 0, false
	}
	for at := 0; at < len(sample); {
		r, n := utf8.DecodeRune(sample[at:])
		if r == utf8.RuneError && n == 1 {
			if !whole && !utf8.FullRune(sample[at:]) {
				return 0, false
			}
			return 1 + bytes.Count(sample[:at], []byte{'\n'}), true
		}
		at += n
	}
	return 0, false
}

// readError wraps what a reader said.
func readError(err error) error {
	var known interface{ Unwrap() error }
	switch {
	case errors.Is(err, frame.ErrSyntax) && errors.As(err, &known):
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return frame.Errorf(err, "frames: the compressed file ends too early: it was cut off, fetch it again")
	case damaged(err):
		return frame.Errorf(err, "frames: the compressed file is damaged, fetch it again")
	default:
		return frame.Errorf(err, "frames: reading: %v", err)
	}
}
