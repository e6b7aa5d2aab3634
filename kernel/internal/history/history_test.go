package history

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
)

func add(t *testing.T, l *Log, line int, in, out string) {
	t.Helper()
	if err := l.Append(line, in, out); err != nil {
		t.Fatal(err)
	}
}

func list(entries []Entry) string {
	var parts []string
	for _, e := range entries {
		parts = append(parts, fmt.Sprintf("%d:%d %s", e.Session, e.Line, e.In))
	}
	return strings.Join(parts, ", ")
}

func TestQueriesOverSessions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "history")
	first := Open(dir)
	add(t, first, 1, "a := 1", "")
	add(t, first, 2, "fmt.Println(a)\na/2", "0")
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	second := Open(dir)
	defer second.Close()
	add(t, second, 1, "a := 1", "")
	add(t, second, 3, "b", "7")

	search := func(pattern string, n int, unique bool) string {
		t.Helper()
		found, err := second.Search(pattern, n, unique)
		if err != nil {
			t.Fatal(err)
		}
		return list(found)
	}
	cases := []struct{ name, got, want string }{
		{"tail", list(second.Tail(3)), "1:2 fmt.Println(a)\na/2, 2:1 a := 1, 2:3 b"},
		{"tail 0", list(second.Tail(0)), ""},
		{"long tail", list(second.Tail(100)), "1:1 a := 1, 1:2 fmt.Println(a)\na/2, 2:1 a := 1, 2:3 b"},
		{"current session", list(second.Range(0, 0, -1)), "0:1 a := 1, 0:3 b"},
		{"current session, some", list(second.Range(0, 1, 3)), "0:1 a := 1"},
		{"session before", list(second.Range(-1, 2, 3)), "1:2 fmt.Println(a)\na/2"},
		{"session by number", list(second.Range(1, 1, 2)), "1:1 a := 1"},
		{"no such session", list(second.Range(9, 0, -1)), ""},
		{"search", search("a*", -1, false), "1:1 a := 1, 2:1 a := 1"},
		{"search unique", search("a*", -1, true), "2:1 a := 1"},
		{"search last", search("a*", 1, false), "2:1 a := 1"},
		{"search across lines", search("fmt*/?", 10, false), "1:2 fmt.Println(a)\na/2"},
		{"search is literal", search("fmt.Println(a)*", 10, false), "1:2 fmt.Println(a)\na/2"},
		{"search all of it", search("fmt", 10, false), ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.got != c.want {
				t.Errorf("got  %q\nwant %q", c.got, c.want)
			}
		})
	}
	if got := second.Tail(1); !reflect.DeepEqual(got, []Entry{{Session: 2, Line: 3, In: "b", Out: "7"}}) {
		t.Errorf("output is lost: %+v", got)
	}
}

func TestTornLineIsPassedOver(t *testing.T) {
	dir := t.TempDir()
	l := Open(dir)
	add(t, l, 1, "whole", "")
	l.Close()
	f, err := os.OpenFile(filepath.Join(dir, "00000001.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(f, `{"line":2,"in":"half`)
	f.Close()
	if got := list(Open(dir).Tail(10)); got != "1:1 whole" {
		t.Errorf("got %q", got)
	}
}

func TestKernelsAtTheSameTime(t *testing.T) {
	dir := t.TempDir()
	var logs []*Log
	for range 8 {
		logs = append(logs, Open(dir))
	}
	var wg sync.WaitGroup
	for i, l := range logs {
		wg.Go(func() {
			for line := range 20 {
				if err := l.Append(line+1, fmt.Sprint(i), ""); err != nil {
					t.Error(err)
				}
			}
			l.Close()
		})
	}
	wg.Wait()
	if got := len(Open(dir).Tail(1000)); got != 160 {
		t.Errorf("%d of 160 cells are left", got)
	}
}

func TestOldSessionsGo(t *testing.T) {
	dir := t.TempDir()
	for n := range maxSessions {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%08d.jsonl", n+1)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	l := Open(dir)
	defer l.Close()
	add(t, l, 1, "x", "")
	if all := l.sessions(); len(all) != maxSessions || all[0] != 2 {
		t.Errorf("%d sessions, the first is %d", len(all), all[0])
	}
}

func TestFolderThatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l := Open(file)
	if err := l.Append(1, "x", ""); err == nil || !strings.Contains(err.Error(), "history: ") {
		t.Errorf("first cell: %v", err)
	}
	if err := l.Append(2, "y", ""); err != nil {
		t.Errorf("the error is told again: %v", err)
	}
	if got := list(l.Tail(10)); got != "1:1 x, 1:2 y" {
		t.Errorf("got %q", got)
	}
}

func TestDefaultDir(t *testing.T) {
	t.Setenv("GONMF_DATA_DIR", filepath.FromSlash("/data"))
	if dir, err := DefaultDir(); err != nil || dir != filepath.FromSlash("/data/history") {
		t.Errorf("%q, %v", dir, err)
	}
	t.Setenv("GONMF_DATA_DIR", "")
	if dir, err := DefaultDir(); err != nil || !strings.HasSuffix(dir, filepath.FromSlash("gonmf/history")) {
		t.Errorf("%q, %v", dir, err)
	}
}
