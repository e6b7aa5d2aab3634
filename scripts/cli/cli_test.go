package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gonum.org/v1/gonum/floats"

	"gonmf/frames/files"
	"gonmf/nmf"
)

func TestRun(t *testing.T) {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		name string
		ctx  context.Context
		err  error
		want int
	}{
		{"success", t.Context(), nil, OK},
		{"help", t.Context(), fmt.Errorf("parse: %w", flag.ErrHelp), OK},
		{"failure", t.Context(), errors.New("no such file"), Failed},
		{"interrupt", cancelled, fmt.Errorf("stopped: %w", context.Canceled), Interrupted},
		{"failure that an interrupt followed", cancelled, errors.New("disk full"), Failed},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			status := Run(c.ctx, []string{"/bin/study", "-k", "3"}, func(_ context.Context, args []string) error {
				got = args
				return c.err
			})
			if status != c.want || strings.Join(got, " ") != "-k 3" {
				t.Errorf("status %d, arguments %q; want %d, -k 3", status, got, c.want)
			}
		})
	}
}

func TestParse(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"-k 3", ""},
		{"--k=3", ""},
		{"-k three", `invalid value "three" for flag -k: parse error; -h lists the flags`},
		{"-kk 3", "flag provided but not defined: -kk; -h lists the flags"},
		{"-k 3 in.csv", `what is "in.csv"? everything is said by flags; -h lists them`},
	} {
		f := Flags("fit", "fit: an example")
		k := f.Int("k", 20, "components")
		err := Parse(f, strings.Fields(c.args))
		switch {
		case c.want == "" && (err != nil || *k != 3):
			t.Errorf("%s: k = %d, %v", c.args, *k, err)
		case c.want != "" && (err == nil || err.Error() != c.want):
			t.Errorf("%s: error %v, want %s", c.args, err, c.want)
		}
	}
}

func TestSettings(t *testing.T) {
	for _, c := range []struct {
		args string
		want string // of the configuration, or of the error
	}{
		{"", "k=20 init=random solver=cd loss=frobenius max_iter=500 tol=0.0001 seed=0 alpha_W=0 alpha_H=0 l1_ratio=0"},
		{"-k 3 -init nndsvd -solver mu -loss 1.5 -seed 7 -alpha-w .1 -l1-ratio 1", "k=3 init=nndsvd solver=mu loss=beta(1.5) max_iter=500 tol=0.0001 seed=7 alpha_W=0.1 alpha_H=0 l1_ratio=1"},
		{"-solver minibatch", "solver=minibatch"},
		{"-solver newton", `-solver "newton": want cd, accelerated-cd, mu or minibatch`},
		{"-init ones", "ones"},
		{"-precision float32", "l1_ratio=0 precision=float32"},
		{"-precision half", "half"},
		{"-loss hinge", "hinge"},
		{"-seed 4294967296", "the largest seed is 4294967295"},
	} {
		f := Flags("fit", "")
		s := FitFlags(f)
		s.SolverFlags(f)
		if err := Parse(f, strings.Fields(c.args)); err != nil {
			t.Fatal(err)
		}
		cfg, err := s.Config()
		got := cfg.String()
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%q: %s, want %s", c.args, got, c.want)
		}
	}
}

func TestWriteFileWritesAllOrNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	path := filepath.Join(dir, "a.txt")
	if err := WriteFiles(dir, []File{Text("a.txt", "old"), Text("b.txt", "b")}); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err := WriteFile(path, func(w io.Writer) error {
		io.WriteString(w, "half")
		return broken
	})
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "old" {
		t.Errorf("the file is %q, want the old one", got)
	}
	if err := WriteFile(path, Text("", "whole").Write); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "whole" {
		t.Errorf("the file is %q, want the new one", got)
	}
	if files, _ := os.ReadDir(dir); len(files) != 2 {
		t.Errorf("%d files left, want 2", len(files))
	}
}

func TestReadClasses(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in.csv")
	truth := filepath.Join(dir, "truth.csv")
	one := filepath.Join(dir, "one.csv")
	for path, text := range map[string]string{in: "item_id,user_id\nb,x\na,y\nc,y\n", truth: "name,class\na,vowel\nb,other\n", one: "name\na\n"} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	x, err := (&Table{In: in}).Read()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadClasses(truth, x.Items)
	if err != nil || strings.Join(got, " ") != "vowel other ?" {
		t.Errorf("classes %q, %v", got, err)
	}
	for _, path := range []string{one, filepath.Join(dir, "none.csv")} {
		if _, err := ReadClasses(path, x.Items); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v does not name %s", err, path)
		}
	}
}

func TestTableReadsTheEmbeddedNames(t *testing.T) {
	x, err := (&Table{}).Read()
	if err != nil {
		t.Fatal(err)
	}
	if x.Items.Len() != 2940 || x.Users.Len() != 612 || x.X.NNZ() != 89599 {
		t.Errorf("%v", x)
	}
}

func TestLoadModel(t *testing.T) {
	path := filepath.Join(t.TempDir(), "model.npz")
	x, err := (&Table{}).Read()
	if err != nil {
		t.Fatal(err)
	}
	m, err := nmf.Fit(t.Context(), x.X, nmf.Config{Components: 2, MaxIter: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(path, m.Save); err != nil {
		t.Fatal(err)
	}
	got, err := files.LoadModel(path)
	if err != nil || got.String() != m.String() {
		t.Errorf("%v, %v; want %v", got, err, m)
	}
	if err := os.Truncate(path, 1000); err != nil {
		t.Fatal(err)
	}
	if _, err := files.LoadModel(path); !errors.Is(err, nmf.ErrFormat) || !strings.Contains(err.Error(), path) {
		t.Errorf("a truncated file gives %v", err)
	}
}

// TestPrecisionOfNames is of real data: single precision gives each first name
// the component that double precision gives it, after as many iterations.
func TestPrecisionOfNames(t *testing.T) {
	x, err := (&Table{}).Read()
	if err != nil {
		t.Fatal(err)
	}
	for _, init := range []string{"random", "nndsvda"} {
		fit := func(precision string) *nmf.Model {
			f := Flags("fit", "")
			s := FitFlags(f)
			if err := Parse(f, []string{"-init", init, "-precision", precision}); err != nil {
				t.Fatal(err)
			}
			cfg, err := s.Config()
			if err != nil {
				t.Fatal(err)
			}
			m, err := nmf.Fit(t.Context(), x.X, cfg)
			if err != nil {
				t.Fatal(err)
			}
			return m
		}
		single, double := fit("float32"), fit("float64")
		same := 0
		for i := range x.Items.Len() {
			if floats.MaxIdx(single.W.RawRowView(i)) == floats.MaxIdx(double.W.RawRowView(i)) {
				same++
			}
		}
		t.Log(init, same, x.Items.Len(), single, double)
		if same != x.Items.Len() || single.Iter != double.Iter || math.Abs(single.Err-double.Err) > 1e-5*double.Err {
			t.Errorf("%s: %v and %v; %d of %d items in the same component", init, single, double, same, x.Items.Len())
		}
	}
}
