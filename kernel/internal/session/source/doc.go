// Package source is the text of a cell, before anything is known of what it means: the
// pieces that it falls into, the commands that stand between them, whether it is
// complete, and where in it a position is.
//
// It imports the parts of the standard library that read Go as text (go/scanner,
// go/parser, go/ast), no go/types, and nothing of the kernel.
//
// The way through it: [Blank] takes the commands out of a cell, [Split] finds its
// declarations and statements, [Mask] keeps those of one kind in their places. [Status]
// answers whether one may press Enter, [Repair] makes Go of a cell that is still being
// written, [Place] is where all of it points back to.
package source
