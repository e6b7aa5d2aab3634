package scripts_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gonmf/scripts"
)

// Each script that comes with gonmf writes the same bytes compiled and
// interpreted.
func TestScriptsAreTheSameCompiledAndInterpreted(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "in.csv")
	var table, truth strings.Builder
	table.WriteString("item_id,user_id,weight\n")
	truth.WriteString("item_id,class\n")
	for i := range 40 {
		fmt.Fprintf(&truth, "%d,class %d\n", i, i%3)
		for j := range i%5 + 1 {
			fmt.Fprintf(&table, "%d,u%d,%d\n", i, (i%3*7+j*j)%19, j+1)
		}
	}
	classes := filepath.Join(dir, "truth.csv")
	for path, text := range map[string]string{in: table.String(), classes: truth.String()} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	model := filepath.Join(dir, "model")
	if err := scripts.Run(t.Context(), "fit", []string{"-in", in, "-k", "3", "-out", model}); err != nil {
		t.Fatal(err)
	}
	model = filepath.Join(model, "model.npz")
	runs := map[string][]string{
		"recommend": {"-k", "3", "-n", "2"},
		"study":     {"-quiet", "-k", "4", "-weight", "weight"},
		"fit":       {"-k", "3", "-solver", "mu", "-loss", "kullback-leibler", "-max-iter", "40"},
		"cluster":   {"-k", "3", "-tfidf", "-weight", "weight", "-truth", classes},
		"coverage":  {"-model", model},
	}
	for _, name := range scripts.Names() {
		args, ok := runs[name]
		if !ok {
			t.Errorf("%s is not tried here", name)
			continue
		}
		t.Run(name, func(t *testing.T) {
			// Without the commit, which a model names and a test does not have.
			exe := filepath.Join(dir, name+".exe")
			if out, err := exec.CommandContext(t.Context(), "go", "build", "-buildvcs=false", "-o", exe, "./"+name).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			out := map[string]string{"compiled": t.TempDir(), "interpreted": t.TempDir()}
			with := func(how string) []string { return append([]string{"-in", in, "-out", out[how]}, args...) }
			if text, err := exec.CommandContext(t.Context(), exe, with("compiled")...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			if err := scripts.Run(t.Context(), name, with("interpreted")); err != nil {
				t.Fatal(err)
			}
			files, err := os.ReadDir(out["compiled"])
			if err != nil || len(files) == 0 {
				t.Fatalf("%d files, %v", len(files), err)
			}
			for _, f := range files {
				compiled, err := os.ReadFile(filepath.Join(out["compiled"], f.Name()))
				if err != nil {
					t.Fatal(err)
				}
				interpreted, err := os.ReadFile(filepath.Join(out["interpreted"], f.Name()))
				if err != nil {
					t.Fatal(err)
				}
				if f.Name() != "fit.json" && !bytes.Equal(compiled, interpreted) { // fit.json has times
					t.Errorf("%s differs", f.Name())
				}
			}
		})
	}
}

// The folder that a script has written, which has the script's name, does not
// hide it.
func TestAFolderWithoutGoFilesHidesNoScript(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("coverage", 0o777); err != nil {
		t.Fatal(err)
	}
	if err := scripts.Run(t.Context(), "coverage", []string{"-h"}); err != nil {
		t.Error(err)
	}
}
