package parquet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames"
	"gonmf/frames/internal/frame"
)

// sample has every kind of column, missing values and awkward names.
func sample(t *testing.T) dataframe.DataFrame {
	t.Helper()
	ints := series.New([]int{1, -2, 0, math.MaxInt64}, series.Int, "")
	ints.Elem(2).Set(nil)
	bools := series.New([]bool{true, false, true, false}, series.Bool, "")
	bools.Elem(3).Set(nil)
	texts := frame.Text([]string{"NaN", "", "zoë, \"x\"", ""}, false)
	texts.Elem(3).Set(nil)
	df, err := frame.New([]string{"z, first", "b", "", "a"}, []series.Series{
		ints, series.New([]float64{.1, math.NaN(), math.Inf(1), -0.}, series.Float, ""), texts, bools,
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

func written(t *testing.T, df dataframe.DataFrame, opt Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, df, opt); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	df := sample(t)
	want := csv(t, df)
	for _, codec := range []string{"", "snappy", "gzip", "zstd", "brotli", "none"} {
		raw := written(t, df, Options{Compression: codec, RowGroup: 3})
		got, err := Read(t.Context(), bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			t.Fatalf("%s: %v", codec, err)
		}
		if text := csv(t, got); text != want {
			t.Errorf("%s: got\n%swant\n%s", codec, text, want)
		}
		for c, kind := range got.Types() {
			if kind != df.Types()[c] {
				t.Errorf("%s: column %d is %v, was %v", codec, c, kind, df.Types()[c])
			}
		}
		for r := range df.Nrow() {
			for c := range df.Ncol() {
				if got.Elem(r, c).IsNA() != df.Elem(r, c).IsNA() {
					t.Errorf("%s: row %d, column %d: missing is %v", codec, r, c, got.Elem(r, c).IsNA())
				}
			}
		}
		if names, err := Names(bytes.NewReader(raw), int64(len(raw))); err != nil || !slices.Equal(names, df.Names()) {
			t.Errorf("it has the columns %q, %v", names, err)
		}
		if n, err := Rows(bytes.NewReader(raw), int64(len(raw))); err != nil || n != 4 {
			t.Errorf("%s: %d rows, %v", codec, n, err)
		}
	}
	raw := written(t, df, Options{})
	two, err := Read(t.Context(), bytes.NewReader(raw), int64(len(raw)), "a", "z, first")
	if err != nil || csv(t, two) != "a,\"z, first\"\nTrue,1\nFalse,-2\nTrue,\n,9223372036854775807\n" {
		t.Errorf("%q, %v", csv(t, two), err)
	}
}

func TestReadInteractions(t *testing.T) {
	for _, name := range []string{"pyarrow", "v2", "polars"} {
		raw, err := os.ReadFile("testdata/" + name + ".parquet")
		if err != nil {
			t.Fatal(err)
		}
		r, size := bytes.NewReader(raw), int64(len(raw))
		got, err := ReadInteractions(t.Context(), r, size, frames.Columns{})
		if err != nil || got.Items.Len() != 7 || got.Items.At(0) != "item 0" || got.Users.At(1) != "1" {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		_, err = ReadInteractions(t.Context(), r, size, frames.Columns{Weight: "weight"})
		var cell *frames.CellError
		if !errors.As(err, &cell) || cell.Row != 4 || cell.Column != "weight" || !errors.Is(err, frames.ErrMissing) {
			t.Errorf("%s: %v, want that row 4 has no weight", name, err)
		}
		if _, err := Read(t.Context(), r, size, "item_id", "nope"); !errors.Is(err, frames.ErrColumn) {
			t.Errorf("%s: %v", name, err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if _, err := Read(ctx, r, size); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Write(io.Discard, sample(t), Options{Compression: "zip"}); !errors.Is(err, frames.ErrFormat) {
		t.Errorf("zip: %v", err)
	}
	if err := Write(failing{}, sample(t), Options{}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("a full disk: %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// A column of numbers without a number is still one of numbers.
func TestNothingButMissing(t *testing.T) {
	nan := math.NaN()
	df := dataframe.New(
		series.New([]float64{nan, nan}, series.Float, "float"), series.New([]string{"NaN", "NaN"}, series.Int, "int"),
		series.New([]string{"NaN", "NaN"}, series.String, "text"))
	raw := written(t, df, Options{})
	got, err := Read(t.Context(), bytes.NewReader(raw), int64(len(raw)))
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
