// Language measures what a script costs for what it does itself, beside calls of compiled
// packages: loops, sorting with a comparison of its own, heaps, interfaces.
//
//	go run ./scripts/bench/language [-rounds 3]
//
// The same tasks run by gonmf run, which is how cells run, by gonmf run -engine yaegi, by
// Python, and compiled. Each is a process of its own, one after the other, in turns; what is
// printed are medians of the seconds, as a table in Markdown.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"gonmf/scripts/cli"
)

const about = `
language: what a script costs for what it does itself.

It prints, for each task, the median seconds of gonmf run, gonmf run -engine yaegi, Python and compiled Go.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args, bench))
}

// ways are how a task runs, in the order of the columns.
var ways = []string{"gonmf", "yaegi", "Python", "compiled"}

func bench(ctx context.Context, args []string) error {
	flags := cli.Flags("language", about)
	rounds := flags.Int("rounds", 3, "runs of each task; medians are printed")
	limit := flags.Duration("limit", 2*time.Minute, "after which a run ends without a number")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "language")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	gonmf := filepath.Join(dir, "gonmf.exe")
	if err := build(ctx, gonmf, "gonmf/kernel/gonmf"); err != nil {
		return err
	}
	fmt.Printf("| seconds | %s |\n|---|%s\n", strings.Join(ways, " | "), strings.Repeat("---|", len(ways)))
	for i, t := range tasks {
		stem := filepath.Join(dir, fmt.Sprintf("task%d", i))
		if err := os.WriteFile(stem+".go", []byte(t.program()), 0o666); err != nil {
			return err
		}
		if err := os.WriteFile(stem+".py", []byte(t.script()), 0o666); err != nil {
			return err
		}
		if err := build(ctx, stem+".exe", stem+".go"); err != nil {
			return err
		}
		commands := [][]string{{gonmf, "run", stem + ".go"}, {gonmf, "run", "-engine", "yaegi", stem + ".go"}, {"python3", stem + ".py"}, {stem + ".exe"}}
		took := make([][]float64, len(ways))
		for range max(1, *rounds) {
			for way, command := range commands {
				if s, err := seconds(ctx, command, *limit); err == nil {
					took[way] = append(took[way], s)
				}
				if ctx.Err() != nil {
					return context.Cause(ctx)
				}
			}
		}
		line := "| " + t.name
		for _, list := range took {
			line += " | " + median(list)
		}
		fmt.Println(line + " |")
	}
	return nil
}

func build(ctx context.Context, exe, what string) error {
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", exe, what).CombinedOutput(); err != nil {
		return fmt.Errorf("building %s: %w: %s", what, err, out)
	}
	return nil
}

// seconds runs a program that prints how long its work took.
func seconds(ctx context.Context, command []string, limit time.Duration) (float64, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out, err := exec.CommandContext(ctx, command[0], command[1:]...).Output()
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
}

// median writes the middle of some seconds, and a dash for what did not run.
func median(list []float64) string {
	if len(list) == 0 {
		return "-"
	}
	slices.Sort(list)
	return strconv.FormatFloat(list[len(list)/2], 'g', 2, 64)
}
