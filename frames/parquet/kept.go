package parquet

import (
	"encoding/base64"
	"time"

	flatbuffers "github.com/google/flatbuffers/go"

	"gonmf/frames/internal/cells"
)

// kept is what Arrow's writers (pandas, polars, ...) say of a column that
// Parquet has no place for.
type kept struct {
	zone     *time.Location // of a time; nil if it is not said
	duration time.Duration  // the unit of one; 0 if it is none
}

// Slots of Arrow's Message.fbs and Schema.fbs.
const (
	messageHeader = 8
	schemaFields  = 6
	fieldName     = 4
	fieldTypeKind = 8
	fieldType     = 10
	fieldChildren = 14
	typeUnit      = 4
	typeZone      = 6

	timestampKind = 10
	durationKind  = 18
)

// readKept reads the schema that Arrow's writers keep in a file: columns by
// name. One that cannot be read says nothing.
func readKept(encoded string) (columns map[string]kept) {
	raw, err := base64.StdEncoding.DecodeString(encoded)
	const prefix = 8 // a mark and the length
	if err != nil || len(raw) < prefix+4 {
		return nil
	}
	columns = map[string]kept{}
	defer func() { _ = recover() }() // of a schema that is damaged
	raw = raw[prefix:]
	message := flatbuffers.Table{Bytes: raw, Pos: flatbuffers.GetUOffsetT(raw)}
	if schema, ok := child(message, messageHeader); ok {
		readFields(schema, schemaFields, "", columns, 0)
	}
	return columns
}

func readFields(t flatbuffers.Table, slot flatbuffers.VOffsetT, prefix string, columns map[string]kept, depth int) {
	at := flatbuffers.UOffsetT(t.Offset(slot))
	if at == 0 || depth == maxDepth {
		return
	}
	start := t.Vector(at)
	for i := range min(t.VectorLen(at), len(t.Bytes)/4) {
		field := flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(start + 4*flatbuffers.UOffsetT(i))}
		name := prefix
		if at := flatbuffers.UOffsetT(field.Offset(fieldName)); at != 0 {
			name += string(field.ByteVector(at + field.Pos))
		}
		typ, _ := child(field, fieldType)
		switch field.GetByteSlot(fieldTypeKind, 0) {
		case timestampKind:
			if at := flatbuffers.UOffsetT(typ.Offset(typeZone)); at != 0 {
				columns[name] = kept{zone: cells.Zone(string(typ.ByteVector(at + typ.Pos)))}
			}
		case durationKind:
			units := []time.Duration{time.Second, time.Millisecond, time.Microsecond, time.Nanosecond}
			columns[name] = kept{duration: units[typ.GetInt16Slot(typeUnit, 1)]}
		}
		readFields(field, fieldChildren, name+".", columns, depth+1)
	}
}

// child returns the table in a slot of a table.
func child(t flatbuffers.Table, slot flatbuffers.VOffsetT) (flatbuffers.Table, bool) {
	at := flatbuffers.UOffsetT(t.Offset(slot))
	if at == 0 {
		return t, false
	}
	return flatbuffers.Table{Bytes: t.Bytes, Pos: t.Indirect(at + t.Pos)}, true
}
