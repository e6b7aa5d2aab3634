package source

import (
	"regexp"
	"strconv"
	"strings"
)

// Variables are compiled under a name of their own, x·7, since the interpreter
// knows a variable by "main.x" and each declaration of x is another variable.
// Types and functions are known by their objects and keep their names.
func Mangle(name string, serial int) string { return name + "·" + strconv.Itoa(serial) }

var mangled = regexp.MustCompile(`folder·\d+/|·\d+`)

// Demangle gives names in a text back as the user wrote them.
func Demangle(text string) string {
	if !strings.Contains(text, "·") {
		return text
	}
	return mangled.ReplaceAllString(text, "")
}

// MainPath is the import path of every cell. One path for all lets later cells
// use unexported fields and methods of earlier ones.
const MainPath = "main"

// Entry is the function that holds the statements of a cell. The middle dot
// keeps it, like all names made here, out of the user's reach.
const Entry = "run·"

// The hooks are functions that rewritten cells call: a package of this path, which
// cells import under this name.
const (
	HooksPath = "gonmf/kernel/internal/session/hooks"
	HooksName = "hooks·"
)
