package frames_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"gonum.org/v1/gonum/mat"

	"gonmf/frames"
	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// fitted is fit for examples that are about something else.
func fitted() (*nmf.Model, *frames.Interactions) {
	model, table, err := fit()
	if err != nil {
		log.Fatal(err)
	}
	return model, table
}

// A file of rows that does not fit in memory is fitted a block at a time.
func ExampleBlocks() {
	file := strings.NewReader("5,3,0\n4,3,0\n0,0,2\n0,1,3\n")
	model, err := nmf.FitStream(context.Background(), frames.Blocks(file, 2), nmf.Config{Components: 1})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(model.Iter, "blocks")
	// Output:
	// 2 blocks
}

// Blocks for code without range over functions.
func ExampleEachBlock() {
	file := strings.NewReader("5,3,0\n4,3,0\n0,0,2\n")
	err := frames.EachBlock(file, 2, func(block *mat.Dense) error {
		fmt.Println(block.RawMatrix().Data)
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// [5 3 0 4 3 0]
	// [0 0 2]
}

func ExampleClusters() {
	clusters, err := frames.Clusters(fitted())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(frames.Table(clusters))
	// Output:
	// item_id  cluster
	// bread          1
	// butter         1
	// nails          0
	// screws         0
	// 4 rows, 2 columns
}

// An item of which no component says anything is in no cluster.
func ExampleClustersOrNone() {
	model, table := fitted()
	model.W.SetRow(0, []float64{0, 0})
	clusters, err := frames.ClustersOrNone(model, table)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(frames.Table(clusters))
	// Output:
	// item_id  cluster
	// bread         -1
	// butter         1
	// nails          0
	// screws         0
	// 4 rows, 2 columns
}

// W and H with their labels, to be written or looked at.
func ExampleFactors() {
	w, h, err := frames.Factors(fitted())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(w.Names(), w.Nrow())
	fmt.Println(h.Names(), h.Nrow())
	// Output:
	// [item_id c0 c1] 4
	// [component ann ben cleo dan] 2
}

// Column types are those that pandas infers.
func ExampleReadCSV() {
	table, err := frames.ReadCSV(strings.NewReader("agent,country,fee\n007,UK,2.50\n008,FR,\n"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(frames.Table(table))
	fmt.Println(table.Types())
	// Output:
	// agent  country  fee
	//     7  UK       2.5
	//     8  FR         –
	// 2 rows, 3 columns
	// [int string float]
}

// Every value is the text of the file: 007 is not 7, and NA is Namibia.
func ExampleReadCSVText() {
	table, err := frames.ReadCSVText(strings.NewReader("agent,country\n007,UK\n008,NA\n"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(frames.Table(table))
	// Output:
	// agent  country
	// 007    UK
	// 008    NA
	// 2 rows, 2 columns
}

func ExampleReadInteractions() {
	table, err := frames.ReadInteractions(strings.NewReader("sku;who\n"), frames.Columns{})
	fmt.Println(table, err)
	table, err = frames.ReadInteractions(strings.NewReader("sku,who\ntea,ann\ntea,ben\nmilk,ann\n"), frames.Columns{Item: "sku", User: "who"})
	fmt.Println(table, err)
	// Output:
	// <nil> frames: no column "item_id"; it has sku, who
	// 2 items x 2 users, 3 entries (75%) <nil>
}

// Images, spectra, counts: numbers and nothing else.
func ExampleReadMatrix() {
	x, err := frames.ReadMatrix(strings.NewReader("0,5,16\n2,0,9\n"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(mat.Formatted(x))
	_, err = frames.ReadMatrix(strings.NewReader("0,5,16\n2,-1,9\n"))
	fmt.Println(err)
	// Output:
	// ⎡ 0   5  16⎤
	// ⎣ 2   0   9⎦
	// frames: row 2 (line 2), column "2": -1 is negative: only finite numbers of 0 or more can be used, mend the value or drop the row
}

func ExampleSummarize() {
	coverage, err := frames.ReadCSV(strings.NewReader("item_id,num,predict_num\na,1,10\nb,1,20\nc,12,30\nd,17,50\n"))
	if err != nil {
		log.Fatal(err)
	}
	summary, err := frames.Summarize(coverage)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(frames.Table(summary)) // the row of 10 is about 10 to 19 observations
	// Output:
	// num  min  median  mean  max
	//   1   10      15    15   20
	//  10   30      40    40   50
	// 2 rows, 5 columns
}

func ExampleWriteCSV() {
	table, err := frames.ReadCSV(strings.NewReader("word,n\n\"a \"\"b\"\", c\",1e-05\nd,2\n"))
	if err != nil {
		log.Fatal(err)
	}
	if err := frames.WriteCSV(os.Stdout, table); err != nil {
		log.Fatal(err)
	}
	// Output:
	// word,n
	// "a ""b"", c",1e-05
	// d,2.0
}

// Which cell it was, and why, can be asked of the error.
func ExampleCellError() {
	_, err := frames.ReadInteractions(strings.NewReader("item_id,user_id,weight\ntea,ann,3\ntea,ben,many\n"), frames.Columns{Weight: "weight"})
	var cell *frames.CellError
	if errors.As(err, &cell) {
		fmt.Println(cell.Row, cell.Line, cell.Column, errors.Is(err, frames.ErrNotNumber))
	}
	fmt.Println(err)
	// Output:
	// 2 3 weight true
	// frames: row 2 (line 3), column "weight": "many" is not a number: write it as 3 or 0.5
}

// With Positions labels are numbers that count from 0: item 1 has no row in
// the file, and is there.
func ExampleColumns() {
	file := "item_id,user_id\n0,0\n2,1\n"
	for _, positions := range []bool{false, true} {
		table, err := frames.ReadInteractions(strings.NewReader(file), frames.Columns{Positions: positions})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(table)
	}
	// Output:
	// 2 items x 2 users, 2 entries (50%)
	// 3 items x 2 users, 2 entries (33.3%)
}

func ExampleCoverageOptions() {
	model, table := fitted()
	_, err := frames.Coverage(context.Background(), model, table, frames.CoverageOptions{
		Batch: 3, Progress: func(done, total int) { fmt.Println(done, "of", total) },
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// 3 of 4
	// 4 of 4
}

// The rows and columns of X have names.
func ExampleInteractions() {
	_, table := fitted()
	item, _ := table.Items.Index("nails")
	user, _ := table.Users.Index("cleo")
	fmt.Println(table.X.At(item, user))
	// Output:
	// 4
}

// Words in documents: what stands in every document tells little.
func ExampleTFIDF() {
	counts, err := frames.ReadInteractions(strings.NewReader("doc,word,n\na,the,2\na,cat,1\nb,the,2\nb,dog,1\n"),
		frames.Columns{Item: "doc", User: "word", Weight: "n"})
	if err != nil {
		log.Fatal(err)
	}
	weighted, err := frames.TFIDF(counts, frames.TFIDFOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(weighted.Users)
	fmt.Printf("%.2f\n", mat.Formatted(weighted.X))
	// Output:
	// 3 labels: "cat", "dog", "the"
	// ⎡0.57  0.00  0.82⎤
	// ⎣0.00  0.57  0.82⎦
}

// A table of terms x documents.
func ExampleTFIDFOptions() {
	counts, err := frames.ReadInteractions(strings.NewReader("word,doc\nthe,a\nthe,b\ncat,a\n"),
		frames.Columns{Item: "word", User: "doc"})
	if err != nil {
		log.Fatal(err)
	}
	weighted, err := frames.TFIDF(counts, frames.TFIDFOptions{UsersAreDocuments: true})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.2f\n", mat.Formatted(weighted.X))
	// Output:
	// ⎡0.81  0.00⎤
	// ⎣0.58  1.00⎦
}

// labels are the items of a table: sorted as numbers, since all are.
func labels() *frames.Labels {
	table, err := frames.ReadInteractions(strings.NewReader("item_id,user_id\n10,x\n9,x\n1,y\n"), frames.Columns{})
	if err != nil {
		log.Fatal(err)
	}
	return table.Items
}

func ExampleLabels() {
	fmt.Println(labels())
	// Output:
	// 3 labels: "1", "9", "10"
}

// Names for a matrix that there is already, which keeps its order.
func ExampleNewLabels() {
	x, err := sparse.FromTriplets(2, 3, []int{0, 1, 1}, []int{0, 0, 2}, []float64{3, 1, 2})
	if err != nil {
		log.Fatal(err)
	}
	genes, err := frames.NewLabels([]string{"TP53", "ACTB"})
	if err != nil {
		log.Fatal(err)
	}
	table, err := frames.Label(x, genes, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table)
	fmt.Println(table.Items)
	// Output:
	// 2 items x 3 users, 3 entries (50%)
	// 2 labels: "TP53", "ACTB"
}

// Labels that are nil count from 0.
func ExampleLabel() {
	x, err := sparse.FromTriplets(1, 2, []int{0}, []int{1}, []float64{3})
	if err != nil {
		log.Fatal(err)
	}
	table, err := frames.Label(x, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.Items, "and", table.Users)
	// Output:
	// 1 label: "0" and 2 labels: "0", "1"
}

func ExampleLabels_At() {
	fmt.Println(labels().At(2))
	// Output:
	// 10
}

func ExampleLabels_Index() {
	fmt.Println(labels().Index("9"))
	fmt.Println(labels().Index("8"))
	// Output:
	// 1 true
	// -1 false
}

func ExampleLabels_Len() {
	fmt.Println(labels().Len())
	// Output:
	// 3
}

// A column for a DataFrame, of integers since all labels are.
func ExampleLabels_Series() {
	column := labels().Series("item_id")
	fmt.Println(column.Name, column.Type(), column.Records())
	// Output:
	// item_id int [1 9 10]
}

func ExampleLabels_Strings() {
	fmt.Println(strings.Join(labels().Strings(), " < "))
	// Output:
	// 1 < 9 < 10
}

func ExampleTable() {
	table, err := frames.ReadCSV(strings.NewReader("name,n\nann,1\nben,20\n"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(frames.Table(table))
	// Output:
	// name   n
	// ann    1
	// ben   20
	// 2 rows, 2 columns
}

// A long table shows its first rows.
func ExampleView() {
	table, err := frames.ReadCSV(strings.NewReader("name,n\nann,1\nben,20\ncleo,3\n"))
	if err != nil {
		log.Fatal(err)
	}
	view := frames.Table(table)
	view.MaxRows = 2
	fmt.Println(view)
	// Output:
	// name   n
	// ann    1
	// ben   20
	// 2 of 3 rows, 2 columns
}

// The hash tells whether two tables have the same labels in the same order.
func ExampleLabels_SHA256() {
	one, other := labels().SHA256(), labels().SHA256()
	fmt.Println(one == other, len(one))
	// Output:
	// true 64
}
