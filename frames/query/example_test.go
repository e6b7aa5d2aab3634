package query_test

import (
	"database/sql"
	"fmt"
	"log"

	"gonmf/frames"
	"gonmf/frames/query"
)

// shop opens a database that is in memory alone, of a few orders.
func shop() *sql.DB {
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		log.Fatal(err)
	}
	db.SetMaxOpenConns(1) // each connection has a memory of its own
	_, err = db.Exec(`CREATE TABLE orders (sku TEXT, customer TEXT);
		INSERT INTO orders VALUES ('tea', 'Ann'), ('tea', 'Bob'), ('pot', 'Bob'), ('tea', 'Bob')`)
	if err != nil {
		log.Fatal(err)
	}
	return db
}

func ExampleInteractions() {
	db := shop()
	defer db.Close()
	rows, err := db.Query("SELECT sku, customer, count(*) AS n FROM orders GROUP BY sku, customer")
	if err != nil {
		log.Fatal(err)
	}
	table, err := query.Interactions(rows, frames.Columns{Item: "sku", User: "customer", Weight: "n"})
	if err != nil {
		log.Fatal(err)
	}
	tea, _ := table.Items.Index("tea")
	bob, _ := table.Users.Index("Bob")
	fmt.Println(table)
	fmt.Println(table.X.At(tea, bob))
	// Output:
	// 2 items x 2 users, 3 entries (75%)
	// 2
}

func ExampleFrame() {
	db := shop()
	defer db.Close()
	rows, err := db.Query("SELECT customer, count(*) AS n, max(sku) AS last FROM orders GROUP BY customer ORDER BY customer")
	if err != nil {
		log.Fatal(err)
	}
	df, err := query.Frame(rows)
	if err != nil {
		log.Fatal(err)
	}
	for _, row := range df.Records() {
		fmt.Println(row)
	}
	fmt.Println(df.Types())
	// Output:
	// [customer n last]
	// [Ann 1 tea]
	// [Bob 3 tea]
	// [string int string]
}
