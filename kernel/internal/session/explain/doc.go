// Package explain says what a person is told when a cell fails: what is wrong and where,
// and what to do about it where that is known.
//
// It imports go/types and the rooms compile and source, and gota for the columns that a
// table has. It knows neither the machine nor the session; what it asks of those stands in
// [Explainer].
//
// The way through it: [Explainer.Explain] makes an [Error] of a failure to compile
// (diagnose.go), with a hint for the names that nothing declares and imports that are not
// there (suggest.go, nearest.go), for mistakes of those who are new to Go (advice.go), and
// for values that are older than their type (stale.go). [WhoseNil] looks for what is nil
// after a panic.
package explain
