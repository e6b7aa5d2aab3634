package frames_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames"
	"gonmf/nmf"
)

// orders is the table of the examples of verbs.
func orders() dataframe.DataFrame {
	df, err := frames.ReadCSV(strings.NewReader(`item,user,price,date
tea,ann,2.5,2024-01-31
milk,ben,1.25,2024-02-29
tea,ben,2.5,2024-02-29
toast,ann,,2024-03-01
`))
	if err != nil {
		log.Fatal(err)
	}
	return df
}

func people() dataframe.DataFrame {
	df, err := frames.ReadCSV(strings.NewReader("user,city\nann,Oslo\n"))
	if err != nil {
		log.Fatal(err)
	}
	return df
}

// show prints what a verb gives.
func show(df dataframe.DataFrame, err error) {
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(frames.Table(df))
}

func ExampleHead() {
	show(frames.Head(orders(), 2))
	// Output:
	// item  user  price  date
	// tea   ann     2.5  2024-01-31
	// milk  ben    1.25  2024-02-29
	// 2 rows, 4 columns
}

func ExampleTail() {
	show(frames.Tail(orders(), 2))
	// Output:
	// item   user  price  date
	// tea    ben     2.5  2024-02-29
	// toast  ann       –  2024-03-01
	// 2 rows, 4 columns
}

// The same seed draws the same rows.
func ExampleSample() {
	show(frames.Sample(orders(), 2, 1))
	// Output:
	// item   user  price  date
	// toast  ann       –  2024-03-01
	// milk   ben    1.25  2024-02-29
	// 2 rows, 4 columns
}

// Down by price, and by name where prices are equal.
func ExampleSort() {
	show(frames.Sort(orders(), "-price", "item"))
	// Output:
	// item   user  price  date
	// tea    ann     2.5  2024-01-31
	// tea    ben     2.5  2024-02-29
	// milk   ben    1.25  2024-02-29
	// toast  ann       –  2024-03-01
	// 4 rows, 4 columns
}

func ExampleSelect() {
	show(frames.Select(orders(), "price", "item"))
	// Output:
	// price  item
	//   2.5  tea
	//  1.25  milk
	//   2.5  tea
	//     –  toast
	// 4 rows, 2 columns
}

func ExampleUnique() {
	show(frames.Unique(orders(), "item"))
	// Output:
	// item
	// tea
	// milk
	// toast
	// 3 rows, 1 column
}

func ExampleWhere() {
	show(frames.Where(orders(), "price > 2 && item startsWith 't'"))
	_, err := frames.Where(orders(), "prize > 2")
	fmt.Println(err)
	// Output:
	// item  user  price  date
	// tea   ann     2.5  2024-01-31
	// tea   ben     2.5  2024-02-29
	// 2 rows, 4 columns
	// frames: no column "prize"; it has item, user, price, date: did you mean price? (in "prize > 2")
}

func ExampleMutate() {
	show(frames.Mutate(orders(), "cents = price * 100", "month = month(date)"))
	// Output:
	// item   user  price  date        cents  month
	// tea    ann     2.5  2024-01-31    250      1
	// milk   ben    1.25  2024-02-29    125      2
	// tea    ben     2.5  2024-02-29    250      2
	// toast  ann       –  2024-03-01      –      3
	// 4 rows, 6 columns
}

func ExampleGroupBy() {
	show(frames.GroupBy(orders(), "item").Agg("sum(price)", "n = count()"))
	// Output:
	// item   price_sum  n
	// milk        1.25  1
	// tea            5  2
	// toast          0  1
	// 3 rows, 3 columns
}

func ExampleGroups() {
	fmt.Println(frames.GroupBy(orders(), "item", "user"))
	// Output:
	// 4 groups of 4 rows by item, user: Agg("count()", "mean(...)") makes a table of them
}

func ExampleGroups_Agg() {
	show(frames.GroupBy(orders(), "user").Agg("most = max(price)", "items = nunique(item)"))
	// Output:
	// user  most  items
	// ann    2.5      2
	// ben    2.5      2
	// 2 rows, 3 columns
}

func ExampleGroups_Names() {
	fmt.Println(frames.GroupBy(orders(), "item").Names())
	// Output: [item user price date]
}

func ExampleGroups_Len() {
	fmt.Println(frames.GroupBy(orders(), "item").Len())
	// Output:
	// 3
}

func ExampleCount() {
	show(frames.Count(orders(), "item"))
	// Output:
	// item   count
	// tea        2
	// milk       1
	// toast      1
	// 3 rows, 2 columns
}

func ExamplePivot() {
	show(frames.Pivot(orders(), "item", "user", "sum(price)"))
	// Output:
	// item   ann   ben
	// milk     –  1.25
	// tea    2.5   2.5
	// toast    0     –
	// 3 rows, 3 columns
}

func ExampleJoin() {
	show(frames.Join(orders(), people(), "user"))
	// Output:
	// item   user  price  date        city
	// tea    ann     2.5  2024-01-31  Oslo
	// toast  ann       –  2024-03-01  Oslo
	// 2 rows, 5 columns
}

// All rows of the left table stay.
func ExampleLeftJoin() {
	who, err := frames.Select(people(), "user", "city")
	if err != nil {
		log.Fatal(err)
	}
	show(frames.LeftJoin(orders(), who, "user"))
	// Output:
	// item   user  price  date        city
	// tea    ann     2.5  2024-01-31  Oslo
	// milk   ben    1.25  2024-02-29  –
	// tea    ben     2.5  2024-02-29  –
	// toast  ann       –  2024-03-01  Oslo
	// 4 rows, 5 columns
}

func ExampleDropNA() {
	show(frames.DropNA(orders()))
	// Output:
	// item  user  price  date
	// tea   ann     2.5  2024-01-31
	// milk  ben    1.25  2024-02-29
	// tea   ben     2.5  2024-02-29
	// 3 rows, 4 columns
}

func ExampleFillNA() {
	show(frames.FillNA(orders(), 0, "price"))
	// Output:
	// item   user  price  date
	// tea    ann     2.5  2024-01-31
	// milk   ben    1.25  2024-02-29
	// tea    ben     2.5  2024-02-29
	// toast  ann       0  2024-03-01
	// 4 rows, 4 columns
}

func ExampleDescribe() {
	df, err := frames.Describe(orders())
	if err != nil {
		log.Fatal(err)
	}
	show(frames.Select(df, "column", "count", "missing", "unique", "mean", "max", "top"))
	// Output:
	// column  count  missing  unique     mean  max  top
	// item        4        0       3        –    –  tea
	// user        4        0       2        –    –  ann
	// price       3        1       2  2.08333  2.5  –
	// date        4        0       3        –    –  2024-02-29
	// 4 rows, 7 columns
}

func ExampleDates() {
	european := dataframe.New(series.New([]string{"13/2/2024", "1/3/2024"}, series.String, "date"))
	show(frames.Dates(european, "date"))
	// Output:
	// date
	// 2024-02-13
	// 2024-03-01
	// 2 rows, 1 column
}

// A table as a German spreadsheet exports it. That fields are separated by
// semicolons is seen; what a comma in a number means has to be said.
func ExampleCSV() {
	how := frames.CSV{Decimal: ",", Notice: func(text string) { fmt.Println("note:", text) }}
	table, err := frames.ReadInteractions(strings.NewReader("Artikel;Kunde;Menge\nTee;Ann;1,5\nTee;Ben;2\n"),
		frames.Columns{Item: "Artikel", User: "Kunde", Weight: "Menge", CSV: how})
	fmt.Println(table, err)
	// Output:
	// note: read with fields separated by a semicolon: Sep ";" says so
	// 1 item x 2 users, 2 entries (100%) <nil>
}

func ExampleCSV_Read() {
	how := frames.CSV{Sep: "::", NoHeader: true, Names: []string{"user", "movie", "rating"}}
	show(how.Read(strings.NewReader("1::1193::5\n1::661::3\n")))
	// Output:
	// user  movie  rating
	//    1   1193       5
	//    1    661       3
	// 2 rows, 3 columns
}

// Labels that are numbers stay as they are written.
func ExampleCSV_ReadText() {
	how := frames.CSV{Comment: "#", NA: []string{"-"}}
	show(how.ReadText(strings.NewReader("# agents\nagent,country\n007,UK\n008,-\n")))
	// Output:
	// agent  country
	// 007    UK
	// 008    –
	// 2 rows, 2 columns
}

// baskets is a fitted table: who drinks tea eats scones.
func baskets() (*nmf.Model, *frames.Interactions) {
	table, err := frames.ReadInteractions(strings.NewReader(`item_id,user_id
tea,ann
scones,ann
tea,ben
scones,ben
tea,cleo
beer,dan
crisps,dan
beer,eve
crisps,eve
`), frames.Columns{})
	if err != nil {
		log.Fatal(err)
	}
	model, err := nmf.Fit(context.Background(), table.X, nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	return model, table
}

func ExampleRecommend() {
	model, table := baskets()
	show(frames.Recommend(model, table, "cleo", 1))
	_, err := frames.Recommend(model, table, "clea", 1)
	fmt.Println(err)
	// Output:
	// item_id    score
	// scones   0.48507
	// 1 row, 2 columns
	// frames: no user "clea"; there are 5 labels: "ann", "ben", "cleo", "dan", "eve": did you mean cleo?
}

func ExampleRecommendTo() {
	model, table := baskets()
	show(frames.RecommendTo(model, table, "scones", 1))
	// Output:
	// user_id    score
	// cleo     0.48507
	// 1 row, 2 columns
}

func ExampleSimilar() {
	model, table := baskets()
	show(frames.Similar(model, table, "beer", 1))
	// Output:
	// item_id  score
	// crisps       1
	// 1 row, 2 columns
}

func ExampleSimilarUsers() {
	model, table := baskets()
	show(frames.SimilarUsers(model, table, "dan", 1))
	// Output:
	// user_id  score
	// eve          1
	// 1 row, 2 columns
}
