package parquet

import (
	"fmt"
	"io"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"gonmf/frames"
	"gonmf/frames/internal/frame"
)

// Options says how [Write] writes. The zero value is what pandas does.
type Options struct {
	// Compression is snappy (the default), gzip, zstd, brotli or none.
	Compression string

	// RowGroup is the most rows of a row group; 0 means 1,048,576. It is what
	// a reader of one column has to step through, and what [Write] holds.
	RowGroup int
}

var codecs = map[string]compress.Codec{
	"": &pq.Snappy, "snappy": &pq.Snappy, "gzip": &pq.Gzip, "zstd": &pq.Zstd, "brotli": &pq.Brotli, "none": &pq.Uncompressed,
}

// Write writes df as a Parquet file, columns in their order: Int as 64-bit
// integers, Float as doubles, Bool as booleans, String as text, with a null for
// a missing value. To leave no half-written file behind, write to a temporary
// file and rename it.
func Write(w io.Writer, df dataframe.DataFrame, opt Options) (err error) {
	if err := frame.Check(df); err != nil {
		return err
	}
	codec := codecs[opt.Compression]
	if codec == nil {
		return frame.Errorf(frames.ErrFormat, "frames: compression %q: want snappy, gzip, zstd, brotli or none", opt.Compression)
	}
	group := opt.RowGroup
	if group <= 0 {
		group = 1 << 20
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("frames: writing Parquet: %v", p)
		}
	}()
	names, types := df.Names(), df.Types()
	root := columns{Group: pq.Group{}, order: names}
	for c, name := range names {
		if root.Group[name] != nil {
			return frame.Errorf(frames.ErrFormat, "frames: two columns %q: rename one", name)
		}
		root.Group[name] = pq.Optional(node(types[c]))
	}
	out := pq.NewWriter(w, pq.NewSchema("schema", root), pq.Compression(codec), pq.MaxRowsPerRowGroup(int64(group)), pq.DictionaryMaxBytes(8<<20), pq.CreatedBy("gonmf", "1", ""))
	rows, cols := df.Dims()
	batch := make([]pq.Row, 0, 1024)
	for r := range rows {
		row := make(pq.Row, cols)
		for c := range cols {
			row[c] = value(df.Elem(r, c), c)
		}
		if batch = append(batch, row); len(batch) == cap(batch) || r == rows-1 {
			if _, err := out.WriteRows(batch); err != nil {
				return fmt.Errorf("frames: writing: %w", err)
			}
			batch = batch[:0]
		}
	}
	if err := out.Close(); err != nil {
		return fmt.Errorf("frames: writing: %w", err)
	}
	return nil
}

// columns are nodes in an order that is not that of their names.
type columns struct {
	pq.Group
	order []string
}

// Fields implements parquet.Node.
func (c columns) Fields() []pq.Field {
	byName := map[string]pq.Field{}
	for _, f := range c.Group.Fields() {
		byName[f.Name()] = f
	}
	fields := make([]pq.Field, len(c.order))
	for n, name := range c.order {
		fields[n] = byName[name]
	}
	return fields
}

func node(t series.Type) pq.Node {
	switch t {
	case series.Int:
		return pq.Int(64)
	case series.Float:
		return pq.Leaf(pq.DoubleType)
	case series.Bool:
		return pq.Leaf(pq.BooleanType)
	default:
		return pq.Encoded(pq.String(), &pq.RLEDictionary)
	}
}

func value(e series.Element, column int) pq.Value {
	var v pq.Value
	if e.IsNA() {
		return v.Level(0, 0, column)
	}
	switch e.Type() {
	case series.Int:
		n, _ := e.Int() // it is one
		v = pq.Int64Value(int64(n))
	case series.Float:
		v = pq.DoubleValue(e.Float())
	case series.Bool:
		b, _ := e.Bool()
		v = pq.BooleanValue(b)
	default:
		v = pq.ByteArrayValue([]byte(e.String()))
	}
	return v.Level(0, 1, column)
}
