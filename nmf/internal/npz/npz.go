// Package npz reads and writes NumPy's .npz files: zip archives of .npy
// arrays (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
// It knows numbers, booleans and text; arrays of pickled objects are refused.
//
// It imports the standard library only. npy.go has one array, npz.go the archive.
package npz

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Matrix returns a two-dimensional array of numbers as float64s. The name is
// for the error.
func (a *Array) Matrix() (rows, cols int, data []float64, err error) {
	if len(a.Shape) != 2 || a.Texts != nil {
		return 0, 0, nil, fmt.Errorf("%s.npy has shape %v, want a matrix of numbers: %w", a.Name, a.Shape, ErrFormat)
	}
	return a.Shape[0], a.Shape[1], a.Numbers(), nil
}

// Numbers returns the numbers of the array as float64s.
func (a *Array) Numbers() []float64 {
	if a.Floats != nil {
		return a.Floats
	}
	f := make([]float64, len(a.Ints))
	for i, v := range a.Ints {
		f[i] = float64(v)
	}
	return f
}

// Write writes the arrays, in their order, uncompressed as numpy.savez does.
// The same arrays give the same bytes.
func Write(w io.Writer, arrays ...Array) error {
	z := zip.NewWriter(w)
	for i := range arrays {
		f, err := z.CreateHeader(&zip.FileHeader{
			Name:   arrays[i].Name + ".npy",
			Method: zip.Store,
			// NumPy's own date: the earliest that a zip file can hold.
			Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
		})
		if err != nil {
			return err
		}
		if err := arrays[i].encode(f); err != nil {
			return err
		}
	}
	return z.Close()
}

// ReadNPY reads one array, as numpy.save writes it.
func ReadNPY(r io.Reader) (*Array, error) { return decode(r, 0) }

// Read reads every array of a file. Memory is in proportion to what the file
// really holds, whatever its headers say.
func Read(r io.Reader) (map[string]*Array, error) {
	at, size, err := readerAt(r)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(at, size)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", err, ErrFormat)
	}
	arrays := map[string]*Array{}
	for _, f := range z.File {
		name, ok := strings.CutSuffix(f.Name, ".npy")
		if !ok {
			continue
		}
		if arrays[name] != nil {
			return nil, fmt.Errorf("%s is there twice: %w", f.Name, ErrFormat)
		}
		a, err := readEntry(f, size)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.Name, err)
		}
		a.Name = name
		arrays[name] = a
	}
	return arrays, nil
}

// readerAt returns what is left of r, which it copies only where r cannot be
// read in any order.
func readerAt(r io.Reader) (at io.ReaderAt, size int64, err error) {
	if f, ok := r.(interface {
		io.ReaderAt
		io.Seeker
	}); ok {
		from, err := f.Seek(0, io.SeekCurrent)
		end, err2 := f.Seek(0, io.SeekEnd)
		if err == nil && err2 == nil && end > from { // not a pipe, nor a file of unknown size
			return io.NewSectionReader(f, from, end-from), end - from, nil
		}
	}
	raw, err := io.ReadAll(r)
	return bytes.NewReader(raw), int64(len(raw)), err
}

// readEntry reads an array from a file of the given size.
func readEntry(f *zip.File, size int64) (*Array, error) {
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%v: %w", err, ErrFormat)
	}
	defer r.Close()
	a, err := decode(r, int(min(f.CompressedSize64, uint64(size))))
	if err != nil && !errors.Is(err, ErrFormat) {
		err = fmt.Errorf("%v: %w", err, ErrFormat)
	}
	return a, err
}
