package worker

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestCoalescer(t *testing.T) {
	type piece struct {
		cell   int
		stderr bool
		text   string
	}
	run := func(t *testing.T, f func(c *coalescer), want []piece) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			var got []piece
			c := &coalescer{send: func(cell int, stderr bool, text []byte) { got = append(got, piece{cell, stderr, string(text)}) }}
			f(c)
			time.Sleep(2 * coalesceDelay)
			synctest.Wait()
			c.flush()
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("got  %.200v\nwant %.200v", got, want)
			}
		})
	}
	t.Run("the first goes at once, what follows is joined", func(t *testing.T) {
		run(t, func(c *coalescer) {
			for _, s := range []string{"a", "b", "c"} {
				c.write(1, false, []byte(s))
			}
		}, []piece{{1, false, "a"}, {1, false, "bc"}})
	})
	t.Run("order is kept between cells and streams", func(t *testing.T) {
		run(t, func(c *coalescer) {
			c.write(1, false, []byte("a"))
			c.write(1, false, []byte("b"))
			c.write(1, true, []byte("c"))
			c.write(2, true, []byte("d"))
		}, []piece{{1, false, "a"}, {1, false, "b"}, {1, true, "c"}, {2, true, "d"}})
	})
	t.Run("a rune is not cut", func(t *testing.T) {
		run(t, func(c *coalescer) {
			c.write(1, false, []byte("x\xc3"))
			time.Sleep(2 * coalesceDelay)
			c.write(1, false, []byte("\xa9y"))
		}, []piece{{1, false, "x"}, {1, false, "éy"}})
	})
	t.Run("half a rune goes in the end", func(t *testing.T) {
		run(t, func(c *coalescer) { c.write(1, false, []byte("x\xc3")) }, []piece{{1, false, "x"}, {1, false, "\xc3"}})
	})
	t.Run("much is cut into pieces", func(t *testing.T) {
		run(t, func(c *coalescer) {
			c.write(1, false, []byte("x"))
			c.write(1, false, []byte(strings.Repeat("y", coalesceBytes+10)))
		}, []piece{{1, false, "x"}, {1, false, strings.Repeat("y", coalesceBytes)}, {1, false, strings.Repeat("y", 10)}})
	})
}

func TestWholeRunes(t *testing.T) {
	for text, want := range map[string]int{"": 0, "a": 1, "é": 2, "a\xc3": 1, "日\xe6\x97": 3, "a\xff": 2, "\x80\x80\x80\x80": 4, "😀": 4, "\xf0\x9f\x98": 0} {
		if got := wholeRunes([]byte(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
