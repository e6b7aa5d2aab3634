package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gonmf/frames"
	"gonmf/frames/internal/frame"
	"gonmf/frames/internal/text"
	"gonmf/nmf/sparse"
)

// readMatrix reads a matrix, whose rows and columns count from 0 where the file
// has no names for them.
func readMatrix(r io.Reader, kind format, opt frames.Columns) (*frames.Interactions, error) {
	if opt.Shards != "" {
		return readMatrixInto(r, kind, opt)
	}
	if kind == npzFormat { // an archive is read from its end
		x, err := sparse.ReadNPZ(r)
		return unnamed(x, err)
	}
	plain, err := text.Decompress(r)
	if err != nil {
		return nil, err
	}
	switch kind {
	case gctFormat:
		return readGCT(plain)
	case npyFormat:
		x, err := sparse.ReadNPY(plain)
		return unnamed(x, err)
	default:
		x, err := sparse.ReadMatrixMarket(plain)
		return unnamed(x, err)
	}
}

// readMatrixInto reads a matrix into files: one of Matrix Market entry by entry.
func readMatrixInto(r io.Reader, kind format, opt frames.Columns) (*frames.Interactions, error) {
	if kind != marketFormat {
		dir := opt.Shards
		opt.Shards = ""
		t, err := readMatrix(r, kind, opt)
		if err != nil {
			return nil, err
		}
		return t.WriteShards(dir)
	}
	x, err := marketInto(r, opt, nil, nil)
	if err != nil {
		return nil, err
	}
	return frames.OpenShards(x.Dir())
}

// marketInto reads a matrix of Matrix Market into files, with names that may be
// nil.
func marketInto(r io.Reader, opt frames.Columns, rowNames, colNames []string) (x *sparse.Shards, err error) {
	plain, err := text.Decompress(r)
	if err != nil {
		return nil, err
	}
	w, err := sparse.CreateShards(opt.Shards)
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	rows, cols, err := sparse.ReadMatrixMarketInto(w, plain)
	if err == nil {
		x, err = w.Close(rows, cols, sparse.ShardOptions{RowLabels: rowNames, ColLabels: colNames, Progress: opt.ProgressShards})
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("frames: %w", err), w.Discard())
	}
	return x, nil
}

func unnamed(x *sparse.CSR, err error) (*frames.Interactions, error) {
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	return frames.Label(x, nil, nil)
}

// tenX is the files of single-cell counts as Cell Ranger writes them: of
// version 2 genes.tsv, and from version 3 on features.tsv.gz.
type tenX struct{ matrix, features, barcodes string }

// tenXOf looks for the files that go with a matrix; found says whether they
// are there.
func tenXOf(matrix string) (t tenX, found bool) {
	dir, base := filepath.Split(matrix)
	at := strings.LastIndex(strings.ToLower(base), "matrix.mtx")
	if at < 0 {
		return t, false
	}
	t.matrix = matrix
	first := func(names ...string) string {
		for _, name := range names {
			for _, end := range []string{"", ".gz"} {
				whole := filepath.Join(dir, base[:at]+name+end)
				if info, err := os.Stat(whole); err == nil && info.Mode().IsRegular() {
					return whole
				}
			}
		}
		return ""
	}
	t.features, t.barcodes = first("features.tsv", "genes.tsv"), first("barcodes.tsv")
	return t, t.features != "" && t.barcodes != ""
}

// readFolder reads a folder of the files of a matrix.
func readFolder(ctx context.Context, dir string, opt frames.Columns) (*frames.Interactions, error) {
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); err == nil {
		return frames.OpenShards(dir)
	}
	names, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var found []tenX
	for _, n := range names {
		if lower := strings.ToLower(n.Name()); strings.HasSuffix(lower, "matrix.mtx") || strings.HasSuffix(lower, "matrix.mtx.gz") {
			if t, ok := tenXOf(filepath.Join(dir, n.Name())); ok {
				found = append(found, t)
			}
		}
	}
	if len(found) != 1 {
		return nil, frame.Errorf(frames.ErrFormat, "frames: %s is a folder with %d of what 10x writes (matrix.mtx, features.tsv or genes.tsv, barcodes.tsv, with or without .gz): name a file", dir, len(found))
	}
	return found[0].read(ctx, opt)
}

// read labels the rows of the matrix with the names of genes, and its columns
// with barcodes. Of genes of one name all but the first get a number, as in
// scanpy: TBCE, TBCE-1.
func (t tenX) read(ctx context.Context, opt frames.Columns) (*frames.Interactions, error) {
	features, err := lines(ctx, t.features, 1)
	if err != nil {
		return nil, err
	}
	barcodes, err := lines(ctx, t.barcodes, 0)
	if err != nil {
		return nil, err
	}
	items, err := frames.NewLabels(unique(features))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.features, err)
	}
	users, err := frames.NewLabels(unique(barcodes))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.barcodes, err)
	}
	return open(t.matrix, func(f *os.File, _ int64, _ format) (*frames.Interactions, error) {
		in := frames.Watch(ctx, f, opt.ProgressBytes)
		if opt.Shards != "" {
			x, err := marketInto(in, opt, items.Strings(), users.Strings())
			if errors.Is(err, sparse.ErrShape) {
				return nil, fmt.Errorf("the files do not belong together: %w", err)
			} else if err != nil {
				return nil, err
			}
			return &frames.Interactions{Shards: x, Items: items, Users: users}, nil
		}
		x, err := readMatrix(in, marketFormat, opt)
		if err != nil {
			return nil, err
		}
		rows, cols := x.X.Dims()
		if items.Len() != rows || users.Len() != cols {
			return nil, frame.Errorf(frames.ErrFormat, "frames: a matrix of %d x %d, beside %d features and %d barcodes: the files do not belong together", rows, cols, items.Len(), users.Len())
		}
		return frames.Label(x.X, items, users)
	})
}

// lines returns a field of each line of a file of fields with tabs between
// them, or the last where there are fewer.
func lines(ctx context.Context, name string, field int) ([]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	plain, err := text.Decompress(frames.Watch(ctx, f, nil))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var out []string
	in := newLines(plain)
	for in.next() {
		out = append(out, in.fields[min(field, len(in.fields)-1)])
	}
	if in.err != nil {
		return nil, fmt.Errorf("%s: %w", name, in.err)
	}
	return out, nil
}

// unique gives all but the first of equal names a number.
func unique(names []string) []string {
	taken := make(map[string]bool, len(names))
	for _, name := range names {
		taken[name] = true
	}
	seen := make(map[string]int, len(names))
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = name
		for n, again := seen[name]; again; {
			if n++; !taken[fmt.Sprintf("%s-%d", name, n)] {
				out[i] = fmt.Sprintf("%s-%d", name, n)
				taken[out[i]] = true
				again = false
			}
			seen[name] = n
		}
		if _, again := seen[name]; !again {
			seen[name] = 0
		}
	}
	return out
}
