// Bench measures gonmf and scikit-learn side by side and prints the ratios:
//
//	go run ./scripts/bench [-in purchases.csv.gz] [-rounds 5] [-only CD] [-chart ratios.svg]
//	go run ./scripts/bench -scaling nmf/scaling.svg [-most 1e8]
//
// Each measurement is a process of its own, the two sides take turns, and what
// is printed are medians. scikit-learn comes from a pinned environment that it
// sets up in the user's cache folder. Where Rscript and RcppML are installed,
// that is measured too, at what it can do. An otherwise idle machine is assumed.
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

var (
	//go:embed bench.py
	program []byte
	//go:embed bench.R
	programR []byte
)

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
	chart := flags.String("chart", "", "draw the ratios: `FILE.svg` or .png")
	plot := flags.String("scaling", "", "measure gonmf alone instead, an iteration of CD over nonzeros and over components, and draw that: `FILE.svg` or .png")
	most := flags.Float64("most", 1e7, "nonzeros of the largest matrix of -scaling; 1e8 takes gigabytes of memory and some minutes")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	for _, file := range []string{*chart, *plot} {
		if file != "" && !drawable(file) {
			return fmt.Errorf("a picture is a .svg or a .png file, not %q", file)
		}
	}
	if *plot != "" {
		return scaling(ctx, *plot, *most)
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
	script, scriptR := filepath.Join(dir, "bench.py"), filepath.Join(dir, "bench.R")
	if err := errors.Join(os.WriteFile(script, program, 0o666), os.WriteFile(scriptR, programR, 0o666)); err != nil {
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
	withR := exec.CommandContext(ctx, "Rscript", "-e", "library(RcppML)").Run() == nil
	head, rule := "| work | scikit-learn, s | gonmf, s | ratio | MB | MB |", "|---|---|---|---|---|---|"
	if withR {
		head, rule = head+" RcppML, s |", rule+"---|"
	}
	fmt.Printf("%s\n%s\n", head, rule)
	var ratios []ratio
	for _, c := range cases {
		if !chosen.MatchString(c.Name) {
			continue
		}
		sides := [][]string{{python, script}, {exe, "measure"}}
		if withR && c.rcppML() {
			sides = append(sides, []string{"Rscript", scriptR})
		}
		got, err := c.race(ctx, *rounds, dir, sides)
		if err != nil {
			return fmt.Errorf("%s: %w", c.Name, err)
		}
		theirs, ours := got[0], got[1]
		fmt.Printf("| %s | %.4g | %.4g | %.1f | %.0f | %.0f |", c.Name, theirs.Seconds, ours.Seconds, theirs.Seconds/ours.Seconds, theirs.peakMB, ours.peakMB)
		switch {
		case len(got) > 2:
			fmt.Printf(" %.4g |", got[2].Seconds)
		case withR:
			fmt.Print(" |")
		}
		fmt.Println()
		ratios = append(ratios, ratio{c.Name, theirs.Seconds / ours.Seconds})
	}
	if *chart != "" && len(ratios) > 0 {
		return drawRatios(*chart, ratios)
	}
	return nil
}

// race measures the sides, which are commands, in turn, and returns the median
// of each.
func (c Case) race(ctx context.Context, rounds int, dir string, sides [][]string) ([]answer, error) {
	path, set := filepath.Join(dir, "case.json"), filepath.Join(dir, c.Set)
	all := make([][]answer, len(sides))
	for range rounds {
		for i, side := range sides {
			text, err := json.Marshal(c)
			if err != nil {
				return nil, err
			}
			if err := os.WriteFile(path, text, 0o666); err != nil {
				return nil, err
			}
			cmd := exec.CommandContext(ctx, side[0], append(slices.Clone(side[1:]), path, set)...)
			cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "OPENBLAS_") })
			cmd.Stderr = os.Stderr
			out, err := cmd.Output()
			if err != nil {
				return nil, err
			}
			var got answer
			if err := json.Unmarshal(out, &got); err != nil {
				return nil, err
			}
			got.peakMB = peakMB(cmd.ProcessState)
			c.Target = got.Error // what the other side is to reach
			all[i] = append(all[i], got)
		}
	}
	medians := make([]answer, len(sides))
	for i, answers := range all {
		medians[i] = median(answers)
	}
	return medians, nil
}

func median(a []answer) answer {
	slices.SortFunc(a, func(x, y answer) int { return int(1e9 * (x.Seconds - y.Seconds)) })
	return a[len(a)/2]
}
