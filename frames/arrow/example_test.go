package arrow_test

import (
	"bytes"
	"context"
	"fmt"
	"log"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames"
	"gonmf/frames/arrow"
)

// orders says what was ordered, by whom and how often.
func orders() dataframe.DataFrame {
	return dataframe.New(
		series.New([]string{"tea", "milk", "tea"}, series.String, "sku"),
		series.New([]int{17, 17, 8}, series.Int, "customer"),
		series.New([]float64{2, 1, 0.5}, series.Float, "pieces"),
	)
}

func ExampleReadInteractions() {
	var file bytes.Buffer
	if err := arrow.Write(&file, orders(), arrow.Options{}); err != nil {
		log.Fatal(err)
	}
	columns := frames.Columns{Item: "sku", User: "customer", Weight: "pieces"}
	table, err := arrow.ReadInteractions(context.Background(), &file, columns)
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
	var file bytes.Buffer
	if err := arrow.Write(&file, orders(), arrow.Options{}); err != nil {
		log.Fatal(err)
	}
	df, err := arrow.Read(context.Background(), &file, "pieces", "sku")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(df.Names(), df.Types(), df.Col("pieces").Sum())
	// Output:
	// [pieces sku] [float string] 3.5
}

func ExampleNames() {
	var file bytes.Buffer
	if err := arrow.Write(&file, orders(), arrow.Options{}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(arrow.Names(context.Background(), &file))
	// Output:
	// [sku customer pieces] <nil>
}

func ExampleWrite() {
	var file bytes.Buffer
	if err := arrow.Write(&file, orders(), arrow.Options{}); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", file.Bytes()[:6])
	// Output:
	// ARROW1
}

// A stream has no end by which it must be opened: it can go through a pipe.
func ExampleWriteStream() {
	var pipe bytes.Buffer
	if err := arrow.WriteStream(&pipe, orders(), arrow.Options{}); err != nil {
		log.Fatal(err)
	}
	df, err := arrow.Read(context.Background(), &pipe)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(df.Nrow(), df.Names())
	// Output:
	// 3 [sku customer pieces]
}

func ExampleOptions() {
	sku := make([]string, 5000)
	for i := range sku {
		sku[i] = fmt.Sprint("article ", i)
	}
	df := dataframe.New(series.New(sku, series.String, "sku"))
	var plain, zstd bytes.Buffer
	if err := arrow.Write(&plain, df, arrow.Options{}); err != nil {
		log.Fatal(err)
	}
	if err := arrow.Write(&zstd, df, arrow.Options{Compression: "zstd", Batch: 1000}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(2*zstd.Len() < plain.Len())
	// Output:
	// true
}
