package session

import (
	"gonmf/kernel/internal/session/explain"
	"gonmf/kernel/internal/session/export"
	"gonmf/kernel/internal/session/help"
	"gonmf/kernel/internal/session/streams"
)

// What a session takes and gives that its rooms have names for.

// A Stream is one of the two streams that a cell can print on.
type Stream = streams.Stream

// The streams.
const (
	Stdout = streams.Stdout
	Stderr = streams.Stderr
)

// An Error is why a cell failed.
type Error = explain.Error

// The names of an Error.
const (
	CompileError = explain.CompileError
	Panic        = explain.Panic
	Unread       = explain.Unread
	Interrupted  = explain.Interrupted
	ExitStatus   = explain.ExitStatus
	Limit        = explain.Limit
	CommandError = explain.CommandError
	Internal     = explain.Internal
)

// Nearest returns up to three of the known names that name may have been meant to be, the nearest first.
func Nearest(name string, known []string) []string { return explain.Nearest(name, known) }

// AllAdvice returns what those are told who come from other languages, for tests.
func AllAdvice() []string { return explain.AllAdvice() }

// A Completion is what may stand at a position, and Help what is known about a name.
type (
	Completion = help.Completion
	Help       = help.Help
	Match      = help.Match
)

// AddImport changes a completion of src whose matches all need one package that the cell
// does not import: each then puts the import before the statement.
func AddImport(src string, c Completion) Completion { return help.AddImport(src, c) }

// A Kind says what a name or a completion stands for.
type Kind = help.Kind

// The kinds.
const (
	KindVar     = help.KindVar
	KindConst   = help.KindConst
	KindFunc    = help.KindFunc
	KindType    = help.KindType
	KindField   = help.KindField
	KindMethod  = help.KindMethod
	KindPackage = help.KindPackage
	KindKeyword = help.KindKeyword
	KindFile    = help.KindFile
	KindColumn  = help.KindColumn
)

// A Page is a cell of a notebook that is to become part of a program.
type Page = export.Page

// NotebookOnly begins the comments that Program makes of what only a notebook can do.
const NotebookOnly = export.NotebookOnly
