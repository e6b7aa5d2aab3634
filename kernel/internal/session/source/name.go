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
