package arrow

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	flatbuffers "github.com/google/flatbuffers/go"
)

// The library makes room for as many columns as a schema says that it has, and
// for as many buffers as a record batch says. Damaged ones could say that there
// are billions, so that they are looked at before. Tables and their slots are
// those of Arrow's Message.fbs, File.fbs and Schema.fbs.
const (
	messageType    = 6
	messageHeader  = 8
	messageBody    = 10
	dictionaryData = 6
	batchBuffers   = 8
	batchViews     = 12
	footerSchema   = 6
	footerDicts    = 8
	footerBatches  = 10
	schemaFields   = 6
	schemaMetadata = 8
	fieldChildren  = 14
	fieldMetadata  = 16
)

const (
	maxDepth  = 64      // of columns within columns
	maxFields = 1 << 20 // in all
)

var (
	errSchema  = errors.New("its schema is not one")
	errMessage = errors.New("one of its messages is not one")
)

// The types of messages that are looked at.
const (
	schemaMessage     = 1
	dictionaryMessage = 2
	batchMessage      = 3
)

// messages is a stream whose messages are looked at as they are read.
type messages struct {
	in   io.Reader
	head bytes.Buffer // of a message, to be read; with a body that is large
	body int64        // bytes of the message to be read after that
}

// Read implements io.Reader.
func (m *messages) Read(p []byte) (int, error) {
	if m.head.Len() == 0 && m.body == 0 {
		if err := m.next(); err != nil {
			return 0, err
		}
	}
	if m.head.Len() > 0 {
		return m.head.Read(p)
	}
	n, err := m.in.Read(p[:min(int64(len(p)), m.body)])
	m.body -= int64(n)
	return n, err
}

// next reads the head of the next message. Where a stream ends, and whether it
// may, is for the library to say.
func (m *messages) next() error {
	m.head.Reset()
	size, err := m.word()
	if err == nil && size == 0xffffffff { // not so before version 0.15
		size, err = m.word()
	}
	if err != nil || size == 0 {
		if m.head.Len() > 0 {
			return nil
		}
		return err
	}
	if size > maxMetadata {
		return errMessage
	}
	start := m.head.Len()
	if _, err := io.CopyN(&m.head, m.in, int64(size)); err != nil {
		return within(err)
	}
	if m.body, err = checkMessage(m.head.Bytes()[start:], 0); err != nil || m.body <= believed {
		return err
	}
	// The library makes room for the body before it reads it. A large one is
	// read first, into a buffer that grows with what there is.
	n, err := io.CopyN(&m.head, m.in, min(m.body, maxBody))
	if m.body -= n; err != nil {
		return within(err)
	}
	return nil
}

// within is an error of reading a message that has begun, where the end of the
// file is none that the library may take for that of the stream.
func within(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return fmt.Errorf("it ends within a message: %w", err)
}

// believed is the size of a body for which room is made before it is there.
const believed = 1 << 20

func (m *messages) word() (uint32, error) {
	if _, err := io.CopyN(&m.head, m.in, 4); err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(m.head.Bytes()[m.head.Len()-4:]), nil
}

// checkMessage looks at a message, which must be of the type asked for unless
// that is 0, and returns the length of its body. What is outside raw panics, as
// in the library.
func checkMessage(raw []byte, of byte) (body int64, err error) {
	defer func() {
		if recover() != nil {
			err = errMessage
		}
	}()
	root := flatbuffers.Table{Bytes: raw, Pos: flatbuffers.GetUOffsetT(raw)}
	kind := root.GetByteSlot(messageType, 0)
	if body = root.GetInt64Slot(messageBody, 0); body < 0 || of != 0 && of != kind {
		return 0, errMessage
	}
	header, ok := child(root, messageHeader)
	if kind == dictionaryMessage && ok {
		header, ok = child(header, dictionaryData)
	}
	switch {
	case !ok:
		return 0, errMessage
	case kind == schemaMessage:
		left := maxFields
		return body, checkFields(header, schemaFields, schemaMetadata, 0, &left)
	case kind == dictionaryMessage || kind == batchMessage:
		return body, checkBatch(header)
	}
	return body, nil
}

// checkBatch sees that the buffers of views, which are numbers of a record
// batch, are among those that it has.
func checkBatch(batch flatbuffers.Table) error {
	buffers := 0
	if at := flatbuffers.UOffsetT(batch.Offset(batchBuffers)); at != 0 {
		buffers = batch.VectorLen(at)
	}
	at := flatbuffers.UOffsetT(batch.Offset(batchViews))
	if at == 0 {
		return nil
	}
	for i := range batch.VectorLen(at) {
		n := batch.GetInt64(batch.Vector(at) + 8*flatbuffers.UOffsetT(i))
		if n < 0 || n > int64(buffers) {
			return fmt.Errorf("a column of %d buffers in a record batch that has %d", n, buffers)
		}
	}
	return nil
}

// child returns the table in a slot of a table.
func child(t flatbuffers.Table, slot flatbuffers.VOffsetT) (flatbuffers.Table, bool) {
	at := flatbuffers.UOffsetT(t.Offset(slot))
	if at == 0 {
		return t, false
	}
	return flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(at + t.Pos)}, true
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
	return checkFooter(r, raw)
}

// checkFooter looks at the schema and at the messages that a footer names.
func checkFooter(r io.ReaderAt, raw []byte) (err error) {
	defer func() {
		if recover() != nil {
			err = errSchema
		}
	}()
	root := flatbuffers.Table{Bytes: raw, Pos: flatbuffers.GetUOffsetT(raw)}
	schema, ok := child(root, footerSchema)
	if !ok {
		return errSchema
	}
	left := maxFields
	if err := checkFields(schema, schemaFields, schemaMetadata, 0, &left); err != nil {
		return err
	}
	var message []byte
	for slot, kind := range map[flatbuffers.VOffsetT]byte{footerDicts: dictionaryMessage, footerBatches: batchMessage} {
		at := flatbuffers.UOffsetT(root.Offset(slot))
		if at == 0 {
			continue
		}
		for i := range root.VectorLen(at) {
			block := root.Vector(at) + 24*flatbuffers.UOffsetT(i)
			offset, size := root.GetInt64(block), int(root.GetInt32(block+8))
			if size < 8 || size > maxMetadata {
				return errMessage
			}
			message = slices.Grow(message[:0], size)[:size]
			if _, err := r.ReadAt(message, offset); err != nil {
				return err
			}
			start := 4
			if binary.LittleEndian.Uint32(message) == 0xffffffff {
				start = 8
			}
			if _, err := checkMessage(message[start:], kind); err != nil {
				return err
			}
		}
	}
	return nil
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
