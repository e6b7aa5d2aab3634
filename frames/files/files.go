// Package files reads and writes tables by the name of their file. What a file
// is its content tells, not its name:
//
//   - tables: CSV and its kin, Parquet, Arrow (files and streams), Excel (the
//     first sheet), JSON (records in a list or one after the other);
//   - matrices, which [ReadInteractions] reads: Matrix Market, NumPy's .npy and
//     .npz, SciPy's .npz, GCT, and what 10x's Cell Ranger writes, a folder with a
//     matrix, features (or genes) and barcodes.
//
// Text may be compressed by gzip, zstd, bzip2, xz or zip. What is not read is
// named in the error, with the way on. Models are kept by name, too.
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
	"gonmf/frames/internal/cells"
	"gonmf/frames/internal/excel"
	"gonmf/frames/internal/frame"
	"gonmf/frames/internal/records"
	"gonmf/frames/internal/text"
	"gonmf/frames/parquet"
	"gonmf/nmf"
)

// ReadInteractions reads a table of items and users from a file, whose format
// it tells by its content. See [frames.ReadInteractions],
// [parquet.ReadInteractions] and [arrow.ReadInteractions]. It ends when ctx
// does. Errors name the file.
//
// Of a matrix rows are items and columns users, in its order and with what is
// zero all through; opt's columns are of no matter. They are labelled with the
// names that the file has, or from 0 on. name may be a folder of 10x's, or the
// matrix in it: items are then the names of genes. name may be a folder of
// a sparse.Shards, which [frames.OpenShards] opens.
func ReadInteractions(ctx context.Context, name string, opt frames.Columns) (*frames.Interactions, error) {
	progress := opt.ProgressBytes
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return readFolder(ctx, name, opt)
	}
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
		case excelFormat, jsonFormat:
			src, end, err := source(ctx, f, size, kind, progress)
			if err != nil {
				return nil, err
			}
			defer end()
			return cells.Interactions(src, opt)
		case npzFormat:
			return readMatrix(f, kind, opt)
		case marketFormat, gctFormat, npyFormat:
			if t, ok := tenXOf(name); ok && kind == marketFormat {
				return t.read(ctx, opt)
			}
			return readMatrix(frames.Watch(ctx, f, progress), kind, opt)
		default:
			return frames.ReadInteractions(frames.Watch(ctx, f, progress), opt)
		}
	})
}

// source opens a workbook or a file of JSON.
func source(ctx context.Context, f *os.File, size int64, kind format, progress func(done, total int)) (src cells.Source, end func(), err error) {
	if kind == excelFormat {
		sheet, err := excel.Open(f, size)
		if err != nil {
			return nil, nil, err
		}
		return sheet, sheet.Close, nil
	}
	plain, err := text.Decompress(frames.Watch(ctx, f, progress))
	if err != nil {
		return nil, nil, err
	}
	table, err := records.Read(text.Unmarked(plain))
	return table, func() {}, err
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
	return read(ctx, name, csv, nil)
}

// ReadColumns is [Read] of the named columns, in that order. The others are not
// looked at: they may be of types that are not read. What is within a struct (of
// Parquet and Arrow) or an object (of JSON) "a" has a name such as "a.b".
func ReadColumns(ctx context.Context, name string, columns ...string) (dataframe.DataFrame, error) {
	return read(ctx, name, frames.CSV{}, columns)
}

// Names returns the names of the columns of a table in a file, in their order,
// without reading the rows of Parquet, Arrow and text. It ends when ctx does.
// Errors name the file.
func Names(ctx context.Context, name string) ([]string, error) {
	return open(name, func(f *os.File, size int64, kind format) ([]string, error) {
		switch kind {
		case parquetFormat:
			return parquet.Names(f, size)
		case arrowFormat, streamFormat:
			return arrow.Names(ctx, f)
		case excelFormat, jsonFormat:
			src, end, err := source(ctx, f, size, kind, nil)
			if err != nil {
				return nil, err
			}
			defer end()
			return src.Names(), nil
		case csvFormat:
			_, scanner, _, err := text.Open(frames.Watch(ctx, f, nil), text.Options{})
			if err != nil {
				return nil, err
			}
			return scanner.Names, nil
		}
		return nil, frame.Errorf(frames.ErrFormat, "frames: this is a matrix, which has no columns of a table: files.ReadInteractions reads it")
	})
}

func read(ctx context.Context, name string, csv frames.CSV, columns []string) (dataframe.DataFrame, error) {
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return dataframe.DataFrame{}, frame.Errorf(frames.ErrFormat, "frames: %s is a folder: if there is a matrix of 10x's in it, files.ReadInteractions reads it", name)
	}
	return open(name, func(f *os.File, size int64, kind format) (dataframe.DataFrame, error) {
		switch kind {
		case parquetFormat:
			return parquet.Read(ctx, f, size, columns...)
		case arrowFormat, streamFormat:
			return arrow.Read(ctx, f, columns...)
		case excelFormat, jsonFormat:
			src, end, err := source(ctx, f, size, kind, nil)
			if err != nil {
				return dataframe.DataFrame{}, err
			}
			defer end()
			return cells.Frame(src, columns)
		case marketFormat, gctFormat, npyFormat, npzFormat:
			return dataframe.DataFrame{}, frame.Errorf(frames.ErrFormat, "frames: this is a matrix, which has no columns of a table: files.ReadInteractions reads it")
		}
		df, err := csv.Read(frames.Watch(ctx, f, nil))
		if err != nil || len(columns) == 0 {
			return df, err
		}
		for _, column := range columns {
			if _, _, _, err := (frames.Columns{Item: column, User: column}).Find(df.Names()); err != nil {
				return dataframe.DataFrame{}, err
			}
		}
		df = df.Select(columns)
		return df, frame.Check(df)
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
		if kind, err = formatOf(f, info.Size()); err != nil {
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
// old one and, of a symbolic link, writes the file that it leads to. What is no
// file, a device such as /dev/null or a named pipe, is written to as it is.
func Replace(name string, write func(io.Writer) error) (err error) {
	target, mode := name, os.FileMode(0o644)
	if path, err := filepath.EvalSymlinks(name); err == nil {
		target = path
	}
	if info, err := os.Stat(target); err == nil {
		if info.Mode()&(os.ModeDevice|os.ModeNamedPipe) != 0 {
			return through(name, write)
		}
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

// through writes to what is there.
func through(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return fmt.Errorf("%s: %w", name, err)
	}
	return f.Close()
}
