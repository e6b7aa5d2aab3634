package explain

import (
	"fmt"
	"go/scanner"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/go-gota/gota/dataframe"
)

// WhoseNil says, of a panic on nil in a line of a cell, which variables in that line are nil,
// and which error came when they were assigned; and which column a DataFrame does not have,
// since that is how gota panics.
//
// variable returns the value of a variable, and because how a cell came by its nil.
func WhoseNil(line string, variable func(name string) (reflect.Value, bool), because func(name string) string) (hints []string) {
	for _, name := range identifiers(line) {
		v, declared := variable(name)
		if !declared {
			continue
		}
		if df, ok := v.Interface().(dataframe.DataFrame); ok {
			hints = append(hints, missingColumns(name, df, line)...)
			continue
		}
		switch v.Kind() {
		case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
			if !v.IsNil() {
				continue
			}
		default:
			continue
		}
		hint := "    (" + name + " is nil"
		if because := because(name); because != "" {
			hint += ": " + because
		}
		hints = append(hints, hint+")")
	}
	return hints
}

// identifiers returns the names in a line that are not members of something.
func identifiers(line string) (names []string) {
	var sc scanner.Scanner
	sc.Init(token.NewFileSet().AddFile("", -1, len(line)), []byte(line), nil, 0)
	member := false
	for {
		_, tok, lit := sc.Scan()
		if tok == token.EOF {
			return names
		}
		if tok == token.IDENT && !member && !slices.Contains(names, lit) {
			names = append(names, lit)
		}
		member = tok == token.PERIOD
	}
}

var columnAsked = regexp.MustCompile(`\.(?:Col|Select|Rename|GroupBy|Drop)\(([^()]*)\)`)

// missingColumns names the columns that a line asks of a DataFrame and that it has not.
func missingColumns(name string, df dataframe.DataFrame, line string) (hints []string) {
	has := df.Names()
	for _, m := range columnAsked.FindAllStringSubmatch(line, -1) {
		for _, quoted := range regexp.MustCompile(`"[^"]*"`).FindAllString(m[1], -1) {
			if asked := strings.Trim(quoted, `"`); !slices.Contains(has, asked) {
				hint := fmt.Sprintf("    (%s has no column %q; it has %s", name, asked, strings.Join(has[:min(len(has), 20)], ", "))
				if near := Nearest(asked, has); len(near) > 0 {
					hint += ": did you mean " + near[0] + "?"
				}
				hints = append(hints, hint+")")
			}
		}
	}
	return hints
}
