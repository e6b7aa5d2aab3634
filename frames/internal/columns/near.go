package columns

import (
	"strings"
	"unicode/utf8"
)

// Near returns the name that was most likely meant by one that is not there,
// or nothing.
func Near(name string, names []string) string {
	best, least := "", 1+utf8.RuneCountInString(name)/3
	for _, n := range names {
		d := distance(strings.ToLower(name), strings.ToLower(n))
		if d < least || d == least && best == "" {
			best, least = n, d
		}
	}
	if best == "" && len(name) >= 3 {
		for _, n := range names { // a part of a name, or more than it
			if a, b := strings.ToLower(name), strings.ToLower(n); strings.Contains(b, a) || len(b) >= 3 && strings.Contains(a, b) {
				return n
			}
		}
	}
	return best
}

// distance is the number of letters to put in, take out, change or swap with
// the next (the optimal string alignment distance).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	rows := [3][]int{make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(s); i++ {
		now, last, before := rows[i%3], rows[(i+2)%3], rows[(i+1)%3]
		now[0] = i
		for j := 1; j <= len(t); j++ {
			same := 1
			if s[i-1] == t[j-1] {
				same = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+same)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
	}
	return rows[len(s)%3][len(t)]
}
