package magic

import (
	"context"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gonmf/kernel/display"
	"gonmf/kernel/internal/history"
)

var historyCommand = &command{
	name: "%history", args: "[-n] [-o] [-l N] [-g PATTERN] [RANGES]", summary: "prints cells that were run",
	help: `
All of this session, those of RANGES like 3 or 5-8, or the last N of all sessions with -l. -g searches all sessions for a
text in which * and ? stand for any. -n adds the cells' numbers, -o their values as text.

For example:
  %history -n 1-5
  %history -g nmf.Fit`,
	run: func(m *Commands, _ context.Context, c call) error {
		list, err := words(c.args)
		if err != nil {
			return find("%history").misuse("%v", err)
		}
		var q historyQuery
		f := flag.NewFlagSet("", flag.ContinueOnError)
		f.SetOutput(io.Discard)
		f.BoolVar(&q.numbers, "n", false, "")
		f.BoolVar(&q.values, "o", false, "")
		f.IntVar(&q.last, "l", 0, "")
		f.StringVar(&q.pattern, "g", "", "")
		if err := f.Parse(list); err != nil {
			return find("%history").misuse("%v", err)
		}
		entries, err := m.past(q, f.Args())
		if err != nil {
			return find("%history").misuse("%v", err)
		}
		for _, e := range entries {
			m.printEntry(q, e)
		}
		return nil
	},
}

var recallCommand = &command{
	name: "%recall", args: "[RANGES]", summary: "puts cells that were run into the cell",
	help: `
The last one, or those of RANGES like 3 or 5-8, to be changed and run again.

For example:
  %recall 3 5-6`,
	run: func(m *Commands, _ context.Context, c call) error {
		ranges, err := words(c.args)
		if err != nil {
			return find("%recall").misuse("%v", err)
		}
		entries, err := m.past(historyQuery{}, ranges)
		if err != nil {
			return find("%recall").misuse("%v", err)
		}
		if len(ranges) == 0 {
			entries = entries[max(len(entries)-1, 0):]
		}
		if len(entries) == 0 {
			return fmt.Errorf("%%recall: no such cell was run")
		}
		var text []string
		for _, e := range entries {
			text = append(text, strings.TrimRight(e.In, "\n"))
		}
		m.tell(map[string]any{"source": "set_next_input", "text": strings.Join(text, "\n"), "replace": true})
		return nil
	},
}

type historyQuery struct {
	numbers, values bool
	last            int
	pattern         string
}

// past returns the cells asked for. The one that asks is not among them.
func (m *Commands) past(q historyQuery, ranges []string) ([]history.Entry, error) {
	if q.last > 0 || q.pattern != "" {
		if len(ranges) > 0 {
			return nil, fmt.Errorf("what is %q?", ranges[0])
		}
		if m.opt.History == "" {
			return nil, fmt.Errorf("no history is kept on disk")
		}
		log := history.Open(m.opt.History)
		if q.pattern == "" {
			return log.Tail(q.last), nil
		}
		n := -1
		if q.last > 0 {
			n = q.last
		}
		return log.Search("*"+q.pattern+"*", n, false)
	}
	inputs := m.opt.Session.Inputs()
	if len(ranges) == 0 {
		ranges = []string{fmt.Sprintf("1-%d", max(len(inputs)-2, 0))}
	}
	var entries []history.Entry
	for _, r := range ranges {
		first, last, is := strings.Cut(r, "-")
		from, err := strconv.Atoi(first)
		to := from
		if err == nil && is {
			to, err = strconv.Atoi(last)
		}
		if err != nil || from < 1 {
			return nil, fmt.Errorf("%q is no range of cells", r)
		}
		for cell := from; cell <= to && cell < len(inputs); cell++ {
			if inputs[cell] == "" {
				continue
			}
			e := history.Entry{Line: cell, In: inputs[cell]}
			if v, ok := m.opt.Session.Output(cell); ok && q.values {
				if data, shown := display.Values([]any{v}); shown {
					e.Out, _ = data.Data["text/plain"].(string)
				}
			}
			entries = append(entries, e)
		}
	}
	return entries, nil
}

func (m *Commands) printEntry(q historyQuery, e history.Entry) {
	text := strings.TrimRight(e.In, "\n")
	switch {
	case e.Session > 0 && (q.numbers || q.pattern != ""):
		m.printf("%d/%d: ", e.Session, e.Line)
	case q.numbers:
		m.printf("%4d: ", e.Line)
	}
	if (q.numbers || q.pattern != "") && strings.Contains(text, "\n") {
		m.printf("\n")
	}
	m.printf("%s\n", text)
	if q.values && e.Out != "" {
		m.printf("%s\n", e.Out)
	}
}
