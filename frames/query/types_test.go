package query

import (
	"math"
	"testing"
	"time"
)

// TestOf has values as the drivers of PostgreSQL (pgx, lib/pq), MySQL and SQLite
// hand them over.
func TestOf(t *testing.T) {
	berlin := time.FixedZone("", 3600)
	noon := time.Date(2024, 3, 1, 12, 30, 0, 0, time.UTC)
	for _, c := range []struct {
		name, typeName string
		value          any
		want           string
	}{
		{"numeric", "NUMERIC", "1.50", "1.5"},
		{"whole numeric", "numeric(20,0)", "12345678901234567", "12345678901234567"},
		{"past 64 bits", "NUMERIC", "123456789012345678901", "123456789012345678901"},
		{"unsigned", "UNSIGNED BIGINT", []byte("18446744073709551615"), "18446744073709551615"},
		{"decimal of MySQL", "DECIMAL", []byte("-0.25"), "-0.25"},
		{"integer of MySQL's text protocol", "INT", []byte("7"), "7"},
		{"infinite", "NUMERIC", "Infinity", "inf"},
		{"not a number", "NUMERIC", "NaN", ""},
		{"no number at all", "DECIMAL(10,5)", "n/a", "n/a"},
		{"money", "MONEY", "$1,234.50", "1234.5"},
		{"money owed, of pgx", "790", "-$1,234.50", "-1234.5"},
		{"money elsewhere", "MONEY", []byte("1.234,50 €"), "1.234,50 €"},
		{"date", "DATE", time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC), "2024-03-01"},
		{"date before 1970", "DATE", time.Date(1899, 12, 31, 0, 0, 0, 0, time.UTC), "1899-12-31"},
		{"timestamp", "TIMESTAMP", noon, "2024-03-01 12:30:00"},
		{"timestamp with a zone", "TIMESTAMPTZ", noon.In(berlin), "2024-03-01 12:30:00+00:00"},
		{"the same in UTC", "TIMESTAMPTZ", noon, "2024-03-01 12:30:00+00:00"},
		{"of a type without a name", "", noon.In(berlin), "2024-03-01 13:30:00+01:00"},
		{"time of lib/pq", "TIME", time.Date(0, 1, 1, 12, 30, 0, 5000, time.UTC), "12:30:00.000005"},
		{"time of pgx", "TIME", "12:30:00.000000", "12:30:00"},
		{"time with a fraction", "TIME", "12:30:00.500000", "12:30:00.500000"},
		{"bytes", "BYTEA", []byte{0, 0xff}, `\x00ff`},
		{"text in bytes", "BLOB", []byte("zoë"), "zoë"},
		{"text that is a number", "VARCHAR", "1.50", "1.50"},
		{"float32", "FLOAT4", float32(.5), "0.5"},
	} {
		cell, err := of(c.value, kindOf(c.typeName))
		if got := string(cell.AppendText(nil)); err != nil || got != c.want {
			t.Errorf("%s: %q, want %q, %v", c.name, got, c.want, err)
		}
	}
	if _, err := of([]int{1}, other); err == nil {
		t.Error("a list was read")
	}
	if cell, err := of(math.NaN(), other); err != nil || len(cell.AppendText(nil)) > 0 {
		t.Errorf("NaN: %v, %v", cell, err)
	}
}
