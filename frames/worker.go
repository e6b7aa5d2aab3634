package frames

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"gonmf/frames/internal/code"
	"gonmf/frames/internal/frame"
	"gonmf/frames/internal/text"
	"gonmf/nmf/sparse"
)

// worker parses blocks. Its labels have codes of their own.
type worker struct {
	*parse
	id           int
	scanner      text.Scanner
	items, users code.Dict
	batch        []record
	touched      uint32 // keeps dict.touch from being optimised away
}

// record is a row with its labels not yet looked up.
type record struct {
	item, user       []byte
	itemKey, userKey code.Key
	line             int
}

// batchSize is the number of rows whose labels are looked up together.
const batchSize = 64

// block parses a block and stores what it held.
func (w *worker) block(j job) {
	room := w.scanner.Row + w.scanner.Row/16 + batchSize // blocks are much alike
	out := part{by: w.id, items: make([]int32, 0, room), users: make([]int32, 0, room)}
	if w.weight >= 0 {
		out.weights = make([]float64, 0, room)
	}
	w.scanner.Reset(j.Block)
	for more := true; more && out.err == nil; {
		w.readNumbers(&out)
		more, out.err = w.read(&out)
		// Of the rows before an error, one may have an error of its own.
		if err := w.lookUp(&out); err != nil {
			out.err = err
		}
	}
	out.rows = w.scanner.Row
	if w.opt.Shards != "" && out.err == nil && out.rows > 0 {
		out.err = w.spill.add(sparse.Triplets{I: out.items, J: out.users, V: out.weights})
		out.items, out.users, out.weights = nil, nil, nil
	}
	if out.err != nil {
		w.failed.Store(true)
	}
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
		if more, err := s.Scan(); !more {
			return false, err
		}
		if w.weight >= 0 {
			v, err := fieldEntry(s.Fields[w.weight], w.numbers)
			if err != nil {
				return false, frame.At(err, s.Row, s.Line, w.opt.Weight)
			}
			out.weights = append(out.weights, v)
		}
		n := len(w.batch)
		w.batch = slices.Grow(w.batch, batchSize)[:n+1]
		r := &w.batch[n]
		r.item, r.user, r.line = s.Fields[w.item], s.Fields[w.user], s.Line
		w.items.Key(&r.itemKey, r.item)
		w.users.Key(&r.userKey, r.user)
	}
	return true, nil
}

// lookUp appends the codes of the labels of the batch.
func (w *worker) lookUp(out *part) error {
	for n := range w.batch {
		r := &w.batch[n]
		w.touched += w.items.Touch(&r.itemKey) + w.users.Touch(&r.userKey)
	}
	for n := range w.batch {
		r := &w.batch[n]
		item, err := w.items.Code(&r.itemKey, r.item)
		if err != nil {
			return frame.At(err, len(out.items)+1, r.line, w.opt.Item)
		}
		user, err := w.users.Code(&r.userKey, r.user)
		if err != nil {
			return frame.At(err, len(out.items)+1, r.line, w.opt.User)
		}
		out.items, out.users = append(out.items, item), append(out.users, user)
	}
	return nil
}

// readNumbers reads rows whose labels are small numbers, and whose weights are
// numbers of few digits. It ends before the first row with anything else, which
// is for read to judge.
func (w *worker) readNumbers(out *part) {
	s := &w.scanner
	if !s.Plain() {
		return
	}
	items, users, weights := out.items, out.users, out.weights
	at := 0
	for {
		item, user, weight, next := w.numberRow(s.Rest, at)
		if next < 0 || !w.items.Seen.Holds(item) || !w.users.Seen.Holds(user) {
			break
		}
		w.items.See(item)
		w.users.See(user)
		items, users = append(items, item), append(users, user)
		if w.weight >= 0 {
			weights = append(weights, weight)
		}
		at = next
		s.Row++
		s.Next++
	}
	out.items, out.users, out.weights = items, users, weights
	s.Rest = s.Rest[at:]
}

// numberRow reads such a row, and returns where the next one starts, -1 if it
// is not one.
func (w *worker) numberRow(data []byte, at int) (item, user int32, weight float64, next int) {
	last, comma := len(w.scanner.Names)-1, w.scanner.Comma()
	for c := range w.scanner.Names {
		label := c == w.item || c == w.user
		if !label && c != w.weight {
			at = fieldEnd(data, at, comma)
		} else {
			if at+8 > len(data) {
				return 0, 0, 0, -1
			}
			eight := binary.LittleEndian.Uint64(data[at:])
			number, n := digits(eight)
			if !label {
				n, weight = decimal(data[at:], number, n)
			} else if byte(eight) == '0' && n > 1 { // a label of its own
				return 0, 0, 0, -1
			}
			if n == 0 {
				return 0, 0, 0, -1
			}
			if c == w.item {
				item = int32(number)
			}
			if c == w.user {
				user = int32(number)
			}
			if c == w.weight && label {
				weight = float64(number)
			}
			at += n
		}
		end := comma
		if c == last {
			end = '\n'
		}
		if at >= len(data) || data[at] != end {
			return 0, 0, 0, -1
		}
		at++
	}
	return item, user, weight, at
}

// fieldEnd returns where the field ends that starts at a place.
func fieldEnd(data []byte, at int, comma byte) int {
	for ; at+8 <= len(data); at += 8 {
		eight := binary.LittleEndian.Uint64(data[at:])
		if ends := text.BytesEqual(eight, comma) | text.BytesEqual(eight, '\n'); ends != 0 {
			return at + bits.TrailingZeros64(ends)/8
		}
	}
	for at < len(data) && data[at] != comma && data[at] != '\n' {
		at++
	}
	return at
}

// digits returns the number that the first digits of eight bytes are, and how
// many they are.
func digits(eight uint64) (number uint64, n int) {
	const each = 0x0101010101010101
	d := eight ^ '0'*each                                          // of a digit its value
	n = bits.TrailingZeros64((d+(0x80-10)*each|d)&(0x80*each)) / 8 // exact up to the first that is none
	d <<= 64 - 8*n                                                 // zeros before them
	d = d*10 + d>>8                                                // pairs
	const pair = 0x000000ff000000ff
	return ((d&pair)*(100+1000000<<32) + (d>>16&pair)*(1+10000<<32)) >> 32, n
}

// decimal returns the length and the value of the number that data starts with,
// of which the n digits of whole have been read: 3 or 0.25. The length is 0 if
// it is of another form or has too many digits to be exact: what is left is a
// quotient of two numbers that a float64 holds.
func decimal(data []byte, whole uint64, n int) (length int, value float64) {
	if n == 0 || n >= len(data) || data[n] != '.' {
		return n, float64(whole)
	}
	if n+9 > len(data) {
		return 0, 0
	}
	fraction, m := digits(binary.LittleEndian.Uint64(data[n+1:]))
	if m == 0 || n+m > 15 { // 10^15 < 2^53
		return 0, 0
	}
	return n + 1 + m, (float64(whole)*powers[m] + float64(fraction)) / powers[m]
}

var powers = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8}
