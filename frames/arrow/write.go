package arrow

import (
	"errors"
	"fmt"
	"io"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames"
	"gonmf/frames/internal/frame"
)

// Options says how to write.
type Options struct {
	// Compression of the buffers is none (the default), lz4 or zstd.
	Compression string

	// Batch is the most rows of a record batch; 0 means 65,536.
	Batch int
}

// Write writes df in the IPC file format (.arrow, Feather version 2), columns
// in their order: Int as int64, Float as float64, Bool as bool, String as utf8,
// with a null for a missing value. To leave no half-written file behind, write
// to a temporary file and rename it.
func Write(w io.Writer, df dataframe.DataFrame, opt Options) error {
	return write(df, opt, func(options []ipc.Option) (recordWriter, error) { return ipc.NewFileWriter(w, options...) })
}

// WriteStream is [Write] in the IPC stream format.
func WriteStream(w io.Writer, df dataframe.DataFrame, opt Options) error {
	return write(df, opt, func(options []ipc.Option) (recordWriter, error) { return ipc.NewWriter(w, options...), nil })
}

type recordWriter interface {
	Write(arrow.RecordBatch) error
	Close() error
}

func write(df dataframe.DataFrame, opt Options, open func([]ipc.Option) (recordWriter, error)) (err error) {
	if err := frame.Check(df); err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("frames: writing Arrow: %v", p)
		}
	}()
	var options []ipc.Option
	switch opt.Compression {
	case "", "none":
	case "lz4":
		options = append(options, ipc.WithLZ4())
	case "zstd":
		options = append(options, ipc.WithZstd())
	default:
		return frame.Errorf(frames.ErrFormat, "frames: compression %q: want none, lz4 or zstd", opt.Compression)
	}
	size := opt.Batch
	if size <= 0 {
		size = 1 << 16
	}
	names, kinds := df.Names(), df.Types()
	fields := make([]arrow.Field, len(names))
	for c, name := range names {
		fields[c] = arrow.Field{Name: name, Type: typeOf(kinds[c]), Nullable: true}
	}
	schema := arrow.NewSchema(fields, nil)
	out, err := open(append(options, ipc.WithSchema(schema)))
	if err != nil {
		return fmt.Errorf("frames: writing: %w", err)
	}
	rows := df.Nrow()
	for lo := 0; lo < rows; lo += size {
		if err := out.Write(batch(df, schema, lo, min(lo+size, rows))); err != nil {
			return fmt.Errorf("frames: writing: %w", errors.Join(err, out.Close()))
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("frames: writing: %w", err)
	}
	return nil
}

func typeOf(t series.Type) arrow.DataType {
	switch t {
	case series.Int:
		return arrow.PrimitiveTypes.Int64
	case series.Float:
		return arrow.PrimitiveTypes.Float64
	case series.Bool:
		return arrow.FixedWidthTypes.Boolean
	default:
		return arrow.BinaryTypes.String
	}
}

// batch returns the rows from lo to hi-1.
func batch(df dataframe.DataFrame, schema *arrow.Schema, lo, hi int) arrow.RecordBatch {
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	for c, field := range b.Fields() {
		for r := lo; r < hi; r++ {
			e := df.Elem(r, c)
			if e.IsNA() {
				field.AppendNull()
				continue
			}
			switch field := field.(type) {
			case *array.Int64Builder:
				v, _ := e.Int() // it is one
				field.Append(int64(v))
			case *array.Float64Builder:
				field.Append(e.Float())
			case *array.BooleanBuilder:
				v, _ := e.Bool()
				field.Append(v)
			case *array.StringBuilder:
				field.Append(e.String())
			}
		}
	}
	return b.NewRecordBatch()
}
