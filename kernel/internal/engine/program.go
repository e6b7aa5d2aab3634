package engine

import (
	program "gonmf/kernel/internal/session/script"
	"gonmf/scripts"
)

// Script compiles a program that can import what cells can.
func Script(files []scripts.File) (*program.Program, error) {
	list := make([]program.File, len(files))
	for i, f := range files {
		list[i] = program.File(f)
	}
	return program.Compile(list, program.Options{Packages: packages(), Sources: Sources})
}
