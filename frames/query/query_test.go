package query_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	_ "github.com/ncruces/go-sqlite3/driver" // SQLite, without cgo

	"gonmf/frames"
	"gonmf/frames/query"
	"gonmf/nmf"
)

// database has a table of everything that SQLite stores.
func database(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", ":memory:")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1) // each connection has a memory of its own
	t.Cleanup(func() { db.Close() })
	for _, statement := range []string{
		`CREATE TABLE orders (sku TEXT, customer INTEGER, n REAL, at TIMESTAMP, mixed, raw BLOB, paid BOOLEAN)`,
		`INSERT INTO orders VALUES ('b', 10, 1.5, '2024-03-01 12:30:00', 1, x'6869', TRUE), ('a', 9, 2, NULL, 2.5, NULL, FALSE),
			('b', 10, 3, '2024-03-02 00:00:00', 'three', x'', NULL), ('007', 9, 0.5, NULL, NULL, NULL, NULL)`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

var orders = frames.Columns{Item: "sku", User: "customer", Weight: "n"}

func ask(t *testing.T, db *sql.DB, statement string) *sql.Rows {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), statement)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestInteractions(t *testing.T) {
	db := database(t)
	got, err := query.Interactions(ask(t, db, "SELECT * FROM orders"), orders)
	if err != nil {
		t.Fatal(err)
	}
	// Labels of items are in bytewise order, of users in that of integers.
	if fmt.Sprint(got.Items.Strings(), got.Users.Strings()) != "[007 a b] [9 10]" || got.X.NNZ() != 3 || got.X.At(2, 1) != 4.5 {
		t.Errorf("%v: %q %q", got, got.Items.Strings(), got.Users.Strings())
	}
	for _, tc := range []struct {
		statement, says string
		is              error
	}{
		{"SELECT sku, customer FROM orders", `no column "n"`, frames.ErrColumn},
		{"SELECT sku, customer, NULL AS n FROM orders", `row 1, column "n": the value is missing`, frames.ErrMissing},
		{"SELECT sku, customer, -n AS n FROM orders", `row 1, column "n": -1.5 is negative`, nmf.ErrNegative},
		{"SELECT NULL AS sku, customer, n FROM orders", `row 1, column "sku": the label is missing`, frames.ErrMissing},
		{"SELECT sku, customer, 'two' AS n FROM orders", `row 1, column "n": "two" is not a number`, frames.ErrNotNumber},
		{"SELECT * FROM orders WHERE n > 100", "no rows", frames.ErrEmpty},
	} {
		if _, err := query.Interactions(ask(t, db, tc.statement), orders); !errors.Is(err, tc.is) || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v, want %q", tc.statement, err, tc.says)
		}
	}
	if _, err := query.Interactions(nil, orders); !errors.Is(err, frames.ErrEmpty) {
		t.Errorf("no rows: %v", err)
	}
}

func TestFrame(t *testing.T) {
	db := database(t)
	df, err := query.Frame(ask(t, db, "SELECT * FROM orders"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := frames.WriteCSV(&b, df); err != nil {
		t.Fatal(err)
	}
	const want = `sku,customer,n,at,mixed,raw,paid
b,10,1.5,2024-03-01 12:30:00,1.0,hi,True
a,9,2.0,,2.5,,False
b,10,3.0,2024-03-02 00:00:00,three,,
007,9,0.5,,,,
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
	if got := fmt.Sprint(df.Types()); got != "[string int float string string string bool]" {
		t.Errorf("types %s", got)
	}
	numbers, err := query.Frame(ask(t, db, "SELECT 1 AS x UNION ALL SELECT 2.5 UNION ALL SELECT 9e999"))
	if err != nil || numbers.Types()[0] != "float" || numbers.Elem(2, 0).Float() != math.Inf(1) {
		t.Errorf("%v, %v", numbers, err)
	}
}

func TestQueryThatIsStopped(t *testing.T) {
	db := database(t)
	ctx, stop := context.WithCancel(t.Context())
	rows, err := db.QueryContext(ctx, "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up) SELECT n AS item_id, n AS user_id FROM up")
	if err != nil {
		t.Fatal(err)
	}
	_, err = query.Interactions(rows, frames.Columns{Progress: func(int) { stop() }})
	if err == nil || !strings.Contains(err.Error(), "frames: query: after row ") {
		t.Errorf("a query without end gave %v", err)
	}
}

// An answer that memory does not hold goes into files.
func TestInteractionsIntoShards(t *testing.T) {
	db := database(t)
	const statement = `SELECT sku, customer, n FROM orders`
	want, err := query.Interactions(ask(t, db, statement), orders)
	if err != nil {
		t.Fatal(err)
	}
	opt := orders
	opt.Shards = filepath.Join(t.TempDir(), "orders")
	got, err := query.Interactions(ask(t, db, statement), opt)
	if err != nil {
		t.Fatal(err)
	}
	held, err := got.InMemory()
	if err != nil || got.X != nil || !mat.Equal(held.X, want.X) || held.Items.String() != want.Items.String() || held.Users.String() != want.Users.String() {
		t.Errorf("%v, %v; want %v", held, err, want)
	}
}
