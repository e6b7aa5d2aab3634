// Tables measures the verbs of frames beside pandas on the same table:
//
//	go run ./scripts/bench/tables [-rows 1000000] [-rounds 5]
//
// pandas comes, with pyarrow, from the pinned environment of the tests. Both
// sides are processes of their own, one after the other, and what is printed
// are medians.
package main

import (
	"bytes"
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
	"strconv"
	"time"

	"github.com/go-gota/gota/dataframe"

	"gonmf/frames"
	"gonmf/frames/files"
	"gonmf/scripts/cli"
	"gonmf/scripts/pyenv"
)

//go:embed verbs.py
var program []byte

const about = `
tables: verbs on a table of some rows, gonmf's frames beside pandas.

It prints, for each verb, the median milliseconds of both sides and their ratio.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args, bench))
}

// answer is what either side says of a verb.
type answer struct {
	Verb    string  `json:"verb"`
	Seconds float64 `json:"seconds"`
}

func bench(ctx context.Context, args []string) error {
	flags := cli.Flags("tables", about)
	rows := flags.Int("rows", 1_000_000, "rows of the table")
	rounds := flags.Int("rounds", 5, "measurements of each verb; medians are printed")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	if *rows < 1 || *rounds < 1 {
		return fmt.Errorf("-rows and -rounds must be at least 1")
	}
	python, err := pyenv.Tables.Python(ctx)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "gonmf-tables-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	script, table := filepath.Join(dir, "verbs.py"), filepath.Join(dir, "table.csv")
	if err := os.WriteFile(script, program, 0o666); err != nil {
		return err
	}
	if err := cli.WriteFile(table, func(w io.Writer) error { return write(w, *rows) }); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, python, script, table, strconv.Itoa(*rounds))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	theirs := map[string]float64{}
	for line := range bytes.Lines(out) {
		var a answer
		if err := json.Unmarshal(line, &a); err != nil {
			return err
		}
		theirs[a.Verb] = a.Seconds
	}
	ours, err := measure(ctx, table, *rounds)
	if err != nil {
		return err
	}
	fmt.Println("| verb | pandas, ms | gonmf, ms | ratio |\n|---|---|---|---|")
	for _, a := range ours {
		fmt.Printf("| %s | %.1f | %.1f | %.1f |\n", a.Verb, 1e3*theirs[a.Verb], 1e3*a.Seconds, theirs[a.Verb]/a.Seconds)
	}
	return nil
}

// write writes a table of 20,000 items, 100,000 users and twelve months.
func write(w io.Writer, rows int) error {
	var b bytes.Buffer
	b.WriteString("item_id,user_id,month,weight\n")
	rng := rand.New(rand.NewPCG(1, 2))
	for range rows {
		fmt.Fprintf(&b, "item_%d,%d,%d,%.6f\n", rng.IntN(20_000), rng.IntN(100_000), 1+rng.IntN(12), rng.ExpFloat64())
	}
	_, err := w.Write(b.Bytes())
	return err
}

// measure times gonmf's verbs, by the names that verbs.py has for them.
func measure(ctx context.Context, table string, rounds int) ([]answer, error) {
	df, err := files.Read(ctx, table)
	if err != nil {
		return nil, err
	}
	items, err := frames.Count(df, "item_id")
	if err != nil {
		return nil, err
	}
	var answers []answer
	for _, v := range []struct {
		name string
		do   func() (dataframe.DataFrame, error)
	}{
		{"Head", func() (dataframe.DataFrame, error) { return frames.Head(df, 5) }},
		{"Sample", func() (dataframe.DataFrame, error) { return frames.Sample(df, 1000, 0) }},
		{"Where, a number", func() (dataframe.DataFrame, error) { return frames.Where(df, "weight > 1") }},
		{"Where, number and text", func() (dataframe.DataFrame, error) {
			return frames.Where(df, "weight > 1 && item_id startsWith 'item_1'")
		}},
		{"Where, one text", func() (dataframe.DataFrame, error) { return frames.Where(df, "item_id == 'item_17'") }},
		{"Mutate, numbers", func() (dataframe.DataFrame, error) { return frames.Mutate(df, "x = weight * 2 + user_id") }},
		{"Mutate, log1p", func() (dataframe.DataFrame, error) { return frames.Mutate(df, "x = log1p(weight)") }},
		{"Mutate, part of a text", func() (dataframe.DataFrame, error) { return frames.Mutate(df, "x = split(item_id, '_')[0]") }},
		{"Sort, numbers", func() (dataframe.DataFrame, error) { return frames.Sort(df, "-weight") }},
		{"Sort, text and numbers", func() (dataframe.DataFrame, error) { return frames.Sort(df, "item_id", "user_id") }},
		{"GroupBy numbers, sum", func() (dataframe.DataFrame, error) { return frames.GroupBy(df, "user_id").Agg("sum(weight)") }},
		{"GroupBy text, sum", func() (dataframe.DataFrame, error) { return frames.GroupBy(df, "item_id").Agg("sum(weight)") }},
		{"GroupBy text, four functions", func() (dataframe.DataFrame, error) {
			return frames.GroupBy(df, "item_id").Agg("sum(weight)", "mean(weight)", "median(weight)", "nunique(user_id)")
		}},
		{"Count", func() (dataframe.DataFrame, error) { return frames.Count(df, "item_id") }},
		{"Unique", func() (dataframe.DataFrame, error) { return frames.Unique(df, "item_id") }},
		{"Join", func() (dataframe.DataFrame, error) { return frames.Join(df, items, "item_id") }},
		{"Pivot", func() (dataframe.DataFrame, error) { return frames.Pivot(df, "item_id", "month", "sum(weight)") }},
		{"Describe", func() (dataframe.DataFrame, error) { return frames.Describe(df) }},
		{"DropNA", func() (dataframe.DataFrame, error) { return frames.DropNA(df) }},
		{"FillNA", func() (dataframe.DataFrame, error) { return frames.FillNA(df, 0, "weight") }},
	} {
		var times []float64
		for range rounds {
			start := time.Now()
			if _, err := v.do(); err != nil {
				return nil, fmt.Errorf("%s: %w", v.name, err)
			}
			times = append(times, time.Since(start).Seconds())
		}
		slices.Sort(times)
		answers = append(answers, answer{v.name, times[len(times)/2]})
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
	}
	return answers, nil
}
