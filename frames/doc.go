// Package frames takes gota DataFrames to package nmf and back.
//
// A long table with a row for each observation (an item, a user and perhaps a
// weight) becomes a labelled sparse matrix by [NewInteractions], or straight
// from a file by [ReadInteractions]. What was fitted becomes DataFrames again
// by [Factors], [Clusters], [Top], [Coverage] and [Summarize], and files by
// [WriteCSV], which writes what pandas writes.
//
// # Labels are text
//
// Items and users are named by text, compared byte for byte: "7" and "007"
// are two items, "NA" is Namibia. Only an empty field is missing. The labels
// of a side are sorted as integers, of any size, when all of them are
// integers, and bytewise otherwise.
//
// # Errors
//
// gota keeps errors inside its values; every function here looks for them and
// returns them. An error about a cell is a [*CellError], which names the row,
// the line where there is a file, and the column.
package frames
