package encoding

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go/encoding/delta"
)

// TestDelta reads numbers whose differences pass 32 and 64 bits, in pieces.
func TestDelta(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	wide := make([]int64, 1000)
	narrow := make([]int32, 1000)
	for i := range wide {
		wide[i], narrow[i] = int64(rng.Uint64()), int32(rng.Uint32())
	}
	for name, want := range map[string][]int64{
		"none": {}, "one": {7}, "ends": {math.MaxInt64, math.MinInt64, 0, 5}, "equal": slices.Repeat([]int64{-3}, 500), "any": wide,
	} {
		raw, err := new(delta.BinaryPackedEncoding).EncodeInt64(nil, want)
		if err != nil {
			t.Fatal(err)
		}
		d, err := NewDelta(raw, int64(len(want)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if rest, err := d.Skip(); err != nil || len(rest) > 0 {
			t.Errorf("%s: %d bytes are left, %v", name, len(rest), err)
		}
		got := make([]int64, len(want))
		for at := 0; at < len(got); at += 7 {
			if err := d.Read(got[at:min(at+7, len(got))]); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v", name, got)
		}
		if err := d.Read(got[:min(1, len(got))]); len(got) > 0 && !errors.Is(err, ErrShort) {
			t.Errorf("%s: past the last: %v", name, err)
		}
		for n := range raw {
			if d, err := NewDelta(raw[:n], int64(len(want))); err == nil {
				_ = d.Read(got) // must not panic
				_, _ = d.Skip()
			}
		}
	}
	// As DuckDB writes 32-bit numbers: differences of 33 bits, in one part of 32.
	values := []int64{math.MaxInt32, math.MinInt32, 0, 5}
	least := int64(math.MinInt32) - math.MaxInt32
	raw := binary.AppendVarint([]byte{128, 1, 4, 4}, values[0])
	raw = append(binary.AppendVarint(raw, least), 34, 0, 0, 0)
	packed := make([]byte, 32*34/8)
	for i := range values[1:] {
		difference := uint64(values[i+1] - values[i] - least)
		for b := range 34 {
			bit := 34*i + b
			packed[bit/8] |= byte(difference>>b&1) << (bit % 8)
		}
	}
	d, err := NewDelta(append(raw, packed...), 4)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]int64, 4)
	if err := d.Read(got); err != nil || !slices.Equal(got, values) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestRuns(t *testing.T) {
	for name, c := range map[string]struct {
		raw   []byte
		width int
		want  []uint32
	}{
		"eight truths in a run":    {[]byte{16, 1}, 1, []uint32{1, 1, 1, 1, 1, 1, 1, 1}},
		"nine, then one packed":    {[]byte{18, 1, 3, 0b10}, 1, []uint32{1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1}},
		"three bits, packed":       {[]byte{3, 0x88, 0xc6, 0xfa}, 3, []uint32{0, 1, 2, 3, 4, 5, 6, 7}},
		"a value of 32 bits":       {[]byte{4, 1, 2, 3, 4}, 32, []uint32{0x04030201, 0x04030201}},
		"no bits":                  {[]byte{6}, 0, []uint32{0, 0, 0}},
		"packed, its end left out": {[]byte{3, 0b101}, 2, []uint32{1, 1}},
	} {
		r, err := NewRuns(c.raw, c.width)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]uint32, len(c.want))
		for i := range got {
			if err := r.Read(got[i : i+1]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
		if err := r.Read(make([]uint32, 64)); !errors.Is(err, ErrShort) {
			t.Errorf("%s: past the last: %v", name, err)
		}
	}
	if _, err := NewRuns(nil, 33); err == nil {
		t.Error("numbers of 33 bits")
	}
}

func TestBitPacked(t *testing.T) {
	got := make([]uint32, 8)
	b := NewBitPacked([]byte{0x05, 0x39, 0x77}, 3)
	if err := b.Read(got); err != nil || !slices.Equal(got, []uint32{0, 1, 2, 3, 4, 5, 6, 7}) {
		t.Errorf("got %v, %v", got, err)
	}
	if err := b.Read(got[:1]); !errors.Is(err, ErrShort) {
		t.Errorf("past the last: %v", err)
	}
}
