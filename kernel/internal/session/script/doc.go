// Package script runs whole programs, which have the process to themselves: their flags,
// streams, signals and exit status are those of the process, as they are those of a compiled
// program.
//
// A program is type-checked by the rules of the go command and run by the machine of cells:
// what a cell knows of Go a script knows, too. [Compile] makes a [Program] of files, and
// [Program.Run] runs it.
package script
