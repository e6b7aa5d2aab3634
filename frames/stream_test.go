package frames_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/frames"
	"gonmf/nmf"
)

func TestBlocks(t *testing.T) {
	const text = "1,2\n3,4\n5,6\n7,8\n9,10\n"
	for rows, want := range map[int]string{1: "1 1 1 1 1", 2: "2 2 1", 5: "5", 100: "5"} {
		var sizes []string
		sum := 0.0
		for block, err := range frames.Blocks(strings.NewReader(text), rows) {
			if err != nil {
				t.Fatal(err)
			}
			r, _ := block.Dims()
			sizes = append(sizes, fmt.Sprint(r))
			sum += mat.Sum(block)
		}
		if got := strings.Join(sizes, " "); got != want || sum != 55 {
			t.Errorf("blocks of %d: %s rows with sum %v, want %s and 55", rows, got, sum, want)
		}
	}
	for range frames.Blocks(strings.NewReader(text), 1) {
		break // nothing is read on
	}
	for name, c := range map[string]struct {
		text string
		rows int
		want string
	}{
		"no rows":   {"", 2, "empty"},
		"0 at once": {text, 0, "at least 1"},
		"negative":  {"1,2\n3,-4\n", 1, "row 2 (line 2)"},
		"ragged":    {"1,2\n3\n", 1, "line 2"},
	} {
		var last error
		for _, err := range frames.Blocks(strings.NewReader(c.text), c.rows) {
			last = err
		}
		if last == nil || !strings.Contains(last.Error(), c.want) {
			t.Errorf("%s: error %v, want one that says %q", name, last, c.want)
		}
	}
	stop := errors.New("stop")
	if err := frames.EachBlock(strings.NewReader(text), 2, func(*mat.Dense) error { return stop }); err != stop {
		t.Errorf("EachBlock ended with %v, want use's error", err)
	}
}

// rowsReader makes up a CSV file of so many rows as it is read.
type rowsReader struct {
	left int
	row  *strings.Reader
	text string
}

func (r *rowsReader) Read(p []byte) (int, error) {
	if r.row.Len() == 0 {
		if r.left == 0 {
			return 0, io.EOF
		}
		r.left--
		r.row.Reset(r.text)
	}
	return r.row.Read(p)
}

// A file is fitted in the memory of a block, whatever its size: 100 MB here.
func TestFitStreamInLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 100 MB")
	}
	const cols = 250
	text := strings.Repeat("0.5,1.25,", cols/2-1) + "3,4\n"
	file := bufio.NewReaderSize(&rowsReader{left: 100 << 20 / len(text), row: strings.NewReader(""), text: text}, 1<<20)
	runtime.GC() // what other tests have left
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	most := uint64(0)
	blocks := func(yield func(mat.Matrix, error) bool) {
		for block, err := range frames.Blocks(file, 1024) {
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapInuse)
			if !yield(block, err) {
				return
			}
		}
	}
	m, err := nmf.FitStream(t.Context(), blocks, nmf.Config{Components: 5, Init: nmf.InitRandom})
	if err != nil {
		t.Fatal(err)
	}
	if _, c := m.H.Dims(); c != cols {
		t.Errorf("H has %d columns, want %d", c, cols)
	}
	if most > before.HeapInuse+64<<20 {
		t.Errorf("took %d MB of heap", (most-before.HeapInuse)>>20)
	}
}
