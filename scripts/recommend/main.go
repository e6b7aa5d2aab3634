// Recommend lists items for users, and tells how well such lists foretell what
// was held out. It runs compiled and interpreted, with the same answers:
//
//	go run ./scripts/recommend
//	gonmf run recommend
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames"
	"gonmf/nmf"
	"gonmf/nmf/recommend"
	"gonmf/scripts/cli"
	"gonmf/scripts/progress"
)

const about = `
recommend: the best items for every user that the user has not been seen with.

It reads a long table, factorizes the matrix of items x users and writes, into the folder of -out:

  recommendations.csv   user_id, place, item_id, score: the -n best items of each user

With -try it recommends nothing. It holds a fifth of each user's items out, fits the rest with each number of components,
and prints how well lists of -n items foretell what was held out, beside a list of the most popular items, which is not
always the worse one.

For example:  recommend -in purchases.csv.gz -try 8,16,32,64`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(cli.Run(ctx, os.Args, run))
}

func run(ctx context.Context, args []string) error {
	flags := cli.Flags("recommend", about)
	table := cli.TableFlags(flags)
	settings := cli.FitFlags(flags)
	n := flags.Int("n", 10, "the items of a list")
	try := flags.String("try", "", "try these `numbers` of components, separated by commas, on held-out items")
	out := flags.String("out", "recommend", "the `folder` to write into")
	if err := cli.Parse(flags, args); err != nil {
		return err
	}
	if *n < 1 {
		return errors.New("-n: a list has at least 1 item")
	}
	cfg, err := settings.Config()
	if err != nil {
		return err
	}
	x, err := table.ReadContext(ctx)
	if err != nil {
		return err
	}
	if x, err = x.InMemory(); err != nil { // what a user has not seen is asked of all of it
		return err
	}
	if *try != "" {
		return tryOut(ctx, x, cfg, *n, strings.Split(*try, ","))
	}
	bar := progress.New("fit")
	cfg.Progress = bar.Step
	model, err := nmf.Fit(ctx, x.X, cfg)
	bar.Done()
	if err != nil {
		return err
	}
	list, err := lists(model, x, *n)
	if err != nil {
		return err
	}
	if err := cli.WriteFiles(*out, []cli.File{cli.CSV("recommendations.csv", list)}); err != nil {
		return err
	}
	fmt.Printf("%v\n%v\nwritten to %s\n", x, model, *out)
	return nil
}

// lists returns the n best items of every user as a table.
func lists(model *nmf.Model, x *frames.Interactions, n int) (dataframe.DataFrame, error) {
	r, err := recommend.NewRecommender(model, x.X)
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	var users, items []string
	var places []int
	var scores []float64
	for u := 0; u < x.Users.Len(); u++ {
		best, err := r.ItemsFor(u, n)
		if err != nil {
			return dataframe.DataFrame{}, err
		}
		for i, b := range best {
			users, places = append(users, x.Users.At(u)), append(places, i+1)
			items, scores = append(items, x.Items.At(b.Index)), append(scores, b.Score)
		}
	}
	df := dataframe.New(
		series.New(users, series.String, "user_id"), series.New(places, series.Int, "place"),
		series.New(items, series.String, "item_id"), series.New(scores, series.Float, "score"),
	)
	return df, df.Error()
}

// tryOut prints how well models of ks components foretell held-out items.
func tryOut(ctx context.Context, x *frames.Interactions, cfg nmf.Config, n int, ks []string) error {
	train, test, err := recommend.Split(x.X, recommend.SplitOptions{By: recommend.SplitUsers, Seed: cfg.Seed})
	if err != nil {
		return err
	}
	fmt.Printf("%v\n\n%-12s %8s %9s %8s %8s %9s\n", x, fmt.Sprintf("lists of %d", n), "recall", "precision", "NDCG", "MAP", "catalogue")
	row := func(name string, r recommend.Ranking) {
		fmt.Printf("%-12s %8.3f %9.3f %8.3f %8.3f %9.3f\n", name, r.Recall, r.Precision, r.NDCG, r.MAP, r.Coverage)
	}
	for i, text := range ks {
		if cfg.Components, err = strconv.Atoi(strings.TrimSpace(text)); err != nil {
			return fmt.Errorf("-try: %q is not a number of components", text)
		}
		model, err := nmf.Fit(ctx, train, cfg)
		if err != nil {
			return err
		}
		e, err := recommend.Evaluate(ctx, model, train, test, recommend.EvaluateOptions{N: n, Workers: cfg.Workers})
		if err != nil {
			return err
		}
		if i == 0 {
			row("most popular", e.Popularity)
		}
		row(fmt.Sprintf("NMF, k=%d", cfg.Components), e.Model)
	}
	return nil
}
