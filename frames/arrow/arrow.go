// Package arrow reads and writes Apache Arrow's own files: the IPC file format
// (.arrow, Feather version 2) and the IPC stream, as pyarrow, polars, R's arrow
// and DuckDB write them. A table of items and users becomes a labelled sparse
// matrix by [ReadInteractions] without a DataFrame on the way, and any table a
// gota DataFrame by [Read]; [Write] and [WriteStream] write one.
//
// It is a package of its own so that programs that do not need Arrow do not
// carry it.
//
// Types and missing values are those of package frames/parquet: dictionary
// encoded columns are what their values are. Buffers may be compressed by lz4
// or zstd. One record batch is in memory at a time. A file that is cut off or
// damaged is an error that wraps [frames.ErrFormat] and names the batch and the
// column.
package arrow

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/go-gota/gota/dataframe"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
	"gonmf/frames/internal/frame"
)

// ReadInteractions reads a file or a stream, which it tells apart, into a
// labelled sparse matrix. The columns of opt must be there; others are not
// looked at. A missing label or weight is a [*frames.CellError]. It ends when
// ctx does, with an error that wraps [context.Cause].
//
// A file whose reader can seek, such as an *os.File, is read in place; of any
// other reader a file, unlike a stream, is held in memory.
func ReadInteractions(ctx context.Context, r io.Reader, opt frames.Columns) (t *frames.Interactions, err error) {
	src := &source{ctx: ctx}
	defer src.done(&err)
	if err := src.open(r); err != nil {
		return nil, err
	}
	return cells.Interactions(src, opt)
}

// Read reads the named columns of a file or a stream into a DataFrame, all of
// them if none is named. It ends when ctx does, as [ReadInteractions].
func Read(ctx context.Context, r io.Reader, columns ...string) (df dataframe.DataFrame, err error) {
	src := &source{ctx: ctx}
	defer src.done(&err)
	if err := src.open(r); err != nil {
		return dataframe.DataFrame{}, err
	}
	return cells.Frame(src, columns)
}

const magic = "ARROW1"

// Limits of what a message may say of itself, so that a damaged one does not
// fill the memory.
const (
	maxMetadata = 64 << 20
	maxBody     = 2 << 30
)

func (s *source) open(r io.Reader) error {
	options := []ipc.Option{ipc.WithMetadataSizeLimit(maxMetadata), ipc.WithBodySizeLimit(maxBody), ipc.WithAllocator(bounded{})}
	head := make([]byte, len(magic))
	if seeker, ok := r.(ipc.ReadAtSeeker); ok {
		if n, _ := seeker.ReadAt(head, 0); n == len(head) && string(head) == magic {
			return s.openFile(seeker, options)
		}
	}
	in := bufio.NewReaderSize(r, 64<<10)
	start, err := in.Peek(len(magic))
	switch {
	case len(start) == 0 && err == io.EOF:
		return frame.Errorf(frames.ErrEmpty, "frames: the file is empty")
	case string(start) == magic:
		whole, err := io.ReadAll(in)
		if err != nil {
			return fmt.Errorf("frames: reading: %w", err)
		}
		return s.openFile(bytes.NewReader(whole), options)
	}
	stream, err := ipc.NewReader(&messages{in: in}, options...)
	if err != nil {
		return s.damaged(err)
	}
	s.release = stream.Release
	s.schema = stream.Schema()
	s.next = stream.Read
	return nil
}

func (s *source) openFile(r ipc.ReadAtSeeker, options []ipc.Option) error {
	if err := checkFile(r); err != nil {
		return s.damaged(err)
	}
	if size, err := r.Seek(0, io.SeekEnd); err == nil { // no body is larger
		options = append(options, ipc.WithBodySizeLimit(min(size, maxBody)))
	}
	f, err := ipc.NewFileReader(r, options...)
	if err != nil {
		return s.damaged(err)
	}
	s.release = func() { _ = f.Close() } // it was only read
	s.schema = f.Schema()
	s.next = f.Read
	return nil
}

// Names returns the names of the columns of a file or a stream. It ends when ctx
// does.
func Names(ctx context.Context, r io.Reader) (names []string, err error) {
	src := &source{ctx: ctx}
	defer src.done(&err)
	if err := src.open(r); err != nil {
		return nil, err
	}
	return src.Names(), nil
}

// done closes the file and turns a panic of the library, which a damaged file
// can cause, into an error.
func (s *source) done(err *error) {
	if p := recover(); p != nil {
		*err = s.damaged(panicked(p))
	}
	defer func() { _ = recover() }() // of what a panic left half read
	if s.release != nil {
		s.release()
	}
}

// damaged is an error about the place at which the source is.
func (s *source) damaged(err error) error {
	if cause := context.Cause(s.ctx); cause != nil {
		return fmt.Errorf("frames: reading: %w", cause)
	}
	place := ""
	if s.batch > 0 {
		place = fmt.Sprintf(", record batch %d", s.batch)
	}
	if s.column != "" {
		place += fmt.Sprintf(", column %q", s.column)
	}
	return frame.Errorf(errors.Join(frames.ErrFormat, err), "frames: the Arrow file is cut off or damaged%s: %s", place, told(err))
}

// panicked is an error for what the library or this package panicked with. What
// the runtime says is about a program, not about a file.
func panicked(p any) error {
	switch p := p.(type) {
	case runtime.Error:
		return errNumber
	case error:
		return p
	default:
		return fmt.Errorf("%v", p)
	}
}

var errNumber = errors.New("a number in it cannot be")

// told returns what an error of the library says, in which a panic may be.
func told(err error) string {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends too early"
	}
	if text := err.Error(); !strings.Contains(text, "runtime error") && !strings.Contains(text, "goroutine") {
		return text
	}
	return errNumber.Error()
}
