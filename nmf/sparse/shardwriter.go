package sparse

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"

	"gonmf/nmf/internal/csr"
	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/shard"
)

// ShardWriter writes a matrix into a folder that [OpenShards] opens, from
// triplets in any order that are seen once. Those of a place are summed in the
// order given, as [FromTriplets] does. It needs about 40 bytes for each entry of
// the largest block, of up to 256 each way, none of which has fewer than 16 rows.
// On disk it takes three times what the folder will.
//
// The folder appears at the end, whole. Until then what is written is in one
// beside it, whose name ends in .part; what a program that was killed has left
// there goes when the next writer begins.
//
// A ShardWriter must not be used by several goroutines at once.
type ShardWriter struct {
	dir, part string
	spool     *bufio.Writer
	file      *os.File
	entries   int
	record    [recordSize]byte
}

// ShardOptions is what [ShardWriter.Close] is told beside the size.
type ShardOptions struct {
	// RowLabels and ColLabels are names to be kept with the matrix, nil or one
	// for each.
	RowLabels, ColLabels []string

	// PlaceRows and PlaceCols, unless nil, turn the indices that Add was given
	// into the final ones, in place: for labels whose order is known when all
	// have come. They are called twice for each triplet.
	PlaceRows, PlaceCols func(indices []int32)

	// Progress is told how much of the work of Close is done; nil is silent.
	Progress func(done, total int)
}

// CreateShards begins to write the folder dir, which must not be there yet.
func CreateShards(dir string) (*ShardWriter, error) {
	dir = filepath.Clean(dir)
	if _, err := os.Lstat(dir); err == nil {
		return nil, fmt.Errorf("sparse: %s is there already: remove it, or choose another folder", dir)
	}
	w := &ShardWriter{dir: dir, part: dir + ".part"}
	if err := clearPart(w.part); err != nil {
		return nil, fmt.Errorf("sparse: %w", err)
	}
	if err := os.MkdirAll(w.part, 0o777); err != nil {
		return nil, fmt.Errorf("sparse: %w", err)
	}
	var err error
	if w.file, err = os.Create(filepath.Join(w.part, spoolName)); err != nil {
		return nil, errors.Join(fmt.Errorf("sparse: %w", err), w.Discard())
	}
	w.spool = bufio.NewWriterSize(w.file, 1<<20)
	return w, nil
}

// Names of files that are there only while a folder is written.
const (
	spoolName   = "triplets"
	bucketNames = "bucket-%03d"
)

// clearPart removes what a writer that was killed has left, and nothing else.
func clearPart(part string) error {
	names, err := os.ReadDir(part)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	for _, n := range names {
		own := n.Name() == spoolName || n.Name() == shard.ManifestName
		for _, pattern := range []string{"bucket-*", "rows-*", "columns-*", "rows.json", "columns.json", "cut-*"} {
			match, _ := filepath.Match(pattern, n.Name()) // the patterns are sound
			own = own || match
		}
		if !own {
			return fmt.Errorf("%s is no file of a folder that was being written: remove it, or choose another name", filepath.Join(part, n.Name()))
		}
	}
	return os.RemoveAll(part)
}

// Discard gives up, and removes what was written. After Close it does nothing.
func (w *ShardWriter) Discard() error {
	if w.part == "" {
		return nil
	}
	part := w.part
	w.part = ""
	w.file.Close()
	return os.RemoveAll(part)
}

// recordSize is that of a triplet on disk.
const recordSize = 16

// Add adds an entry.
func (w *ShardWriter) Add(i, j int, v float64) error {
	if i < math.MinInt32 || i > maxDim || j < math.MinInt32 || j > maxDim {
		return kind.Errorf(ErrShape, "sparse: triplet %d is at (%d,%d): a side must be from 0 to %d", w.entries, i, j, maxDim)
	}
	return w.add(int32(i), int32(j), v)
}

// AddTriplets adds entries.
func (w *ShardWriter) AddTriplets(t Triplets) error {
	if len(t.I) != len(t.J) || t.V != nil && len(t.I) != len(t.V) {
		return kind.Errorf(ErrShape, "sparse: %d row indices, %d column indices, %d values", len(t.I), len(t.J), len(t.V))
	}
	v := 1.0
	for p, i := range t.I {
		if t.V != nil {
			v = t.V[p]
		}
		if err := w.add(i, t.J[p], v); err != nil {
			return err
		}
	}
	return nil
}

func (w *ShardWriter) add(i, j int32, v float64) error {
	if w.part == "" {
		return errors.New("sparse: the folder is closed: nothing can be added")
	}
	putRecord(w.record[:], i, j, v)
	if _, err := w.spool.Write(w.record[:]); err != nil {
		return fmt.Errorf("sparse: %w", err)
	}
	w.entries++
	return nil
}

func putRecord(b []byte, i, j int32, v float64) {
	binary.LittleEndian.PutUint32(b, uint32(i))
	binary.LittleEndian.PutUint32(b[4:], uint32(j))
	binary.LittleEndian.PutUint64(b[8:], math.Float64bits(v))
}

// Close writes the matrix of rows x cols of the entries added, and opens it. The
// entries must be finite numbers. After an error nothing is left of the folder.
func (w *ShardWriter) Close(rows, cols int, opt ShardOptions) (s *Shards, err error) {
	if w.part == "" {
		return nil, errors.New("sparse: the folder is closed already")
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.Discard())
		}
	}()
	if err := checkDims(rows, cols); err != nil {
		return nil, err
	}
	if l := opt.RowLabels; l != nil && len(l) != rows {
		return nil, kind.Errorf(ErrShape, "sparse: %d labels for %d rows", len(l), rows)
	}
	if l := opt.ColLabels; l != nil && len(l) != cols {
		return nil, kind.Errorf(ErrShape, "sparse: %d labels for %d columns", len(l), cols)
	}
	if err := w.spool.Flush(); err != nil {
		return nil, fmt.Errorf("sparse: %w", err)
	}
	t := &sorter{ShardWriter: w, opt: opt}
	t.Rows, t.Cols = rows, cols
	if err := t.run(); err != nil {
		return nil, fmt.Errorf("sparse: %w", err)
	}
	if err := os.Rename(w.part, w.dir); err != nil {
		return nil, fmt.Errorf("sparse: %w", err)
	}
	w.part = ""
	return OpenShards(w.dir)
}

// sorter turns the spool into blocks: it deals the triplets to a file for each
// block of rows, as far as these are known before those of one place are summed,
// makes the blocks of these, and deals and makes the blocks of columns of them.
type sorter struct {
	*ShardWriter
	shard.Manifest
	opt  ShardOptions
	done int // entries, of all passes
}

// passes are those over all entries: to count them, to deal them to blocks of
// rows and make these, and the same for columns.
const passes = 5

func (t *sorter) pass(entries int) {
	t.done += entries
	if t.opt.Progress != nil {
		t.opt.Progress(min(t.done, passes*t.entries), passes*t.entries)
	}
}

func (t *sorter) run() error {
	counts := make([]int, t.Rows+1)
	err := t.spooled(func(p Triplets) error {
		for _, i := range p.I {
			counts[i+1]++
		}
		return nil
	})
	if err != nil {
		return err
	}
	cut := csr.Cut(sumUp(counts))
	err = t.deal(cut, func(put func(i, j int32, v float64) error) error {
		return t.spooled(func(p Triplets) error {
			for at, i := range p.I {
				if err := put(i, p.J[at], p.V[at]); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	t.file.Close() // it was read
	if err := os.Remove(filepath.Join(t.part, spoolName)); err != nil {
		return err
	}
	perRow, perCol := make([]int, t.Rows+1), make([]int, t.Cols+1)
	t.RowBlocks, err = t.blocks(shard.Rows, cut, t.Cols, func(first int, m *CSR) {
		t.take(m)
		for i := range m.rows {
			perRow[first+i+1] = m.ptr[i+1] - m.ptr[i]
		}
		for _, j := range m.idx {
			perCol[j+1]++
		}
	})
	if err != nil {
		return err
	}
	if !(t.Whole.SumSquares <= math.MaxFloat64) {
		return kind.Errorf(ErrFormat, "the sum of the squares of the entries overflows: divide them by the largest, which is %g", t.Largest)
	}
	if final := csr.Cut(sumUp(perRow)); !slices.Equal(final, cut) { // some places were there twice
		if err := t.recut(final); err != nil {
			return err
		}
	}
	cut = csr.Cut(sumUp(perCol))
	err = t.deal(cut, func(put func(i, j int32, v float64) error) error {
		return t.eachRowBlock(func(first int, buf *shard.Buffer) error {
			for i := range len(buf.Ptr) - 1 {
				for p := buf.Ptr[i]; p < buf.Ptr[i+1]; p++ {
					if err := put(buf.Idx[p], int32(first+i), buf.Val[p]); err != nil {
						return err
					}
				}
			}
			t.pass(len(buf.Val))
			return nil
		})
	})
	if err != nil {
		return err
	}
	if t.ColBlocks, err = t.blocks(shard.Cols, cut, t.Rows, func(int, *CSR) {}); err != nil {
		return err
	}
	return t.finish()
}

// finish writes labels and the manifest.
func (t *sorter) finish() (err error) {
	if t.opt.RowLabels != nil {
		if t.RowLabels, err = shard.WriteLabels(t.part, shard.Rows, t.opt.RowLabels); err != nil {
			return err
		}
	}
	if t.opt.ColLabels != nil {
		if t.ColLabels, err = shard.WriteLabels(t.part, shard.Cols, t.opt.ColLabels); err != nil {
			return err
		}
	}
	return shard.WriteManifest(t.part, t.Manifest)
}

// sumUp turns counts, the first of which is 0, into pointers.
func sumUp(counts []int) []int {
	for i := range len(counts) - 1 {
		counts[i+1] += counts[i]
	}
	return counts
}

// spooled calls use with the triplets as they came, in their final places, some
// at a time.
func (t *sorter) spooled(use func(Triplets) error) error {
	const most = 1 << 16
	if _, err := t.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	raw := make([]byte, most*recordSize)
	var p Triplets
	for at := 0; at < t.entries; at += len(p.I) {
		n := min(most, t.entries-at)
		if _, err := io.ReadFull(t.file, raw[:n*recordSize]); err != nil {
			return fmt.Errorf("%s: %w", t.file.Name(), err)
		}
		p.I, p.J, p.V = p.I[:0], p.J[:0], p.V[:0]
		for q := range n {
			i, j, v := record(raw[q*recordSize:])
			p.I, p.J, p.V = append(p.I, i), append(p.J, j), append(p.V, v)
		}
		if t.opt.PlaceRows != nil {
			t.opt.PlaceRows(p.I)
		}
		if t.opt.PlaceCols != nil {
			t.opt.PlaceCols(p.J)
		}
		for q, i := range p.I {
			if j, v := p.J[q], p.V[q]; i < 0 || int(i) >= t.Rows || j < 0 || int(j) >= t.Cols {
				return kind.Errorf(ErrShape, "triplet %d is at (%d,%d), outside %d x %d", at+q, i, j, t.Rows, t.Cols)
			} else if math.IsNaN(v) || math.IsInf(v, 0) {
				return kind.Errorf(ErrFormat, "triplet %d, at (%d,%d), is %v: want a finite number", at+q, i, j, v)
			}
		}
		if err := use(p); err != nil {
			return err
		}
		t.pass(n)
	}
	return nil
}

// record reads a triplet.
func record(b []byte) (i, j int32, v float64) {
	_ = b[recordSize-1]
	return int32(binary.LittleEndian.Uint32(b)), int32(binary.LittleEndian.Uint32(b[4:])), math.Float64frombits(binary.LittleEndian.Uint64(b[8:]))
}

// deal makes a file of triplets for each block of a cut, in which they keep
// their order.
func (t *sorter) deal(cut []int, from func(put func(i, j int32, v float64) error) error) error {
	const room = 128 << 10 // bytes of each file that wait
	at := make([]uint8, cut[len(cut)-1])
	for b := range len(cut) - 1 {
		for i := cut[b]; i < cut[b+1]; i++ {
			at[i] = uint8(b) // csr.MaxBlocks of them
		}
	}
	waiting := make([][]byte, len(cut)-1)
	flush := func(b int) (err error) {
		f, err := os.OpenFile(filepath.Join(t.part, fmt.Sprintf(bucketNames, b)), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o666)
		if err != nil {
			return err
		}
		_, err = f.Write(waiting[b])
		waiting[b] = waiting[b][:0]
		if closed := f.Close(); err == nil {
			err = closed
		}
		return err
	}
	err := from(func(i, j int32, v float64) error {
		b := at[i]
		w := waiting[b]
		if len(w)+recordSize > cap(w) {
			if w == nil {
				w = make([]byte, 0, room)
			} else if err := flush(int(b)); err != nil {
				return err
			}
			w = w[:0]
		}
		w = w[:len(w)+recordSize]
		putRecord(w[len(w)-recordSize:], i, j, v)
		waiting[b] = w
		return nil
	})
	for b := range waiting {
		if err == nil {
			err = flush(b)
		}
	}
	return err
}

// blocks makes the blocks of an axis of the files that deal has made, and shows
// each with its first row.
func (t *sorter) blocks(a shard.Axis, cut []int, depth int, show func(first int, m *CSR)) (all []shard.Block, err error) {
	var p Triplets
	for b := range len(cut) - 1 {
		first, rows := cut[b], cut[b+1]-cut[b]
		name := filepath.Join(t.part, fmt.Sprintf(bucketNames, b))
		if rows == 0 { // of a matrix without any
			return nil, os.Remove(name)
		}
		if p, err = readBucket(name, int32(first), p); err != nil {
			return nil, err
		}
		m, err := FromParts(rows, depth, []Triplets{p})
		if err != nil {
			return nil, err
		}
		block, err := shard.WriteBlock(t.part, a, b, first, m.ptr, m.idx, m.val)
		if err != nil {
			return nil, err
		}
		all = append(all, block)
		show(first, m)
		if err := os.Remove(name); err != nil {
			return nil, err
		}
		t.pass(len(p.I))
	}
	return all, nil
}

// readBucket reads a file that deal has made, of rows from first on, in memory
// that p had.
func readBucket(name string, first int32, p Triplets) (Triplets, error) {
	f, err := os.Open(name)
	if err != nil {
		return p, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return p, err
	}
	n := int(info.Size() / recordSize)
	p.I, p.J, p.V = slices.Grow(p.I[:0], n), slices.Grow(p.J[:0], n), slices.Grow(p.V[:0], n)
	raw := make([]byte, min(n, 1<<16)*recordSize)
	for len(p.I) < n {
		some := raw[:min(n-len(p.I), 1<<16)*recordSize]
		if _, err := io.ReadFull(f, some); err != nil {
			return p, fmt.Errorf("%s: %w", name, err)
		}
		for ; len(some) > 0; some = some[recordSize:] {
			i, j, v := record(some)
			p.I, p.J, p.V = append(p.I, i-first), append(p.J, j), append(p.V, v)
		}
	}
	return p, nil
}

// take adds the entries of a block of rows to what the manifest says of all.
func (t *sorter) take(m *CSR) {
	for i := range m.rows {
		var of, single shard.Totals
		_, val := m.Row(i)
		for _, v := range val {
			of.Sum += v
			of.SumSquares += v * v
			s := float64(float32(v))
			single.Sum += s
			single.SumSquares += s * s
			if t.Entries == 0 {
				t.Least, t.Largest = v, v
			}
			t.Entries++
			t.Least, t.Largest = min(t.Least, v), max(t.Largest, v)
		}
		t.Whole.Sum += of.Sum
		t.Whole.SumSquares += of.SumSquares
		t.Single.Sum += single.Sum
		t.Single.SumSquares += single.SumSquares
	}
	if math.IsInf(t.Single.Sum, 0) || math.IsInf(t.Single.SumSquares, 0) { // of more than a float32 can be
		t.Single = shard.Totals{Sum: math.MaxFloat64, SumSquares: math.MaxFloat64}
	}
}

// eachRowBlock reads the blocks of rows that are there.
func (t *sorter) eachRowBlock(use func(first int, buf *shard.Buffer) error) error {
	f := shard.New(t.part, t.Manifest)
	var buf shard.Buffer
	for b := range t.RowBlocks {
		if err := f.Read(shard.Rows, b, &buf); err != nil {
			return err
		}
		if err := use(t.RowBlocks[b].First, &buf); err != nil {
			return err
		}
	}
	return nil
}

// recut writes the blocks of rows anew, with other bounds.
func (t *sorter) recut(cut []int) error {
	next := &CSR{cols: t.Cols, ptr: []int{0}}
	var all []shard.Block
	dir := filepath.Join(t.part, "cut-new")
	if err := os.Mkdir(dir, 0o777); err != nil {
		return err
	}
	err := t.eachRowBlock(func(_ int, buf *shard.Buffer) error {
		for i := range len(buf.Ptr) - 1 {
			from, to := buf.Ptr[i], buf.Ptr[i+1]
			next.idx, next.val = append(next.idx, buf.Idx[from:to]...), append(next.val, buf.Val[from:to]...)
			next.ptr = append(next.ptr, len(next.val))
			next.rows++
			b := len(all)
			if next.rows < cut[b+1]-cut[b] {
				continue
			}
			block, err := shard.WriteBlock(dir, shard.Rows, b, cut[b], next.ptr, next.idx, next.val)
			if err != nil {
				return err
			}
			all = append(all, block)
			next.rows, next.ptr, next.idx, next.val = 0, next.ptr[:1], next.idx[:0], next.val[:0]
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, b := range t.RowBlocks {
		if err := os.Remove(filepath.Join(t.part, b.Name)); err != nil {
			return err
		}
	}
	t.RowBlocks = all
	for _, b := range all {
		if err := os.Rename(filepath.Join(dir, b.Name), filepath.Join(t.part, b.Name)); err != nil {
			return err
		}
	}
	return os.Remove(dir)
}

// WriteShards writes the matrix into a folder, which must not be there yet, and
// opens it: to try things on, or to hand a matrix over to a smaller machine.
func (m *CSR) WriteShards(dir string, opt ShardOptions) (*Shards, error) {
	w, err := CreateShards(dir)
	if err != nil {
		return nil, err
	}
	for i := range m.rows {
		idx, val := m.Row(i)
		for p, j := range idx {
			if err := w.add(int32(i), j, val[p]); err != nil {
				return nil, errors.Join(err, w.Discard())
			}
		}
	}
	return w.Close(m.rows, m.cols, opt)
}
