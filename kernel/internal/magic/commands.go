package magic

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"
	"unicode/utf8"

	"gonmf/kernel/internal/facts"
	"gonmf/kernel/internal/session"
)

// commands are all commands, in the order in which %help lists them. A new one is an entry here.
var commands []*command

// aliases are other names that IPython has for commands.
var aliases = map[string]string{
	"%whos": "%who", "%hist": "%history", "%lsmagic": "%help", "%magic": "%help", "%quickref": "%help", "%set_env": "%env",
	"%sx": "!", "%system": "!", "%%file": "%%writefile", "%%js": "%%javascript", "%%HTML": "%%html", "%pylab": "%matplotlib", "%reload_ext": "%load_ext", "%%time": "%time", "%%timeit": "%timeit",
}

func init() { // not initialised above, as %help leads back to the list
	commands = []*command{
		timeCommand, timeitCommand,
		whoCommand, resetCommand,
		historyCommand, recallCommand, loadCommand, runCommand,
		cdCommand, pwdCommand, envCommand,
		shellCommand, bashCommand, shCommand, writefileCommand,
		htmlCommand, markdownCommand, latexCommand, javascriptCommand, fmtCommand, saveCommand,
		autoimportCommand, matplotlibCommand, loadExtCommand, autoreloadCommand, configCommand,
		inspectCommand, versionCommand, helpCommand,
	}
}

var helpCommand = &command{
	name: "%help", args: "[COMMAND]", summary: "lists the commands, or explains one",
	run: func(m *Commands, _ context.Context, c call) error {
		if c.args != "" {
			cmd := find(c.args)
			if cmd == nil {
				cmd = find("%" + c.args)
			}
			if cmd == nil {
				return unknown(c.args)
			}
			m.printf("%s\n", cmd.text())
			return nil
		}
		var text strings.Builder
		w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
		for _, c := range commands {
			usage := c.usage()
			if len(usage) > 30 {
				usage = c.name + " ..." // a notebook breaks lines anywhere
			}
			fmt.Fprintf(w, "%s\t%s\n", usage, c.summary)
		}
		fmt.Fprint(w, "\nA line with a command stands where a Go statement could. %help COMMAND says more.\n"+
			"In[7] is the text of cell 7, Out[7] or _7 its value, ctx is cancelled by the stop button.\n")
		w.Flush()
		m.printf("%s", text.String())
		return nil
	},
	complete: func(_ *Commands, word string) []string { return withPrefix(names(), word) },
}

// text explains a command.
func (c *command) text() string {
	text := c.usage() + "\n\n" + strings.ToUpper(c.summary[:1]) + c.summary[1:] + "."
	if c.help != "" {
		text += "\n\n" + strings.TrimSpace(c.help)
	}
	var also []string
	for alias, name := range aliases {
		if name == c.name {
			also = append(also, alias)
		}
	}
	if slices.Sort(also); len(also) > 0 {
		text += "\n\nAlso written " + strings.Join(also, ", ") + "."
	}
	return text
}

// names lists what begins with a percent sign, aliases too.
func names() []string {
	var list []string
	for _, c := range commands {
		list = append(list, c.name)
	}
	for alias := range aliases {
		list = append(list, alias)
	}
	list = slices.DeleteFunc(list, func(name string) bool { return name[0] != '%' })
	slices.Sort(list)
	return list
}

func withPrefix(list []string, prefix string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return !strings.HasPrefix(s, prefix) })
}

var inspectCommand = &command{
	name: "?", args: "NAME", summary: "shows what a name is; NAME? does, too",
	help: "NAME?? shows all that is known: the source of a function of yours, the methods of a type, what a package has.\n\nFor example:\n  ?nmf.Fit\n  strings.Cut?\n  frames??",
	run: func(m *Commands, _ context.Context, c call) error {
		name := strings.Trim(c.args, "? \t")
		if name == "" {
			return find("?").misuse("which name?")
		}
		data, ok := describe(name, strings.Contains(c.args, "??"), m.opt.Session.Describe)
		if !ok {
			return m.unknownName(name)
		}
		m.tell(map[string]any{"source": "page", "data": map[string]any{"text/plain": data}, "start": 0})
		return nil
	},
}

var versionCommand = &command{
	name: "%version", args: "[-all]", summary: "prints everything that determines a result: versions, processor, data",
	help: "As gonmf version -all does. Printed in the last cell, a notebook says what its numbers came from.",
	run: func(m *Commands, _ context.Context, c call) error {
		if c.args != "" && c.args != "-all" {
			return find("%version").misuse("what is %q?", c.args)
		}
		return facts.Write(m.out())
	},
}

// describe explains the name of a command, or one of Go's that look knows; with all, by all that
// is known.
func describe(name string, all bool, look func(name string) (session.Help, bool)) (string, bool) {
	if c := find(name); c != nil {
		return c.text(), true
	}
	help, ok := look(name)
	switch {
	case !ok:
		return "", false
	case all:
		return help.All(), true
	}
	return help.Text(), true
}

// unknownName says that there is no such name; of a member, what there is instead.
func (m *Commands) unknownName(name string) error {
	dot := strings.LastIndexByte(name, '.')
	var members []string
	for _, match := range m.opt.Session.Complete(name[:dot+1], dot+1).Matches {
		members = append(members, match.Text)
	}
	if dot < 0 || len(members) == 0 {
		return fmt.Errorf("%s is not declared, so there is nothing to show", name)
	}
	text := fmt.Sprintf("%s has no %s", name[:dot], name[dot+1:])
	if near := session.Nearest(name[dot+1:], members); len(near) > 0 {
		return fmt.Errorf("%s; did you mean %s?", text, strings.Join(near, " or "))
	}
	return fmt.Errorf("%s; it has %s", text, strings.Join(members, ", "))
}

// words splits the arguments of a command as a shell does: at spaces, but not at those in quotes.
func words(args string) ([]string, error) {
	var list []string
	var word strings.Builder
	inWord := false
	quote := rune(0)
	for i := 0; i < len(args); {
		r, n := utf8.DecodeRuneInString(args[i:])
		next, nextSize := utf8.DecodeRuneInString(args[i+n:])
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, inWord = r, true
		case r == '\\' && quote != '\'' && (next == '"' || next == '\\' || quote == 0 && (next == ' ' || next == '\'')):
			word.WriteRune(next)
			inWord = true
			n += nextSize
		case quote == 0 && unicode.IsSpace(r):
			if inWord {
				list = append(list, word.String())
				word.Reset()
			}
			inWord = false
		default:
			word.WriteString(args[i : i+n])
			inWord = true
		}
		i += n
	}
	if quote != 0 {
		return nil, fmt.Errorf("the quote %c is not closed", quote)
	}
	if inWord {
		list = append(list, word.String())
	}
	return list, nil
}
