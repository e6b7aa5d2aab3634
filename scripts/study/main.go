// Study asks how many observations an item needs before NMF can recommend it
// to anyone. It runs compiled and interpreted, with the same answers:
//
//	go run ./scripts/study
//	gonmf run study
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"gonmf/frames"
	"gonmf/frames/chart"
	"gonmf/nmf"
	"gonmf/scripts/cli"
	"gonmf/scripts/progress"
)

const about = `
study: how many observations does an item need before NMF can recommend it to anyone?

It reads a long table of items and users, factorizes the matrix of items x users, folds each item in alone and
counts the users for whom the model predicts anything. It writes, into the folder of -out:

  W.csv, H.csv        the factors, with labels
  clusters.csv        the component with the largest weight of each item
  model_predict.csv   of each item: users observed (num), users predicted (predict_num)
  min_mean_max.csv    predict_num by num, tens together from 10 on
  coverage.svg        the same as a picture
  fit.json            sizes, iterations, error, seconds
  model.npz           the model, for numpy.load, for the other scripts and for gonmf verify

For example:  study -in purchases.csv.gz -item sku -user customer -k 50 -out answers`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args, study))
}

func study(ctx context.Context, args []string) error {
	flags := cli.Flags("study", about)
	table := cli.TableFlags(flags)
	settings := cli.FitFlags(flags)
	out := flags.String("out", "study", "the `folder` to write into")
	quiet := flags.Bool("quiet", false, "print nothing but errors")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	cfg, err := settings.Config()
	if err != nil {
		return err
	}
	var say io.Writer = os.Stdout
	readBar, fitBar, coverageBar := progress.New("read"), progress.New("fit"), progress.New("coverage")
	if *quiet {
		say = io.Discard
		readBar, fitBar, coverageBar = progress.NewTo(say, ""), progress.NewTo(say, ""), progress.NewTo(say, "")
	}

	table.Progress = readBar.Bytes
	x, err := table.ReadContext(ctx)
	readBar.Done()
	if err != nil {
		return err
	}
	start := time.Now()
	cfg.Progress = fitBar.Step
	model, err := nmf.Fit(ctx, x.Matrix(), cfg)
	fitBar.Done()
	if err != nil {
		return err
	}
	fitted := time.Now()
	if err := table.AddReport(model, x); err != nil {
		return err
	}
	// The factors are those of all items folded in together, as Python has
	// them; the study folds each in alone.
	joint, err := model.TransformJoint(ctx, x.Matrix())
	if err != nil {
		return err
	}
	transformed := time.Now()
	coverage, err := frames.Coverage(ctx, model, x, frames.CoverageOptions{Progress: coverageBar.Count})
	coverageBar.Done()
	if err != nil {
		return err
	}
	covered := time.Now()

	labelled := &nmf.Model{W: joint, H: model.H, Config: model.Config}
	w, h, err := frames.Factors(labelled, x)
	if err != nil {
		return err
	}
	clusters, err := frames.Clusters(labelled, x)
	if err != nil {
		return err
	}
	summary, err := frames.Summarize(coverage)
	if err != nil {
		return err
	}
	picture, err := chart.Coverage(coverage, summary, chart.Options{})
	if err != nil {
		return err
	}
	report, err := json.MarshalIndent(fitReport{
		x.Items.Len(), x.Users.Len(), x.NNZ(), model.Iter, model.Err,
		fitted.Sub(start).Seconds(), transformed.Sub(fitted).Seconds(), covered.Sub(transformed).Seconds(),
	}, "", " ")
	if err != nil {
		return err
	}

	err = cli.WriteFiles(*out, []cli.File{
		cli.CSV("W.csv", w), cli.CSV("H.csv", h), cli.CSV("clusters.csv", clusters),
		cli.CSV("model_predict.csv", coverage), cli.CSV("min_mean_max.csv", summary),
		cli.Text("coverage.svg", picture.SVG()), cli.Text("fit.json", string(report)+"\n"),
		cli.Model("model.npz", model),
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(say, "%v\n%v\n\nusers predicted for an item, by its number of observations:\n", x, model)
	if err := frames.WriteCSV(say, summary); err != nil {
		return err
	}
	fmt.Fprintf(say, "\nwritten to %s\n", *out)
	return nil
}

// fitReport is fit.json.
type fitReport struct {
	Items      int     `json:"items"`
	Users      int     `json:"users"`
	NNZ        int     `json:"nnz"`
	Iter       int     `json:"n_iter"`
	Err        float64 `json:"reconstruction_err"`
	FitS       float64 `json:"fit_s"`
	TransformS float64 `json:"transform_s"`
	CoverageS  float64 `json:"coverage_s"`
}
