package frames_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strings"

	"gonum.org/v1/gonum/mat"

	"gonmf/frames"
)

// Reading a long file says how far it is, and ends with its context.
func ExampleWatch() {
	file := strings.NewReader("item_id,user_id\ntea,ann\n")
	watched := frames.Watch(context.Background(), file, func(done, total int) { fmt.Println(done, "of", total, "bytes") })
	table, err := frames.ReadInteractions(watched, frames.Columns{Workers: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table)

	ended, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = frames.ReadInteractions(frames.Watch(ended, file, nil), frames.Columns{})
	fmt.Println(errors.Is(err, context.Canceled))
	// Output:
	// 24 of 24 bytes
	// 1 item x 1 user, 1 entry (100%)
	// true
}

// Rows from anywhere become a table: here of a map.
func ExampleBuilder() {
	builder := frames.NewBuilder(frames.Columns{})
	for item, sold := range map[string]float64{"tea": 2, "milk": 1} {
		if err := builder.Add(item, "ann", sold); err != nil {
			log.Fatal(err)
		}
	}
	table, err := builder.Table()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.Items, mat.Sum(table.X))
	// Output:
	// 2 labels: "milk", "tea" 3
}

// The names of the columns are for errors.
func ExampleNewBuilder() {
	builder := frames.NewBuilder(frames.Columns{Item: "sku", User: "customer", Weight: "pieces"})
	fmt.Println(builder.Add("tea", "ann", -1))
	// Output:
	// frames: row 1, column "pieces": -1 is negative: only finite numbers of 0 or more can be used, mend the value or drop the row
}

func ExampleBuilder_Add() {
	builder := frames.NewBuilder(frames.Columns{})
	for range 3 {
		if err := builder.Add("tea", "ann", 2); err != nil { // they are summed
			log.Fatal(err)
		}
	}
	table, err := builder.Table()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.X.At(0, 0))
	// Output:
	// 6
}

// For bytes of a buffer that is used again.
func ExampleBuilder_AddBytes() {
	builder := frames.NewBuilder(frames.Columns{})
	buffer := []byte("tea,ann")
	if err := builder.AddBytes(buffer[:3], buffer[4:], 1); err != nil {
		log.Fatal(err)
	}
	copy(buffer, "oil,ben")
	if err := builder.AddBytes(buffer[:3], buffer[4:], 1); err != nil {
		log.Fatal(err)
	}
	table, err := builder.Table()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.Items)
	// Output:
	// 2 labels: "oil", "tea"
}

func ExampleBuilder_AddText() {
	builder := frames.NewBuilder(frames.Columns{Weight: "pieces"})
	fmt.Println(builder.AddText("tea", "ann", "2.5"))
	fmt.Println(builder.AddText("tea", "ann", "many"))
	// Output:
	// <nil>
	// frames: row 2, column "pieces": "many" is not a number: write it as 3 or 0.5
}

func ExampleBuilder_Rows() {
	builder := frames.NewBuilder(frames.Columns{})
	if err := builder.Add("tea", "ann", 2); err != nil {
		log.Fatal(err)
	}
	fmt.Println(builder.Rows())
	// Output:
	// 1
}

func ExampleBuilder_Table() {
	_, err := frames.NewBuilder(frames.Columns{}).Table()
	fmt.Println(errors.Is(err, frames.ErrEmpty))
	// Output:
	// true
}

// Where the columns stand in a header, for readers of other formats.
func ExampleColumns_Find() {
	columns := frames.Columns{Item: "sku", User: "customer"}
	fmt.Println(columns.Find([]string{"customer", "date", "sku"}))
	_, _, _, err := columns.Find([]string{"customer", "date"})
	fmt.Println(err)
	// Output:
	// 2 0 -1 <nil>
	// frames: no column "sku"; it has customer, date
}
