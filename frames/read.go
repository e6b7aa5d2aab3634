package frames

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"

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
		workers[i] = &worker{parse: p, id: i, scanner: scanner{names: head.names}}
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
	by           int // the worker, whose codes of labels these are
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

// assemble brings the labels of all workers together and builds the matrix.
func (p *parse) assemble(workers []*worker, rows int) (*Interactions, error) {
	if rows == 0 {
		return nil, fmt.Errorf("frames: the file has a header, but no rows: %w", ErrEmpty)
	}
	items, users := make([]*dict, len(workers)), make([]*dict, len(workers))
	for n, w := range workers {
		items[n], users[n] = &w.items, &w.users
	}
	parts, by := make([]sparse.Triplets, 0, len(p.parts)), make([]int, 0, len(p.parts))
	for _, t := range p.parts {
		if t.rows > 0 {
			parts, by = append(parts, sparse.Triplets{I: t.items, J: t.users, V: t.weights}), append(by, t.by)
		}
	}
	return interactions(items, users, parts, by, p.opt)
}
