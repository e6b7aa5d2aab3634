package frames_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"gonmf/frames"
	"gonmf/nmf"
)

// sales is a long table: who bought what, how often.
const sales = `item_id,user_id,weight
bread,ann,3
bread,ben,2
butter,ann,3
butter,ben,1
butter,cleo,1
nails,cleo,4
nails,dan,2
screws,cleo,3
screws,dan,2
`

// fit makes a model of the sales.
func fit() (*nmf.Model, *frames.Interactions, error) {
	table, err := frames.ReadInteractions(strings.NewReader(sales), frames.Columns{Weight: "weight"})
	if err != nil {
		return nil, nil, err
	}
	model, err := nmf.Fit(context.Background(), table.X, nmf.Config{Components: 2})
	return model, table, err
}

func Example() {
	model, table, err := fit()
	if err != nil {
		fmt.Println(err)
		return
	}
	clusters, err := frames.Clusters(model, table)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(table)
	if err := frames.WriteCSV(os.Stdout, clusters); err != nil {
		fmt.Println(err)
	}
	// Output:
	// 4 items x 4 users, 9 entries (56.2%)
	// item_id,cluster
	// bread,1
	// butter,1
	// nails,0
	// screws,0
}

// A DataFrame from anywhere can be the long table.
func ExampleNewInteractions() {
	df, err := frames.ReadCSV(strings.NewReader("country,product,n\nNA,salt,1\nNO,salt,2\nNO,fish,5\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	table, err := frames.NewInteractions(df, frames.Columns{Item: "country", User: "product", Weight: "n"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(table.Items)
	fmt.Println(table.Users)
	// Output:
	// 2 labels: "NA", "NO"
	// 2 labels: "fish", "salt"
}

func ExampleNewInteractions_error() {
	df, err := frames.ReadCSV(strings.NewReader("item_id,user_id,weight\nbread,ann,3\nnails,ben,-1\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = frames.NewInteractions(df, frames.Columns{Weight: "weight"})
	fmt.Println(err)
	_, err = frames.NewInteractions(df, frames.Columns{Weight: "count"})
	fmt.Println(err)
	// Output:
	// frames: row 2, column "weight": -1 is negative: only finite numbers of 0 or more can be used, mend the value or drop the row
	// frames: no column "count"; it has item_id, user_id, weight
}

func ExampleCoverage() {
	model, table, err := fit()
	if err != nil {
		fmt.Println(err)
		return
	}
	coverage, err := frames.Coverage(context.Background(), model, table, frames.CoverageOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(frames.Table(coverage))
	summary, err := frames.Summarize(coverage)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(frames.Table(summary))
	// Output:
	// item_id  num  predict_num
	// butter     3            4
	// screws     2            3
	// nails      2            3
	// bread      2            3
	// 4 rows, 3 columns
	// num  min  median  mean  max
	//   2    3       3     3    3
	//   3    4       4     4    4
	// 2 rows, 5 columns
}

func ExampleTop() {
	model, table, err := fit()
	if err != nil {
		fmt.Println(err)
		return
	}
	items, _, err := frames.Top(model, table, 1)
	if err != nil {
		fmt.Println(err)
		return
	}
	for r := range items.Nrow() {
		fmt.Println(items.Elem(r, 0), items.Elem(r, 2))
	}
	// Output:
	// c0 nails
	// c1 bread
}
