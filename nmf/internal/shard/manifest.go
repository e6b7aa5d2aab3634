package shard

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
)

// ErrFormat is what errors about the content of a folder wrap.
var ErrFormat = errors.New("bad format")

// damaged is an error that reads as its format says.
type damaged struct{ text string }

func (d *damaged) Error() string { return d.text }
func (d *damaged) Unwrap() error { return ErrFormat }

func damage(format string, args ...any) error { return &damaged{fmt.Sprintf(format, args...)} }

// The manifest.
const (
	ManifestName = "manifest.json"
	formatName   = "gonmf shards"
	version      = 1
)

// Manifest is what manifest.json says.
type Manifest struct {
	Format  string `json:"format"`
	Version int    `json:"version"`

	Rows    int `json:"rows"`
	Cols    int `json:"cols"`
	Entries int `json:"entries"`

	Whole Totals `json:"float64"`
	// Single are those of the entries rounded to single precision.
	Single Totals `json:"float32"`

	Least   float64 `json:"least"` // of the stored entries
	Largest float64 `json:"largest"`

	RowBlocks []Block `json:"row_blocks"`
	ColBlocks []Block `json:"col_blocks"`

	RowLabels *File `json:"row_labels,omitempty"`
	ColLabels *File `json:"col_labels,omitempty"`
}

// Totals are sums over all entries, taken row by row.
type Totals struct {
	Sum        float64 `json:"sum"`
	SumSquares float64 `json:"sum_of_squares"`
}

// File is a file of the folder.
type File struct {
	Name   string `json:"file"`
	Bytes  int64  `json:"bytes"`
	CRC32C string `json:"crc32c"` // eight digits of hexadecimal
}

// Block is a block of rows, or of columns, in a file.
type Block struct {
	File
	First   int `json:"first"` // row, or column
	Rows    int `json:"rows"`
	Entries int `json:"entries"`
}

// size returns the bytes of a block's file.
func (b *Block) size() int64 { return 8*int64(b.Rows+1) + 12*int64(b.Entries) }

// Folder is a folder that is open.
type Folder struct {
	Dir string
	Manifest
	sound [2][]atomic.Bool // blocks of rows, of columns, that have been looked through
}

// Open reads the manifest of a folder, and sees that the files are there.
func Open(dir string) (*Folder, error) {
	name := filepath.Join(dir, ManifestName)
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err // which names it
	}
	f := &Folder{Dir: dir}
	if err := json.Unmarshal(text, &f.Manifest); err != nil {
		return nil, damage("%s is damaged: %v", name, err)
	}
	switch {
	case f.Format != formatName:
		return nil, damage("%s is of the format %q, want %q", name, f.Format, formatName)
	case f.Version != version:
		return nil, damage("%s is of version %d of its format, and this program reads version %d: write the folder again", name, f.Version, version)
	}
	if err := check(f.RowBlocks, f.Rows, f.Cols, f.Entries); err != nil {
		return nil, damage("%s is damaged: blocks of rows: %v", name, err)
	}
	if err := check(f.ColBlocks, f.Cols, f.Rows, f.Entries); err != nil {
		return nil, damage("%s is damaged: blocks of columns: %v", name, err)
	}
	for _, file := range f.files() {
		if err := file.there(dir); err != nil {
			return nil, err
		}
	}
	return New(dir, f.Manifest), nil
}

// New returns the folder that a manifest is of, without a look at it.
func New(dir string, m Manifest) *Folder {
	return &Folder{dir, m, [2][]atomic.Bool{make([]atomic.Bool, len(m.RowBlocks)), make([]atomic.Bool, len(m.ColBlocks))}}
}

// check says whether blocks are those of so many rows.
func check(blocks []Block, rows, cols, entries int) error {
	if rows < 0 || cols < 0 || entries < 0 || cols != 0 && rows > (1<<62)/cols || entries > rows*cols {
		return fmt.Errorf("%d x %d with %d entries", rows, cols, entries)
	}
	at, n := 0, 0
	for i := range blocks {
		b := &blocks[i]
		if b.First != at || b.Rows < 1 || b.Entries < 0 || b.Rows > rows-at || b.Entries > entries-n || b.Bytes != b.size() || filepath.Base(b.Name) != b.Name {
			return fmt.Errorf("number %d does not follow the one before", i)
		}
		at, n = at+b.Rows, n+b.Entries
	}
	if at != rows || n != entries {
		return fmt.Errorf("they have %d rows and %d entries, want %d and %d", at, n, rows, entries)
	}
	return nil
}

// files returns all files beside the manifest.
func (m *Manifest) files() (all []File) {
	for _, b := range m.RowBlocks {
		all = append(all, b.File)
	}
	for _, b := range m.ColBlocks {
		all = append(all, b.File)
	}
	for _, l := range []*File{m.RowLabels, m.ColLabels} {
		if l != nil {
			all = append(all, *l)
		}
	}
	return all
}

// Bytes returns the size of all files beside the manifest.
func (m *Manifest) Bytes() (n int64) {
	for _, f := range m.files() {
		n += f.Bytes
	}
	return n
}

func (f *File) there(dir string) error {
	name := filepath.Join(dir, f.Name)
	info, err := os.Stat(name)
	if err != nil {
		return err // which names it
	}
	if info.Size() != f.Bytes {
		return damage("%s has %d bytes, want %d: it is cut off or another's; write the folder again", name, info.Size(), f.Bytes)
	}
	return nil
}

// WriteManifest ends the writing of a folder.
func WriteManifest(dir string, m Manifest) error {
	m.Format, m.Version = formatName, version
	text, err := json.MarshalIndent(m, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, ManifestName), append(text, '\n'), 0o666)
}
