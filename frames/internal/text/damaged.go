package text

import (
	"compress/bzip2"
	"compress/flate"
	"compress/gzip"
	"errors"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// damaged reports whether an error is a decompressor's.
func damaged(err error) bool {
	for _, known := range []error{gzip.ErrHeader, gzip.ErrChecksum, zstd.ErrCRCMismatch, zstd.ErrMagicMismatch, zstd.ErrBlockTooSmall,
		zstd.ErrReservedBlockType, zstd.ErrCompressedSizeTooBig, zstd.ErrWindowSizeExceeded, zstd.ErrUnexpectedBlockSize,
		zstd.ErrDecoderSizeExceeded, zstd.ErrDecoderNilInput, zstd.ErrUnknownDictionary, zstd.ErrFrameSizeExceeded, zstd.ErrFrameSizeMismatch} {
		if errors.Is(err, known) {
			return true
		}
	}
	return errors.As(err, new(flate.CorruptInputError)) || errors.As(err, new(bzip2.StructuralError)) ||
		strings.HasPrefix(err.Error(), "xz: ") || strings.HasPrefix(err.Error(), "lzma: ")
}
