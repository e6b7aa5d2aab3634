package explain

import (
	"fmt"
	"go/ast"
	"slices"
	"sort"
	"strings"
)

func quoteList(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = fmt.Sprintf("%q", s)
	}
	return strings.Join(quoted, " or ")
}

func anyOf(names []string, prefix string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + prefix + strings.Join(names[:min(3, len(names))], " or "+prefix) + "?"
}

func didYouMean(name string, known []string, prefix string) string {
	return anyOf(Nearest(name, known), prefix)
}

func exported(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !ast.IsExported(n) })
}

// Nearest returns up to three of the known names that differ from name by a slip
// of the keyboard, the nearest first.
func Nearest(name string, known []string) []string {
	limit := 1 + len(name)/4
	type match struct {
		name string
		d    int
	}
	var found []match
	for _, k := range known {
		if k == name || k == "_" {
			continue
		}
		a, b := strings.ToLower(name), strings.ToLower(k)
		d := distance(a, b, limit)
		if d > limit || d >= len(name) || d > 1 && a[0] != b[0] {
			continue // two slips, and one of them in the first letter: another word
		}
		found = append(found, match{k, d})
	}
	sort.Slice(found, func(i, j int) bool {
		if found[i].d != found[j].d {
			return found[i].d < found[j].d
		}
		return found[i].name < found[j].name
	})
	var out []string
	for _, m := range found {
		if m.d > 0 && found[0].d == 0 {
			break
		}
		if len(out) < 3 && !slices.Contains(out, m.name) {
			out = append(out, m.name)
		}
	}
	return out
}

// distance is the number of insertions, deletions, replacements and swaps of
// neighbours between a and b, or more than limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var before, above []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row = above, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
