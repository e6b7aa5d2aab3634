package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gonmf/frames"
	"gonmf/frames/files"
	"gonmf/scripts/cli"
)

// golden reads a file of testdata, which testdata/study.py wrote from the
// embedded names with scikit-learn 1.2.1 and -k 20.
func golden(t *testing.T, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(name, ".gz") {
		return raw
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	if raw, err = io.ReadAll(z); err != nil {
		t.Fatal(err)
	}
	return raw
}

func read(t *testing.T, dir, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// numbers returns the cells of a labelled table but the first row and column.
func numbers(t *testing.T, raw []byte) [][]float64 {
	t.Helper()
	var rows [][]float64
	for _, line := range strings.Split(strings.TrimSpace(string(raw)), "\n")[1:] {
		var row []float64
		for _, cell := range strings.Split(line, ",")[1:] {
			v, err := strconv.ParseFloat(cell, 64)
			if err != nil {
				t.Fatal(err)
			}
			row = append(row, v)
		}
		rows = append(rows, row)
	}
	return rows
}

func TestStudyGivesWhatPythonGives(t *testing.T) {
	dir := t.TempDir()
	if err := study(t.Context(), []string{"-quiet", "-out", dir}); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"clusters.csv", "model_predict.csv"} {
		if !bytes.Equal(read(t, dir, name), golden(t, name+".gz")) {
			t.Errorf("%s differs from Python's", name)
		}
	}
	if !bytes.Equal(read(t, dir, "min_mean_max.csv"), golden(t, "min_mean_max.csv")) {
		t.Error("min_mean_max.csv differs from Python's")
	}
	for _, name := range []string{"W.csv", "H.csv"} {
		raw, want := read(t, dir, name), golden(t, name+".gz")
		if got, want := bytes.SplitN(raw, []byte("\n"), 2)[0], bytes.SplitN(want, []byte("\n"), 2)[0]; !bytes.Equal(got, want) {
			t.Errorf("%s: header %.60s, want %.60s", name, got, want)
		}
		got, ref := numbers(t, raw), numbers(t, want)
		largest, off := 0.0, 0.0
		for i, row := range ref {
			for j, v := range row {
				largest, off = max(largest, v), max(off, math.Abs(v-got[i][j]))
				if (v == 0) != (got[i][j] == 0) {
					t.Fatalf("%s[%d,%d] = %v, want %v", name, i, j, got[i][j], v)
				}
			}
		}
		if off > 1e-9*largest {
			t.Errorf("%s is off by %g of its largest entry", name, off/largest)
		}
	}
	var got, want map[string]any
	if err := errors.Join(json.Unmarshal(read(t, dir, "fit.json"), &got), json.Unmarshal(golden(t, "fit.json"), &want)); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"items", "users", "nnz", "n_iter"} {
		if got[key] != want[key] {
			t.Errorf("fit.json: %s = %v, want %v", key, got[key], want[key])
		}
	}
	if off := got["reconstruction_err"].(float64)/want["reconstruction_err"].(float64) - 1; math.Abs(off) > 1e-12 {
		t.Errorf("fit.json: the error is off by %g", off)
	}
	for _, key := range []string{"fit_s", "transform_s", "coverage_s"} {
		if s, ok := got[key].(float64); !ok || s <= 0 {
			t.Errorf("fit.json: %s = %v", key, got[key])
		}
	}
	if _, err := files.LoadModel(filepath.Join(dir, "model.npz")); err != nil {
		t.Error(err)
	}
	// The picture that the README shows.
	if !bytes.Equal(read(t, dir, "coverage.svg"), golden(t, "coverage.svg")) {
		t.Error("coverage.svg differs from testdata/coverage.svg: look at it, and copy it there if it is right")
	}
}

// table writes a small table and returns its path.
func table(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "in.csv")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func small() string {
	var b strings.Builder
	b.WriteString("item_id,user_id,weight\n")
	for i := range 60 {
		for j := range i%7 + 1 {
			fmt.Fprintf(&b, "%d,u%d,%d.5\n", i, (i*j+j)%23, j)
		}
	}
	return b.String()
}

// What is wrong is said in one sentence that names the place, and nothing is
// written.
func TestBadInput(t *testing.T) {
	const head = "item_id,user_id,weight\n"
	write := func(text string) []string { return []string{"-in", table(t, text), "-k", "2"} }
	weighed := func(text string) []string { return append(write(text), "-weight", "weight") }
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(small()))
	z.Close()
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"unknown flag":     {[]string{"-colour", "red"}, "-colour"},
		"argument":         {[]string{"purchases.csv"}, "purchases.csv"},
		"missing file":     {[]string{"-in", "nowhere.csv"}, "nowhere.csv"},
		"a folder":         {[]string{"-in", t.TempDir()}, "is a folder with 0 of what 10x writes"},
		"empty file":       {write(""), "empty"},
		"header only":      {write(head), "no rows"},
		"wrong column":     {append(write(head+"a,b,1\n"), "-item", "sku"), "sku"},
		"one column":       {write("item_id\na\n"), "user_id"},
		"negative":         {weighed(head + "a,x,1\nb,y,-2\n"), "-2"},
		"NaN":              {weighed(head + "a,x,NaN\n"), "NaN"},
		"Inf":              {weighed(head + "a,x,inf\n"), "not finite"},
		"no number":        {weighed(head + "a,x,many\n"), "many"},
		"missing label":    {write(head + "a,,1\n"), "user_id"},
		"too large":        {weighed(head + "a,x,1e308\nb,y,1e308\n"), "overflow"},
		"truncated gzip":   {write(packed.String()[:packed.Len()-20]), "compressed file ends too early"},
		"NUL byte":         {write(head + "a\x00b,x,1\n"), "NUL byte"},
		"ragged":           {write(head + "a\n"), "line 2"},
		"k of 0":           {append(write(head+"a,x,1\n"), "-k", "0"), "Components"},
		"k of 1e12":        {append(write(head+"a,x,1\n"), "-k", "1000000000000"), "Components"},
		"k past nndsvd":    {append(write(head+"a,x,1\n"), "-init", "nndsvd"), "InitRandom"},
		"init":             {append(write(head+"a,x,1\n"), "-init", "zeros"), "zeros"},
		"seed":             {append(write(head+"a,x,1\n"), "-seed", "4294967296"), "seed"},
		"folder is a file": {append(write(head+"a,x,1\n"), "-out", table(t, "")+"/out"), "in.csv"},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			err := study(t.Context(), append([]string{"-quiet", "-out", out}, c.args...))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want one that says %q", err, c.want)
			}
			if strings.Contains(err.Error(), "goroutine") || strings.Count(err.Error(), "\n") > 1 {
				t.Errorf("error %q is no sentence", err)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("wrote something")
			}
		})
	}
}

// What is odd but right gives an answer.
func TestOddInput(t *testing.T) {
	const head = "item_id,user_id\n"
	var many strings.Builder
	many.WriteString(head)
	for i := range 100_000 {
		fmt.Fprintf(&many, "item %d,u%d\n", i, i%50)
	}
	for name, text := range map[string]string{
		"one row":             head + "a,x\n",
		"a field of 1 MB":     head + strings.Repeat("a", 1<<20) + ",x\nc,y\n",
		"100,000 items":       many.String(),
		"NA and nulls":        head + "NA,null\nNaN,NA\n",
		"quotes and newlines": head + "\"a, \"\"b\"\"\n\",x\nc,y\n",
	} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			// k is larger than most of these are.
			if err := study(t.Context(), []string{"-quiet", "-in", table(t, text), "-k", "3", "-max-iter", "20", "-out", out}); err != nil {
				t.Fatal(err)
			}
			in, err := frames.ReadCSV(bytes.NewReader(read(t, out, "clusters.csv")))
			if err != nil {
				t.Fatal(err)
			}
			if rows := strings.Count(text, "\n") - 1; name != "quotes and newlines" && in.Nrow() != rows {
				t.Errorf("%d clusters for %d items", in.Nrow(), rows)
			}
		})
	}
}

func build(t *testing.T) string {
	t.Helper()
	exe := filepath.Join(t.TempDir(), "study.exe")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", exe, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return exe
}

func TestExitStatus(t *testing.T) {
	exe := build(t)
	for _, c := range []struct {
		args   []string
		status int
		out    string // on standard output
		err    string // on standard error
	}{
		{[]string{"-h"}, 0, "-max-iter", ""},
		{[]string{"-in", "nowhere.csv"}, 2, "", "nowhere.csv"},
		{[]string{"-nope"}, 2, "", "-nope"},
		{[]string{"-in", table(t, small()), "-k", "3", "-out", t.TempDir()}, 0, "num,min,median,mean,max", ""},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			var stdout, stderr strings.Builder
			cmd := exec.CommandContext(t.Context(), exe, c.args...)
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			err := cmd.Run()
			if status := cmd.ProcessState.ExitCode(); status != c.status {
				t.Errorf("exit status %d (%v), want %d", status, err, c.status)
			}
			if !strings.Contains(stdout.String(), c.out) {
				t.Errorf("standard output %q lacks %q", stdout.String(), c.out)
			}
			if got := stderr.String(); !strings.Contains(got, c.err) || c.err == "" && got != "" || strings.Count(got, "\n") > 1 {
				t.Errorf("standard error %q, want one line with %q", got, c.err)
			}
		})
	}
}

func TestInterruptLeavesNothingHalfWritten(t *testing.T) {
	exe, out := build(t), filepath.Join(t.TempDir(), "out")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, exe, "-tol", "-1", "-max-iter", "100000000", "-out", out)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	cmd.Wait()
	if took := time.Since(start); took > time.Second {
		t.Errorf("took %v to stop", took)
	}
	if status := cmd.ProcessState.ExitCode(); status != cli.Interrupted {
		t.Errorf("exit status %d, want %d; standard error %q", status, cli.Interrupted, stderr.String())
	}
	if !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("standard error %q", stderr.String())
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("left files behind")
	}
}
