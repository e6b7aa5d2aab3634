// Cluster groups the items of a table by their strongest components. It runs
// compiled and interpreted, with the same answers:
//
//	go run ./scripts/cluster
//	gonmf run cluster
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/go-gota/gota/dataframe"

	"gonmf/frames"
	"gonmf/frames/chart"
	"gonmf/frames/files"
	"gonmf/nmf"
	"gonmf/scripts/cli"
	"gonmf/scripts/progress"
)

const about = `
cluster: group the items of a table by the component that is strongest in each.

It reads a long table, factorizes the matrix of items x users (or takes the model of -model, which fitted the same
table) and writes, into the folder of -out:

  clusters.csv   the cluster of each item
  top.csv        the items with the largest weights in each cluster
  clusters.svg   the sizes of the clusters, or, with -truth, what is in each

For example, words in chapters of novels, the chapters being the items:
  cluster -in words.csv -item chapter -user word -weight n -tfidf -k 6 -truth novels.csv`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args, cluster))
}

func cluster(ctx context.Context, args []string) error {
	flags := cli.Flags("cluster", about)
	table := cli.TableFlags(flags)
	settings := cli.FitFlags(flags)
	tfidf := flags.Bool("tfidf", false, "weigh the counts by tf-idf, the items being the documents")
	none := flags.Bool("none", false, "give an item without weights cluster -1 instead of 0")
	from := flags.String("model", "", "take the model of this `file` instead of fitting one")
	truth := flags.String("truth", "", "a CSV `file` of each item and its true class, in this order of columns, to compare with")
	out := flags.String("out", "cluster", "the `folder` to write into")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	cfg, err := settings.Config()
	if err != nil {
		return err
	}
	x, err := table.ReadContext(ctx)
	if err != nil {
		return err
	}
	if *tfidf {
		if x, err = x.InMemory(); err != nil {
			return err
		}
		if x, err = frames.TFIDF(x, frames.TFIDFOptions{}); err != nil {
			return err
		}
	}
	var classes []string
	if *truth != "" {
		if classes, err = cli.ReadClasses(*truth, x.Items); err != nil {
			return err
		}
	}

	var model *nmf.Model
	if *from != "" {
		model, err = files.LoadModel(*from)
	} else {
		bar := progress.New("fit")
		cfg.Progress = bar.Step
		model, err = nmf.Fit(ctx, x.Matrix(), cfg)
		bar.Done()
	}
	if err != nil {
		return err
	}
	var clusters dataframe.DataFrame
	if *none {
		clusters, err = frames.ClustersOrNone(model, x)
	} else {
		clusters, err = frames.Clusters(model, x)
	}
	if err != nil {
		return err
	}
	top, _, err := frames.Top(model, x, 10)
	if err != nil {
		return err
	}
	of, err := clusters.Col("cluster").Int()
	if err != nil {
		return err
	}
	picture, err := chart.Clusters(of, classes, chart.Options{})
	if err != nil {
		return err
	}
	err = cli.WriteFiles(*out, []cli.File{
		cli.CSV("clusters.csv", clusters), cli.CSV("top.csv", top), cli.Text("clusters.svg", picture.SVG()),
	})
	if err != nil {
		return err
	}
	fmt.Printf("%v\n%v\nwritten to %s\n", x, model, *out)
	return nil
}
