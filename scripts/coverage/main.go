// Coverage makes the coverage study of a model. It runs compiled and
// interpreted, with the same answers:
//
//	go run ./scripts/coverage -model fit/model.npz
//	gonmf run coverage -model fit/model.npz
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"gonmf/frames"
	"gonmf/frames/chart"
	"gonmf/frames/files"
	"gonmf/scripts/cli"
	"gonmf/scripts/progress"
)

const about = `
coverage: for how many users does a model predict anything, by the number of observations of an item?

It reads a model and a long table with the users that the model was fitted to, folds each item in alone and counts the
users with a prediction. The items may be new ones. It writes, into the folder of -out:

  model_predict.csv   of each item: users observed (num), users predicted (predict_num)
  min_mean_max.csv    predict_num by num, tens together from 10 on
  coverage.svg        the same as a picture

For example:  coverage -model fit/model.npz -in purchases.csv.gz`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args, coverage))
}

func coverage(ctx context.Context, args []string) error {
	flags := cli.Flags("coverage", about)
	table := cli.TableFlags(flags)
	from := flags.String("model", "", "the `file` of the model, as fit and study write it (required)")
	workers := flags.Int("workers", 0, "the number of goroutines, 0: one a core; the answer is the same for each")
	out := flags.String("out", "coverage", "the `folder` to write into")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	if *from == "" {
		return errors.New("-model is missing: name the file of a model, such as fit and study write")
	}
	model, err := files.LoadModel(*from)
	if err != nil {
		return err
	}
	x, err := table.ReadContext(ctx)
	if err != nil {
		return err
	}
	bar := progress.New("coverage")
	counts, err := frames.Coverage(ctx, model, x, frames.CoverageOptions{Workers: *workers, Progress: bar.Count})
	bar.Done()
	if err != nil {
		return err
	}
	summary, err := frames.Summarize(counts)
	if err != nil {
		return err
	}
	picture, err := chart.Coverage(counts, summary, chart.Options{})
	if err != nil {
		return err
	}
	err = cli.WriteFiles(*out, []cli.File{
		cli.CSV("model_predict.csv", counts), cli.CSV("min_mean_max.csv", summary), cli.Text("coverage.svg", picture.SVG()),
	})
	if err != nil {
		return err
	}
	fmt.Printf("%v\n%v\nwritten to %s\n", x, model, *out)
	return nil
}
