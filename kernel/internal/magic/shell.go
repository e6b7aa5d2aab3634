package magic

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/token"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"gonmf/kernel/internal/proc"
)

const (
	killAfter = 100 * time.Millisecond // an interrupted process that does not end is killed
	pipeDelay = 300 * time.Millisecond // for output of what a command has left running
)

// The program that takes a command.
var shell, shellFlag = "sh", "-c"

func init() {
	if runtime.GOOS == "windows" {
		shell, shellFlag = "cmd", "/c"
	}
}

var shellCommand = &command{
	name: "!", args: "COMMAND", summary: "runs a shell command; $COMMAND does, too",
	help: `
Its output appears as it comes, its input is empty, the stop button ends it with all that it has started, and an exit
status other than 0 is an error. A backslash at the end of a line goes on with the next. Go's own !x at the beginning of
a line has to be written (!x). x := !COMMAND is a []string of the lines that the command prints, unless a name that
cells have declared follows the !.

For example:
  !ls -l *.csv | sort -k 5 -n
  names := !ls *.csv`,
	run: func(m *Commands, ctx context.Context, c call) error {
		if c.args == "" {
			return find("!").misuse("which command?")
		}
		err := m.start(ctx, shell, shellFlag, c.args)
		if status := (*statusError)(nil); errors.As(err, &status) && status.code == 127 && token.IsIdentifier(c.args) {
			return fmt.Errorf("%w (for Go's not, write (!%s))", err, c.args)
		}
		return err
	},
	complete: func(_ *Commands, word string) []string { return paths(word) },
}

var bashCommand = &command{
	name: "%%bash", args: "[BASH'S OPTIONS]", summary: "runs the cell as a bash script",
	help: `
As ! does, for several lines.

For example:
  %%bash -eu
  mkdir -p answers
  gonmf run study -out answers`,
	run: func(m *Commands, ctx context.Context, c call) error { return m.script(ctx, "bash", c) },
}

var shCommand = &command{
	name: "%%sh", args: "[SH'S OPTIONS]", summary: "runs the cell as a shell script",
	run: func(m *Commands, ctx context.Context, c call) error { return m.script(ctx, "sh", c) },
}

// shellLines runs a shell command and returns the lines that it prints.
func (m *Commands) shellLines(ctx context.Context, command string) ([]string, error) {
	m.opt.Session.Flush()
	var out bytes.Buffer
	if err := m.startTo(ctx, &out, shell, shellFlag, command); err != nil {
		return nil, err
	}
	text := strings.TrimRight(strings.ReplaceAll(out.String(), "\r\n", "\n"), "\n")
	if text == "" {
		return []string{}, nil
	}
	return strings.Split(text, "\n"), nil
}

func (m *Commands) script(ctx context.Context, shell string, c call) error {
	options, err := words(c.args)
	if err != nil {
		return err
	}
	return m.start(ctx, shell, append(options, "-c", c.body)...)
}

var runCommand = &command{
	name: "%run", args: "SCRIPT [ARGUMENTS]", summary: "runs a script as a program of its own",
	help: `
As gonmf run does: a .go file, a folder with one package main, or one of the scripts that come with gonmf. It has its own
variables, flags and exit status; %load brings a script's source into a cell instead.

For example:
  %run study -k 20 -out answers
  %run analysis.go table.csv`,
	run: func(m *Commands, ctx context.Context, c call) error {
		args, err := words(c.args)
		if err != nil {
			return err
		}
		if len(args) == 0 {
			return find("%run").misuse("which script?")
		}
		return m.start(ctx, m.opt.Program, append([]string{"run"}, args...)...)
	},
	complete: func(_ *Commands, word string) []string { return paths(word) },
}

// A statusError is an exit status other than 0.
type statusError struct{ code int }

func (e *statusError) Error() string { return fmt.Sprintf("exit status %d", e.code) }

// start runs a program until it ends or ctx does.
func (m *Commands) start(ctx context.Context, program string, args ...string) error {
	return m.startTo(ctx, m.out(), program, args...)
}

// startTo is start with another place for what the program prints.
func (m *Commands) startTo(ctx context.Context, out io.Writer, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdout, cmd.Stderr = out, m.errs()
	cmd.SysProcAttr = proc.ChildAttr()
	cmd.WaitDelay = pipeDelay
	cmd.Cancel = func() error {
		group := proc.Group(cmd.Process.Pid)
		group.Interrupt()
		go func() {
			time.Sleep(killAfter)
			group.Kill()
		}()
		return nil
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	pid := cmd.Process.Pid
	m.child(pid, false)
	err := cmd.Wait()
	if !proc.Group(pid).Alive() {
		m.child(pid, true) // or else it has left something running, which ends with the session
	}
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.Exited() {
		return &statusError{exit.ExitCode()}
	}
	if errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	return err
}

func (m *Commands) child(pid int, ended bool) {
	if m.opt.Child != nil {
		m.opt.Child(pid, ended)
	}
}
