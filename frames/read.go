package frames

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"unicode/utf8"
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
	p := &parse{opt: opt, names: head.names}
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
		workers[i] = &worker{parse: p, id: i, scanner: scanner{names: head.names}, items: newDict(), users: newDict()}
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
	names              []string
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
}

// block parses a block and stores what it held.
func (w *worker) block(j job) {
	out := part{by: w.id}
	w.scanner.reset(j.block)
	for {
		more, err := w.scanner.scan()
		if err == nil && more {
			err = w.record(&out)
		}
		if err != nil {
			out.err = err
			w.failed.Store(true)
		}
		if err != nil || !more {
			break
		}
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

// record adds a record to a part.
func (w *worker) record(out *part) error {
	s := &w.scanner
	item, err := w.items.code(s, w.item)
	if err != nil {
		return err
	}
	user, err := w.users.code(s, w.user)
	if err != nil {
		return err
	}
	out.items, out.users = append(out.items, item), append(out.users, user)
	if w.weight < 0 {
		return nil
	}
	v, err := fieldWeight(s.fields[w.weight])
	if err != nil {
		return at(err, s.row, s.line, w.opt.Weight)
	}
	out.weights = append(out.weights, v)
	return nil
}

// fieldWeight parses a weight. Most are small counts.
func fieldWeight(field []byte) (float64, error) {
	if len(field) == 0 || len(field) > 15 { // 10^15 < 2^53
		return parseWeight(string(field))
	}
	v := 0
	for _, c := range field {
		if c < '0' || c > '9' {
			return parseWeight(string(field))
		}
		v = v*10 + int(c-'0')
	}
	return float64(v), nil
}

// dict numbers labels in the order in which they come.
type dict struct {
	codes map[string]int32
	names []string
	last  int32 // the code of the label before: files are often sorted
}

func newDict() *dict { return &dict{codes: make(map[string]int32)} }

// code returns the number of the label in a column of the record. Only a label
// that is new allocates.
func (d *dict) code(s *scanner, column int) (int32, error) {
	label := s.fields[column]
	if len(d.names) > 0 && d.names[d.last] == string(label) {
		return d.last, nil
	}
	code, ok := d.codes[string(label)]
	if !ok {
		if len(label) == 0 {
			return 0, at(errMissingLabel, s.row, s.line, s.name(column))
		}
		if !utf8.Valid(label) {
			return 0, s.notUTF8(column)
		}
		code = d.add(string(label))
	}
	d.last = code
	return code, nil
}

// add numbers a label that is new.
func (d *dict) add(name string) int32 {
	code := int32(len(d.names))
	d.codes[name] = code
	d.names = append(d.names, name)
	return code
}

// assemble brings the labels of all workers together and builds the matrix.
func (p *parse) assemble(workers []*worker, rows int) (*Interactions, error) {
	if rows == 0 {
		return nil, fmt.Errorf("frames: the file has a header, but no rows: %w", ErrEmpty)
	}
	itemDicts, userDicts := make([]*dict, len(workers)), make([]*dict, len(workers))
	for n, w := range workers {
		itemDicts[n], userDicts[n] = w.items, w.users
	}
	itemNames, itemCodes := unite(itemDicts)
	userNames, userCodes := unite(userDicts)
	s, err := newSides(itemNames, userNames, p.opt)
	if err != nil {
		return nil, err
	}
	i, j, v := make([]int, 0, rows), make([]int, 0, rows), make([]float64, 0, rows)
	for n, part := range p.parts {
		for r := range part.items {
			i = append(i, s.itemPlace[itemCodes[part.by][part.items[r]]])
			j = append(j, s.userPlace[userCodes[part.by][part.users[r]]])
			if part.weights == nil {
				v = append(v, 1)
			}
		}
		v = append(v, part.weights...)
		p.parts[n].items, p.parts[n].users, p.parts[n].weights = nil, nil, nil
	}
	return s.interactions(i, j, v)
}

// unite numbers the labels of all dicts together: codes[d][c] is the number
// of label c of dict d. It takes over the first dict.
func unite(dicts []*dict) (names []string, codes [][]int32) {
	all := dicts[0]
	codes = make([][]int32, len(dicts))
	for n, d := range dicts {
		codes[n] = make([]int32, len(d.names))
		for c, name := range d.names {
			code, ok := all.codes[name]
			if !ok {
				code = all.add(name)
			}
			codes[n][c] = code
		}
	}
	return all.names, codes
}
