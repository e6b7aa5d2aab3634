package arrow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	flatbuffers "github.com/google/flatbuffers/go"
)

// The library makes room for as many columns as a schema says that it has. A
// damaged one could say that there are billions, so that it is looked at
// before. Tables and their slots are those of Arrow's Message.fbs, File.fbs and
// Schema.fbs.
const (
	messageHeader  = 8
	footerSchema   = 6
	schemaFields   = 6
	schemaMetadata = 8
	fieldChildren  = 14
	fieldMetadata  = 16
)

const (
	maxDepth  = 64      // of columns within columns
	maxFields = 1 << 20 // in all
)

var errSchema = errors.New("its schema is not one")

// checkStream looks at the schema with which a stream begins, and returns a
// reader of the whole stream.
func checkStream(in io.Reader) (io.Reader, error) {
	var head bytes.Buffer
	word := func() (uint32, error) {
		if _, err := io.CopyN(&head, in, 4); err != nil {
			return 0, err
		}
		return binary.LittleEndian.Uint32(head.Bytes()[head.Len()-4:]), nil
	}
	size, err := word()
	if err == nil && size == 0xffffffff { // not so before version 0.15
		size, err = word()
	}
	if err != nil {
		return nil, fmt.Errorf("it ends before its schema: %w", err)
	}
	if size == 0 || size > maxMetadata {
		return nil, errSchema
	}
	start := head.Len()
	if _, err := io.CopyN(&head, in, int64(size)); err != nil {
		return nil, fmt.Errorf("it ends within its schema: %w", err)
	}
	if err := checkSchema(head.Bytes()[start:], messageHeader); err != nil {
		return nil, err
	}
	return io.MultiReader(bytes.NewReader(head.Bytes()), in), nil
}

// checkFile looks at the schema in the footer of a file.
func checkFile(r ipc.ReadAtSeeker) error {
	size, err := r.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	const end = 4 + len(magic)
	tail := make([]byte, end)
	if size < int64(end) {
		return errors.New("it has no end")
	}
	if _, err := r.ReadAt(tail, size-int64(end)); err != nil && err != io.EOF {
		return err
	}
	footer := int64(binary.LittleEndian.Uint32(tail))
	if string(tail[4:]) != magic || footer == 0 || footer > min(size-int64(end), maxMetadata) {
		return errors.New("it has no end")
	}
	raw := make([]byte, footer)
	if _, err := r.ReadAt(raw, size-int64(end)-footer); err != nil {
		return err
	}
	return checkSchema(raw, footerSchema)
}

// checkSchema looks at the schema in a slot of a table. What is outside raw
// panics, as in the library.
func checkSchema(raw []byte, slot flatbuffers.VOffsetT) (err error) {
	defer func() {
		if recover() != nil {
			err = errSchema
		}
	}()
	root := flatbuffers.Table{Bytes: raw, Pos: flatbuffers.GetUOffsetT(raw)}
	at := flatbuffers.UOffsetT(root.Offset(slot))
	if at == 0 {
		return errSchema
	}
	left := maxFields
	return checkFields(flatbuffers.Table{Bytes: raw, Pos: root.Indirect(at + root.Pos)}, schemaFields, schemaMetadata, 0, &left)
}

// checkFields looks at the columns of a schema or within a column.
func checkFields(t flatbuffers.Table, fields, metadata flatbuffers.VOffsetT, depth int, left *int) error {
	if _, _, err := vector(t, metadata); err != nil {
		return err
	}
	n, start, err := vector(t, fields)
	if *left -= n; err != nil || depth > maxDepth || *left < 0 {
		return errSchema
	}
	for i := range n {
		field := flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(start + 4*flatbuffers.UOffsetT(i))}
		if err := checkFields(field, fieldChildren, fieldMetadata, depth+1, left); err != nil {
			return err
		}
	}
	return nil
}

// vector returns the length of a vector of tables, which must be there in
// whole, and where it starts.
func vector(t flatbuffers.Table, slot flatbuffers.VOffsetT) (n int, start flatbuffers.UOffsetT, err error) {
	at := flatbuffers.UOffsetT(t.Offset(slot))
	if at == 0 {
		return 0, 0, nil
	}
	n, start = t.VectorLen(at), t.Vector(at)
	if n < 0 || int(start) > len(t.Bytes) || n > (len(t.Bytes)-int(start))/4 {
		return 0, 0, errSchema
	}
	return n, start, nil
}
