package format

import "bytes"

// Type is how the values of a column are held.
type Type int8

// The types.
const (
	Boolean Type = iota
	Int32
	Int64
	Int96
	Float
	Double
	ByteArray
	FixedLenByteArray
)

var typeNames = []string{"boolean", "int32", "int64", "int96", "float", "double", "byte_array", "fixed_len_byte_array"}

// String returns the name that the format has for the type.
func (t Type) String() string {
	if t < 0 || int(t) >= len(typeNames) {
		return "unknown"
	}
	return typeNames[t]
}

// Repetition is how often a value is there.
type Repetition int8

// The repetitions.
const (
	Required Repetition = iota
	Optional
	Repeated
)

// Meaning is what values stand for.
type Meaning int8

// The meanings, of the numbers that the format gives its logical types.
const (
	Plain     Meaning = 0
	String    Meaning = 1
	Map       Meaning = 2
	List      Meaning = 3
	Enum      Meaning = 4
	Decimal   Meaning = 5
	Date      Meaning = 6
	Time      Meaning = 7
	Timestamp Meaning = 8
	Interval  Meaning = 9
	Integer   Meaning = 10
	Null      Meaning = 11
	UUID      Meaning = 14
	Float16   Meaning = 15
)

// Unit is that of a time.
type Unit int8

// The units.
const (
	Millis Unit = 1
	Micros Unit = 2
	Nanos  Unit = 3
)

// Element is a column, or a group of them.
type Element struct {
	Name       string
	Type       Type
	Length     int // of a FixedLenByteArray
	Repetition Repetition
	Children   int
	Group      bool

	Meaning  Meaning
	Scale    int  // of a Decimal
	Unit     Unit // of a Time or a Timestamp
	UTC      bool // of a Timestamp
	Bits     int  // of an Integer
	Unsigned bool // of an Integer
}

// Codec is how pages are compressed.
type Codec int8

// The codecs.
const (
	Uncompressed Codec = iota
	Snappy
	Gzip
	LZO
	Brotli
	LZ4 // Hadoop's
	Zstd
	LZ4Raw
)

// Chunk is a column of a row group.
type Chunk struct {
	Elsewhere      bool // in another file
	Encrypted      bool
	Codec          Codec
	DataPage       int64
	DictionaryPage int64 // 0 if there is none
}

// Start returns where the pages begin.
func (c *Chunk) Start() int64 {
	if c.DictionaryPage > 0 && c.DictionaryPage < c.DataPage {
		return c.DictionaryPage
	}
	return c.DataPage
}

// Group is a row group.
type Group struct {
	Chunks []Chunk
	Rows   int64
}

// File is the description of a file.
type File struct {
	Elements []Element // in the order of a walk through the tree, the root first
	Groups   []Group
	Rows     int64
	Writer   string
	Arrow    string // the schema that Arrow's writers keep, in base64
}

// ReadFile reads the description of a file.
func ReadFile(raw []byte) (*File, error) {
	d := &decoder{r: bytes.NewReader(raw)}
	f := &File{}
	d.fields(structure, func(id int, k kind) {
		switch id {
		case 2:
			d.list(k, func(k kind) { f.Elements = append(f.Elements, d.element(k)) })
		case 3:
			f.Rows = d.int(k)
		case 4:
			d.list(k, func(k kind) { f.Groups = append(f.Groups, d.group(k)) })
		case 5:
			d.list(k, func(k kind) { d.keyValue(k, f) })
		case 6:
			f.Writer = d.text(k)
		default:
			d.skip(k)
		}
	})
	return f, d.err
}

func (d *decoder) keyValue(k kind, f *File) {
	var key, value string
	d.fields(k, func(id int, k kind) {
		switch {
		case id == 1:
			key = d.text(k)
		case id == 2 && key == "ARROW:schema":
			value = d.text(k)
		default:
			d.skip(k)
		}
	})
	if key == "ARROW:schema" {
		f.Arrow = value
	}
}

func (d *decoder) element(k kind) Element {
	e := Element{Group: true}
	converted, logical := int64(-1), false
	d.fields(k, func(id int, k kind) {
		switch id {
		case 1:
			e.Type, e.Group = Type(d.int(k)), false
		case 2:
			e.Length = int(d.int(k))
		case 3:
			e.Repetition = Repetition(d.int(k))
		case 4:
			e.Name = d.text(k)
		case 5:
			e.Children = int(d.int(k))
		case 6:
			converted = d.int(k)
		case 7:
			if scale := int(d.int(k)); !logical {
				e.Scale = scale
			}
		case 10:
			logical = true
			d.logical(k, &e)
		default:
			d.skip(k)
		}
	})
	if e.Meaning == Plain {
		e.convert(converted)
	}
	return e
}

// logical reads what the values of a column stand for.
func (d *decoder) logical(k kind, e *Element) {
	d.fields(k, func(id int, k kind) {
		e.Meaning = Meaning(id)
		d.fields(k, func(id int, k kind) {
			switch {
			case e.Meaning == Decimal && id == 1:
				e.Scale = int(d.int(k))
			case e.Meaning == Integer && id == 1:
				e.Bits = int(d.int(k))
			case e.Meaning == Integer && id == 2:
				e.Unsigned = !d.bool(k)
			case (e.Meaning == Time || e.Meaning == Timestamp) && id == 1:
				e.UTC = d.bool(k)
			case (e.Meaning == Time || e.Meaning == Timestamp) && id == 2:
				d.fields(k, func(id int, k kind) {
					e.Unit = Unit(id)
					d.skip(k)
				})
			default:
				d.skip(k)
			}
		})
	})
}

// convert sets what values stand for by the older numbers.
func (e *Element) convert(converted int64) {
	switch converted {
	case 0:
		e.Meaning = String
	case 1, 2:
		e.Meaning = Map
	case 3:
		e.Meaning = List
	case 4:
		e.Meaning = Enum
	case 5:
		e.Meaning = Decimal
	case 6:
		e.Meaning = Date
	case 7, 8:
		e.Meaning, e.Unit = Time, Unit(converted-6)
	case 9, 10:
		e.Meaning, e.Unit, e.UTC = Timestamp, Unit(converted-8), true
	case 11, 12, 13, 14:
		e.Meaning, e.Bits, e.Unsigned = Integer, 8<<(converted-11), true
	case 15, 16, 17, 18:
		e.Meaning, e.Bits = Integer, 8<<(converted-15)
	case 21:
		e.Meaning = Interval
	}
}

func (d *decoder) group(k kind) Group {
	var g Group
	d.fields(k, func(id int, k kind) {
		switch id {
		case 1:
			d.list(k, func(k kind) { g.Chunks = append(g.Chunks, d.chunk(k)) })
		case 3:
			g.Rows = d.int(k)
		default:
			d.skip(k)
		}
	})
	return g
}

func (d *decoder) chunk(k kind) Chunk {
	c := Chunk{Encrypted: true} // until its description is there to be read
	sealed := false
	d.fields(k, func(id int, k kind) {
		switch id {
		case 1:
			c.Elsewhere = d.text(k) != ""
		case 3:
			c.Encrypted = false
			d.column(k, &c)
		case 8, 9:
			sealed = true
			d.skip(k)
		default:
			d.skip(k)
		}
	})
	c.Encrypted = c.Encrypted || sealed
	return c
}

func (d *decoder) column(k kind, c *Chunk) {
	d.fields(k, func(id int, k kind) {
		switch id {
		case 4:
			c.Codec = Codec(d.int(k))
		case 9:
			c.DataPage = d.int(k)
		case 11:
			c.DictionaryPage = d.int(k)
		default:
			d.skip(k)
		}
	})
}
