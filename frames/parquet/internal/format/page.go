package format

import "io"

// Encoding is how the values of a page are written.
type Encoding int8

// The encodings.
const (
	PlainValues          Encoding = 0
	PlainDictionary      Encoding = 2 // what older writers call RLEDictionary
	RLE                  Encoding = 3
	BitPacked            Encoding = 4 // of levels, by older writers
	DeltaBinaryPacked    Encoding = 5
	DeltaLengthByteArray Encoding = 6
	DeltaByteArray       Encoding = 7
	RLEDictionary        Encoding = 8
	ByteStreamSplit      Encoding = 9
)

// PageType says what a page holds.
type PageType int8

// The pages.
const (
	DataPage       PageType = 0
	IndexPage      PageType = 1
	DictionaryPage PageType = 2
	DataPageV2     PageType = 3
)

// Page is the head of a page.
type Page struct {
	Type     PageType
	Unpacked int64 // bytes
	Packed   int64 // bytes that follow the head
	CRC      *uint32

	Values     int64 // with those that are null
	Encoding   Encoding
	Levels     Encoding // of a DataPage
	Repetition int64    // bytes of a DataPageV2
	Definition int64    // bytes of a DataPageV2
	Stored     bool     // a DataPageV2 whose values are not compressed
}

// ReadPage reads the head of a page; it is io.EOF where there is none.
func ReadPage(r bytesReader) (*Page, error) {
	first := &counted{bytesReader: r}
	d := &decoder{r: first}
	p := &Page{Levels: RLE}
	d.fields(structure, func(id int, k kind) {
		switch id {
		case 1:
			p.Type = PageType(d.int(k))
		case 2:
			p.Unpacked = d.int(k)
		case 3:
			p.Packed = d.int(k)
		case 4:
			crc := uint32(d.int(k))
			p.CRC = &crc
		case 5:
			d.data(k, p)
		case 7:
			d.fields(k, func(id int, k kind) {
				switch id {
				case 1:
					p.Values = d.int(k)
				case 2:
					p.Encoding = Encoding(d.int(k))
				default:
					d.skip(k)
				}
			})
		case 8:
			d.dataV2(k, p)
		default:
			d.skip(k)
		}
	})
	if d.err == io.EOF && first.n > 0 {
		d.err = io.ErrUnexpectedEOF
	}
	return p, d.err
}

func (d *decoder) data(k kind, p *Page) {
	d.fields(k, func(id int, k kind) {
		switch id {
		case 1:
			p.Values = d.int(k)
		case 2:
			p.Encoding = Encoding(d.int(k))
		case 3:
			p.Levels = Encoding(d.int(k))
		default:
			d.skip(k)
		}
	})
}

func (d *decoder) dataV2(k kind, p *Page) {
	d.fields(k, func(id int, k kind) {
		switch id {
		case 1:
			p.Values = d.int(k)
		case 4:
			p.Encoding = Encoding(d.int(k))
		case 5:
			p.Definition = d.int(k)
		case 6:
			p.Repetition = d.int(k)
		case 7:
			p.Stored = !d.bool(k)
		default:
			d.skip(k)
		}
	})
}

// counted counts the bytes that are read one by one, which a head begins with.
type counted struct {
	bytesReader
	n int
}

// ReadByte implements io.ByteReader.
func (c *counted) ReadByte() (byte, error) {
	b, err := c.bytesReader.ReadByte()
	if err == nil {
		c.n++
	}
	return b, err
}
