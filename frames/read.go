package frames

import (
	"errors"
	"io"
	"sync"
	"sync/atomic"

	"gonmf/frames/internal/code"
	"gonmf/frames/internal/frame"
	"gonmf/frames/internal/text"
	"gonmf/nmf/sparse"
)

// ReadInteractions reads a long table from a CSV file with a header line,
// into a labelled sparse matrix. It takes the files that [ReadCSV] takes, and
// opt.CSV says how one is written, and gives what [NewInteractions] gives, but no DataFrame is
// made on the way: labels are the text of the file, and ten million rows take
// seconds. Columns that opt does not name are not looked at.
//
// The file is parsed by opt.Workers goroutines, a block each; the result does
// not depend on their number. Errors are of the first row that has one.
func ReadInteractions(r io.Reader, opt Columns) (*Interactions, error) {
	opt = opt.withDefaults()
	in, head, first, err := text.Open(r, text.Options(opt.CSV))
	if err != nil {
		return nil, err
	}
	p := &parse{opt: opt, spill: spill{dir: opt.Shards}, numbers: text.Options(opt.CSV).Numbers()}
	if p.item, p.user, p.weight, err = opt.find(head.Names); err != nil {
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
		workers[i] = &worker{parse: p, id: i, scanner: head.Fresh()}
		wg.Go(func() {
			for j := range jobs {
				workers[i].block(j)
				free <- j.buffer
			}
		})
	}
	err = p.feed(in, job{Block: text.Block{Data: head.Rest, Line: head.Next}, buffer: first.Data}, jobs, free)
	close(jobs)
	wg.Wait()
	rows, errParse := p.rows()
	if errParse != nil {
		return nil, errors.Join(errParse, p.spill.discard()) // of a row before the place where reading failed
	}
	if err != nil {
		return nil, errors.Join(err, p.spill.discard())
	}
	left, line := 0, 0
	for _, w := range workers {
		if n, first := w.scanner.Left(); n > 0 {
			if left += n; line == 0 || first < line {
				line = first
			}
		}
	}
	text.Skipped(left, line, opt.CSV.Notice)
	return p.assemble(workers, rows)
}

// parse is a file being read.
type parse struct {
	opt                Columns
	item, user, weight int // columns; weight is -1 where each row weighs 1
	numbers            text.Numbers

	failed atomic.Bool // a block has an error: those after it do not matter
	mu     sync.Mutex
	parts  []part // by block
	done   int    // rows
	spill  spill
}

// job is a block to parse.
type job struct {
	text.Block
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
func (p *parse) feed(in *text.Blocks, j job, jobs chan<- job, free <-chan []byte) error {
	for {
		p.mu.Lock()
		j.seq = len(p.parts)
		p.parts = append(p.parts, part{})
		p.mu.Unlock()
		jobs <- j
		b, err := in.Next(<-free)
		if err == io.EOF || p.failed.Load() {
			return nil
		}
		if err != nil {
			return err
		}
		j = job{Block: b, buffer: b.Data}
	}
}

// rows counts the rows of all parts, or returns the error of the first that
// has one.
func (p *parse) rows() (int, error) {
	rows := 0
	for _, part := range p.parts {
		if part.err != nil {
			return 0, frame.ShiftRow(part.err, rows)
		}
		rows += part.rows
	}
	return rows, nil
}

// assemble brings the labels of all workers together and builds the matrix.
func (p *parse) assemble(workers []*worker, rows int) (*Interactions, error) {
	if rows == 0 {
		return nil, frame.Errorf(ErrEmpty, "frames: the file has a header, but no rows")
	}
	if p.opt.Shards != "" {
		return p.spill.table(&workers[0].items, &workers[0].users, p.opt)
	}
	items, users := make([]*code.Dict, len(workers)), make([]*code.Dict, len(workers))
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
