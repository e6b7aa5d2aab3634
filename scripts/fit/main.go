// Fit factorizes a table of items and users. It runs compiled and interpreted,
// with the same answers:
//
//	go run ./scripts/fit
//	gonmf run fit
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"gonmf/frames"
	"gonmf/frames/chart"
	"gonmf/frames/files"
	"gonmf/nmf"
	"gonmf/scripts/cli"
	"gonmf/scripts/progress"
)

const about = `
fit: factorize a table of items and users, X ~ W H.

It reads a long table, makes the matrix of items x users and fits W and H. It writes, into the folder of -out:

  W.csv, H.csv      the factors, with labels
  top.csv           the users with the largest weights in each component
  convergence.svg   the error over the iterations
  model.npz         the model, for numpy.load, for the other scripts and for gonmf verify

Ctrl-C ends the fit early and writes the model as far as it got; -resume goes on from there, to the very numbers of a
fit that was not stopped. So does a fit that was killed, if it is called again with the same -checkpoint.

For example:  fit -in counts.csv -weight n -k 8 -solver mu -loss kullback-leibler`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args, fit))
}

func fit(ctx context.Context, args []string) error {
	flags := cli.Flags("fit", about)
	table := cli.TableFlags(flags)
	settings := cli.FitFlags(flags)
	settings.SolverFlags(flags)
	checkpoint := flags.String("checkpoint", "", "keep how far the fit has got in this `folder`, and go on from there if it was killed")
	every := flags.Int("every", 0, "the iterations between two checkpoints; 0: 10")
	resume := flags.String("resume", "", "go on with the model in this `file`, under its own settings, up to -max-iter")
	out := flags.String("out", "fit", "the `folder` to write into")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	cfg, err := settings.Config()
	if err != nil {
		return err
	}
	cfg.Checkpoint = nmf.Checkpoint{Dir: *checkpoint, Every: *every}
	readBar := progress.New("read")
	table.Progress = readBar.Bytes
	x, err := table.ReadContext(ctx)
	readBar.Done()
	if err != nil {
		return err
	}

	bar := progress.New("fit")
	var model *nmf.Model
	if *resume != "" {
		var before *nmf.Model
		if before, err = files.LoadModel(*resume); err != nil {
			return err
		}
		before.Config.Progress, before.Config.Workers, before.Config.Checkpoint = bar.Step, cfg.Workers, cfg.Checkpoint
		model, err = before.Resume(ctx, x.Matrix(), cfg.MaxIter)
	} else {
		cfg.Progress = bar.Step
		model, err = nmf.Fit(ctx, x.Matrix(), cfg)
	}
	bar.Done()
	stopped := err
	if model == nil { // else it was interrupted, or a checkpoint could not be written
		return err
	}

	if err := table.AddReport(model, x); err != nil {
		return err
	}
	w, h, err := frames.Factors(model, x)
	if err != nil {
		return err
	}
	_, top, err := frames.Top(model, x, 10)
	if err != nil {
		return err
	}
	files := []cli.File{
		cli.CSV("W.csv", w), cli.CSV("H.csv", h), cli.CSV("top.csv", top), cli.Model("model.npz", model),
	}
	if len(model.History) > 0 {
		picture, err := chart.Convergence([][]float64{model.Errors()}, nil, chart.Options{})
		if err != nil {
			return err
		}
		files = append(files, cli.Text("convergence.svg", picture.SVG()))
	}
	if err := cli.WriteFiles(*out, files); err != nil {
		return err
	}
	if stopped != nil {
		return fmt.Errorf("%w; the model so far is in %s", stopped, filepath.Join(*out, "model.npz"))
	}
	fmt.Printf("%v\n%v\nwritten to %s\n", x, model, *out)
	return nil
}
