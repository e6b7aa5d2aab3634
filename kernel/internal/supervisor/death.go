package supervisor

import (
	"errors"
	"fmt"
	"os/exec"
	"regexp"
	"strings"
)

// Death is the end of a worker and, as far as can be told, its cause.
type Death struct {
	Name  string // a short name of the cause, e.g. StackOverflow
	Cause string
}

// Error says what happened and what it means for the user.
func (d *Death) Error() string {
	return d.Cause + "; a new session has started: variables are gone, history and files are kept"
}

// causes are what the Go runtime says before it gives up, the most telling first.
var causes = []struct {
	pattern *regexp.Regexp
	name    string
	cause   string // $1 is the pattern's first group
}{
	{regexp.MustCompile(`(?m)^fatal error: (out of memory: .*)$`), "OutOfMemory", "$1"},
	{regexp.MustCompile(`stack exceeds \d+-byte limit|fatal error: stack overflow`), "StackOverflow", "stack overflow: a function calls itself without end"},
	{regexp.MustCompile(`fatal error: .*out of memory|runtime: out of memory|cannot allocate memory|fatal error: .*(?i:failed to reserve|cannot reserve)`), "OutOfMemory",
		"out of memory: the cell needed more than this kernel may use (raise it with GONMF_KERNEL_MEMORY, e.g. 8GiB)"},
	{regexp.MustCompile(`(?m)^fatal error: (concurrent map .*)$`), "ConcurrentMapAccess", "$1: guard the map with a sync.Mutex"},
	{regexp.MustCompile(`(?m)^fatal error: (all goroutines are asleep.*)$`), "Deadlock", "$1"},
	{regexp.MustCompile(`(?m)^fatal error: (.*)$`), "FatalError", "$1"},
	{regexp.MustCompile(`(?m)^panic: (.*)$`), "Panic", "$1"},
	{regexp.MustCompile(`(?m)^(SIG[A-Z]+: .*)$`), "Signal", "$1"},
}

// newDeath finds the cause: the reason for which the supervisor killed the worker, what its crash printed, or how it exited.
func newDeath(reason, crash string, exit error) *Death {
	if reason != "" {
		return &Death{Name: "Killed", Cause: reason}
	}
	for _, c := range causes {
		if m := c.pattern.FindStringSubmatchIndex(crash); m != nil {
			return &Death{Name: c.name, Cause: string(c.pattern.ExpandString(nil, c.cause, crash, m))}
		}
	}
	var status *exec.ExitError
	if errors.As(exit, &status) {
		text := status.Error()
		if code := status.ExitCode(); code >= 0 {
			return &Death{Name: "SessionDied", Cause: fmt.Sprintf("compiled code has called os.Exit(%d), which ends the session's process", code)}
		}
		if strings.Contains(text, "killed") {
			text += ", by somebody or by a system short of memory"
		}
		return &Death{Name: "SessionDied", Cause: fmt.Sprintf("the session's process ended (%s)", text)}
	}
	return &Death{Name: "SessionDied", Cause: "the session's process ended without a word"}
}
