package npz

import (
	"bytes"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestReadWhatNumPyWrites(t *testing.T) {
	matrix := []float64{1.5, 0, -2, 3, math.Inf(1), 5e-324}
	want := map[string]Array{
		"f8":      {Shape: []int{2, 3}, Floats: matrix},
		"f4":      {Shape: []int{2, 3}, Floats: []float64{1.5, 0, -2, 3, math.Inf(1), 0}},
		"big":     {Shape: []int{2, 3}, Floats: matrix},
		"fortran": {Shape: []int{2, 3}, Floats: matrix},
		"i8":      {Shape: []int{1, 3}, Ints: []int64{1, -2, 3}},
		"i4":      {Shape: []int{2}, Ints: []int64{-1, math.MaxInt32}},
		"u1":      {Shape: []int{2}, Ints: []int64{0, 255}},
		"bool":    {Shape: []int{2}, Ints: []int64{1, 0}},
		"scalar":  {Floats: []float64{7}},
		"empty":   {Shape: []int{0, 3}, Floats: []float64{}},
		"text":    {Shape: []int{3}, Texts: []string{"", "é", "näme"}},
		"one":     {Texts: []string{"settings"}},
		"bytes":   {Texts: []string{"csr"}, Bytes: true},
	}
	for _, file := range []string{"stored", "deflated"} {
		f, err := os.Open("testdata/" + file + ".npz")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		got, err := Read(f)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d arrays, want %d", file, len(got), len(want))
		}
		for name, w := range want {
			w.Name = name
			if got[name] == nil || !reflect.DeepEqual(*got[name], w) {
				t.Errorf("%s: %s = %+v, want %+v", file, name, got[name], w)
			}
		}
	}
}

func TestWriteGivesWhatReadTook(t *testing.T) {
	arrays := []Array{
		{Name: "x", Shape: []int{2, 2}, Floats: []float64{1, math.Copysign(0, -1), 1e308, math.Pi}},
		{Name: "i", Shape: []int{3}, Ints: []int64{1, -1, math.MinInt64}},
		{Name: "s", Texts: []string{`{"ä": 1}`}},
		{Name: "b", Texts: []string{"csr"}, Bytes: true},
	}
	var first, second bytes.Buffer
	for _, w := range []*bytes.Buffer{&first, &second} {
		if err := Write(w, arrays...); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same arrays gave different bytes")
	}
	got, err := Read(&first)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range arrays {
		if !reflect.DeepEqual(*got[a.Name], a) {
			t.Errorf("%s = %+v, want %+v", a.Name, *got[a.Name], a)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	whole, err := os.ReadFile("testdata/stored.npz")
	if err != nil {
		t.Fatal(err)
	}
	pickled, err := os.ReadFile("testdata/pickled.npz")
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"nothing":   nil,
		"text":      []byte("item_id,user_id\n"),
		"truncated": whole[:len(whole)/2],
		"corrupt":   bytes.Replace(whole, []byte("\x00\x00\xf8?"), []byte("\x00\x00\xf9?"), 1),
		"no header": bytes.ReplaceAll(whole, []byte("'shape'"), []byte("'shapf'")),
		"pickle":    pickled,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(bytes.NewReader(raw))
			if !errors.Is(err, ErrFormat) {
				t.Fatalf("error %v, want one that wraps ErrFormat", err)
			}
			if name == "pickle" && !strings.Contains(err.Error(), "pickled objects") {
				t.Errorf("error %q does not name the reason", err)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"stored", "deflated", "pickled", "factors"} {
		raw, err := os.ReadFile("testdata/" + name + ".npz")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		arrays, err := Read(bytes.NewReader(raw))
		if err != nil {
			return
		}
		for name, a := range arrays {
			n, err := count(a.Shape)
			if err != nil || n != len(a.Floats)+len(a.Ints)+len(a.Texts) {
				t.Errorf("%s: shape %v for %d elements", name, a.Shape, len(a.Floats)+len(a.Ints)+len(a.Texts))
			}
		}
	})
}

// TestReadFromAnyReader is of readers that can be read in any order, from the
// place at which they are, and of others.
func TestReadFromAnyReader(t *testing.T) {
	var file bytes.Buffer
	if err := Write(&file, Array{Name: "a", Shape: []int{3}, Floats: []float64{1, 2, 3}}); err != nil {
		t.Fatal(err)
	}
	padded := append([]byte("before"), file.Bytes()...)
	path := filepath.Join(t.TempDir(), "a.npz")
	if err := os.WriteFile(path, padded, 0o666); err != nil {
		t.Fatal(err)
	}
	onDisk, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer onDisk.Close()
	pipe, to, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pipe.Close()
	if _, err := to.Write(padded); err != nil { // less than a pipe holds
		t.Fatal(err)
	}
	to.Close()
	for name, r := range map[string]io.Reader{"memory": bytes.NewReader(padded), "file": onDisk, "pipe": pipe, "stream": bytes.NewBuffer(padded)} {
		if _, err := io.CopyN(io.Discard, r, int64(len("before"))); err != nil {
			t.Fatal(err)
		}
		got, err := Read(r)
		if err != nil || !slices.Equal(got["a"].Floats, []float64{1, 2, 3}) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
