package display

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"gonmf/kernel/internal/outlet"
)

const (
	barWidth      = 30
	progressEvery = 100 * time.Millisecond // between two updates
)

// Progress is a line that says how far something is, how fast it goes and how long it still takes. In a notebook it
// changes in place, and what is saved with the notebook is its last state, as plain text. In a program that is not a
// notebook only that last state is printed.
//
//	p := display.NewProgress("read", len(names))
//	for i, name := range names {
//		...
//		p.Set(i + 1)
//	}
//	p.Done()
//
// For a fit, which may converge long before its last iteration, there is progress.New of gonmf/scripts/progress.
//
// Its methods may be called from several goroutines, as often as one likes: the line changes ten times a second.
type Progress struct {
	label string
	total int
	now   func() time.Time

	mu    sync.Mutex
	id    string
	n     int
	start time.Time
	shown time.Time
	done  bool
}

// NewProgress shows a line for total steps; 0 means that nobody knows how many there will be.
func NewProgress(label string, total int) *Progress {
	p := &Progress{label: label, total: max(total, 0), now: time.Now, id: NewID()}
	p.start = p.now()
	p.shown = p.start
	p.show(ShowAs)
	return p
}

// Set says that n steps are done.
func (p *Progress) Set(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set(n)
}

// Add says that n more steps are done.
func (p *Progress) Add(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set(p.n + n)
}

func (p *Progress) set(n int) {
	p.n = n
	if now := p.now(); !p.done && now.Sub(p.shown) >= progressEvery {
		p.shown = now
		p.show(Update)
	}
}

// Done shows the last state, with the time that all took. It may be called more than once.
func (p *Progress) Done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.done {
		return
	}
	p.done = true
	p.show(Update)
}

// show sends the line. That a notebook has gone is no reason to end what makes progress.
func (p *Progress) show(how func(id string, v any) error) {
	if !outlet.Connected() && !p.done {
		return
	}
	_ = how(p.id, p.line())
}

// line is what is shown, e.g.
//
//	fit  45% |█████████████▌                | 90/200  12.3/s  9s left
func (p *Progress) line() string {
	elapsed := p.now().Sub(p.start)
	rate := 0.0
	if s := elapsed.Seconds(); s > 0 {
		rate = float64(p.n) / s
	}
	parts := []string{p.label}
	if p.total > 0 {
		share := min(max(float64(p.n)/float64(p.total), 0), 1)
		parts = append(parts, fmt.Sprintf("%3.0f%% %s %d/%d", 100*share, bar(share), p.n, p.total))
	} else {
		parts = append(parts, fmt.Sprint(p.n))
	}
	switch {
	case rate >= 1000:
		parts = append(parts, grouped(int(rate))+"/s")
	case rate > 0:
		parts = append(parts, fmt.Sprintf("%.3g/s", rate))
	}
	switch {
	case p.done:
		parts = append(parts, "in "+rounded(elapsed))
	case p.total > p.n && rate > 0:
		left := float64(p.total-p.n) / rate
		parts = append(parts, rounded(time.Duration(left*float64(time.Second)))+" left")
	}
	return strings.Join(parts, "  ")
}

// bar draws a share in eighths of a character.
func bar(share float64) string {
	eighths := int(share * barWidth * 8)
	drawn := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		drawn += string([]rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return "|" + drawn + strings.Repeat(" ", barWidth-len([]rune(drawn))) + "|"
}

// rounded drops what nobody reads of a duration.
func rounded(d time.Duration) string {
	switch {
	case d < time.Second:
		return d.Round(10 * time.Millisecond).String()
	case d < time.Minute:
		return d.Round(100 * time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
