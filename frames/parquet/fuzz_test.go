package parquet

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/delta"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"gonmf/frames"
	"gonmf/frames/internal/cells"
	own "gonmf/frames/parquet/internal/format"
)

// FuzzRead takes any file: no panic, and no error that is not a sentence.
func FuzzRead(f *testing.F) {
	seeds, err := filepath.Glob("testdata/*.parquet")
	if err != nil || len(seeds) == 0 {
		f.Fatalf("%q, %v", seeds, err)
	}
	for _, name := range seeds {
		raw, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		r, size := bytes.NewReader(raw), int64(len(raw))
		if _, err := Read(ctx, r, size); err != nil && !sentence(err) {
			t.Error(err)
		}
		if _, err := ReadInteractions(ctx, r, size, frames.Columns{}); err != nil && !sentence(err) {
			t.Error(err)
		}
	})
}

// sentence reports whether an error was foreseen.
func sentence(err error) bool {
	return strings.HasPrefix(err.Error(), "frames: ") && !strings.Contains(err.Error(), errPanicked.Error())
}

// TestDamaged reads files that are cut off anywhere or of which a byte is
// wrong.
func TestDamaged(t *testing.T) {
	seeds, err := filepath.Glob("testdata/*.parquet")
	if err != nil || len(seeds) == 0 {
		t.Fatalf("%q, %v", seeds, err)
	}
	for _, name := range seeds {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(t.Context(), bytes.NewReader(raw), int64(len(raw))); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for n := 0; n < len(raw); n += 1 + len(raw)/300 {
			if _, err := Read(t.Context(), bytes.NewReader(raw[:n]), int64(n)); err == nil {
				t.Errorf("%s cut off after %d bytes: no error", name, n)
			} else if !strings.HasPrefix(err.Error(), "frames: the Parquet file is cut off or damaged") || !sentence(err) {
				t.Errorf("%s cut off after %d bytes: %v", name, n, err)
			}
			wrong := bytes.Clone(raw)
			wrong[n] ^= 0x55
			if _, err := Read(t.Context(), bytes.NewReader(wrong), int64(len(wrong))); err != nil && !sentence(err) {
				t.Errorf("%s with byte %d changed: %v", name, n, err)
			}
		}
	}
}

// TestHugePages has pages and columns that say of themselves what cannot be: the
// memory that they ask for is not given.
func TestHugePages(t *testing.T) {
	raw := written(t, sample(t), Options{Compression: "zstd"})
	f, err := pq.OpenFile(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	column := f.Metadata().RowGroups[0].Columns[2].MetaData // of text, with a dictionary
	for name, change := range map[string]func(*format.PageHeader){
		"packed":   func(h *format.PageHeader) { h.CompressedPageSize = math.MaxInt32 },
		"negative": func(h *format.PageHeader) { h.CompressedPageSize = -1 },
		"unpacked": func(h *format.PageHeader) { h.UncompressedPageSize = math.MaxInt32 },
		"too few":  func(h *format.PageHeader) { h.UncompressedPageSize = 1 },
		"a dictionary": func(h *format.PageHeader) {
			h.DictionaryPageHeader.V.NumValues = math.MaxInt32
		},
		"as it is": func(*format.PageHeader) {},
	} {
		start := column.DictionaryPageOffset
		head := format.PageHeader{}
		protocol := new(thrift.CompactProtocol)
		if err := thrift.NewDecoder(protocol.NewReader(bytes.NewReader(raw[start:]))).Decode(&head); err != nil {
			t.Fatal(err)
		}
		before, err := thrift.Marshal(protocol, &head)
		if err != nil {
			t.Fatal(err)
		}
		change(&head)
		after, err := thrift.Marshal(protocol, &head)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.HasPrefix(raw[start:], before) {
			t.Fatal("the head of the page is not where it is looked for")
		}
		file := slices.Concat(raw[:start], after, raw[start+int64(len(before)):])
		var l leaf
		l.element = own.Element{Type: own.ByteArray}
		if err := l.convert(kept{}); err != nil {
			t.Fatal(err)
		}
		chunk := own.Chunk{DataPage: start, Codec: own.Zstd}
		err = l.begin(bytes.NewReader(file), int64(len(file)), &chunk)
		if err == nil {
			err = l.page()
		}
		// A page may unpack to less than it says.
		if fine := name == "as it is" || name == "unpacked"; (err == nil) != fine || fine && len(l.dictionary) != 3 {
			t.Errorf("%s: %v, %d texts", name, err, len(l.dictionary))
		}
		var before2, after2 runtime.MemStats
		runtime.ReadMemStats(&before2)
		_ = l.begin(bytes.NewReader(file), int64(len(file)), &chunk)
		_ = l.page()
		if runtime.ReadMemStats(&after2); after2.TotalAlloc-before2.TotalAlloc > 16<<20 {
			t.Errorf("%s: %d bytes were asked for", name, after2.TotalAlloc-before2.TotalAlloc)
		}
	}
}

// TestPrefixes has texts of which only what differs from the one before is held,
// and lengths of them that cannot be.
func TestPrefixes(t *testing.T) {
	var encoding delta.ByteArrayEncoding
	texts, offsets := []byte{}, []uint32{0}
	for i := range 1000 {
		texts = fmt.Append(texts, "https://example.org/", i*i, "/żółw")
		offsets = append(offsets, uint32(len(texts)))
	}
	good, err := encoding.EncodeByteArray(nil, texts, offsets)
	if err != nil {
		t.Fatal(err)
	}
	l := &leaf{element: own.Element{Type: own.ByteArray}, text: cells.OfText}
	read := func(data []byte, n int) ([]cells.Cell, error) {
		d, err := l.decoder(own.DeltaByteArray, data, 1000)
		if err != nil {
			return nil, err
		}
		out := make([]cells.Cell, n)
		return out, d.read(out)
	}
	got, err := read(good, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range got {
		if text := string(c.AppendText(nil)); text != string(texts[offsets[i]:offsets[i+1]]) {
			t.Fatalf("text %d is %q", i, text)
		}
	}
	table := func(values ...int32) []byte {
		raw, err := new(delta.BinaryPackedEncoding).EncodeInt32(nil, values)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for name, c := range map[string]struct {
		prefixes, suffixes []byte
		n                  int
		says               string
	}{
		"too many":             {table(0, 0), binary.AppendVarint(binary.AppendUvarint([]byte{128, 1, 4}, 1<<31), 0), 1, "2147483648 numbers of 1000"},
		"first begins another": {table(3), table(1), 1, "begins with 3 bytes of one of 0"},
		"begins longer":        {table(0, 9), table(3, 0), 2, "begins with 9 bytes of one of 3"},
		"negative":             {table(0), table(-1), 1, "and -1 of 3"},
		"not held":             {table(0), table(math.MaxInt32), 1, "and 2147483647 of 3"},
		"not as many":          {table(0, 1), table(1), 1, "2 beginnings and 1 ends"},
		"cut off":              {table(0, 5, 0)[:6], nil, 1, "too early"},
	} {
		if _, err := read(slices.Concat(c.prefixes, c.suffixes, []byte("abc")), c.n); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for n := range good {
		_, _ = read(good[:n], 1000) // must not panic
	}
}
