// Bench measures gonmf and scikit-learn side by side and prints the ratios:
//
//	go run ./scripts/bench [-in purchases.csv.gz] [-rounds 5] [-only CD]
//
// Each measurement is a process of its own, the two sides take turns, and what
// is printed are medians. scikit-learn comes from a pinned environment that it
// sets up in the user's cache folder. An otherwise idle machine is assumed.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"gonmf/scripts/cli"
	"gonmf/scripts/pyenv"
)

//go:embed bench.py
var program []byte

const about = `
bench: gonmf beside scikit-learn, in one run.

It prints, for each kind of work, the median seconds of both sides, their ratio, and the peak memory of the two
processes in MB. Matrices are synthetic, with power-law rows and columns, but for "shop", which is the table of -in if
that is given.

For example:  bench -in online_retail.csv.gz -rounds 5`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) == 4 { // how it calls itself, as no flags do
		steps := map[string]func(ctx context.Context, a, b string) error{"measure": measure, "sets": writeSets}
		if step := steps[os.Args[1]]; step != nil {
			if err := step(ctx, os.Args[2], os.Args[3]); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(cli.Failed)
			}
			return
		}
	}
	os.Exit(cli.Run(ctx, os.Args, bench))
}

// answer is what either side prints of a measurement.
type answer struct {
	Seconds float64 `json:"seconds"`
	Error   float64 `json:"error,omitempty"` // of the fit, for the task objective

	peakMB float64
}

func bench(ctx context.Context, args []string) error {
	flags := cli.Flags("bench", about)
	in := flags.String("in", "", "the table of the sets called shop: `FILE.csv[.gz]` with item_id and user_id")
	rounds := flags.Int("rounds", 5, "measurements of each side; medians are printed")
	only := flags.String("only", "", "measure only the kinds of work that match this `regexp`")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	chosen, err := regexp.Compile(*only)
	if err != nil || *rounds < 1 {
		return errors.Join(err, errors.New("-only is a regular expression and -rounds at least 1"))
	}
	python, err := pyenv.Numbers.Python(ctx)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "gonmf-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "bench.py")
	if err := os.WriteFile(script, program, 0o666); err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	// In a process of its own: the memory that a process has had when it
	// starts another counts as the other's.
	sets := exec.CommandContext(ctx, exe, "sets", dir, *in)
	sets.Stderr = os.Stderr
	if err := sets.Run(); err != nil {
		return err
	}
	fmt.Println("| work | scikit-learn, s | gonmf, s | ratio | MB | MB |\n|---|---|---|---|---|---|")
	for _, c := range cases {
		if !chosen.MatchString(c.Name) {
			continue
		}
		theirs, ours, err := c.race(ctx, *rounds, exe, dir, python, script)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		fmt.Printf("| %s | %.4g | %.4g | %.1f | %.0f | %.0f |\n", c.Name, theirs.Seconds, ours.Seconds, theirs.Seconds/ours.Seconds, theirs.peakMB, ours.peakMB)
	}
	return nil
}

// race measures both sides in turn.
func (c Case) race(ctx context.Context, rounds int, exe, dir, python, script string) (theirs, ours answer, err error) {
	path, set := filepath.Join(dir, "case.json"), filepath.Join(dir, c.Set)
	var a, b []answer
	for range rounds {
		for _, side := range []struct {
			to   *[]answer
			args []string
		}{{&a, []string{python, script, path, set}}, {&b, []string{exe, "measure", path, set}}} {
			text, err := json.Marshal(c)
			if err != nil {
				return theirs, ours, err
			}
			if err := os.WriteFile(path, text, 0o666); err != nil {
				return theirs, ours, err
			}
			cmd := exec.CommandContext(ctx, side.args[0], side.args[1:]...)
			cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "OPENBLAS_") })
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				return theirs, ours, err
			}
			var got answer
			if err := json.Unmarshal(out, &got); err != nil {
				return theirs, ours, err
			}
			got.peakMB = peakMB(cmd.ProcessState)
			c.Target = got.Error // what the other side is to reach
			*side.to = append(*side.to, got)
		}
	}
	return median(a), median(b), nil
}

func median(a []answer) answer {
	slices.SortFunc(a, func(x, y answer) int { return int(1e9 * (x.Seconds - y.Seconds)) })
	return a[len(a)/2]
}
