// Package files reads and writes tables by the name of their file, whatever
// their format: CSV (plain or gzip), Parquet, Arrow. It is what the scripts do
// with -in. Models are kept by name, too.
package files

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-gota/gota/dataframe"

	"gonmf/frames"
	"gonmf/frames/arrow"
	"gonmf/frames/internal/frame"
	"gonmf/frames/parquet"
	"gonmf/nmf"
)

// format is what a file holds.
type format int

const (
	csvFormat format = iota // any other text
	parquetFormat
	arrowFormat
	streamFormat
)

// formatOf looks at the first bytes of a file.
func formatOf(f *os.File) (format, error) {
	head := make([]byte, 6)
	n, err := f.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return 0, err
	}
	switch text := string(head[:n]); {
	case strings.HasPrefix(text, "PAR1"):
		return parquetFormat, nil
	case text == "ARROW1":
		return arrowFormat, nil
	case strings.HasPrefix(text, "\xff\xff\xff\xff"):
		return streamFormat, nil
	default:
		return csvFormat, nil
	}
}

// ReadInteractions reads a table of items and users from a file, whose format
// it tells by its content. See [frames.ReadInteractions],
// [parquet.ReadInteractions] and [arrow.ReadInteractions]. It ends when ctx
// does. Errors name the file.
func ReadInteractions(ctx context.Context, name string, opt frames.Columns) (*frames.Interactions, error) {
	progress := opt.ProgressBytes
	return open(name, func(f *os.File, size int64, kind format) (*frames.Interactions, error) {
		switch kind {
		case parquetFormat:
			if progress != nil {
				rows, err := parquet.Rows(f, size)
				if err != nil {
					return nil, err
				}
				given := opt.Progress
				opt.Progress = func(n int) {
					progress(int(float64(size)*float64(n)/float64(max(rows, 1))), int(size))
					if given != nil {
						given(n)
					}
				}
			}
			return parquet.ReadInteractions(ctx, f, size, opt)
		case arrowFormat: // which is read in place
			return arrow.ReadInteractions(ctx, f, opt)
		case streamFormat:
			return arrow.ReadInteractions(ctx, frames.Watch(ctx, f, progress), opt)
		default:
			return frames.ReadInteractions(frames.Watch(ctx, f, progress), opt)
		}
	})
}

// Read reads a table from a file, whose format it tells by its content. It
// ends when ctx does. how, of which at most one is given, says how a file of
// text is written: files.Read(ctx, "export.csv", frames.CSV{Decimal: ","}).
// Errors name the file.
func Read(ctx context.Context, name string, how ...frames.CSV) (dataframe.DataFrame, error) {
	var csv frames.CSV
	if len(how) > 0 {
		csv = how[0]
	}
	return open(name, func(f *os.File, size int64, kind format) (dataframe.DataFrame, error) {
		switch kind {
		case parquetFormat:
			return parquet.Read(ctx, f, size)
		case arrowFormat, streamFormat:
			return arrow.Read(ctx, f)
		default:
			return csv.Read(frames.Watch(ctx, f, nil))
		}
	})
}

func open[T any](name string, read func(f *os.File, size int64, kind format) (T, error)) (t T, err error) {
	f, err := os.Open(name)
	if err != nil {
		return t, err // which names it
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return t, err
	}
	kind := csvFormat
	if info.Mode().IsRegular() {
		if kind, err = formatOf(f); err != nil {
			return t, err
		}
	}
	if t, err = read(f, info.Size(), kind); err != nil {
		return t, fmt.Errorf("%s: %w", name, err)
	}
	return t, nil
}

// writers are the formats by the end of a file's name.
var writers = []struct {
	end   string
	write func(w io.Writer, df dataframe.DataFrame) error
}{
	{".csv", frames.WriteCSV},
	{".csv.gz", writeGzip},
	{".parquet", func(w io.Writer, df dataframe.DataFrame) error { return parquet.Write(w, df, parquet.Options{}) }},
	{".arrow", func(w io.Writer, df dataframe.DataFrame) error { return arrow.Write(w, df, arrow.Options{}) }},
	{".feather", func(w io.Writer, df dataframe.DataFrame) error { return arrow.Write(w, df, arrow.Options{}) }},
	{".arrows", func(w io.Writer, df dataframe.DataFrame) error { return arrow.WriteStream(w, df, arrow.Options{}) }},
}

func writeGzip(w io.Writer, df dataframe.DataFrame) error {
	z := gzip.NewWriter(w)
	if err := frames.WriteCSV(z, df); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("frames: writing: %w", err)
	}
	return nil
}

// Write writes a table into a file, in the format that the end of its name
// says: .csv, .csv.gz, .parquet, .arrow or .feather, .arrows (a stream). The
// file is the old one or the whole new one at any moment.
func Write(name string, df dataframe.DataFrame) (err error) {
	for _, w := range writers {
		if strings.HasSuffix(strings.ToLower(name), w.end) {
			return Replace(name, func(to io.Writer) error { return w.write(to, df) })
		}
	}
	return frame.Errorf(frames.ErrFormat, "frames: %s: which format? the name must end in .csv, .csv.gz, .parquet, .arrow, .feather or .arrows", name)
}

// SaveModel writes a model into a file, which is the old one or the whole new
// one at any moment: see [nmf.Model.Save]. The name should end in .npz, by
// which NumPy knows it, too.
func SaveModel(name string, m *nmf.Model) error { return Replace(name, m.Save) }

// LoadModel reads a model that [SaveModel] wrote. Errors name the file.
func LoadModel(name string) (*nmf.Model, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err // which names it
	}
	defer f.Close()
	m, err := nmf.Load(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// Replace writes a file by way of a temporary one beside it, so that it is the
// old file or the whole new one at any moment. It keeps the permissions of the
// old one and, of a symbolic link, writes the file that it leads to.
func Replace(name string, write func(io.Writer) error) (err error) {
	target, mode := name, os.FileMode(0o644)
	if path, err := filepath.EvalSymlinks(name); err == nil {
		target = path
	}
	if info, err := os.Stat(target); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(target), "."+filepath.Base(target)+".*")
	if failed := (*os.PathError)(nil); errors.As(err, &failed) {
		return &os.PathError{Op: "create", Path: name, Err: failed.Err} // not the name that nobody gave
	}
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := f.Chmod(mode); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), target)
}
