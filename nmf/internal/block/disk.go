package block

import (
	"sync"
	"sync/atomic"

	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/par"
	"gonmf/nmf/internal/shard"
)

// Disk is a [Carrier] of an X in the files of a folder. While the workers of a
// pool have blocks in hand, the next ones are read, so that some blocks of X are
// in memory at a time.
type Disk[T kern.Float] struct {
	crew[T]
	folder *shard.Folder
	fault  *fault
	free   chan *shard.Buffer // what blocks are read into

	// back says that the next pass over an axis begins at its end: where the
	// system's memory holds a part of the files only, that is the part that was
	// read last.
	back [2]bool

	slice struct { // the block that the last Slice ended in
		buf   shard.Buffer
		block int
	}
}

const (
	// readers is how many blocks are read at a time.
	readers = 2
	// ahead is how many blocks beside those in hand are being read or wait.
	ahead = 2
)

// fault is the first error of reading.
type fault struct {
	mu  sync.Mutex
	err error
	any atomic.Bool
}

func (f *fault) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
		f.any.Store(true)
	}
}

// NewDisk returns a carrier of the matrix in a folder with some workers. It is
// to be closed.
func NewDisk[T kern.Float](f *shard.Folder, workers int) *Disk[T] {
	d := newDisk[T](f, par.NewPool(workers), &fault{}, make(chan *shard.Buffer, workers+ahead))
	for range cap(d.free) {
		d.free <- &shard.Buffer{}
	}
	return d
}

func newDisk[T kern.Float](f *shard.Folder, pool *par.Pool, fault *fault, free chan *shard.Buffer) *Disk[T] {
	d := &Disk[T]{crew: newCrew[T](pool), folder: f, fault: fault, free: free}
	d.slice.block = -1
	return d
}

// Double returns a carrier in double precision that has the same workers.
func (d *Disk[T]) Double() *Disk[float64] {
	return newDisk[float64](d.folder, d.pool, d.fault, d.free)
}

// Forget drops what is kept for the next step, to make room.
func (d *Disk[T]) Forget() { d.gram, d.free = nil, nil }

// Failed returns the first error of reading.
func (d *Disk[T]) Failed() error {
	d.fault.mu.Lock()
	defer d.fault.mu.Unlock()
	return d.fault.err
}

func (d *Disk[T]) Whole() Whole {
	f := d.folder
	sums := f.Whole
	if Single[T]() {
		sums = f.Single
	}
	return Whole{Rows: f.Rows, Cols: f.Cols, Mean: sums.Sum / (float64(f.Rows) * float64(f.Cols)), SumSq: sums.SumSquares, Apart: true}
}

func (d *Disk[T]) Rows(w, ht *Factor[T]) *Side[T] { return d.side(shard.Rows, w, ht) }
func (d *Disk[T]) Cols(ht, w *Factor[T]) *Side[T] { return d.side(shard.Cols, ht, w) }

func (d *Disk[T]) side(a shard.Axis, free, fixed *Factor[T]) *Side[T] {
	blocks, depth := d.folder.Blocks(a)
	s := &Side[T]{Free: free, Fixed: fixed, CSR: &Compressed[T]{}, Depth: depth, BlockRows: kern.Lanes, apart: true, cols: a == shard.Cols}
	for _, b := range blocks {
		s.Chunks = append(s.Chunks, b.First)
	}
	s.Chunks = append(s.Chunks, free.Rows)
	return s
}

// compressedOf returns a block as memory has it.
func compressedOf[T kern.Float](ptr []int, idx []int32, val []float64) *Compressed[T] {
	c := &Compressed[T]{Ptr: ptr, Idx: idx}
	if v, ok := any(val).([]T); ok {
		c.Val = v
	} else {
		c.wide = val
	}
	return c
}

// Map reads the blocks of the side, but where its hands need nothing of X. After
// an error of reading it does nothing.
func (d *Disk[T]) Map(s *Side[T], h *Hands[T]) Sums {
	h.Hand(d.pool.Workers() - 1)
	sums := h.room(len(s.Chunks) - 1)
	update := func(worker, b int, x *Compressed[T]) {
		part := *s
		lo, hi := s.Chunks[b], s.Chunks[b+1]
		part.CSR, part.Free = x, s.Free.Slice(lo, hi)
		sums[b] = h.hands[worker].Update(Rows[T]{Side: &part, Lo: 0, Hi: hi - lo, First: lo})
	}
	if h.Blind {
		if !d.fault.any.Load() {
			d.pool.Run(len(sums), func(worker, b int) { update(worker, b, nil) })
		}
		return addUp(sums)
	}
	axis := shard.Rows
	if s.cols {
		axis = shard.Cols
	}
	at := func(turn int) int { return turn }
	if d.back[axis] {
		at = func(turn int) int { return len(sums) - 1 - turn }
	}
	d.back[axis] = !d.back[axis]
	arrived := make([]chan *shard.Buffer, len(sums)) // by turn
	for turn := range arrived {
		arrived[turn] = make(chan *shard.Buffer, 1)
	}
	var next atomic.Int64
	var reading sync.WaitGroup
	for range readers {
		reading.Go(func() {
			for {
				buf := <-d.free // before the turn: what has one is on its way
				turn := int(next.Add(1)) - 1
				if turn >= len(arrived) {
					d.free <- buf
					return
				}
				if !d.fault.any.Load() {
					if err := d.folder.Read(axis, at(turn), buf); err != nil {
						d.fault.set(err)
					}
				}
				arrived[turn] <- buf
			}
		})
	}
	d.pool.Run(len(sums), func(worker, turn int) {
		buf := <-arrived[turn]
		if !d.fault.any.Load() {
			update(worker, at(turn), compressedOf[T](buf.Ptr, buf.Idx, buf.Val))
		}
		d.free <- buf
	})
	reading.Wait()
	return addUp(sums)
}

// Slice reads some rows into memory.
func (d *Disk[T]) Slice(lo, hi int) Carrier[T] {
	blocks, depth := d.folder.Blocks(shard.Rows)
	ptr := make([]int, 1, hi-lo+1)
	var idx []int32
	var val []float64
	for b := range blocks {
		first, end := blocks[b].First, blocks[b].First+blocks[b].Rows
		from, to := max(lo, first), min(hi, end)
		if from >= to || d.fault.any.Load() {
			continue
		}
		buf := &d.slice.buf
		if d.slice.block != b {
			d.slice.block = -1
			if err := d.folder.Read(shard.Rows, b, buf); err != nil {
				d.fault.set(err)
				continue
			}
			d.slice.block = b
		}
		start, stop := buf.Ptr[from-first], buf.Ptr[to-first]
		shift := len(val) - start
		for _, p := range buf.Ptr[from-first+1 : to-first+1] {
			ptr = append(ptr, p+shift)
		}
		idx, val = append(idx, buf.Idx[start:stop]...), append(val, buf.Val[start:stop]...)
	}
	for len(ptr) < hi-lo+1 { // of what could not be read
		ptr = append(ptr, len(val))
	}
	part := &Entries[T]{Rows: hi - lo, Cols: depth, CSR: compressedOf[T](ptr, idx, val)}
	part.addUp()
	return &Memory[T]{part, d.crew}
}
