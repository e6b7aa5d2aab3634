// Reading measures how fast a long table becomes a sparse matrix, beside
// pandas and scipy, in one run:
//
//	go run ./scripts/bench/reading [-rows 10000000] [-rounds 3]
//
// Each measurement is a process of its own, the two sides take turns, and what
// is printed are medians. pandas comes from the pinned environment of
// scripts/bench. Where pandas is asked to take labels for text, as gonmf does,
// it says so; otherwise it may take those that are numbers for numbers.
package main

import (
	"bufio"
	"compress/gzip"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gonmf/frames"
	"gonmf/scripts/cli"
	"gonmf/scripts/pyenv"
)

//go:embed read.py
var program []byte

const about = `
reading: a table of items, users and weights into a sparse matrix, gonmf beside pandas.

It prints, for each table, the median seconds of both sides, their ratio, and the peak memory of the two processes in
MB (on Linux).`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) == 3 && os.Args[1] == "measure" { // how it calls itself
		if err := measure(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(cli.Failed)
		}
		return
	}
	os.Exit(cli.Run(ctx, os.Args, bench))
}

// answer is what either side prints of a measurement.
type answer struct {
	Seconds float64 `json:"seconds"`
	MB      float64 `json:"mb"`
	Items   int     `json:"items"`
	Users   int     `json:"users"`
	Entries int     `json:"entries"`
}

// table is one to be read. Its users are called u0, u1, ... where prefix is u.
type table struct {
	name         string
	items, users int
	prefix       string
	labels       string // "text" or "any": what pandas takes them for
	gzip         bool
}

var tables = []table{
	{"10k x 20k, users are text", 10_000, 20_000, "u", "any", false},
	{"10k x 20k, all numbers", 10_000, 20_000, "", "any", false},
	{"10k x 20k, all numbers, as text", 10_000, 20_000, "", "text", false},
	{"10k x 20k, users are text, gzip", 10_000, 20_000, "u", "any", true},
	{"200k x 1M, users are text", 200_000, 1_000_000, "u", "any", false},
	{"200k x 1M, all numbers", 200_000, 1_000_000, "", "any", false},
	{"200k x 1M, all numbers, as text", 200_000, 1_000_000, "", "text", false},
}

func bench(ctx context.Context, args []string) error {
	flags := cli.Flags("reading", about)
	rows := flags.Int("rows", 10_000_000, "rows of each table")
	rounds := flags.Int("rounds", 3, "measurements of each side; medians are printed")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	if *rows < 1 || *rounds < 1 {
		return fmt.Errorf("-rows and -rounds must be at least 1")
	}
	python, err := pyenv.Numbers.Python(ctx)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "gonmf-reading-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "read.py")
	if err := os.WriteFile(script, program, 0o666); err != nil {
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	fmt.Println("| table | pandas, s | gonmf, s | ratio | MB | MB |\n|---|---|---|---|---|---|")
	for _, t := range tables {
		path := filepath.Join(dir, "table.csv")
		if err := cli.WriteFile(path, func(w io.Writer) error { return t.write(w, *rows) }); err != nil {
			return err
		}
		named := path // pandas goes by the name
		if t.gzip {
			named += ".gz"
			if err := os.Rename(path, named); err != nil {
				return err
			}
		}
		var theirs, ours []answer
		for range *rounds {
			a, err := run(ctx, python, script, named, t.labels)
			if err != nil {
				return err
			}
			b, err := run(ctx, exe, "measure", named)
			if err != nil {
				return err
			}
			if a.Items != b.Items || a.Users != b.Users || a.Entries != b.Entries {
				return fmt.Errorf("%s: pandas has %+v, gonmf %+v", t.name, a, b)
			}
			theirs, ours = append(theirs, a), append(ours, b)
		}
		a, b := median(theirs), median(ours)
		fmt.Printf("| %s | %.2f | %.2f | %.1f | %.0f | %.0f |\n", t.name, a.Seconds, b.Seconds, a.Seconds/b.Seconds, a.MB, b.MB)
		if err := os.Remove(named); err != nil {
			return err
		}
	}
	return nil
}

// write writes the table, with rows at random places.
func (t table) write(to io.Writer, rows int) error {
	if t.gzip {
		z, err := gzip.NewWriterLevel(to, gzip.BestSpeed)
		if err != nil {
			return err
		}
		plain := t
		plain.gzip = false
		if err := plain.write(z, rows); err != nil {
			return err
		}
		return z.Close()
	}
	w := bufio.NewWriterSize(to, 1<<20)
	fmt.Fprintln(w, "item_id,user_id,weight")
	rng := rand.New(rand.NewPCG(1, 2))
	for range rows {
		fmt.Fprintf(w, "%d,%s%d,%d\n", rng.IntN(t.items), t.prefix, rng.IntN(t.users), 1+rng.IntN(9))
	}
	return w.Flush()
}

func run(ctx context.Context, name string, args ...string) (a answer, err error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(out, &a)
}

// measure is gonmf's side, as read.py is that of pandas.
func measure(name string) error {
	start := time.Now()
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	x, err := frames.ReadInteractions(f, frames.Columns{Weight: "weight"})
	if err != nil {
		return err
	}
	a := answer{Seconds: time.Since(start).Seconds(), Items: x.Items.Len(), Users: x.Users.Len(), Entries: x.X.NNZ()}
	if status, err := os.ReadFile("/proc/self/status"); err == nil {
		_, rest, _ := strings.Cut(string(status), "VmHWM:")
		if _, err := fmt.Sscan(rest, &a.MB); err != nil {
			return err
		}
		a.MB /= 1024
	}
	return json.NewEncoder(os.Stdout).Encode(a)
}

func median(a []answer) answer {
	slices.SortFunc(a, func(x, y answer) int { return int(1e9 * (x.Seconds - y.Seconds)) })
	return a[len(a)/2]
}
