package script

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestCompileError(t *testing.T) {
	for text, want := range map[string]string{
		"package main\nimport \"os\"\nfunc main() { x := 1 }\n": "a.go:2:8: \"os\" imported and not used\na.go:3:15: declared and not used: x",
		"package main\nfunc main() { := }\n":                    "a.go:2:15: syntax error: expected statement, found ':='",
		"package main\nfunc f() {}\n":                           "function main is undeclared in the main package",
		"package other\n":                                       "a.go:1:9: a script is a package main, this is package other",
		"package main\nfunc main() {" + strings.Repeat("\nx()", 12) + "\n}": "a.go:3:1: undefined: x\na.go:4:1: undefined: x\na.go:5:1: undefined: x\na.go:6:1: undefined: x\na.go:7:1: undefined: x\n" +
			"a.go:8:1: undefined: x\na.go:9:1: undefined: x\na.go:10:1: undefined: x\na.go:11:1: undefined: x\na.go:12:1: undefined: x\ntoo many errors",
	} {
		_, err := Compile([]File{{"a.go", []byte(text)}}, Options{})
		if wrong, ok := errors.AsType[*CompileError](err); !ok || wrong.Error() != want {
			t.Errorf("%q gives\n%v\nwant\n%s", text, err, want)
		}
	}
}

func TestPanicIsReported(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.go")
	text := "package main\n\ntype T struct{}\n\nfunc (T) at(x []int) int { return x[3] }\n\nfunc main() {\n\tdefer println(\"deferred\")\n\tT{}.at(nil)\n}\n"
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	want := "deferred\npanic: runtime error: index out of range [3] with length 0\n\ngoroutine 1 [running]:\nmain.T.at(...)\n\t" + file + ":5\nmain.main()\n\t" + file + ":9\nexit status 2\n"
	if got := run(t, file, time.Minute); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
