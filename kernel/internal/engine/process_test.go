package engine

import (
	"strings"
	"testing"

	"gonmf/kernel/internal/kerneltest"
	"gonmf/kernel/internal/wire"
)

// TestProcessOfCells looks at what compiled code does to the process that cells run in.
func TestProcessOfCells(t *testing.T) {
	k := kerneltest.Start(t)
	run(t, k, "import (\"flag\"; \"os\"; \"runtime/debug\")\nx := 1")
	for _, c := range []struct{ src, stderr, status string }{
		{`debug.PrintStack()`, "In [2]:1", ""},
		{"flag.Int(\"n\", 3, \"how many\")\nflag.PrintDefaults()", "how many (default 3)", ""},
		{"os.Args = []string{\"prog\", \"-nosuch\"}\nflag.Parse()", "flag provided but not defined: -nosuch", "exit status 2"},
		{"m := map[string]any{}\nm[\"m\"] = m\ns := []any{nil}\ns[0] = s\ndisplay.Show(m)\ns", "", ""},
		{`display.JSON(map[string]int{"a": x})`, "", ""},
	} {
		cell := k.Run(c.src)
		var stderr strings.Builder
		for _, m := range cell.Output {
			if m.Header.Type == "stream" {
				if s := kerneltest.Decode[wire.Stream](t, m); s.Name == "stderr" {
					stderr.WriteString(s.Text)
				}
			}
		}
		if !strings.Contains(stderr.String(), c.stderr) || c.stderr == "" && stderr.Len() > 0 {
			t.Errorf("%s: standard error is %q, want %q", c.src, stderr.String(), c.stderr)
		}
		status := ""
		if cell.Reply.Failure != nil {
			status = cell.Reply.Value
		}
		if !strings.Contains(status, c.status) || c.status == "" && status != "" {
			t.Errorf("%s: fails with %q, want %q", c.src, status, c.status)
		}
	}
	if got := k.Run("x").Result(t); got != "1" { // in the same session
		t.Errorf("afterwards x is %q", got)
	}
}
