package history

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// backwards calls f with every cell from the latest to the oldest until it returns false.
func (l *Log) backwards(f func(Entry) bool) {
	numbers := l.sessions()
	numbers = slices.DeleteFunc(numbers, func(n int) bool { return n >= l.session })
	for _, n := range slices.Backward(append(numbers, l.session)) {
		for _, e := range slices.Backward(l.read(n)) {
			if !f(e) {
				return
			}
		}
	}
}

// Tail returns the last n cells of all sessions, the oldest first.
func (l *Log) Tail(n int) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []Entry
	l.backwards(func(e Entry) bool {
		if len(found) < n {
			found = append(found, e)
		}
		return len(found) < n
	})
	slices.Reverse(found)
	return found
}

// Range returns the cells of one session whose lines are at least start and below stop; a negative stop is the end.
// Session 0 is the current one, and a negative session that many before it.
func (l *Log) Range(session, start, stop int) []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	number := session
	if session <= 0 {
		number = l.session + session
	}
	var found []Entry
	for _, e := range l.read(number) {
		if e.Line >= start && (stop < 0 || e.Line < stop) {
			if session == 0 {
				e.Session = 0 // the current session goes by the name it was asked by
			}
			found = append(found, e)
		}
	}
	return found
}

// Search returns the last n cells (n < 0: all) whose input as a whole matches a pattern in which * stands for any text
// and ? for any character. With unique, of cells with equal inputs only the latest counts.
func (l *Log) Search(pattern string, n int, unique bool) ([]Entry, error) {
	re, err := glob(pattern)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var found []Entry
	seen := make(map[string]bool)
	l.backwards(func(e Entry) bool {
		if n >= 0 && len(found) >= n {
			return false
		}
		if re.MatchString(e.In) && !(unique && seen[e.In]) {
			seen[e.In] = true
			found = append(found, e)
		}
		return true
	})
	slices.Reverse(found)
	return found, nil
}

func glob(pattern string) (*regexp.Regexp, error) {
	quoted := regexp.QuoteMeta(pattern)
	quoted = strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(quoted)
	re, err := regexp.Compile(`(?s)\A` + quoted + `\z`)
	if err != nil {
		return nil, fmt.Errorf("history: pattern %q: %w", pattern, err)
	}
	return re, nil
}
