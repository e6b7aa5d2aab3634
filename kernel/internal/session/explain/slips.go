package explain

import (
	"maps"
	"regexp"
	"slices"
)

// What those type who come from Python, R, Julia, C or JavaScript, and the line of Go that does it. Each advice is
// one sentence; $1 and its like stand for what was typed.

// A slip is a line that does not parse.
type slip struct {
	line   *regexp.Regexp
	advice string
}

func typed(line, advice string) slip { return slip{regexp.MustCompile(line), advice} }

// slips are looked through in their order: what is more special comes first.
var slips = []slip{
	typed(`^\s*#+\s*(.*)$`, `a comment begins with //: // $1`),
	typed("^[^\"'`]*?\\s#\\s*(.*)$", `a comment begins with //: // $1`),
	typed(`^\s*import\s+(?P<module>\w+)\S*\s+as\s+(\w+)`, `another name stands before the path, in quotes: import $2 "path"`),
	typed(`^\s*from\s+(?P<module>\w+)\S*\s+import\b`, `an import is import "gonmf/nmf", after which a name of it is nmf.Fit`),
	typed(`^\s*import\s+\w+\s*,`, `several imports stand in parentheses: import ("fmt"; "os")`),
	typed(`^\s*import\s+(?P<module>\w+)\s*$`, `the path stands in quotes: import "$1"`),
	typed(`^\s*using\s+(?P<module>\w+)`, `an import is import "gonum.org/v1/gonum/mat", and packages are imported as they are used`),
	typed(`\[\s*([^\[\]]+?)\s+for\s+(\w+)\s+in\s+([^\[\]]+?)\s*(\bif\b.*)?\]`, "a list is made by a loop: var list []float64; for _, $2 := range $3 { list = append(list, $1) }"),
	typed(`\{.*\bfor\s+(\w+)\s+in\s+(\S+)\}`, "a map is made by a loop: m := map[string]float64{}; for _, $1 := range $2 { m[$1] = ... }"),
	typed(`^\s*for\s*\(\s*(\w+)\s+in\b\s*(.*?)\)`, "Go has for i := range 10 { ... } and for i, x := range xs { ... }"),
	typed(`^\s*for\s+\w+(\s*,\s*\w+)*\s+in\b`, "Go has for i := range 10 { ... } and for i, x := range xs { ... }"),
	typed(`^\s*for\s*\(\s*(?:int\s+|let\s+|var\s+)?(\w+)\s*:?=\s*([^;]+);([^;]+);([^)]+)\)`, "the parts of a for stand without parentheses: for $1 := $2;$3;$4 { ... }"),
	typed(`^\s*while\s*\(?(?:True|true|TRUE|1)\b`, "Go's while is for: for { ... }"),
	typed(`^\s*while\s*\(?(.*?)\)?\s*[:{]?[\s}]*$`, "Go's while is for: for $1 { ... }"),
	typed(`^\s*do\s*\{`, "Go has for alone: for { ...; if done { break } }"),
	typed(`^\s*(?:async\s+)?def\s+(\w+)\s*\((.*?)\)`, "a function is func $1(x float64) float64 { return x }"),
	typed(`^\s*(?:function|fn|fun)\s+(\w+)\s*\(`, "a function is func $1(x float64) float64 { return x }"),
	typed(`^\s*(\w+)\s*(?:<-|=)\s*function\s*\(`, "a function is func $1(x float64) float64 { return x }"),
	typed(`\bfunction\s*\(`, "a function without a name is func(x float64) float64 { return x }"),
	typed(`\blambda\s+(\w+)\s*(?:,[^:]*)?:\s*([^,)]+)`, "a function without a name is func($1 float64) float64 { return $2 }"),
	typed(`^\s*func\s+\w+\s*\([^)]*:`, "types stand behind names without a colon: func f(x int) int { return x }"),
	typed(`(?:^|[=(,\s])\(?(\w+)\)?\s*(?:=>|->)\s*([^,){]+)`, "a function without a name is func($1 float64) float64 { return $2 }"),
	typed(`^\s*elif\s+(.*?):?\s*$`, "elif is else if, on the line of the brace: } else if $1 {"),
	typed(`^\s*(?:try|except|finally|catch)\b`, `an error is a value, not an exception: df, err := files.Read(ctx, "x.csv"); if err != nil { ... }`),
	typed(`^\s*(?:raise|throw)\b`, `a function returns its error: return fmt.Errorf("no such user: %s", user)`),
	typed(`^\s*with\s+open\s*\((.*?)(?:,.*)?\)\s+as\s+(\w+)`, "Go has no with: $2, err := os.Open($1), and defer $2.Close() in a function; files.Read(ctx, $1) reads a table"),
	typed(`^\s*with\b`, "Go has no with: what is to be closed is closed by defer f.Close() in a function"),
	typed(`^\s*class\s+(\w+)`, "a class is a type with methods: type $1 struct { X float64 }, and func (a $1) Twice() float64 { return 2 * a.X }"),
	typed(`^\s*@\w+`, "Go has no decorators: a function takes the other one, as in timed(func() { ... })"),
	typed(`^\s*(?:await|async)\b`, "what runs beside stands behind go, and a channel takes its result: go func() { done <- f() }()"),
	typed(`^\s*yield\b`, "a generator is a function that is given yield: func(yield func(int) bool) { yield(3) }"),
	typed(`^\s*(?:global|nonlocal)\s+(\w+)`, "a function sees the variables of the notebook as they are: $1 = 3 assigns"),
	typed(`^\s*del\s+(\w+)\[(.*?)\]`, "delete($1, $2) takes an entry out of a map"),
	typed(`^\s*del\s+(\w+)`, "memory is freed when nothing refers to it: $1 = nil"),
	typed(`^\s*assert\s+(.*)$`, `Go has no assert: if !($1) { panic("...") }`),
	typed(`^\s*print(?:ln|f)?\s+(["\w].*)$`, "a function is called with parentheses: fmt.Println($1)"),
	typed(`^\s*(\w+\.[A-Z]\w*)\s+(["\w].*)$`, "a function is called with parentheses: $1($2)"),
	typed(`^\s*echo\s+(.*)$`, "a shell command begins with an exclamation mark: !echo $1"),
	typed(`^\s*((?:ls|cat|pip|conda|cd|mkdir|cp|mv|rm|wget|curl|git)\s+\S.*)$`, "a shell command begins with an exclamation mark: !$1"),
	typed(`^\s*new\s+(\w+)\s*\(`, "a value is made by its type: $1{}, or &$1{} for a pointer to it"),
	typed(`^\s*(?:let|auto|val|my|local)\s+(\w+)\s*=\s*(.*)$`, "a new variable is $1 := $2"),
	typed(`^\s*(?:int|float|double|string|bool|char|float64|int64)\s+(\w+)\s*=\s*(.*?);?\s*$`, "a new variable is $1 := $2, which has the type of its value"),
	typed(`^\s*var\s+(\w+)\s*:\s*(\w+)\s*=\s*(.*)$`, "a type stands behind the name without a colon: var $1 $2 = $3"),
	typed(`^\s*if\s+not\s+(.*?)[\s:{]*}?\s*$`, "not is an exclamation mark: if !($1) { ... }"),
	typed(`^\s*(?:if|else|for|switch|elif)\b.*:\s*$`, "a block stands in braces: if x > 3 { ... }"),
	typed(`^\s*if\s+\w+\s*=\s`, "equality is ==, and a new variable :="),
	typed(`^\s*if\b[^{]*$`, "a block stands in braces, whose first is on the line of the if: if x > 3 { ... }"),
	typed(`([\w.]+)\s+not\s+in\s+([\w.]+)`, "Go has no in: !slices.Contains($2, $1)"),
	typed(`([\w."]+)\s+in\s+([\w.]+)`, "Go has no in: slices.Contains($2, $1) for a slice, _, ok := $2[$1] for a map"),
	typed(`([\w.]+)\s+is\s+not\s+(?:None|nil|NULL)`, "!= asks whether it is not: $1 != nil"),
	typed(`([\w.]+)\s+is\s+(?:None|nil|NULL)`, "== asks whether it is: $1 == nil"),
	typed(`\?\?`, "Go has no ??: if x == nil { x = y }"),
	typed(`\?\.`, "Go has no ?.: if x != nil { ... x.Name ... }"),
	typed(`(\|\||&&)=`, "Go has no $1=: x = x $1 y"),
	typed(`=.*\bif\b.*\belse\b|\?.*:`, "Go has no expression with a condition: if x > 3 { y = 1 } else { y = 2 }"),
	typed(`\s+and\s+`, "the word is &&: a && b"),
	typed(`\s+or\s+`, "the word is ||: a || b"),
	typed(`\bnot\s+(\w+)`, "not is an exclamation mark: !$1"),
	typed(`(\S+)\s*<>\s*(\S+)`, "unequal is !=: $1 != $2"),
	typed(`%>%|\|>`, `Go has no pipe, a verb takes the table that the one before gave: many, err := frames.Where(df, "weight > 3"); top, err := frames.Count(many, "user_id")`),
	typed(`(\w+)\$(\w+)`, `a column is $1.Col("$2")`),
	typed(`\.[-+*/^<>]`, "Go computes number by number: for i, x := range xs { zs[i] = x + ys[i] }, and mat.Dense has Add, Sub, MulElem and DivElem"),
	typed(`(\w+)\s+@\s+(\w+)`, "a product of matrices is var z mat.Dense; z.Mul($1, $2)"),
	typed(`^[^'"]*?(?:^|[\s(=*+-])([A-Za-z]\w*)'\s*(?:$|[-+*/)])[^']*$`, "the transpose is $1.T()"),
	typed(`"""|'''`, "text of several lines stands in backquotes: `text`"),
	typed(`(?:^|[=(,\s])f["']`, `values are put into text by fmt.Sprintf("n is %d", n)`),
	typed(`(?:^|[=(,\s])[rb]["']`, "text as it stands is in backquotes, bytes are []byte(\"text\"): `\\d+`"),
	typed(`\w\[[^\]]*[^\]:,]*:[^\]:,]*:[^\]:,]*\]`, "a slice has a beginning and an end, and no step: xs[1:5]; slices.Reverse(xs) turns it"),
	typed(`\b(\w+)\[([^\[\],"']+),\s*([^\[\],"']+)\]`, "an entry of a matrix is $1.At($2, $3), and $1.Slice a part of it"),
	typed(`\bpd\.DataFrame\s*\(`, `a table is made of columns: dataframe.New(series.New([]float64{1, 2}, series.Float, "weight"))`),
	typed(`\bnp\.(?:array|asarray)\s*\(`, "numbers are a slice or a matrix: []float64{1, 2, 3}, mat.NewDense(rows, columns, numbers)"),
	typed(`=\s*\[\s*\]`, "an empty slice is written with its type: []float64{}"),
	typed(`=\s*\{\s*\}`, "an empty map is written with its type: map[string]float64{}"),
	typed(`(?:^|[=(,])\s*\[\s*(["'][^\]]*)\]`, "a slice is written with its type: []string{$1}"),
	typed(`(?:^|[=(,])\s*\[\s*([-\d.\w][^\]]*)\]`, "a slice is written with its type: []float64{$1}"),
	typed(`(?:=|\(|,)\s*\{\s*['"]`, `a map is written with its type: map[string]int{"a": 1}`),
	typed(`=\s*\(\s*[^()]+,[^()]+\)\s*$`, "Go has no tuples: a, b := 1, 2 are two variables, []int{1, 2} is a slice"),
	typed(`\w\s*:\s+=`, ":= is one word, without a space"),
	typed(`[(,]\s*\w+\s*=\s*[^=]`, `arguments have no names, they stand in their order, and settings are fields of a struct: nmf.Fit(ctx, x, nmf.Config{Components: 3})`),
	typed(`^\s*(\w+)\s*=\s*(\w+)\s*=\s*(.*)$`, "one assignment stands after the other: $2 = $3; $1 = $2"),
	typed(`'([^'\\]{2,})'`, `text stands in double quotes: "$1"`),
	typed(`(\+\+|--)\s*\w`, "++ and -- are statements and stand behind the variable: n++"),
	typed(`(\w+)(\+\+|--)\s*[-+*/)]`, "++ and -- are statements, which have no value: $1++"),
	typed(`^\s*range\s*\((.*?)\)`, "range stands in a loop: for i := range $1 { ... }"),
	typed(`\bmap\s*\(`, "Go has no map function: for i, x := range xs { ys[i] = f(x) }"),
	typed(`\.map\s*\(`, "Go has no map function: for i, x := range xs { ys[i] = f(x) }"),
	typed(`\btype\s*\((.*?)\)`, `the type of a value is shown by fmt.Printf("%T\n", $1)`),
	typed(`\b\d+:\d+\b`, "Go has no ranges of numbers: for i := range 10 { ... } counts from 0 to 9"),
	typed(`\b(\d[\d.]*)f\b`, "a number has no letter behind it: float32($1)"),
}

// modules are the packages that have what those of Python have.
var modules = map[string]string{
	"numpy": `"gonum.org/v1/gonum/mat" has matrices`, "np": `"gonum.org/v1/gonum/mat" has matrices`,
	"pandas": `"gonmf/frames" has verbs on tables`, "pd": `"gonmf/frames" has verbs on tables`, "polars": `"gonmf/frames" has verbs on tables`,
	"sklearn": `"gonmf/nmf" has NMF`, "scipy": `"gonum.org/v1/gonum/stat" has statistics and "gonmf/nmf/sparse" sparse matrices`,
	"matplotlib": `"gonmf/frames/chart" has pictures`, "plt": `"gonmf/frames/chart" has pictures`, "seaborn": `"gonmf/frames/chart" has pictures`, "sns": `"gonmf/frames/chart" has pictures`,
	"math": `"math" has it`, "random": `"math/rand/v2" has random numbers`, "re": `"regexp" has regular expressions`, "json": `"encoding/json" has JSON`,
	"datetime": `"time" has dates`, "time": `"time" has it`, "os": `"os" has files`, "sys": `"os" has arguments`, "collections": "maps are built in",
	"dplyr": `"gonmf/frames" has verbs on tables`, "ggplot2": `"gonmf/frames/chart" has pictures`, "Matrix": `"gonmf/nmf/sparse" has sparse matrices`,
	"tidyverse": `"gonmf/frames" has verbs on tables`, "requests": `"net/http" has it`,
}

// adviceOnLine says what to do about a line that does not parse.
func adviceOnLine(line string) string {
	for _, s := range slips {
		at := s.line.FindStringSubmatchIndex(line)
		if at == nil {
			continue
		}
		text := "\n\t" + string(s.line.ExpandString(nil, s.advice, line, at))
		if module := s.line.ExpandString(nil, "$module", line, at); modules[string(module)] != "" {
			text += "; " + modules[string(module)]
		}
		return text
	}
	return ""
}

// AllAdvice returns what is told of other languages' words, for tests.
func AllAdvice() (list []string) {
	for _, s := range slips {
		list = append(list, s.advice)
	}
	for _, words := range append(slices.Collect(maps.Values(otherMembers)), calls, otherWords, functionsElsewhere) {
		list = append(list, slices.Collect(maps.Values(words))...)
	}
	return list
}
