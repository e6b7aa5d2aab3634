package sparse

import (
	"fmt"

	"gonmf/nmf/internal/kind"
	"gonmf/nmf/internal/shard"
)

// ErrFormat is what the errors about a file's content wrap.
var ErrFormat = shard.ErrFormat

const (
	// maxEmpty rows and columns are taken from any file; more only if there
	// are entries for one in sparsity of them. A file of a few bytes can then
	// not ask for gigabytes.
	maxEmpty = 1 << 22
	sparsity = 256
)

// checkSides says whether a file with so many entries may have these sides.
func checkSides(rows, cols, entries int) error {
	if err := checkDims(rows, cols); err != nil {
		return fmt.Errorf("%w (%w)", ErrFormat, err)
	}
	if side := max(rows, cols); side > maxEmpty && side/sparsity > entries {
		return kind.Errorf(ErrFormat, "a %d x %d matrix with %d entries: leave out empty rows and columns", rows, cols, entries)
	}
	return nil
}
