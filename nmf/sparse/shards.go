package sparse

import (
	"fmt"
	"html"
	"slices"
	"sync"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf/internal/shard"
)

// Shards is a sparse matrix in the files of a folder, for one that memory does
// not hold. Package nmf fits it, and folds it in, a block of rows or of columns
// at a time, with the bits that it has for the same matrix in memory; other
// gonum code may read it entry by entry, which is slow.
//
// A folder is written by a [ShardWriter], by [CSR.WriteShards], or by package
// frames from a table of any format; from a shell by gonmf shards. It must not
// change while it is in use. Any number of goroutines may read one Shards.
//
// # The format
//
// A folder holds manifest.json and the files that this names. Rows are cut into
// blocks of about equal work, at most 256, and each is a file rows-000,
// rows-001, ...; likewise columns, in columns-000, ... A file has three arrays
// one after the other, without padding, little-endian; for a block of r rows
// with e entries:
//
//	row pointers   (r+1) int64    row i of the block has the entries from pointer i to pointer i+1, less one
//	values         e float64
//	columns        e int32        from 0; within a row they increase
//
// A block of columns has the same of the transposed matrix: its "columns" are
// rows. The manifest is JSON:
//
//	format, version        "gonmf shards", 1
//	rows, cols, entries    the size of the matrix, and how many entries are stored
//	float64, float32       sum and sum_of_squares of all entries, row by row, as they are and rounded to float32
//	least, largest         of the stored entries; 0 if there are none
//	row_blocks, col_blocks of each block in order: file, bytes, crc32c, and first (row or column), rows, entries
//	row_labels, col_labels of a JSON list of strings, if there is one: file, bytes, crc32c
//
// where crc32c is the checksum of the whole file (Castagnoli's polynomial) in
// hexadecimal. In Python:
//
//	ptr = numpy.fromfile(name, "<i8", rows + 1)
//	val = numpy.fromfile(name, "<f8", entries, offset=8*(rows + 1))
//	idx = numpy.fromfile(name, "<i4", entries, offset=8*(rows + 1) + 8*entries)
type Shards struct {
	folder *shard.Folder

	mu    sync.Mutex // of what At reads
	block int        // that last holds, -1 at first
	last  shard.Buffer
}

var _ mat.Matrix = (*Shards)(nil)

// OpenShards opens a folder. It reads the manifest and looks whether all files
// are there; what is in a file is checked whenever it is read. Errors name the
// file; those about its content wrap [ErrFormat].
func OpenShards(dir string) (*Shards, error) {
	f, err := shard.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("sparse: %w", err)
	}
	return &Shards{folder: f, block: -1}, nil
}

// Folder is how package nmf reads the blocks.
func (s *Shards) Folder() *shard.Folder { return s.folder }

// Dir returns the name of the folder.
func (s *Shards) Dir() string { return s.folder.Dir }

// Dims returns the numbers of rows and columns.
func (s *Shards) Dims() (rows, cols int) { return s.folder.Rows, s.folder.Cols }

// NNZ returns the number of stored entries.
func (s *Shards) NNZ() int { return s.folder.Entries }

// Bytes returns the size of the files.
func (s *Shards) Bytes() int64 { return s.folder.Bytes() }

// Blocks returns the numbers of blocks of rows and of columns.
func (s *Shards) Blocks() (rows, cols int) { return len(s.folder.RowBlocks), len(s.folder.ColBlocks) }

// At returns the entry at row i, column j. It reads the block of the row, and
// keeps it for the next call: go along rows. It panics if the place is outside
// the matrix, and with the error if the file cannot be read; [Shards.ReadRows]
// returns that.
func (s *Shards) At(i, j int) float64 {
	rows, cols := s.Dims()
	if uint(i) >= uint(rows) {
		panic(mat.ErrRowAccess)
	}
	if uint(j) >= uint(cols) {
		panic(mat.ErrColAccess)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	b := blockOf(s.folder.RowBlocks, i)
	if b != s.block {
		s.block = -1
		if err := s.folder.Read(shard.Rows, b, &s.last); err != nil {
			panic(fmt.Errorf("sparse: %w", err))
		}
		s.block = b
	}
	i -= s.folder.RowBlocks[b].First
	from, to := s.last.Ptr[i], s.last.Ptr[i+1]
	if p, ok := slices.BinarySearch(s.last.Idx[from:to], int32(j)); ok {
		return s.last.Val[from+p]
	}
	return 0
}

// blockOf returns the block that a row is in.
func blockOf(blocks []shard.Block, row int) int {
	b, found := slices.BinarySearchFunc(blocks, row, func(b shard.Block, row int) int { return b.First - row })
	if !found {
		b--
	}
	return b
}

// T returns the transpose, a view that reads s.
func (s *Shards) T() mat.Matrix { return mat.Transpose{Matrix: s} }

// ReadRows reads rows lo to hi-1 into memory. It panics if there are no such
// rows.
func (s *Shards) ReadRows(lo, hi int) (*CSR, error) { return s.read(shard.Rows, lo, hi) }

// ReadCols reads columns lo to hi-1 into memory, each as a row: the transpose
// of that part of the matrix. It panics if there are no such columns.
func (s *Shards) ReadCols(lo, hi int) (*CSR, error) { return s.read(shard.Cols, lo, hi) }

// CSR reads the whole matrix into memory.
func (s *Shards) CSR() (*CSR, error) { return s.read(shard.Rows, 0, s.folder.Rows) }

func (s *Shards) read(a shard.Axis, lo, hi int) (*CSR, error) {
	blocks, depth := s.folder.Blocks(a)
	size := 0
	if n := len(blocks); n > 0 {
		size = blocks[n-1].First + blocks[n-1].Rows
	}
	if lo < 0 || hi < lo || hi > size {
		panic(mat.ErrRowAccess)
	}
	m := &CSR{rows: hi - lo, cols: depth, ptr: make([]int, 1, hi-lo+1)}
	if lo == 0 && hi == size {
		m.idx, m.val = make([]int32, 0, s.NNZ()), make([]float64, 0, s.NNZ())
	}
	var buf shard.Buffer
	for at := lo; at < hi; {
		b := blockOf(blocks, at)
		if err := s.folder.Read(a, b, &buf); err != nil {
			return nil, fmt.Errorf("sparse: %w", err)
		}
		first := blocks[b].First
		end := min(hi, first+blocks[b].Rows)
		from, to := buf.Ptr[at-first], buf.Ptr[end-first]
		shift := len(m.val) - from
		for _, p := range buf.Ptr[at-first+1 : end-first+1] {
			m.ptr = append(m.ptr, p+shift)
		}
		m.idx, m.val = append(m.idx, buf.Idx[from:to]...), append(m.val, buf.Val[from:to]...)
		at = end
	}
	return m, nil
}

// Check reads every file once, and returns an error about the first that is
// damaged.
func (s *Shards) Check() error {
	var buf shard.Buffer
	for _, a := range []shard.Axis{shard.Rows, shard.Cols} {
		blocks, _ := s.folder.Blocks(a)
		for b := range blocks {
			if err := s.folder.Read(a, b, &buf); err != nil {
				return fmt.Errorf("sparse: %w", err)
			}
		}
		if _, err := s.folder.Labels(a); err != nil {
			return fmt.Errorf("sparse: %w", err)
		}
	}
	return nil
}

// RowLabels reads the names of the rows that were written with the matrix, nil
// if none were.
func (s *Shards) RowLabels() ([]string, error) { return s.labels(shard.Rows) }

// ColLabels reads the names of the columns.
func (s *Shards) ColLabels() ([]string, error) { return s.labels(shard.Cols) }

func (s *Shards) labels(a shard.Axis) ([]string, error) {
	l, err := s.folder.Labels(a)
	if err != nil {
		return nil, fmt.Errorf("sparse: %w", err)
	}
	return l, nil
}

// String describes the matrix in one line.
func (s *Shards) String() string {
	rows, cols := s.Dims()
	r, c := s.Blocks()
	return fmt.Sprintf("%d x %d sparse matrix, %d entries, in %d blocks of rows and %d of columns, %.3g MB: %s", rows, cols, s.NNZ(), r, c, float64(s.Bytes())/1e6, s.Dir())
}

// HTML describes the matrix, for notebooks.
func (s *Shards) HTML() string { return "<p>" + html.EscapeString(s.String()) + "</p>" }
