package magic

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"gonmf/kernel/internal/proc"
	"gonmf/kernel/internal/session/source"
)

var timeCommand = &command{
	name: "%time", args: "GO", summary: "runs Go and says how long it took",
	help: `
The Go is part of the cell: variables that it declares are the cell's. It may go on over several lines, as a statement
does. As the first line of a cell %%time measures the whole cell. CPU is that of all goroutines.

For example:
  %time model, err := nmf.Fit(ctx, x, nmf.Config{Components: 8})`,
	around: func(m *Commands, s *source.Command, _ call) error {
		var begin time.Time
		var user, system time.Duration
		s.Before = func(context.Context) error {
			user, system = proc.CPUTime()
			begin = time.Now()
			return nil
		}
		s.After = func(context.Context) error {
			wall := time.Since(begin)
			u, s := proc.CPUTime()
			u, s = u-user, s-system
			m.printf("CPU times: user %s, sys: %s, total: %s\nWall time: %s\n", short(u), short(s), short(u+s), short(wall))
			return nil
		}
		return nil
	},
}

const (
	timeitRuns  = 7
	timeitLeast = 200 * time.Millisecond // that a run takes
)

var timeitCommand = &command{
	name: "%timeit", args: "[-n LOOPS] [-r RUNS] GO", summary: "runs Go again and again and says how long it takes",
	help: `
The Go runs LOOPS times in each of RUNS runs (7 unless told); without -n there are as many loops as take 0.2 s. What it
declares is not the cell's. As the first line of a cell %%timeit measures the whole cell.

For example:
  %timeit strings.Repeat("na", 1000)
  %timeit -n 100 -r 3 mat.Sum(x)`,
	options: timeitOptions,
	around: func(m *Commands, s *source.Command, c call) error {
		loops, runs, err := timeitFlags(c.args)
		if err != nil {
			return find("%timeit").misuse("%v", err)
		}
		s.Repeat = func(ctx context.Context, statements func(n int)) error {
			return m.timeit(ctx, loops, runs, statements)
		}
		return nil
	},
}

// timeitOptions returns the length of the options in args.
func timeitOptions(args string) int {
	rest := args
	for {
		word, more := cutWord(rest)
		if len(word) < 2 || word[0] != '-' || strings.IndexByte("nr", word[1]) < 0 {
			return len(args) - len(rest)
		}
		if len(word) == 2 {
			_, more = cutWord(more)
		}
		rest = more
	}
}

func timeitFlags(args string) (loops, runs int, err error) {
	f := flag.NewFlagSet("", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.IntVar(&loops, "n", 0, "")
	f.IntVar(&runs, "r", timeitRuns, "")
	list := strings.Fields(args)
	for i, w := range list { // -n100 as IPython has it
		if len(w) > 2 && w[2] != '=' {
			list[i] = w[:2] + "=" + w[2:]
		}
	}
	if err := f.Parse(list); err != nil {
		return 0, 0, err
	}
	switch {
	case f.NArg() > 0:
		return 0, 0, fmt.Errorf("what is %q?", f.Arg(0))
	case loops < 0 || runs < 1:
		return 0, 0, fmt.Errorf("-n and -r must be positive")
	}
	return loops, runs, nil
}

// timeit measures statements.
func (m *Commands) timeit(ctx context.Context, loops, runs int, statements func(n int)) error {
	run := func(n int) (time.Duration, error) {
		begin := time.Now()
		statements(n)
		return time.Since(begin), ctx.Err()
	}
	if loops == 0 {
		for loops = 1; ; loops *= 10 {
			d, err := run(loops)
			if err != nil {
				return err
			}
			if d >= timeitLeast || loops >= 1_000_000_000 {
				break
			}
		}
	}
	var sum, squares float64
	best := math.Inf(1)
	for range runs {
		d, err := run(loops)
		if err != nil {
			return err
		}
		per := d.Seconds() / float64(loops)
		sum, squares, best = sum+per, squares+per*per, min(best, per)
	}
	mean := sum / float64(runs)
	deviation := math.Sqrt(max(0, squares/float64(runs)-mean*mean))
	m.printf("%s ± %s per loop (mean ± std. dev. of %s, %s each), best %s\n",
		seconds(mean), seconds(deviation), counted(runs, "run"), counted(loops, "loop"), seconds(best))
	return nil
}

// short writes a duration with three digits.
func short(d time.Duration) string { return seconds(d.Seconds()) }

func seconds(s float64) string {
	switch {
	case s >= 60:
		return time.Duration(s * float64(time.Second)).Round(100 * time.Millisecond).String()
	case s >= 1 || s == 0:
		return fmt.Sprintf("%.3g s", s)
	}
	for _, unit := range []string{"ms", "µs"} {
		if s *= 1000; s >= 0.9995 {
			return fmt.Sprintf("%.3g %s", s, unit)
		}
	}
	return fmt.Sprintf("%.3g ns", s*1000)
}

func counted(n int, what string) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	if n != 1 {
		what += "s"
	}
	return text + " " + what
}
