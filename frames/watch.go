package frames

import (
	"context"
	"io"
	"io/fs"
)

// Watch returns a reader of r for the functions of this package that reads no
// more once ctx has ended: they then return an error that wraps
// [context.Cause]. progress, unless nil, is told after each read how many bytes
// of how many were read, 0 of an unknown number: those of a gzip file are the
// compressed ones. The total is known of files, and of readers in memory.
func Watch(ctx context.Context, r io.Reader, progress func(done, total int)) io.Reader {
	return &watched{ctx: ctx, r: r, progress: progress, total: sizeOf(r)}
}

type watched struct {
	ctx         context.Context
	r           io.Reader
	progress    func(done, total int)
	done, total int
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	if w.ctx.Err() != nil {
		return 0, context.Cause(w.ctx)
	}
	n, err := w.r.Read(p)
	w.done += n
	if w.progress != nil && n > 0 {
		w.progress(w.done, w.total)
	}
	return n, err
}

// sizeOf returns how many bytes a reader has, 0 if that is not known.
func sizeOf(r io.Reader) int {
	switch r := r.(type) {
	case interface{ Len() int }: // of package bytes and strings
		return r.Len()
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := r.Stat(); err == nil && info.Mode().IsRegular() {
			return int(info.Size())
		}
	}
	return 0
}
