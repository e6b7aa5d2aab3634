package source

import "testing"

func TestShellLines(t *testing.T) {
	isName := func(name string) bool { return name == "ok" }
	for line, at := range map[string]int{
		"x := !ls": 5, "  x = !!ls -l *.csv": 6, "x:=!/bin/ls": 3, "x := !$SHELL": 5, "x := !git.exe": 5, "größe := !wc": 11,
		"x := !ok": -1, "x := !true": -1, "x := !(a && b)": -1, "x := !f(3)": -1, "x := !strings.Contains(a, b)": -1,
		"x := !list[0]": -1, "x == !ls": -1, "x, y := !ls": -1, "!ls": -1, "x := 3 // !ls": -1, "x := !": -1, "x := !*p": -1,
	} {
		got, ok := ShellLines(line, isName)
		if ok != (at >= 0) || ok && got != at {
			t.Errorf("%s: %d, %v; want %d", line, got, ok, at)
		}
	}
	src := "x := !ls -l\ny := 1"
	if got, want := Blank(src, []Command{{Start: 5, Code: 11, End: 11}}), "x :=       \ny := 1"; got != want {
		t.Errorf("got %q", got)
	}
}
