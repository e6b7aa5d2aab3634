package frames

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"gonmf/nmf/sparse"
)

// ReadInteractions reads a long table from a CSV file with a header line,
// plain or gzip, into a labelled sparse matrix. It takes the files that
// [ReadCSV] takes, and gives what [NewInteractions] gives, but no DataFrame is
// made on the way: labels are the text of the file, and ten million rows take
// seconds. Columns that opt does not name are not looked at.
//
// The file is parsed by opt.Workers goroutines, a block each; the result does
// not depend on their number. Errors are of the first row that has one.
func ReadInteractions(r io.Reader, opt Columns) (*Interactions, error) {
	opt = opt.withDefaults()
	in, head, first, err := openTable(r)
	if err != nil {
		return nil, err
	}
	p := &parse{opt: opt}
	if p.item, p.user, p.weight, err = opt.find(head.names); err != nil {
		return nil, err
	}
	jobs := make(chan job)
	free := make(chan []byte, opt.Workers+1)
	for range opt.Workers {
		free <- nil
	}
	workers := make([]*worker, opt.Workers)
	var wg sync.WaitGroup
	for i := range workers {
		workers[i] = &worker{parse: p, id: i, scanner: scanner{names: head.names}, items: &dict{}, users: &dict{}}
		wg.Go(func() {
			for j := range jobs {
				workers[i].block(j)
				free <- j.buffer
			}
		})
	}
	err = p.feed(in, job{block: block{head.rest, head.next}, buffer: first.data}, jobs, free)
	close(jobs)
	wg.Wait()
	rows, errParse := p.rows()
	if errParse != nil {
		return nil, errParse // of a row before the place where reading failed
	}
	if err != nil {
		return nil, err
	}
	return p.assemble(workers, rows)
}

// parse is a file being read.
type parse struct {
	opt                Columns
	item, user, weight int // columns; weight is -1 where each row weighs 1

	failed atomic.Bool // a block has an error: those after it do not matter
	mu     sync.Mutex
	parts  []part // by block
	done   int    // rows
}

// job is a block to parse.
type job struct {
	block
	seq    int
	buffer []byte // that holds the block
}

// part is what one block held.
type part struct {
	by           int // the worker, whose numbers of labels these are
	items, users []int32
	weights      []float64 // nil where each row weighs 1
	rows         int
	err          error
}

// feed hands the blocks of a file to the workers, in order.
func (p *parse) feed(in *blocks, j job, jobs chan<- job, free <-chan []byte) error {
	for {
		p.mu.Lock()
		j.seq = len(p.parts)
		p.parts = append(p.parts, part{})
		p.mu.Unlock()
		jobs <- j
		b, err := in.next(<-free)
		if err == io.EOF || p.failed.Load() {
			return nil
		}
		if err != nil {
			return err
		}
		j = job{block: b, buffer: b.data}
	}
}

// rows counts the rows of all parts, or returns the error of the first that
// has one.
func (p *parse) rows() (int, error) {
	rows := 0
	for _, part := range p.parts {
		if part.err != nil {
			return 0, shiftRow(part.err, rows)
		}
		rows += part.rows
	}
	return rows, nil
}

// worker parses blocks. Its labels have numbers of their own.
type worker struct {
	*parse
	id           int
	scanner      scanner
	items, users *dict
	batch        []record
	touched      uint32 // keeps dict.touch from being optimised away
}

// record is a row with its labels not yet looked up.
type record struct {
	item, user       []byte
	itemKey, userKey key
	row, line        int
}

// batchSize is the number of rows whose labels are looked up together.
const batchSize = 64

// block parses a block and stores what it held.
func (w *worker) block(j job) {
	room := w.scanner.row + w.scanner.row/16 // blocks are much alike
	out := part{by: w.id, items: make([]int32, 0, room), users: make([]int32, 0, room)}
	if w.weight >= 0 {
		out.weights = make([]float64, 0, room)
	}
	w.scanner.reset(j.block)
	for more := true; more && out.err == nil; {
		more, out.err = w.read(&out)
		// Of the rows before an error, one may have an error of its own.
		if err := w.lookUp(&out); err != nil {
			out.err = err
		}
	}
	if out.err != nil {
		w.failed.Store(true)
	}
	out.rows = w.scanner.row
	w.mu.Lock()
	defer w.mu.Unlock()
	w.parts[j.seq] = out
	w.done += out.rows
	if w.opt.Progress != nil && out.err == nil {
		w.opt.Progress(w.done)
	}
}

// read takes the weights and the labels of the next records, as far as a batch
// holds them; it returns false after the last.
func (w *worker) read(out *part) (bool, error) {
	s := &w.scanner
	w.batch = w.batch[:0]
	for len(w.batch) < batchSize {
		if more, err := s.scan(); !more {
			return false, err
		}
		if w.weight >= 0 {
			v, err := fieldEntry(s.fields[w.weight])
			if err != nil {
				return false, at(err, s.row, s.line, w.opt.Weight)
			}
			out.weights = append(out.weights, v)
		}
		item, user := s.fields[w.item], s.fields[w.user]
		w.batch = append(w.batch, record{item, user, w.items.key(item), w.users.key(user), s.row, s.line})
	}
	return true, nil
}

// lookUp numbers the labels of the batch.
func (w *worker) lookUp(out *part) error {
	for n := range w.batch {
		r := &w.batch[n]
		w.touched += w.items.touch(&r.itemKey) + w.users.touch(&r.userKey)
	}
	for n := range w.batch {
		r := &w.batch[n]
		item, err := w.items.code(&r.itemKey, r.item)
		if err != nil {
			return at(err, r.row, r.line, w.opt.Item)
		}
		user, err := w.users.code(&r.userKey, r.user)
		if err != nil {
			return at(err, r.row, r.line, w.opt.User)
		}
		out.items, out.users = append(out.items, item), append(out.users, user)
	}
	return nil
}

// code returns the number of a label. Only one that is new allocates.
func (d *dict) code(k *key, label []byte) (int32, error) {
	if code := d.find(k, label); code >= 0 {
		return code, nil
	}
	if len(label) == 0 {
		return 0, errMissingLabel
	}
	if !utf8.Valid(label) {
		return 0, notUTF8(label)
	}
	return d.add(k, string(label)), nil
}

// assemble brings the labels of all workers together and builds the matrix.
func (p *parse) assemble(workers []*worker, rows int) (*Interactions, error) {
	if rows == 0 {
		return nil, fmt.Errorf("frames: the file has a header, but no rows: %w", ErrEmpty)
	}
	items, users := make([]*dict, len(workers)), make([]*dict, len(workers))
	for n, w := range workers {
		items[n], users[n] = w.items, w.users
		w.items, w.users = nil, nil
	}
	var itemNames, userNames []string
	var itemOf, userOf [][]int32 // by worker: what its numbers stand for
	var wg sync.WaitGroup
	wg.Go(func() { itemNames, itemOf = unite(items) })
	wg.Go(func() { userNames, userOf = unite(users) })
	wg.Wait()
	s, err := newSides(itemNames, userNames, p.opt)
	if err != nil {
		return nil, err
	}
	for n := range workers {
		compose(itemOf[n], s.itemPlace)
		compose(userOf[n], s.userPlace)
	}
	parts := make([]sparse.Triplets, len(p.parts))
	todo := make(chan int)
	for range workers {
		wg.Go(func() {
			for n := range todo {
				t := p.parts[n]
				replace(t.items, itemOf[t.by])
				replace(t.users, userOf[t.by])
				parts[n] = sparse.Triplets{I: t.items, J: t.users, V: t.weights}
			}
		})
	}
	for n := range p.parts {
		todo <- n
	}
	close(todo)
	wg.Wait()
	return s.interactions(parts)
}

// compose replaces each number by its place.
func compose(codes []int32, place []int) {
	for c, code := range codes {
		codes[c] = int32(place[code])
	}
}

// replace replaces each code by what it stands for.
func replace(codes, by []int32) {
	for r, code := range codes {
		codes[r] = by[code]
	}
}
