package session

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// at splits a cell at the cursor, which is written as ‸.
func at(t *testing.T, src string) (string, int) {
	t.Helper()
	before, after, ok := strings.Cut(src, "‸")
	if !ok {
		t.Fatalf("no cursor in %q", src)
	}
	return before + after, len(before)
}

func texts(c Completion) []string {
	var out []string
	for _, m := range c.Matches {
		out = append(out, m.Text)
	}
	return out
}

// wellStocked is a session with something of everything.
func wellStocked(t *testing.T) *bench {
	b := newBench(t)
	b.want("import (\"fmt\"; \"strings\"; \"time\")\ntype inner struct { Deep int; hidden bool }\ntype Person struct { inner; Name string; Age int; friends []*Person }\nfunc (p Person) Greet(other string) string { return p.Name }\nfunc (p *Person) Birthday() { p.Age++ }\nfunc NewPerson(name string) *Person { return &Person{Name: name} }\ntype List[T any] struct{ Items []T }\nfunc (l *List[T]) Push(v T) {}", "")
	b.want("people := []Person{{Name: \"Ada\"}}\nbyName := map[string]Person{}\nada := NewPerson(\"Ada\")\nvar sb strings.Builder\nlist := List[Person]{}\nconst limit = 10\nages := map[string]int{}\nwhen := time.Now()", "")
	return b
}

func TestComplete(t *testing.T) {
	b := wellStocked(t)
	person := []string{"Age", "Birthday", "Deep", "Greet", "Name", "friends", "hidden", "inner"}
	for _, c := range []struct {
		name, src string
		want      []string // all matches if exact, else some of them
		exact     bool
		not       []string
	}{
		{"element of a slice", "people[0].‸", person, true, nil},
		{"value of a map", `byName["k"].‸`, person, true, nil},
		{"result of a call", `NewPerson("x").‸`, person, true, nil},
		{"composite literal", "Person{}.‸", person, true, nil},
		{"pointer", "ada.‸", person, true, nil},
		{"prefix", "ada.G‸", []string{"Greet"}, true, nil},
		{"wrong case", "ada.gre‸", []string{"Greet"}, true, nil},
		{"chain", "ada.friends[0].Gr‸", []string{"Greet"}, true, nil},
		{"parentheses", "(*ada).Na‸", []string{"Name"}, true, nil},
		{"generic", "list.‸", []string{"Items", "Push"}, true, nil},
		{"generic element", "list.Items[0].Bi‸", []string{"Birthday"}, true, nil},
		{"type assertion", "any(ada).(*Person).Gr‸", []string{"Greet"}, true, nil},
		{"type conversion", "time.Duration(3).Sec‸", []string{"Seconds"}, true, nil},
		{"method expression", "Person.‸", []string{"Greet"}, true, nil},
		{"compiled value", "sb.WriteS‸", []string{"WriteString"}, true, nil},
		{"unexported fields of compiled types stay hidden", "sb.‸", []string{"Len", "Grow"}, false, []string{"buf", "addr"}},
		{"package", "strings.ToU‸", []string{"ToUpper", "ToUpperSpecial"}, true, nil},
		{"unexported names of packages stay hidden", "strings.‸", []string{"Builder", "Fields"}, false, []string{"asciiSet", "indexFunc"}},
		{"session variable", "peo‸", []string{"people"}, true, nil},
		{"session type", "x := Per‸", []string{"Person"}, true, nil},
		{"constant", "lim‸", []string{"limit"}, true, nil},
		{"predeclared", "appe‸", []string{"append"}, true, nil},
		{"keyword", "sel‸", []string{"select"}, false, nil},
		{"predeclared ctx", "ct‸", []string{"ctx"}, true, nil},
		{"of this cell", "somebody := ada\nsomeb‸", []string{"somebody"}, true, nil},
		{"member of this cell", "somebody := ada\nsomebody.Gr‸", []string{"Greet"}, true, nil},
		{"function of this cell, further down", "helpM‸\nfunc helpMe() {}", []string{"helpMe"}, true, nil},
		{"local variable", "func f() {\n\tlocal := 1\n\tloc‸\n}", []string{"local"}, true, nil},
		{"after a line that is not finished", "y := 3 +* 4\nada.Gr‸", []string{"Greet"}, true, nil},
		{"after a loop that is not finished", "func f(param Person) {\n\tfor i := 0; i <\n\tparam.Gr‸\n}", []string{"Greet"}, true, nil},
		{"after an open call", "local := ada\nfoo(1,,\nlocal.Gr‸", []string{"Greet"}, true, nil},
		{"before a line that is not finished", "ada.Gr‸\nx := := 2", []string{"Greet"}, true, nil},
		{"between two", "a b c\nada.Gr‸\nx := := 2", []string{"Greet"}, true, nil},
		{"after several", "a b c\n)\nif {\nada.Gr‸", []string{"Greet"}, true, nil},
		{"parameter", "func f(param Person) {\n\tparam.Gr‸\n}", []string{"Greet"}, true, nil},
		{"local not yet declared", "func f() {\n\tlat‸\n\tlater := 1\n}", nil, true, nil},
		{"range variable", "for _, p := range people {\n\tp.Gr‸\n}", []string{"Greet"}, true, nil},
		{"range key", "for name := range byName { na‸ }", []string{"name"}, true, nil},
		{"if header", "if ada.Na‸", []string{"Name"}, true, nil},
		{"for header", "for i := 0; i < ada.Ag‸", []string{"Age"}, true, nil},
		{"range header", "for _, p := range ada.fri‸", []string{"friends"}, true, nil},
		{"switch", "switch ada.Na‸", []string{"Name"}, true, nil},
		{"case", "switch 1 { case lim‸", []string{"limit"}, true, nil},
		{"argument", "fmt.Println(ada.Na‸", []string{"Name"}, true, nil},
		{"open blocks", "func f() {\n\tif true {\n\t\tfor {\n\t\t\tfmt.Println(ada.Na‸", []string{"Name"}, true, nil},
		{"defer", "defer ada.Birth‸", []string{"Birthday"}, true, nil},
		{"rubbish behind", "ada.Na‸ ) } ]] :=", []string{"Name"}, true, nil},
		{"assignment", "x := ada.‸", person, true, nil},
		{"struct literal", "Person{‸}", []string{"Age: ", "Name: ", "friends: "}, false, nil},
		{"struct literal, rest", "Person{Name: \"x\", A‸}", []string{"Age: "}, true, nil},
		{"struct literal, value", "Person{Name: lim‸}", []string{"limit"}, true, nil},
		{"elided literal", "[]Person{{Na‸}}", []string{"Name: "}, true, nil},
		{"compiled struct literal", "import \"net/http\"\nhttp.Client{Tim‸}", []string{"Timeout: "}, true, nil},
		{"after an emoji", "fmt.Println(\"🎉\"); ada.Na‸", []string{"Name"}, true, nil},
		{"after wide letters", "größe := ada; größe.Na‸", []string{"Name"}, true, nil},
		{"in a comment", "// ada.‸", nil, true, nil},
		{"a number", "12‸", nil, true, nil},
		{"a member of a number", "1.‸", nil, true, nil},
		{"a type in a declaration", "var p Pers‸", []string{"Person"}, true, nil},
		{"a type of a parameter", "func f(p Pers‸", []string{"Person"}, true, nil},
		{"a type in brackets", "List[Pers‸", []string{"Person"}, true, nil},
		{"a closure's body", "f := func() { ada.Na‸ }", []string{"Name"}, true, nil},
		{"import path", "import \"net/htt‸\"", []string{"net/http", "net/http/httptest", "net/http/cookiejar"}, false, nil},
		{"package not imported yet", "jso‸", []string{"json"}, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			src, pos := at(t, c.src)
			var comp Completion
			within(t, 50*time.Millisecond, best(2, func() { comp = b.Complete(src, pos) }))
			got := texts(comp)
			if c.exact && !slices.Equal(got, c.want) {
				t.Errorf("%s\ngot  %q\nwant %q", c.src, got, c.want)
			}
			for _, w := range c.want {
				if !slices.Contains(got, w) {
					t.Errorf("%s\ngot %q, without %q", c.src, got, w)
				}
			}
			for _, n := range c.not {
				if slices.Contains(got, n) {
					t.Errorf("%s\ngot %q", c.src, n)
				}
			}
			if comp.End != pos || comp.Start > pos || comp.Start < 0 {
				t.Errorf("replaces [%d, %d), the cursor is at %d", comp.Start, comp.End, pos)
			}
		})
	}
}

func TestCompleteReplacesTheWordBeforeTheCursor(t *testing.T) {
	b := wellStocked(t)
	src, pos := at(t, "\"🎉é\"; ada.Na‸me")
	c := b.Complete(src, pos)
	if got := src[:c.Start] + c.Matches[0].Text + src[c.End:]; got != "\"🎉é\"; ada.Nameme" {
		t.Errorf("completed to %q", got)
	}
}

func TestCompleteTellsKindAndType(t *testing.T) {
	b := wellStocked(t)
	for _, c := range []struct {
		src  string
		want Match
	}{
		{"ada.Gree‸", Match{Text: "Greet", Kind: KindMethod, Type: "func(other string) string"}},
		{"ada.Ag‸", Match{Text: "Age", Kind: KindField, Type: "int"}},
		{"ages‸", Match{Text: "ages", Kind: KindVar, Type: "map[string]int"}},
		{"NewPer‸", Match{Text: "NewPerson", Kind: KindFunc, Type: "func(name string) *Person"}},
		{"Perso‸", Match{Text: "Person", Kind: KindType, Type: "struct"}},
		{"limi‸", Match{Text: "limit", Kind: KindConst, Type: "untyped int"}},
		{"strin‸", Match{Text: "strings", Kind: KindPackage, Type: "strings"}},
		{"slices.SortF‸", Match{Text: "SortFunc", Kind: KindFunc, Type: "func[S ~[]E, E any](x S, cmp func(a E, b E) int)", Import: "slices"}},
		{"heap.Pus‸", Match{Text: "Push", Kind: KindFunc, Type: "func(heap.Interface, any)", Import: "container/heap"}},
	} {
		src, pos := at(t, c.src)
		got := b.Complete(src, pos).Matches
		if len(got) == 0 || got[0] != c.want {
			t.Errorf("%s: got %+v, want first %+v", c.src, got, c.want)
		}
	}
}

func TestCompleteFileNames(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"ratings.csv", "ratings.txt", ".hidden"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "raw"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	b := newBench(t)
	for _, c := range []struct {
		src  string
		want []string
	}{
		{`os.Open("ra‸`, []string{"ratings.csv", "ratings.txt", "raw/"}},
		{`os.Open("./rat‸")`, []string{"ratings.csv", "ratings.txt"}},
		{"f(`" + dir + "/r‸", []string{"ratings.csv", "ratings.txt", "raw/"}},
		{`os.Open("‸")`, []string{"ratings.csv", "ratings.txt", "raw/"}},
		{`os.Open("nowhere/‸")`, nil},
		{`os.Open("")‸`, nil},
	} {
		src, pos := at(t, c.src)
		got := b.Complete(src, pos)
		if c.want != nil && !slices.Equal(texts(got), c.want) || c.want == nil && slices.Contains(texts(got), "ratings.csv") {
			t.Errorf("%s: got %q, want %q", c.src, texts(got), c.want)
		}
	}
}

func TestCompleteWhileACellRuns(t *testing.T) {
	b := wellStocked(t)
	done := make(chan string)
	go func() { got, _ := b.interruptAfter("for {}"); done <- got }()
	src, pos := at(t, "ada.Na‸")
	for range 20 {
		if got := texts(b.Complete(src, pos)); !slices.Equal(got, []string{"Name"}) {
			t.Errorf("got %q", got)
		}
	}
	<-done
}

func TestCompleteFieldsOfOpenLiteral(t *testing.T) {
	b := newBench(t)
	b.want(`import "net/http"`, "")
	for _, src := range []string{"http.Server{Add", "s := &http.Server{\n\tAdd", "f(http.Server{Add", "http.Server{Handler: nil, Add"} {
		if got := texts(b.Complete(src, len(src))); len(got) != 1 || got[0] != "Addr: " {
			t.Errorf("%q: %q", src, got)
		}
	}
}

func TestAddImport(t *testing.T) {
	b := newBench(t)
	cases := []struct{ src, want string }{ // with the cursor, and what the cell becomes
		{"slices.SortStab‸", "import \"slices\"\nslices.SortStableFunc"},
		{"x := 1\ny := 2 + len(slices.SortStab‸)", "x := 1\nimport \"slices\"\ny := 2 + len(slices.SortStableFunc)"},
		{"import \"slices\"\nslices.SortStab‸", "import \"slices\"\nslices.SortStableFunc"},
		{"func f() {\n\theap.Pus‸\n}", "import \"container/heap\"\nfunc f() {\n\theap.Push\n}"},
		{"_ = \"" + strings.Repeat("long", 60) + "\" + heap.Pus‸", "_ = \"" + strings.Repeat("long", 60) + "\" + heap.Push"},
		{"bufi‸", "bufio"},
	}
	for _, c := range cases {
		src, after, _ := strings.Cut(c.src, "‸")
		got := AddImport(src+after, b.Complete(src+after, len(src)))
		if len(got.Matches) != 1 || src[:got.Start]+got.Matches[0].Text+(src + after)[got.End:] != c.want {
			t.Errorf("%q: %+v", c.src, got)
		}
	}
}
