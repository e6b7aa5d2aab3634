package parquet

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"gonmf/frames/parquet/internal/format"
)

var errUnpack = errors.New("a page cannot be decompressed")

// unpacker decompresses pages. What a page says of its size is believed only
// as far as its codec could have packed so much into the bytes that are there,
// or else its memory grows with what comes out.
type unpacker struct {
	gzip   *gzip.Reader
	zstd   *zstd.Decoder
	brotli *brotli.Reader
}

// unpack returns a page of at most size bytes.
func (u *unpacker) unpack(codec format.Codec, data []byte, size int64) ([]byte, error) {
	switch codec {
	case format.Uncompressed:
		return data, nil
	case format.Snappy:
		n, err := snappy.DecodedLen(data)
		if err != nil || int64(n) > size || !plausible(int64(n), data, 64) {
			return nil, errUnpack
		}
		return snappy.Decode(nil, data)
	case format.Gzip:
		return u.gunzip(data, size)
	case format.Zstd:
		if u.zstd == nil {
			var err error
			if u.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<31)); err != nil {
				return nil, err
			}
		}
		if err := u.zstd.Reset(bytes.NewReader(data)); err != nil {
			return nil, err
		}
		return grow(u.zstd, data, size)
	case format.Brotli:
		if u.brotli == nil {
			u.brotli = brotli.NewReader(nil)
		}
		if err := u.brotli.Reset(bytes.NewReader(data)); err != nil {
			return nil, err
		}
		return grow(u.brotli, data, size)
	case format.LZ4Raw:
		return unpackLZ4(data, size)
	case format.LZ4:
		if out, err := unpackHadoop(data, size); err == nil {
			return out, nil
		}
		return unpackLZ4(data, size) // as some writers took it
	default:
		return nil, fmt.Errorf("codec %d", codec)
	}
}

func (u *unpacker) gunzip(data []byte, size int64) ([]byte, error) {
	in := bytes.NewReader(data)
	var err error
	if u.gzip == nil {
		u.gzip, err = gzip.NewReader(in)
	} else {
		err = u.gzip.Reset(in)
	}
	if err != nil {
		u.gzip = nil
		return nil, err
	}
	return grow(u.gzip, data, size)
}

// grow reads r to its end, of size bytes at most.
func grow(r io.Reader, data []byte, size int64) ([]byte, error) {
	out := make([]byte, 0, min(size, int64(16*len(data)+512))+1)
	for {
		n, err := r.Read(out[len(out):cap(out)])
		switch out = out[:len(out)+n]; {
		case int64(len(out)) > size:
			return nil, errUnpack
		case err == io.EOF:
			return out, nil
		case err != nil:
			return nil, err
		case len(out) == cap(out):
			out = append(make([]byte, 0, min(size+1, int64(2*cap(out)))), out...)
		}
	}
}

// plausible reports whether n bytes can have been packed into data by a codec
// that makes a byte out of at most so many.
func plausible(n int64, data []byte, most int64) bool { return n <= most*int64(len(data))+64 }

func unpackLZ4(data []byte, size int64) ([]byte, error) {
	if !plausible(size, data, 256) {
		return nil, errUnpack
	}
	out := make([]byte, size)
	n, err := lz4.UncompressBlock(data, out)
	if err != nil {
		return nil, errUnpack
	}
	return out[:n], nil
}

// unpackHadoop unpacks blocks that come after their sizes.
func unpackHadoop(data []byte, size int64) ([]byte, error) {
	var out []byte
	for len(data) > 0 {
		if len(data) < 8 {
			return nil, errUnpack
		}
		unpacked, packed := int64(binary.BigEndian.Uint32(data)), int64(binary.BigEndian.Uint32(data[4:]))
		data = data[8:]
		if packed > int64(len(data)) || unpacked > size-int64(len(out)) {
			return nil, errUnpack
		}
		block, err := unpackLZ4(data[:packed], unpacked)
		if err != nil || int64(len(block)) != unpacked {
			return nil, errUnpack
		}
		out, data = append(out, block...), data[packed:]
	}
	return out, nil
}

// close lets go of what holds more than memory.
func (u *unpacker) close() {
	if u.zstd != nil {
		u.zstd.Close()
	}
}
