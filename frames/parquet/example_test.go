package parquet_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames"
	"gonmf/frames/parquet"
)

// orders is a file: what was ordered, by whom and how often.
func orders() *bytes.Reader {
	df := dataframe.New(
		series.New([]string{"tea", "milk", "tea"}, series.String, "sku"),
		series.New([]int{17, 17, 8}, series.Int, "customer"),
		series.New([]float64{2, 1, 0.5}, series.Float, "pieces"),
	)
	var file bytes.Buffer
	if err := parquet.Write(&file, df, parquet.Options{}); err != nil {
		log.Fatal(err)
	}
	return bytes.NewReader(file.Bytes())
}

// With an *os.File, the size is that of its Stat.
func ExampleReadInteractions() {
	file := orders()
	columns := frames.Columns{Item: "sku", User: "customer", Weight: "pieces"}
	table, err := parquet.ReadInteractions(context.Background(), file, file.Size(), columns)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table)
	fmt.Println(table.Users)
	// Output:
	// 2 items x 2 users, 3 entries (75%)
	// 2 labels: "8", "17"
}

func ExampleRead() {
	file := orders()
	df, err := parquet.Read(context.Background(), file, file.Size(), "pieces", "sku")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(df.Names(), df.Types(), df.Col("pieces").Sum())
	// Output:
	// [pieces sku] [float string] 3.5
}

func ExampleNames() {
	file := orders()
	fmt.Println(parquet.Names(file, file.Size()))
	// Output:
	// [sku customer pieces] <nil>
}

func ExampleRows() {
	file := orders()
	fmt.Println(parquet.Rows(file, file.Size()))
	// Output:
	// 3 <nil>
}

func ExampleWrite() {
	df := dataframe.New(series.New([]string{"tea", "milk"}, series.String, "sku"))
	var file bytes.Buffer
	if err := parquet.Write(&file, df, parquet.Options{}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s ... %[1]s\n", file.Bytes()[:4])
	// Output:
	// PAR1 ... PAR1
}

// Zstandard makes smaller files than snappy, which pandas and Write take when
// nothing is said.
func ExampleOptions() {
	sku := make([]string, 5000)
	for i := range sku {
		sku[i] = fmt.Sprint("article ", i)
	}
	df := dataframe.New(series.New(sku, series.String, "sku"))
	var snappy, zstd bytes.Buffer
	if err := parquet.Write(&snappy, df, parquet.Options{}); err != nil {
		log.Fatal(err)
	}
	if err := parquet.Write(&zstd, df, parquet.Options{Compression: "zstd", RowGroup: 1000}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(zstd.Len() < snappy.Len())
	fmt.Println(parquet.Write(&zstd, df, parquet.Options{Compression: "zip"}))
	// Output:
	// true
	// frames: compression "zip": want snappy, gzip, zstd, brotli or none
}
