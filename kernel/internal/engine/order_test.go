package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"gonmf/kernel/internal/kerneltest"
)

func TestShowInTheOrderOfThings(t *testing.T) {
	k := kerneltest.Start(t)
	run(t, k, `import ("fmt"; "os"; "log")`)
	cell := run(t, k, `
		fmt.Println("one")
		display.Show("two")
		fmt.Println("three")
		Display(display.HTML("<b>four</b>"))
		fmt.Fprintln(os.Stderr, "five")
		display.Clear(true)
		fmt.Println("six")
		log.SetFlags(0)
		log.Print("seven")
		fmt.Println("eight")
	`)
	var got []string
	for _, m := range cell.Output[1:] {
		var c struct {
			Text string
			Data map[string]any
		}
		if err := json.Unmarshal(m.Content, &c); err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.TrimSpace(fmt.Sprint(m.Header.Type, " ", c.Text, c.Data["text/plain"])))
	}
	want := []string{
		"stream one\n<nil>", "display_data two", "stream three\n<nil>", "display_data <b>four</b>", "stream five\n<nil>", "clear_output <nil>",
		"stream six\n<nil>", "stream seven\n<nil>", "stream eight\n<nil>",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%q\nwant\n%q", got, want)
	}
}
