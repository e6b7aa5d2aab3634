// Package progress shows how far a fit or a study is: in place on a terminal
// and in a notebook cell, by the same calls, and not at all when the output
// is a file or a pipe.
package progress

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"gonmf/nmf"
)

// Notebook is set by kernels before the first cell, to the standard output of
// whichever cell is running: bars then go there.
var Notebook io.Writer

// InPlace is set by kernels that can change what a cell has shown: it returns a
// function that shows a line in place of the one that it showed before. Bars then
// go there and not to Notebook, so that what is saved is one line.
var InPlace func() (show func(line string))

// Bar is one line of progress. Its methods are what Config.Progress and
// CoverageOptions.Progress take:
//
//	bar := progress.New("fit")
//	model, err := nmf.Fit(ctx, x, nmf.Config{Components: 20, Progress: bar.Step})
//	bar.Done()
//
// It shows nothing before the first call, and draws at most ten times a
// second. It is not safe for concurrent use.
type Bar struct {
	name  string
	out   io.Writer
	bytes bool
	bar   *progressbar.ProgressBar // nil until the total is known

	// What bar writes. It blanks its line before it draws it anew, and a
	// notebook would show the blank if the two came apart.
	drawing bytes.Buffer

	done  int // what it was told last
	text  string
	step  nmf.Step
	begun time.Time
	drawn time.Time
}

// New returns a bar that writes to the cell in a notebook, to standard error if
// that is a terminal, and nowhere otherwise.
func New(name string) *Bar {
	switch {
	case InPlace != nil:
		return NewTo(&lines{show: InPlace()}, name)
	case Notebook != nil:
		return NewTo(Notebook, name)
	case term.IsTerminal(int(os.Stderr.Fd())):
		return NewTo(os.Stderr, name)
	default:
		return NewTo(io.Discard, name)
	}
}

// lines is what a bar draws on where it can be shown in place.
type lines struct{ show func(line string) }

// Write shows the last line of a drawing, which blanks the one before.
func (l *lines) Write(p []byte) (int, error) {
	line := strings.TrimRight(string(p), " \r\n")
	if line = line[strings.LastIndexByte(line, '\r')+1:]; line != "" {
		l.show(line)
	}
	return len(p), nil
}

// NewTo returns a bar that writes to w, whatever that is.
func NewTo(w io.Writer, name string) *Bar { return &Bar{name: name, out: w} }

// Step shows an iteration of a fit, with its error where that is known.
func (b *Bar) Step(s nmf.Step) {
	b.step = s
	if !math.IsNaN(s.Err) {
		b.to(s.Iter, s.MaxIter, fmt.Sprintf("%s: error %.5g", b.name, s.Err))
		return
	}
	b.to(s.Iter, s.MaxIter, b.name)
}

// Count shows that done of total are done.
func (b *Bar) Count(done, total int) { b.to(done, total, b.name) }

// Bytes shows that done of total bytes are done, as kB, MB and so on.
func (b *Bar) Bytes(done, total int) {
	b.bytes = true
	b.to(done, total, b.name)
}

// between is the least time between two drawings.
const between = 100 * time.Millisecond

func (b *Bar) to(done, total int, text string) {
	if b.bar == nil {
		b.begun = time.Now()
		if total <= 0 {
			total = -1 // not known
		}
		rate := progressbar.OptionShowIts()
		if b.bytes { // whose rate is shown with their number
			rate = progressbar.OptionShowBytes(true)
		}
		b.bar = progressbar.NewOptions(total,
			rate,
			progressbar.OptionSetWriter(&b.drawing),
			progressbar.OptionSetWidth(24),
			progressbar.OptionShowCount(),
			progressbar.OptionSetPredictTime(true),
			progressbar.OptionUseANSICodes(false),
			progressbar.OptionSetTheme(progressbar.Theme{Saucer: "█", SaucerPadding: "░"}),
		)
	}
	b.done, b.text = done, text
	if now := time.Now(); now.Sub(b.drawn) >= between {
		b.drawn = now
		b.draw()
	}
}

func (b *Bar) draw() {
	b.bar.Describe(b.text)
	_ = b.bar.Set(b.done)
	b.flush()
}

// flush hands over what was drawn, at once. Writing to a terminal that is gone
// must not end a fit.
func (b *Bar) flush() {
	_, _ = b.drawing.WriteTo(b.out)
	b.drawing.Reset()
}

// Done ends the line, with the last that the bar was told. Of a fit a sentence
// takes its place, since one that converges does so before the bar is full. A
// bar that was told nothing leaves nothing.
func (b *Bar) Done() {
	if b.bar == nil {
		return
	}
	b.draw()
	if b.step.MaxIter > 0 {
		_ = b.bar.Clear()
		b.drawing.WriteString(b.ending())
	} else {
		_ = b.bar.Exit()
	}
	b.drawing.WriteByte('\n')
	b.flush()
	b.bar = nil
}

// ending says how a fit ended. One that was not to go further than its last
// step was interrupted, or failed.
func (b *Bar) ending() string {
	s := b.step
	text := fmt.Sprintf("%s: stopped after %d of at most %d iterations", b.name, s.Iter, s.MaxIter)
	switch s.Stop {
	case nmf.Converged:
		text = fmt.Sprintf("%s: converged after %d of at most %d iterations", b.name, s.Iter, s.MaxIter)
	case nmf.IterationLimit:
		text = fmt.Sprintf("%s: reached the limit of %d iterations", b.name, s.MaxIter)
	}
	if !math.IsNaN(s.Err) {
		text += fmt.Sprintf(", error %.5g", s.Err)
	}
	if took := time.Since(b.begun).Round(between); took > 0 {
		text += fmt.Sprintf(", in %v", took)
	}
	return text
}
