package parquet

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// checkEnd sees that the description of the file, whose length stands at its
// end, is within it.
func checkEnd(r io.ReaderAt, size int64) error {
	const end, least = 8, 12 // bytes of the end, and of a file
	if size < least {
		return fmt.Errorf("%d bytes", size)
	}
	var tail [end]byte
	if _, err := r.ReadAt(tail[:], size-end); err != nil && err != io.EOF {
		return err
	}
	if n := int64(binary.LittleEndian.Uint32(tail[:])); n > size-least {
		return fmt.Errorf("its description is said to have %d bytes, of %d", n, size)
	}
	return nil
}

// checkPages goes through the pages of a column of a row group before the library
// does, which makes room for as much as a page says of itself: in a damaged file
// more than there is. That is held against what the end of the file says of the
// column, and this against the rows and the size of the file.
func checkPages(r io.ReaderAt, size, rows int64, c *pq.Column, column *format.ColumnMetaData) error {
	start := column.DataPageOffset
	if column.DictionaryPageOffset != 0 {
		start = column.DictionaryPageOffset
	}
	if start < 0 || column.TotalCompressedSize < 0 || start > size || column.TotalCompressedSize > size-start {
		return fmt.Errorf("%d bytes from %d of a file of %d", column.TotalCompressedSize, start, size)
	}
	if column.NumValues > rows {
		return fmt.Errorf("%d values of %d rows", column.NumValues, rows)
	}
	section := io.NewSectionReader(r, start, column.TotalCompressedSize)
	in := bufio.NewReaderSize(section, 1<<10) // of which a head is a small part
	decoder := thrift.NewDecoder(new(thrift.CompactProtocol).NewReader(in))
	var page, unpacked []byte
	for at := int64(0); at < section.Size(); {
		var head format.PageHeader
		if err := decoder.Decode(&head); err != nil {
			return err
		}
		read, err := section.Seek(0, io.SeekCurrent)
		if err != nil {
			return err
		}
		start := read - int64(in.Buffered())
		at = start + int64(head.CompressedPageSize)
		switch values := max(head.DataPageHeader.V.NumValues, head.DataPageHeaderV2.V.NumValues, head.DataPageHeaderV2.V.NumRows); {
		case head.CompressedPageSize < 0 || at > section.Size():
			return fmt.Errorf("a page of %d bytes in %d", head.CompressedPageSize, section.Size())
		case int64(head.UncompressedPageSize) > column.TotalUncompressedSize:
			return fmt.Errorf("a page of %d bytes in %d when unpacked", head.UncompressedPageSize, column.TotalUncompressedSize)
		case int64(values) > column.NumValues:
			return fmt.Errorf("a page of %d values of %d", values, column.NumValues)
		case head.DictionaryPageHeader.V.NumValues > max(head.UncompressedPageSize, math.MaxUint16):
			return fmt.Errorf("a dictionary of %d values in %d bytes", head.DictionaryPageHeader.V.NumValues, head.UncompressedPageSize)
		}
		if head.DataPageHeader.Valid || head.DataPageHeaderV2.Valid {
			page = slices.Grow(page[:0], int(head.CompressedPageSize))[:head.CompressedPageSize]
			if _, err := section.ReadAt(page, start); err != nil {
				return err
			}
			if unpacked, err = checkData(c, &head, page, unpacked); err != nil {
				return err
			}
		}
		if _, err := section.Seek(at, io.SeekStart); err != nil {
			return err
		}
		in.Reset(section)
	}
	return nil
}
