package engine

import (
	program "gonmf/kernel/internal/session/script"
	"gonmf/scripts"
)

// Script compiles a program that can import what cells can.
func Script(files []scripts.File) (*program.Program, error) {
	return program.Compile(programFiles(files), program.Options{Packages: packages(), Sources: Sources})
}

// Tests compiles a program that runs the tests of a package, which can import what cells can.
func Tests(name string, files []scripts.File) (*program.Program, error) {
	return program.CompileTests(name, programFiles(files), program.Options{Packages: packages(), Sources: Sources})
}

func programFiles(files []scripts.File) []program.File {
	list := make([]program.File, len(files))
	for i, f := range files {
		list[i] = program.File(f)
	}
	return list
}
