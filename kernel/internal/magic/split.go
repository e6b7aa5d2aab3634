package magic

import (
	"context"
	"fmt"
	"go/scanner"
	"go/token"
	"regexp"
	"slices"
	"strings"

	"gonmf/kernel/internal/session"
	"gonmf/kernel/internal/session/source"
)

// mayHaveCommands is a quick look at a cell: most have none.
func mayHaveCommands(code string) bool {
	for line := range strings.Lines(code) {
		line = strings.TrimSpace(line)
		if _, ok := source.ShellLines(line, noName); ok {
			return true
		}
		if line != "" && (strings.IndexByte("%!$?", line[0]) >= 0 || line[len(line)-1] == '?') {
			return true
		}
	}
	return false
}

func noName(string) bool { return false }

// Parse finds the commands of a cell.
func (m *Commands) Parse(code string) []source.Command {
	if !mayHaveCommands(code) {
		return nil
	}
	if start := len(code) - len(strings.TrimLeft(code, " \t\r\n")); strings.HasPrefix(code[start:], "%%") {
		return []source.Command{m.wholeCell(code, start)}
	}
	var found []source.Command
	p := &lines{code: code, isName: m.isName}
	for p.next() {
		found = append(found, m.line(p))
	}
	for i, end := range p.ends { // of the Go that follows a command
		found[i].End = end
	}
	return found
}

// isName says whether a cell has declared a name.
func (m *Commands) isName(name string) bool {
	return slices.ContainsFunc(m.opt.Session.Names(), func(n session.Name) bool { return n.Name == name })
}

// wholeCell returns the command of a cell that begins with %%.
func (m *Commands) wholeCell(code string, start int) source.Command {
	line, body, _ := strings.Cut(code[start:], "\n")
	name, args := cutWord(strings.TrimRight(line, "\r"))
	s := source.Command{Start: start, Code: len(code), End: len(code)}
	c := find(name)
	if c == nil {
		s.Err = unknown(name)
		return s
	}
	if c.around != nil {
		s.Code = min(start+len(line)+1, len(code))
		body = ""
	}
	m.prepare(&s, c, call{args: args, body: body})
	return s
}

// line returns the command that p has found, and moves p behind it.
func (m *Commands) line(p *lines) source.Command {
	s := source.Command{Start: p.start}
	text := p.text()
	name, args := "", ""
	switch text[0] {
	case '!', '$':
		name, args = "!", strings.TrimPrefix(text[1:], "!") // !!cmd is IPython's, too
	case '?':
		name, args = "?", strings.TrimSpace(text)
	case '%':
		name, args = cutWord(text)
	default:
		name, args = "?", text // name?
	}
	c := find(name)
	if strings.HasPrefix(name, "%%") {
		c = nil
	}
	s.Code = p.start + len(text)
	s.End = s.Code
	switch {
	case c != nil && c.around != nil:
		text, _, _ = strings.Cut(text, "\n")
		_, args = cutWord(text)
		options := 0
		if c.options != nil {
			options = c.options(args)
		}
		if strings.TrimSpace(args[options:]) == "" {
			s.Err = c.misuse("which Go?")
			break
		}
		s.Code = p.start + len(text) - len(args) + options
		p.goFollows(s.Code)
		m.prepare(&s, c, call{args: args[:options]})
		return s
	case c == shellCommand && p.assigns:
		s.Lines = func(ctx context.Context) ([]string, error) { return m.shellLines(ctx, strings.TrimSpace(args)) }
	case c != nil:
		m.prepare(&s, c, call{args: strings.TrimSpace(args)})
	case strings.HasPrefix(name, "%%") && find(name[1:]) != nil:
		s.Err = fmt.Errorf("%s is for a whole cell and stands in its first line; for one line there is %s", name, name[1:])
	case strings.HasPrefix(name, "%%"):
		s.Err = fmt.Errorf("%s is for a whole cell and stands in its first line", name)
	default:
		s.Err = unknown(name)
	}
	p.pos = p.start + len(text)
	return s
}

// cutWord splits a line after its first word.
func cutWord(text string) (word, rest string) {
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		return text[:i], strings.TrimLeft(text[i:], " \t")
	}
	return text, ""
}

// lines goes through the commands of a cell that stand in lines of their own. It reads Go with Go's scanner, and starts
// it anew behind each command, which is not Go.
type lines struct {
	code  string
	pos   int // from where to read on
	start int // of the command that was found
	n     int // commands so far
	open  int // the command whose Go is being read, -1 if none
	ends  map[int]int
	begun bool

	assigns bool                   // the command that was found is the value of a variable
	isName  func(name string) bool // whether a cell has declared it
}

// help is a name that is asked about as in IPython.
var help = regexp.MustCompile(`^[\pL_][\pL\pN_]*(?:\.[\pL_][\pL\pN_]*)*\?{1,2}[ \t\r]*$`)

// next finds the next command.
func (p *lines) next() bool {
	if !p.begun {
		p.begun, p.open, p.ends = true, -1, map[int]int{}
	}
	var sc scanner.Scanner
	rest := p.code[p.pos:]
	file := token.NewFileSet().AddFile("", -1, len(rest))
	sc.Init(file, []byte(rest), nil, 0)
	depth, first := 0, token.ILLEGAL // first is the token that the statement begins with
	between := true                  // of statements
	for {
		at, tok, lit := sc.Scan()
		off := p.pos + file.Offset(at)
		if tok == token.EOF {
			p.close(len(p.code))
			return false
		}
		if between && tok != token.SEMICOLON {
			at, assigns := p.assigned(off)
			if assigns || p.isCommand(off) {
				p.close(off)
				p.start, p.assigns = off, assigns
				if assigns {
					p.start = at
				}
				p.n++
				return true
			}
			between, first = false, tok
		}
		switch tok {
		case token.LPAREN, token.LBRACE, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACE, token.RBRACK:
			depth--
		case token.SEMICOLON:
			header := first == token.FOR || first == token.IF || first == token.SWITCH
			if depth <= 0 && (lit == "\n" || !header) {
				between = true
			}
			if depth <= 0 && lit == "\n" {
				p.close(off)
			}
		}
	}
}

// close ends the Go that follows the last command.
func (p *lines) close(off int) {
	if p.open >= 0 {
		p.ends[p.open] = max(off, p.pos)
		p.open = -1
	}
}

// isCommand says whether a command begins at off, where a statement does.
func (p *lines) isCommand(off int) bool {
	if strings.TrimSpace(p.code[strings.LastIndexByte(p.code[:off], '\n')+1:off]) != "" {
		return false
	}
	if strings.IndexByte("%!$?", p.code[off]) >= 0 {
		return true
	}
	line, _, _ := strings.Cut(p.code[off:], "\n")
	return help.MatchString(line)
}

// assigned says where a command begins in a statement at off that assigns its output.
func (p *lines) assigned(off int) (at int, ok bool) {
	line, _, _ := strings.Cut(p.code[off:], "\n")
	at, ok = source.ShellLines(line, func(name string) bool { return p.isName(name) || mentions(p.code[:off]+p.code[off+len(line):], name) })
	return off + at, ok
}

// mentions says whether Go has a name in it.
func mentions(code, name string) bool {
	var sc scanner.Scanner
	sc.Init(token.NewFileSet().AddFile("", -1, len(code)), []byte(code), nil, 0)
	for {
		_, tok, lit := sc.Scan()
		switch {
		case tok == token.EOF:
			return false
		case tok == token.IDENT && lit == name:
			return true
		}
	}
}

// text returns the line of the command, and those that a backslash at its end joins to it.
func (p *lines) text() string {
	end := p.start
	for {
		i := strings.IndexByte(p.code[end:], '\n')
		if i < 0 {
			return p.code[p.start:]
		}
		end += i
		if text := strings.TrimSuffix(p.code[p.start:end], "\r"); !strings.HasSuffix(text, `\`) {
			return text
		}
		end++
	}
}

// goFollows reads on at off, with the Go of the command.
func (p *lines) goFollows(off int) { p.pos, p.open = off, p.n-1 }
