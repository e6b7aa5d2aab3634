package magic

import (
	"strings"
	"unicode/utf8"

	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/session"
)

// at returns the line up to pos of the command that pos is in, from where it starts.
func (m *Commands) at(code string, pos int) (line string, start int, ok bool) {
	for _, c := range m.Parse(code) {
		end := c.Code
		if nl := strings.IndexByte(code[c.Start:end], '\n'); nl >= 0 {
			end = c.Start + nl // what is below is another language
		}
		if c.Start < pos && (pos < end || pos == end && (c.Code == c.End || pos == c.Start+len(strings.TrimRight(code[c.Start:end], " ")))) {
			return code[c.Start:pos], c.Start, true
		}
	}
	return "", 0, false
}

// Complete completes the name or the last word of a command; ok is false if pos is not in one.
func (m *Commands) Complete(code string, pos int) (done pipe.Completed, ok bool) {
	line, start, ok := m.at(code, pos)
	if !ok {
		return done, false
	}
	done.End = pos
	name, args := cutWord(line)
	if name == line && line[0] == '%' {
		done.Start = start
		for _, n := range withPrefix(names(), name) {
			done.Matches = append(done.Matches, pipe.Match{Text: n, Type: "magic"})
		}
		return done, true
	}
	if line[0] == '!' || line[0] == '$' {
		name, args = "!", line[1:]
	}
	word := args[strings.LastIndexAny(args, " \t\"'=<>|")+1:]
	done.Start = pos - len(word)
	if c := find(name); c != nil && c.complete != nil && utf8.ValidString(word) {
		for _, text := range c.complete(m, word) {
			done.Matches = append(done.Matches, pipe.Match{Text: text})
		}
	}
	return done, true
}

// Inspect explains the command that pos is in, if it is in one.
func (m *Commands) Inspect(code string, pos int) (text string, ok bool) {
	line, _, ok := m.at(code, pos)
	if !ok {
		return "", false
	}
	name, _ := cutWord(line)
	switch line[0] {
	case '!', '$':
		name = "!"
	case '%':
		rest := code[pos:]
		if name == line { // pos is in the name
			if i := strings.IndexAny(rest, " \t\r\n"); i >= 0 {
				rest = rest[:i]
			}
			name += rest
		}
	default:
		name = strings.Trim(line, "? ")
	}
	return describe(name, false, func(name string) (session.Help, bool) { return m.opt.Session.Inspect(name, len(name)) })
}

// IsComplete says whether a cell that begins with a command for all of it is done with: after an empty line, as in
// IPython.
func (m *Commands) IsComplete(code string) (done pipe.Completeness, ok bool) {
	switch line := code[strings.LastIndexByte(code, '\n')+1:]; {
	case strings.HasPrefix(strings.TrimSpace(code), "%%"):
		if strings.Contains(code, "\n") && strings.TrimSpace(line) == "" {
			return pipe.Completeness{Status: "complete"}, true
		}
		return pipe.Completeness{Status: "incomplete"}, true
	case strings.HasSuffix(line, `\`) && len(m.Parse(code)) > 0:
		return pipe.Completeness{Status: "incomplete"}, true
	}
	return done, false
}
