package shard

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
)

var prefix = [...]string{Rows: "rows", Cols: "columns"}

// WriteBlock writes block number b of an axis, whose first row is given, as a
// file of dir.
func WriteBlock(dir string, a Axis, b, first int, ptr []int, idx []int32, val []float64) (Block, error) {
	block := Block{File: File{Name: fmt.Sprintf("%s-%03d", prefix[a], b)}, First: first, Rows: len(ptr) - 1, Entries: len(val)}
	raw := make([]byte, 0, block.size())
	for _, p := range ptr {
		raw = binary.LittleEndian.AppendUint64(raw, uint64(p))
	}
	for _, v := range val {
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(v))
	}
	for _, j := range idx {
		raw = binary.LittleEndian.AppendUint32(raw, uint32(j))
	}
	block.Bytes, block.CRC32C = int64(len(raw)), sum(raw)
	return block, os.WriteFile(filepath.Join(dir, block.Name), raw, 0o666)
}

// WriteLabels writes the labels of an axis as a file of dir.
func WriteLabels(dir string, a Axis, labels []string) (*File, error) {
	raw, err := json.Marshal(labels)
	if err != nil {
		return nil, err
	}
	f := &File{Name: prefix[a] + ".json", Bytes: int64(len(raw)), CRC32C: sum(raw)}
	return f, os.WriteFile(filepath.Join(dir, f.Name), raw, 0o666)
}
