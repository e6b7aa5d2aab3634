package files

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"strings"

	"gonmf/frames/internal/text"
)

// format is what a file holds.
type format int

const (
	csvFormat format = iota // any other text
	parquetFormat
	arrowFormat
	streamFormat
	excelFormat
	jsonFormat
	marketFormat // Matrix Market
	gctFormat
	npyFormat
	npzFormat
)

// formatOf looks at the first bytes of a file, and of what it is when it is
// decompressed.
func formatOf(f *os.File, size int64) (format, error) {
	head := make([]byte, 1<<10)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return 0, err
	}
	head = head[:n]
	switch start := string(head); {
	case strings.HasPrefix(start, "PAR1"), strings.HasPrefix(start, "PARE"):
		return parquetFormat, nil
	case strings.HasPrefix(start, "ARROW1"):
		return arrowFormat, nil
	case strings.HasPrefix(start, "\xff\xff\xff\xff"), oldStream(head):
		return streamFormat, nil
	case strings.HasPrefix(start, "\x93NUMPY"):
		return npyFormat, nil
	case strings.HasPrefix(start, "PK\x03\x04"):
		if kind := zipped(f, size); kind != csvFormat {
			return kind, nil
		}
	}
	plain, err := text.Decompress(io.NewSectionReader(f, 0, size))
	if err != nil {
		return csvFormat, nil // which says what is wrong with it
	}
	n, _ = io.ReadFull(plain, head[:cap(head)]) // as far as it goes
	head = bytes.TrimLeft(bytes.TrimPrefix(head[:n], []byte("\xef\xbb\xbf")), " \t\r\n")
	switch start := string(head); {
	case strings.HasPrefix(strings.ToLower(start), "%%matrixmarket"):
		return marketFormat, nil
	case strings.HasPrefix(start, "#1.2\n"), strings.HasPrefix(start, "#1.3\n"), strings.HasPrefix(start, "#1.2\r\n"), strings.HasPrefix(start, "#1.3\r\n"):
		return gctFormat, nil
	case strings.HasPrefix(start, "\x93NUMPY"):
		return npyFormat, nil
	case begins(start, "{", "\"}"), begins(start, "[", "{]"):
		return jsonFormat, nil
	}
	return csvFormat, nil
}

// begins reports whether a text begins so, and goes on with one of the bytes of
// next after spaces.
func begins(s, with, next string) bool {
	rest, ok := strings.CutPrefix(s, with)
	rest = strings.TrimLeft(rest, " \t\r\n")
	return ok && rest != "" && strings.IndexByte(next, rest[0]) >= 0
}

// zipped tells what a zip file is by the names in it.
func zipped(f *os.File, size int64) format {
	z, err := zip.NewReader(f, size)
	if err != nil || len(z.File) == 0 {
		return csvFormat
	}
	arrays := true
	for _, file := range z.File {
		if file.Name == "xl/workbook.xml" {
			return excelFormat
		}
		arrays = arrays && strings.HasSuffix(file.Name, ".npy")
	}
	if arrays {
		return npzFormat
	}
	return csvFormat
}

// oldStream reports whether a file begins as an Arrow stream of a version
// before 0.15: with the size of a message, which is a schema.
func oldStream(head []byte) (ok bool) {
	const (
		typeSlot   = 6
		schemaType = 1
	)
	if len(head) < 32 {
		return false
	}
	size, message := binary.LittleEndian.Uint32(head), head[4:]
	root := binary.LittleEndian.Uint32(message)
	if size < 16 || size > 1<<24 || size%8 != 4 && size%8 != 0 || int(root) > len(message)-4 {
		return false
	}
	table := int(root) - int(int32(binary.LittleEndian.Uint32(message[root:]))) // of its slots
	if table < 0 || table > len(message)-typeSlot-2 || int(binary.LittleEndian.Uint16(message[table:])) < typeSlot+2 {
		return false
	}
	at := int(root) + int(binary.LittleEndian.Uint16(message[table+typeSlot:]))
	return at > int(root) && at < len(message) && message[at] == schemaType
}
