package source

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// fuzzSeeds are what the fuzzers begin with.
func fuzzSeeds(f *testing.F) (seeds []string) {
	text, err := os.ReadFile("testdata/seeds.txt")
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		seed, err := strconv.Unquote(strings.TrimSpace(line))
		if err != nil {
			f.Fatalf("%s: %v", line, err)
		}
		seeds = append(seeds, seed)
	}
	return seeds
}

func FuzzSplit(f *testing.F) {
	for _, s := range fuzzSeeds(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		end := 0
		for _, c := range Split(src) {
			if c.Start < end || c.End < c.Start || c.End > len(src) {
				t.Fatalf("chunk [%d, %d) after %d of %d bytes", c.Start, c.End, end, len(src))
			}
			end = c.End
		}
		masked := Mask(src, Split(src), func(Chunk) bool { return true })
		if len(masked) != len(src) || strings.Count(masked, "\n") < strings.Count(src, "\n") {
			t.Errorf("masking moved something: %q became %q", src, masked)
		}
		for _, off := range []int{0, len(src) / 2, len(src)} {
			line, col := LineCol(src, off)
			if got := OffsetOf(src, line, col); got != off {
				t.Errorf("offset %d is line %d, column %d, which is offset %d", off, line, col, got)
			}
		}
	})
}
