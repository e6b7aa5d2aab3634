package files_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	"gonum.org/v1/gonum/mat"

	"gonmf/frames"
	"gonmf/frames/files"
	"gonmf/nmf"
)

// folder makes a folder for the files of an example.
func folder() string {
	dir, err := os.MkdirTemp("", "example-*")
	if err != nil {
		log.Fatal(err)
	}
	return dir
}

var orders = dataframe.New(
	series.New([]string{"tea", "milk", "tea"}, series.String, "item_id"),
	series.New([]string{"ann", "ann", "ben"}, series.String, "user_id"),
)

// The content says what a file is; its name does not matter.
func ExampleReadInteractions() {
	dir := folder()
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "orders.parquet")
	if err := files.Write(name, orders); err != nil {
		log.Fatal(err)
	}
	progress := func(done, total int) { fmt.Println("all is read:", done == total) }
	table, err := files.ReadInteractions(context.Background(), name, frames.Columns{ProgressBytes: progress})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table)
	// Output:
	// all is read: true
	// 2 items x 2 users, 3 entries (75%)
}

func ExampleSaveModel() {
	dir := folder()
	defer os.RemoveAll(dir)
	x := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
	model, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 1, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	name := filepath.Join(dir, "counts.npz")
	if err := files.SaveModel(name, model); err != nil {
		log.Fatal(err)
	}
	again, err := files.LoadModel(name)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(mat.Equal(model.W, again.W), mat.Equal(model.H, again.H))
	// Output: true true
}

func ExampleLoadModel() {
	_, err := files.LoadModel("nowhere.npz")
	fmt.Println(err)
	// Output: open nowhere.npz: no such file or directory
}

func ExampleRead() {
	dir := folder()
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "orders.csv.gz")
	if err := files.Write(name, orders); err != nil {
		log.Fatal(err)
	}
	df, err := files.Read(context.Background(), name)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(df.Nrow(), df.Names())
	// Output:
	// 3 [item_id user_id]
}

func ExampleNames() {
	dir := folder()
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "orders.csv.gz")
	if err := files.Write(name, orders); err != nil {
		log.Fatal(err)
	}
	fmt.Println(files.Names(context.Background(), name))
	// Output:
	// [item_id user_id] <nil>
}

// Of a file with columns that are not read, those that are.
func ExampleReadColumns() {
	dir := folder()
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "orders.jsonl")
	text := `{"item": "tea", "by": {"name": "ann", "tags": ["new"]}}` + "\n" + `{"item": "milk", "by": {"name": "ben", "tags": []}}`
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		log.Fatal(err)
	}
	df, err := files.ReadColumns(context.Background(), name, "by.name", "item")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(df.Records())
	// Output:
	// [[by.name item] [ann tea] [ben milk]]
}

// The same table in each of the formats.
func ExampleWrite() {
	dir := folder()
	defer os.RemoveAll(dir)
	for _, end := range []string{".csv", ".csv.gz", ".parquet", ".arrow", ".arrows"} {
		name := filepath.Join(dir, "orders"+end)
		if err := files.Write(name, orders); err != nil {
			log.Fatal(err)
		}
		df, err := files.Read(context.Background(), name)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(end, df.Elem(1, 0))
	}
	// Output:
	// .csv milk
	// .csv.gz milk
	// .parquet milk
	// .arrow milk
	// .arrows milk
}

// What fails half-way leaves the file as it was.
func ExampleReplace() {
	dir := folder()
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "answers.txt")
	write := func(text string, failure error) error {
		return files.Replace(name, func(w io.Writer) error {
			if _, err := io.WriteString(w, text); err != nil {
				return err
			}
			return failure
		})
	}
	if err := write("whole", nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(write("half", io.ErrUnexpectedEOF) != nil)
	text, err := os.ReadFile(name)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", text)
	// Output:
	// true
	// whole
}
