package arrow

import (
	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
)

// column is one that can be named: of the schema, or within a struct.
type column struct {
	path  []int // of places: of the schema, of the struct there, ...
	field arrow.Field
	below []string // of a struct: what can be read of it
}

// maxColumns bounds what can be named within structs.
const maxColumns = 1 << 16

// columnsOf returns the columns of a schema, and after them what is within
// structs.
func columnsOf(schema *arrow.Schema) (names []string, columns []column) {
	var within []string
	var inner []column
	var walk func(prefix string, c *column)
	walk = func(prefix string, c *column) {
		t, ok := plain(c.field.Type).(*arrow.StructType)
		if !ok {
			return
		}
		for i, f := range t.Fields() {
			if len(inner) == maxColumns {
				return
			}
			name := prefix + "." + f.Name
			child := column{path: append(append([]int(nil), c.path...), i), field: f}
			at := len(inner)
			within, inner = append(within, name), append(inner, child)
			walk(name, &child)
			inner[at] = child
			if readable(f.Type) {
				c.below = append(c.below, name)
			}
			c.below = append(c.below, child.below...)
		}
	}
	for i, f := range schema.Fields() {
		c := column{path: []int{i}, field: f}
		walk(f.Name, &c)
		names, columns = append(names, f.Name), append(columns, c)
	}
	return append(names, within...), append(columns, inner...)
}

// plain returns the type in which the values of an extension are held.
func plain(t arrow.DataType) arrow.DataType {
	for {
		e, ok := t.(arrow.ExtensionType)
		if !ok {
			return t
		}
		t = e.StorageType()
	}
}

// of returns the array of a column, and what says of a place whether a struct
// around it is missing there; nil if none can be.
func (c *column) of(record arrow.RecordBatch) (a arrow.Array, outside func(i int) bool) {
	a = record.Column(c.path[0])
	var around []arrow.Array
	for _, at := range c.path[1:] {
		if e, ok := a.(array.ExtensionArray); ok {
			a = e.Storage()
		}
		s := a.(*array.Struct)
		if s.NullN() > 0 {
			around = append(around, s)
		}
		a = s.Field(at)
	}
	if around == nil {
		return a, nil
	}
	return a, func(i int) bool {
		for _, s := range around {
			if s.IsNull(i) {
				return true
			}
		}
		return false
	}
}

// isUUID reports whether a column is of UUIDs, which is an extension.
func isUUID(f arrow.Field) bool {
	if e, ok := f.Type.(arrow.ExtensionType); ok {
		return e.ExtensionName() == "arrow.uuid"
	}
	name, ok := f.Metadata.GetValue("ARROW:extension:name")
	return ok && name == "arrow.uuid"
}
