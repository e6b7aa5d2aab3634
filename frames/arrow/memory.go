package arrow

import (
	"fmt"

	"github.com/apache/arrow-go/v18/arrow/memory"
)

// bounded allocates as Go does, but no more at once than a message may have: a
// damaged buffer may say that it is of any size when it is decompressed.
type bounded struct{}

func check(size int) {
	if size > maxBody {
		panic(fmt.Sprintf("a buffer of %d bytes", size)) // which is turned into an error
	}
}

// Allocate implements memory.Allocator.
func (bounded) Allocate(size int) []byte {
	check(size)
	return memory.DefaultAllocator.Allocate(size)
}

// Reallocate implements memory.Allocator.
func (bounded) Reallocate(size int, b []byte) []byte {
	check(size)
	return memory.DefaultAllocator.Reallocate(size, b)
}

// Free implements memory.Allocator.
func (bounded) Free(b []byte) { memory.DefaultAllocator.Free(b) }
