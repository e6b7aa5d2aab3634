package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"gonmf/frames"
	"gonmf/frames/files"
	"gonmf/nmf"
	"gonmf/scripts/cli"
)

var verifyCommand = command{
	name:    "verify",
	args:    "MODEL.npz [TABLE.csv]",
	summary: "check a saved model against the data it is of",
	help: `
Checks a model that the scripts study and fit saved (or Model.Save, after
Model.AddReport) against the table that it was fitted to, without which the
embedded set of first names is taken. The table is read by the columns that the
model's report names, unless flags say otherwise. It says of each thing whether
it is the same, and by how much it differs: the data, by their SHA-256; the
labels; the error, computed anew from W, H and the data; the program, which is
no fault if it differs. With -refit the fit is made once more and W and H are
compared.

The exit status is 0 if nothing differs, and 1 otherwise.

For example:
  gonmf run study -in orders.csv -out answers
  gonmf verify -refit answers/model.npz orders.csv`,
	define: func(f *flag.FlagSet, std streams) func([]string) error {
		v := &verification{out: std.out}
		f.StringVar(&v.table.Item, "item", "", "the `column` of items; without it what the report says")
		f.StringVar(&v.table.User, "user", "", "the `column` of users; without it what the report says")
		f.StringVar(&v.table.Weight, "weight", "", "the `column` of weights; without it what the report says")
		f.BoolVar(&v.refit, "refit", false, "make the fit once more and compare W and H")
		return func(args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usagef("which model, of which table? gonmf verify model.npz table.csv (flags come first)")
			}
			if len(args) == 2 {
				v.table.In = args[1]
			}
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			defer stop()
			return v.run(ctx, args[0])
		}
	},
}

// verification is a gonmf verify under way.
type verification struct {
	out   io.Writer
	table cli.Table
	refit bool
}

func (v *verification) run(ctx context.Context, path string) error {
	m, err := files.LoadModel(path)
	if err != nil {
		return err
	}
	notes := map[string]string{}
	if m.Report != nil && m.Report.Notes != nil {
		notes = m.Report.Notes
	}
	if err := v.table.ReadNotes(notes); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	x, err := v.table.Read()
	if err != nil {
		return err
	}
	checks, err := m.Verify(x.Matrix())
	if err != nil {
		return err
	}
	checks = append(checks, sameLabels("items", x.Items, notes["items_sha256"]), sameLabels("users", x.Users, notes["users_sha256"]))
	if v.refit {
		check, err := m.Refit(ctx, x.Matrix())
		if err != nil {
			return err
		}
		checks = append(checks, check)
	}
	fmt.Fprintf(v.out, "%s: %v\n", path, m)
	differ := 0
	for _, c := range checks {
		fmt.Fprintf(v.out, "%-8s %s: %s\n", c.Result, c.Name, c.Detail)
		if c.Result == nmf.CheckDiffers {
			differ++
		}
	}
	if differ > 0 {
		return fmt.Errorf("%d of %d checks differ, see above: the model is not what these data and settings give", differ, len(checks))
	}
	return nil
}

// sameLabels compares the labels of a side with the hash in a report.
func sameLabels(name string, l *frames.Labels, was string) nmf.Check {
	switch now := l.SHA256(); was {
	case "":
		return nmf.Check{Name: name, Result: nmf.CheckUnknown, Detail: "the model was saved without them, so that they are not known"}
	case now:
		return nmf.Check{Name: name, Detail: l.String()}
	default:
		return nmf.Check{Name: name, Result: nmf.CheckDiffers, Detail: fmt.Sprintf("not the labels of the model, or in another order; these are %v", l)}
	}
}
