package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"gonmf/frames"
	"gonmf/nmf/sparse"
	"gonmf/scripts/cli"
	"gonmf/scripts/progress"
)

var shardsCommand = command{
	name:    "shards",
	args:    "DIR, or -in TABLE -out DIR",
	summary: "say what is in a matrix in files, or make one of a table",
	help: `
A table that memory does not hold is fitted from a folder of files: see
sparse.Shards. This makes one of a table of any format, in bounded memory and
three times its size on disk, or says what is in one. The folder appears at the
end, whole. Scripts take it as their -in.

For example:
  gonmf shards -in orders.parquet -item sku -user customer -weight n -out orders.shards
  gonmf shards orders.shards
  gonmf run fit -in orders.shards -k 20 -checkpoint kept -out answers`,
	define: func(f *flag.FlagSet, std streams) func([]string) error {
		table := cli.TableFlags(f)
		out := f.String("out", "", "the `folder` to make, which must not be there yet")
		check := f.Bool("check", false, "read every file and compare its checksum")
		return func(args []string) error {
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			defer stop()
			switch {
			case *out != "" && len(args) == 0:
				return makeShards(ctx, table, *out, *check, std.out)
			case *out == "" && table.In == "" && len(args) == 1:
				return tellShards(args[0], *check, std.out)
			default:
				return usagef("which folder? gonmf shards DIR, or gonmf shards -in TABLE -out DIR (flags come first)")
			}
		}
	},
}

// makeShards writes a table into a folder.
func makeShards(ctx context.Context, table *cli.Table, dir string, check bool, out io.Writer) error {
	read, write := progress.New("read"), progress.New("write")
	table.Progress = read.Bytes
	table.Shards, table.ProgressShards = dir, func(done, total int) {
		const parts = 1000
		write.Count(done/(total/parts+1), parts)
	}
	_, err := table.ReadContext(ctx)
	read.Done()
	write.Done()
	if err != nil {
		return err
	}
	return tellShards(dir, check, out)
}

// tellShards says what is in a folder.
func tellShards(dir string, check bool, out io.Writer) error {
	x, err := sparse.OpenShards(dir)
	if err != nil {
		return err
	}
	t, err := frames.OpenShards(dir)
	if err != nil {
		return err
	}
	rows, cols := x.Blocks()
	fmt.Fprintf(out, "%v\nin %d blocks of rows and %d of columns, %.3g MB\nitems  %v\nusers  %v\n", t, rows, cols, float64(x.Bytes())/1e6, t.Items, t.Users)
	if !check {
		return nil
	}
	if err := x.Check(); err != nil {
		return err
	}
	fmt.Fprintln(out, "every file has its checksum")
	return nil
}
