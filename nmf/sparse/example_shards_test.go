package sparse_test

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"gonmf/nmf/sparse"
)

// temporary returns the name of a folder that is not there yet, and what
// removes it.
func temporary() (dir string, remove func()) {
	tmp, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	return filepath.Join(tmp, "x"), func() { os.RemoveAll(tmp) }
}

// filed returns the basket in files, with the names of its rows.
func filed() (s *sparse.Shards, remove func()) {
	dir, remove := temporary()
	s, err := basket().WriteShards(dir, sparse.ShardOptions{RowLabels: []string{"milk", "tea"}})
	if err != nil {
		log.Fatal(err)
	}
	return s, remove
}

// A matrix in files goes wherever one in memory goes: nmf.Fit(ctx, s, cfg).
func ExampleShards() {
	s, remove := filed()
	defer remove()
	rows, cols := s.Dims()
	fmt.Println(rows, "x", cols, "with", s.NNZ(), "entries in", s.Bytes(), "bytes")
	// Output: 2 x 3 with 3 entries in 142 bytes
}

func ExampleOpenShards() {
	s, remove := filed()
	defer remove()
	again, err := sparse.OpenShards(s.Dir())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(again.NNZ())

	if err := os.Remove(filepath.Join(s.Dir(), "rows-000")); err != nil {
		log.Fatal(err)
	}
	_, err = sparse.OpenShards(s.Dir())
	fmt.Println(strings.Contains(err.Error(), "rows-000"), err != nil)
	// Output:
	// 3
	// true true
}

// Entries come from anywhere, once and in any order; memory holds a part of
// them at a time.
func ExampleCreateShards() {
	dir, remove := temporary()
	defer remove()
	w, err := sparse.CreateShards(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer w.Discard() // unless it is closed
	for _, e := range [][3]int{{1, 2, 9}, {0, 0, 4}, {0, 2, 1}} {
		if err := w.Add(e[0], e[1], float64(e[2])); err != nil {
			log.Fatal(err)
		}
	}
	s, err := w.Close(2, 3, sparse.ShardOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.At(1, 2), s.At(1, 1))
	// Output: 9 0
}

func ExampleShardWriter() {
	dir, remove := temporary()
	defer remove()
	w, err := sparse.CreateShards(dir)
	if err != nil {
		log.Fatal(err)
	}
	_, err = os.Stat(dir)
	fmt.Println("before:", err == nil)
	if _, err := w.Close(2, 3, sparse.ShardOptions{}); err != nil {
		log.Fatal(err)
	}
	_, err = os.Stat(dir)
	fmt.Println("after:", err == nil)
	// Output:
	// before: false
	// after: true
}

// The values of a place that is named more than once are summed.
func ExampleShardWriter_Add() {
	s := written(func(w *sparse.ShardWriter) error {
		for range 3 {
			if err := w.Add(0, 1, 2); err != nil {
				return err
			}
		}
		return nil
	})
	fmt.Println(s.NNZ())
	// Output: 1
}

func ExampleShardWriter_AddTriplets() {
	s := written(func(w *sparse.ShardWriter) error {
		return w.AddTriplets(sparse.Triplets{I: []int32{0, 1}, J: []int32{2, 0}}) // ones
	})
	fmt.Println(s.NNZ())
	// Output: 2
}

// written returns what add has added to a 2 x 3 matrix.
func written(add func(w *sparse.ShardWriter) error) *sparse.CSR {
	dir, remove := temporary()
	defer remove()
	w, err := sparse.CreateShards(dir)
	if err != nil {
		log.Fatal(err)
	}
	if err := add(w); err != nil {
		log.Fatal(err)
	}
	s, err := w.Close(2, 3, sparse.ShardOptions{})
	if err != nil {
		log.Fatal(err)
	}
	m, err := s.CSR()
	if err != nil {
		log.Fatal(err)
	}
	return m
}

// The size is told at the end, and entries outside of it are an error.
func ExampleShardWriter_Close() {
	dir, remove := temporary()
	defer remove()
	w, err := sparse.CreateShards(dir)
	if err != nil {
		log.Fatal(err)
	}
	if err := w.Add(5, 0, 1); err != nil {
		log.Fatal(err)
	}
	_, err = w.Close(2, 3, sparse.ShardOptions{})
	fmt.Println(err)
	// Output: sparse: triplet 0 is at (5,0), outside 2 x 3
}

func ExampleShardWriter_Discard() {
	dir, remove := temporary()
	defer remove()
	w, err := sparse.CreateShards(dir)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(w.Discard())
	left, _ := filepath.Glob(dir + "*") // the pattern is sound
	fmt.Println(len(left))
	// Output:
	// <nil>
	// 0
}

// Labels stay with the matrix.
func ExampleShardOptions() {
	s, remove := filed()
	defer remove()
	names, err := s.RowLabels()
	fmt.Println(names, err)
	// Output: [milk tea] <nil>
}

func ExampleCSR_WriteShards() {
	dir, remove := temporary()
	defer remove()
	s, err := basket().WriteShards(dir, sparse.ShardOptions{Progress: func(done, total int) {
		if done == total {
			fmt.Println("written")
		}
	}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.NNZ())
	// Output:
	// written
	// 3
}

func ExampleShards_Folder() {
	s, remove := filed()
	defer remove()
	fmt.Println(s.Folder().Entries)
	// Output: 3
}

func ExampleShards_Dir() {
	s, remove := filed()
	defer remove()
	fmt.Println(filepath.Base(s.Dir()))
	// Output: x
}

func ExampleShards_Dims() {
	s, remove := filed()
	defer remove()
	fmt.Println(s.Dims())
	// Output: 2 3
}

func ExampleShards_NNZ() {
	s, remove := filed()
	defer remove()
	fmt.Println(s.NNZ())
	// Output: 3
}

func ExampleShards_Bytes() {
	s, remove := filed()
	defer remove()
	fmt.Println(s.Bytes())
	// Output: 142
}

func ExampleShards_Blocks() {
	s, remove := filed()
	defer remove()
	fmt.Println(s.Blocks())
	// Output: 1 1
}

func ExampleShards_At() {
	s, remove := filed()
	defer remove()
	fmt.Println(s.At(0, 0), s.At(0, 1), s.At(0, 2))
	// Output: 4 0 1
}

func ExampleShards_T() {
	s, remove := filed()
	defer remove()
	fmt.Println(s.T().At(2, 1))
	// Output: 9
}

func ExampleShards_ReadRows() {
	s, remove := filed()
	defer remove()
	m, err := s.ReadRows(1, 2)
	fmt.Println(m, err)
	// Output: 1 x 3 sparse matrix, 1 entries <nil>
}

func ExampleShards_ReadCols() {
	s, remove := filed()
	defer remove()
	m, err := s.ReadCols(1, 3)
	fmt.Println(m, err)
	// Output: 2 x 2 sparse matrix, 2 entries <nil>
}

func ExampleShards_CSR() {
	s, remove := filed()
	defer remove()
	m, err := s.CSR()
	fmt.Println(m, err)
	// Output: 2 x 3 sparse matrix, 3 entries <nil>
}

func ExampleShards_Check() {
	s, remove := filed()
	defer remove()
	name := filepath.Join(s.Dir(), "columns-000")
	raw, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	raw[40] ^= 1
	if err := os.WriteFile(name, raw, 0o666); err != nil {
		log.Fatal(err)
	}
	err = s.Check()
	fmt.Println(err != nil && strings.Contains(err.Error(), "columns-000 is damaged"))
	// Output: true
}

func ExampleShards_RowLabels() {
	s, remove := filed()
	defer remove()
	fmt.Println(s.RowLabels())
	// Output: [milk tea] <nil>
}

func ExampleShards_ColLabels() {
	s, remove := filed()
	defer remove()
	names, err := s.ColLabels()
	fmt.Println(names == nil, err)
	// Output: true <nil>
}

func ExampleReadMatrixMarketInto() {
	dir, remove := temporary()
	defer remove()
	w, err := sparse.CreateShards(dir)
	if err != nil {
		log.Fatal(err)
	}
	defer w.Discard()
	rows, cols, err := sparse.ReadMatrixMarketInto(w, strings.NewReader("%%MatrixMarket matrix coordinate real general\n2 3 1\n2 3 9\n"))
	if err != nil {
		log.Fatal(err)
	}
	s, err := w.Close(rows, cols, sparse.ShardOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(s.At(1, 2))
	// Output: 9
}
