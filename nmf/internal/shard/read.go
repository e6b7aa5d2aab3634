package shard

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"unsafe"
)

// Axis says which way a matrix is cut.
type Axis int

// The two ways.
const (
	Rows Axis = iota
	Cols
)

// Blocks returns the blocks of an axis, and the number of columns of their rows.
func (f *Folder) Blocks(a Axis) (blocks []Block, depth int) {
	if a == Rows {
		return f.RowBlocks, f.Cols
	}
	return f.ColBlocks, f.Rows
}

// Buffer is a block in memory, in compressed sparse rows: row i of it has the
// entries Ptr[i] to Ptr[i+1]-1. It may be read into again.
type Buffer struct {
	Ptr []int
	Idx []int32
	Val []float64
	raw []byte
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum returns the checksum of a file, as the manifest has it.
func sum(raw []byte) string { return fmt.Sprintf("%08x", crc32.Checksum(raw, castagnoli)) }

// Read reads block b of an axis. Errors name the file.
//
// It is a plain read: mapping the file instead would save 13 % of it and the check of its sum, themselves less than a
// tenth of an iteration, at the price of a program that dies where a file is cut off under it.
func (f *Folder) Read(a Axis, b int, to *Buffer) error {
	blocks, depth := f.Blocks(a)
	block := &blocks[b]
	raw, err := block.read(f.Dir, to.raw)
	if err != nil {
		return err
	}
	to.raw = raw
	to.decode(raw, block)
	if f.sound[a][b].Load() {
		return nil
	}
	if err := to.check(block, depth); err != nil {
		return damage("%s does not hold a block: %v", filepath.Join(f.Dir, block.Name), err)
	}
	f.sound[a][b].Store(true)
	return nil
}

// read returns the content of a file, in old if that is long enough, which
// begins at a multiple of 8 bytes.
func (f *File) read(dir string, old []byte) ([]byte, error) {
	name := filepath.Join(dir, f.Name)
	in, err := os.Open(name)
	if err != nil {
		return nil, err // which names it
	}
	defer in.Close()
	if int64(cap(old)) < f.Bytes {
		words := make([]uint64, max(1, (f.Bytes+7)/8))
		old = unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(words))), 8*len(words))
	}
	raw := old[:f.Bytes]
	if _, err := io.ReadFull(in, raw); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, damage("%s is cut off: want %d bytes; write the folder again", name, f.Bytes)
	} else if err != nil {
		return nil, err
	}
	if got := sum(raw); got != f.CRC32C {
		return nil, damage("%s is damaged: its checksum is %s, want %s; write the folder again", name, got, f.CRC32C)
	}
	return raw, nil
}

// littleEndian tells how this machine has numbers in memory.
var littleEndian = func() bool {
	one := uint16(1)
	return *(*byte)(unsafe.Pointer(&one)) == 1
}()

// decode makes the arrays of what a file holds, in place where it holds them as
// this machine does.
func (to *Buffer) decode(raw []byte, b *Block) {
	to.Ptr = to.Ptr[:0]
	for i := range b.Rows + 1 {
		to.Ptr = append(to.Ptr, int(binary.LittleEndian.Uint64(raw[8*i:])))
	}
	raw = raw[8*(b.Rows+1):]
	values, columns := raw[:8*b.Entries], raw[8*b.Entries:]
	if b.Entries == 0 {
		to.Idx, to.Val = to.Idx[:0], to.Val[:0]
		return
	}
	to.Val = unsafe.Slice((*float64)(unsafe.Pointer(&values[0])), b.Entries)
	to.Idx = unsafe.Slice((*int32)(unsafe.Pointer(&columns[0])), b.Entries)
	if littleEndian {
		return
	}
	for p := range to.Val {
		to.Val[p] = math.Float64frombits(binary.LittleEndian.Uint64(values[8*p:]))
		to.Idx[p] = int32(binary.LittleEndian.Uint32(columns[4*p:]))
	}
}

// check says whether the arrays are those of a block: what reads them relies on it.
func (to *Buffer) check(b *Block, depth int) error {
	if to.Ptr[0] != 0 || to.Ptr[b.Rows] != b.Entries {
		return fmt.Errorf("its rows have the entries %d to %d, want 0 to %d", to.Ptr[0], to.Ptr[b.Rows], b.Entries)
	}
	for i := range b.Rows {
		if to.Ptr[i+1] < to.Ptr[i] || to.Ptr[i+1] > b.Entries {
			return fmt.Errorf("row %d ends at %d", i, to.Ptr[i+1])
		}
		last := int32(-1)
		for _, j := range to.Idx[to.Ptr[i]:to.Ptr[i+1]] {
			if j <= last || int(j) >= depth {
				return fmt.Errorf("row %d has column %d after %d, of %d", i, j, last, depth)
			}
			last = j
		}
	}
	return nil
}

// Labels reads the labels of an axis, nil if there are none.
func (f *Folder) Labels(a Axis) ([]string, error) {
	file, want := f.RowLabels, f.Rows
	if a == Cols {
		file, want = f.ColLabels, f.Cols
	}
	if file == nil {
		return nil, nil
	}
	raw, err := file.read(f.Dir, nil)
	if err != nil {
		return nil, err
	}
	var labels []string
	if err := json.Unmarshal(raw, &labels); err != nil || len(labels) != want {
		return nil, damage("%s holds %d labels, want %d", filepath.Join(f.Dir, file.Name), len(labels), want)
	}
	return labels, nil
}
