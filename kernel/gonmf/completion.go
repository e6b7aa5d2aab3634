package main

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"gonmf/scripts"
)

var completionCommand = command{
	name:    "completion",
	args:    "bash|zsh|fish",
	summary: "print what completes gonmf's commands in a shell",
	help: `
Prints a script with which a shell completes the commands of gonmf, their flags,
and the names of scripts. Bash takes it from a file of its own or at once:

For example:
  source <(gonmf completion bash)
  gonmf completion zsh > "${fpath[1]}/_gonmf"
  gonmf completion fish > ~/.config/fish/completions/gonmf.fish`,
}

// The function is set here, as it looks at the table that the command is in.
func init() {
	for i := range commands {
		if commands[i].name == completionCommand.name {
			commands[i].define = func(_ *flag.FlagSet, std streams) func([]string) error {
				return func(args []string) error {
					if len(args) == 0 {
						return usagef("for which shell? there are bash, zsh and fish")
					}
					write := map[string]func(io.Writer, []completed) error{"bash": completeBash, "zsh": completeZsh, "fish": completeFish}[args[0]]
					if write == nil || len(args) > 1 {
						return usagef("there is nothing for %q: there are bash, zsh and fish", strings.Join(args, " "))
					}
					return write(std.out, completedCommands())
				}
			}
		}
	}
}

// completed is a command as a shell has to know it.
type completed struct {
	name, summary string
	flags         []*flag.Flag
	words         []string // that may follow, beside files
}

// completedCommands returns the commands for people.
func completedCommands() []completed {
	var out []completed
	for _, c := range commands {
		if c.hidden {
			continue
		}
		d := completed{name: c.name, summary: c.summary}
		f := flag.NewFlagSet(c.name, flag.ContinueOnError)
		c.define(f, streams{io.Discard, io.Discard})
		f.VisitAll(func(one *flag.Flag) { d.flags = append(d.flags, one) })
		switch c.name {
		case runCommand.name:
			d.words = scripts.Names()
		case completionCommand.name:
			d.words = []string{"bash", "zsh", "fish"}
		}
		out = append(out, d)
	}
	return out
}

// describe returns what a flag is for, in one line.
func describe(f *flag.Flag) string {
	_, usage := flag.UnquoteUsage(f)
	return strings.Join(strings.Fields(usage), " ")
}

// takesValue tells whether a value follows the flag.
func takesValue(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return !ok || !b.IsBoolFlag()
}

func completeBash(w io.Writer, commands []completed) error {
	var b strings.Builder
	b.WriteString(`# bash completion for gonmf, by "gonmf completion bash"
_gonmf() {
	local cur=${COMP_WORDS[COMP_CWORD]} words=
	if ((COMP_CWORD == 1)); then
		words="`)
	for _, c := range commands {
		b.WriteString(c.name + " ")
	}
	b.WriteString("help\"\n\telse\n\t\tcase ${COMP_WORDS[1]} in\n")
	for _, c := range commands {
		var words []string
		for _, f := range c.flags {
			words = append(words, "-"+f.Name)
		}
		fmt.Fprintf(&b, "\t\t%s) words=\"%s\" ;;\n", c.name, strings.Join(append(words, c.words...), " "))
	}
	b.WriteString(`		esac
	fi
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _gonmf gonmf
`)
	_, err := io.WriteString(w, b.String())
	return err
}

func completeZsh(w io.Writer, commands []completed) error {
	quote := func(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
	inside := strings.NewReplacer("[", `\[`, "]", `\]`, ":", `\:`)
	var b strings.Builder
	b.WriteString("#compdef gonmf\n# zsh completion for gonmf, by \"gonmf completion zsh\"\n_gonmf_words() { compadd -- \"$@\"; _files }\n_gonmf() {\n\tlocal -a commands=(\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "\t\t%s\n", quote(c.name+":"+inside.Replace(c.summary)))
	}
	b.WriteString("\t)\n\tif ((CURRENT == 2)); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n\tlocal command=$words[2]\n\tshift words\n\t((CURRENT--))\n\tcase $command in\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "\t%s)\n\t\t_arguments", c.name)
		for _, f := range c.flags {
			spec := "-" + f.Name + "[" + inside.Replace(describe(f)) + "]"
			if takesValue(f) {
				spec += ":value:_files"
			}
			fmt.Fprintf(&b, " \\\n\t\t\t%s", quote(spec))
		}
		follows := "*:file:_files"
		if len(c.words) > 0 {
			follows = "*:name: _gonmf_words " + strings.Join(c.words, " ")
		}
		fmt.Fprintf(&b, " \\\n\t\t\t%s ;;\n", quote(follows))
	}
	b.WriteString("\tesac\n}\nif [ \"$funcstack[1]\" = _gonmf ]; then _gonmf \"$@\"; else compdef _gonmf gonmf; fi\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func completeFish(w io.Writer, commands []completed) error {
	quote := func(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(s) + "'" }
	var b strings.Builder
	b.WriteString("# fish completion for gonmf, by \"gonmf completion fish\"\n")
	for _, c := range commands {
		fmt.Fprintf(&b, "complete -c gonmf -n __fish_use_subcommand -f -a %s -d %s\n", c.name, quote(c.summary))
	}
	for _, c := range commands {
		seen := "-n " + quote("__fish_seen_subcommand_from "+c.name)
		for _, f := range c.flags {
			value := ""
			if takesValue(f) {
				value = " -r"
			}
			fmt.Fprintf(&b, "complete -c gonmf %s -o %s%s -d %s\n", seen, f.Name, value, quote(describe(f)))
		}
		if len(c.words) > 0 {
			fmt.Fprintf(&b, "complete -c gonmf %s -a %s\n", seen, quote(strings.Join(c.words, " ")))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
