package frames_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"

	"gonmf/frames"
	"gonmf/nmf"
)

const sold = "item_id,user_id\ntea,ann\nmilk,ann\ntea,ben\n"

// inFolder reads a table into files of a temporary folder.
func inFolder() (t *frames.Interactions, remove func()) {
	tmp, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	t, err = frames.ReadInteractions(strings.NewReader(sold), frames.Columns{Shards: filepath.Join(tmp, "sold")})
	if err != nil {
		log.Fatal(err)
	}
	return t, func() { os.RemoveAll(tmp) }
}

// A table that memory does not hold is read into a folder once; then it is
// opened.
func ExampleOpenShards() {
	table, remove := inFolder()
	defer remove()
	again, err := frames.OpenShards(table.Shards.Dir())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(again)
	// Output: 2 items x 2 users, 3 entries (75%)
}

// Matrix is what is fitted, wherever it lies.
func ExampleInteractions_Matrix() {
	table, remove := inFolder()
	defer remove()
	m, err := nmf.Fit(context.Background(), table.Matrix(), nmf.Config{Components: 1})
	if err != nil {
		log.Fatal(err)
	}
	w, _, err := frames.Factors(m, table)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(w.Col("item_id").Records(), m.Stop)
	// Output: [milk tea] converged
}

// What needs all of a table at once is told so, and takes this.
func ExampleInteractions_InMemory() {
	table, remove := inFolder()
	defer remove()
	held, err := table.InMemory()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(held.X)
	// Output: 2 x 2 sparse matrix, 3 entries
}

func ExampleInteractions_NNZ() {
	table, remove := inFolder()
	defer remove()
	fmt.Println(table.NNZ())
	// Output: 3
}

func ExampleInteractions_WriteShards() {
	tmp, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(tmp)
	table, err := frames.ReadInteractions(strings.NewReader(sold), frames.Columns{})
	if err != nil {
		log.Fatal(err)
	}
	files, err := table.WriteShards(filepath.Join(tmp, "sold"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(files.Items, files.X == nil)
	// Output: 2 labels: "milk", "tea" true
}

func ExampleBuilder_Discard() {
	builder := frames.NewBuilder(frames.Columns{Shards: "never-there"})
	fmt.Println(builder.Discard())
	_, err := os.Stat("never-there")
	fmt.Println(err != nil)
	// Output:
	// <nil>
	// true
}
