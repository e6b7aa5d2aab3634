package symbols

import (
	"reflect"

	"github.com/ncruces/go-sqlite3/driver"
)

// The driver of SQLite, by hand: yaegi's extract mistakes it for the package of
// the same name in database/sql.
func init() {
	Symbols["github.com/ncruces/go-sqlite3/driver/driver"] = map[string]reflect.Value{
		"Open":      reflect.ValueOf(driver.Open),
		"Savepoint": reflect.ValueOf(driver.Savepoint),
		"SQLite":    reflect.ValueOf((*driver.SQLite)(nil)),
	}
}
