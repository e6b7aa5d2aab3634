package files

import (
	"context"
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
func readMatrix(r io.Reader, kind format) (*frames.Interactions, error) {
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
func readFolder(ctx context.Context, dir string, progress func(done, total int)) (*frames.Interactions, error) {
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
	return found[0].read(ctx, progress)
}

// read labels the rows of the matrix with the names of genes, and its columns
// with barcodes. Of genes of one name all but the first get a number, as in
// scanpy: TBCE, TBCE-1.
func (t tenX) read(ctx context.Context, progress func(done, total int)) (*frames.Interactions, error) {
	x, err := open(t.matrix, func(f *os.File, _ int64, _ format) (*frames.Interactions, error) {
		return readMatrix(frames.Watch(ctx, f, progress), marketFormat)
	})
	if err != nil {
		return nil, err
	}
	features, err := lines(ctx, t.features, 1)
	if err != nil {
		return nil, err
	}
	barcodes, err := lines(ctx, t.barcodes, 0)
	if err != nil {
		return nil, err
	}
	rows, cols := x.X.Dims()
	if len(features) != rows || len(barcodes) != cols {
		return nil, frame.Errorf(frames.ErrFormat, "%s: frames: a matrix of %d x %d, beside %d features and %d barcodes: the files do not belong together", t.matrix, rows, cols, len(features), len(barcodes))
	}
	items, err := frames.NewLabels(unique(features))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.features, err)
	}
	users, err := frames.NewLabels(unique(barcodes))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", t.barcodes, err)
	}
	return frames.Label(x.X, items, users)
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
