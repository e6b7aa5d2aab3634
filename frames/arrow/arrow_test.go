package arrow

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
	flatbuffers "github.com/google/flatbuffers/go"

	"gonmf/frames"
	"gonmf/frames/internal/frame"
)

// sample has every kind of column, missing values and awkward names.
func sample(t *testing.T) dataframe.DataFrame {
	t.Helper()
	ints := series.New([]int{1, -2, 0, math.MinInt64}, series.Int, "")
	ints.Elem(2).Set(nil)
	bools := series.New([]bool{true, false, true, false}, series.Bool, "")
	bools.Elem(0).Set(nil)
	texts := frame.Text([]string{"NaN", "", "zoë, \"x\"", ""}, false)
	texts.Elem(3).Set(nil)
	df, err := frame.New([]string{"z, first", "b", "", "a"}, []series.Series{
		ints, series.New([]float64{.1, math.NaN(), math.Inf(-1), 5e-324}, series.Float, ""), texts, bools,
	})
	if err != nil {
		t.Fatal(err)
	}
	return df
}

func csv(t *testing.T, df dataframe.DataFrame) string {
	t.Helper()
	var b strings.Builder
	if err := frames.WriteCSV(&b, df); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRoundTrip(t *testing.T) {
	df := sample(t)
	want := csv(t, df)
	for format, write := range map[string]func(io.Writer, dataframe.DataFrame, Options) error{"file": Write, "stream": WriteStream} {
		for _, codec := range []string{"", "none", "lz4", "zstd"} {
			var b bytes.Buffer
			if err := write(&b, df, Options{Compression: codec, Batch: 3}); err != nil {
				t.Fatal(err)
			}
			for name, r := range map[string]io.Reader{"seeking": bytes.NewReader(b.Bytes()), "reading": io.MultiReader(bytes.NewReader(b.Bytes()))} {
				if seeking, ok := r.(*bytes.Reader); ok {
					if names, err := Names(t.Context(), seeking); err != nil || !slices.Equal(names, df.Names()) {
						t.Errorf("%s has the columns %q, %v", format, names, err)
					}
					if _, err := seeking.Seek(0, io.SeekStart); err != nil {
						t.Fatal(err)
					}
				}
				got, err := Read(t.Context(), r)
				if err != nil {
					t.Fatalf("%s, %s, %s: %v", format, codec, name, err)
				}
				if text := csv(t, got); text != want {
					t.Errorf("%s, %s, %s: got\n%swant\n%s", format, codec, name, text, want)
				}
				for r := range df.Nrow() {
					for c := range df.Ncol() {
						if got.Elem(r, c).IsNA() != df.Elem(r, c).IsNA() {
							t.Errorf("%s, %s: row %d, column %d: missing is %v", format, codec, r, c, got.Elem(r, c).IsNA())
						}
					}
				}
			}
		}
	}
	var b bytes.Buffer
	if err := Write(&b, df, Options{Compression: "brotli"}); !errors.Is(err, frames.ErrFormat) {
		t.Errorf("brotli: %v", err)
	}
	if err := Write(failing{}, df, Options{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a full disk: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func seeds(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	names, err := filepath.Glob("testdata/*.*")
	if err != nil || len(names) == 0 {
		t.Fatalf("%q, %v", names, err)
	}
	for _, name := range names {
		if files[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	return files
}

func TestReadInteractions(t *testing.T) {
	for name, raw := range seeds(t) {
		got, err := ReadInteractions(t.Context(), bytes.NewReader(raw), frames.Columns{})
		if err != nil || got.Items.Len() != 7 || got.Items.At(0) != "item 0" || got.Users.At(1) != "1" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		_, err = ReadInteractions(t.Context(), bytes.NewReader(raw), frames.Columns{Weight: "weight"})
		var cell *frames.CellError
		if !errors.As(err, &cell) || cell.Row != 4 || cell.Column != "weight" || !errors.Is(err, frames.ErrMissing) {
			t.Errorf("%s: %v, want that row 4 has no weight", name, err)
		}
		if _, err := Read(t.Context(), bytes.NewReader(raw), "item_id", "nope"); !errors.Is(err, frames.ErrColumn) {
			t.Errorf("%s: %v", name, err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if _, err := Read(ctx, bytes.NewReader(raw)); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(t.Context(), strings.NewReader("")); !errors.Is(err, frames.ErrEmpty) {
		t.Errorf("nothing: %v", err)
	}
}

// TestDamaged reads files that are cut off anywhere or of which a byte is
// wrong. A stream may end after any batch.
func TestDamaged(t *testing.T) {
	for name, raw := range seeds(t) {
		for n := 1; n < len(raw); n += 1 + len(raw)/300 {
			if _, err := Read(t.Context(), bytes.NewReader(raw[:n])); err == nil && !strings.HasSuffix(name, ".arrows") {
				t.Errorf("%s cut off after %d bytes: no error", name, n)
			} else if err != nil && !strings.HasPrefix(err.Error(), "frames: the Arrow file is cut off or damaged") {
				t.Errorf("%s cut off after %d bytes: %v", name, n, err)
			}
			wrong := bytes.Clone(raw)
			wrong[n] ^= 0x55
			if _, err := Read(t.Context(), bytes.NewReader(wrong)); err != nil && !sentence(err) {
				t.Errorf("%s with byte %d changed: %v", name, n, err)
			}
		}
	}
}

// sentence reports whether an error speaks of the file, and not of a program.
func sentence(err error) bool {
	return strings.HasPrefix(err.Error(), "frames: ") && !strings.Contains(err.Error(), "runtime error") && !strings.Contains(err.Error(), "goroutine")
}

// FuzzRead takes any file: no panic, and no error that is not a sentence.
func FuzzRead(f *testing.F) {
	for _, raw := range seeds(f) {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		if _, err := Read(ctx, bytes.NewReader(raw)); err != nil && !sentence(err) {
			t.Error(err)
		}
		if _, err := ReadInteractions(ctx, bytes.NewReader(raw), frames.Columns{}); err != nil && !sentence(err) {
			t.Error(err)
		}
	})
}

// A column of numbers without a number is still one of numbers.
func TestNothingButMissing(t *testing.T) {
	nan := math.NaN()
	df := dataframe.New(
		series.New([]float64{nan, nan}, series.Float, "float"), series.New([]string{"NaN", "NaN"}, series.Int, "int"),
		series.New([]string{"NaN", "NaN"}, series.String, "text"))
	var file bytes.Buffer
	if err := Write(&file, df, Options{}); err != nil {
		t.Fatal(err)
	}
	got, err := Read(t.Context(), &file)
	if err != nil {
		t.Fatal(err)
	}
	if kinds := got.Types(); !slices.Equal(kinds, []series.Type{series.Float, series.Float, series.String}) {
		t.Errorf("%v", kinds)
	}
	if text := csv(t, got); text != "float,int,text\n,,\n,,\n" {
		t.Errorf("%q", text)
	}
}

// TestHugeBody has a message that says of itself that it is followed by 1 GB.
func TestHugeBody(t *testing.T) {
	df := dataframe.New(series.New([]int{1, 2}, series.Int, "a"))
	var b bytes.Buffer
	if err := WriteStream(&b, df, Options{}); err != nil {
		t.Fatal(err)
	}
	raw := b.Bytes()
	// The second message is the batch: its body has 64 bytes at the least.
	at := 8 + int(binary.LittleEndian.Uint32(raw[4:]))
	message := raw[at+8:]
	root := flatbuffers.Table{Bytes: message, Pos: flatbuffers.GetUOffsetT(message)}
	slot := int(root.Pos) + int(root.Offset(messageBody))
	if n := binary.LittleEndian.Uint64(message[slot:]); n == 0 || n > 1024 {
		t.Fatalf("the body is said to have %d bytes", n)
	}
	binary.LittleEndian.PutUint64(message[slot:], 1<<30)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := Read(t.Context(), bytes.NewReader(raw))
	if err == nil || !strings.Contains(err.Error(), "it ends too early") {
		t.Errorf("%v", err)
	}
	if runtime.ReadMemStats(&after); after.TotalAlloc-before.TotalAlloc > 16<<20 {
		t.Errorf("%d bytes were asked for", after.TotalAlloc-before.TotalAlloc)
	}
}
