package nmf_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"runtime"
	"strings"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

// reported is a model of twoGroups with a report of its fit.
func reported() *nmf.Model {
	x := twoGroups()
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	if err := m.AddReport(x, map[string]string{"table": "sales of May"}); err != nil {
		log.Fatal(err)
	}
	return m
}

// What is needed to check a fit later is saved with it.
func ExampleReport() {
	var file bytes.Buffer
	if err := reported().Save(&file); err != nil {
		log.Fatal(err)
	}
	m, err := nmf.Load(&file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Report.Notes["table"], m.Report.Iter, m.Report.Stop)
	fmt.Println(strings.HasPrefix(m.Report.Settings, "k=2 init=nndsvda"))
	// Output:
	// sales of May 7 converged
	// true
}

func ExampleModel_AddReport() {
	x := twoGroups()
	m, err := nmf.Fit(context.Background(), x, nmf.Config{Components: 2})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Report == nil) // nobody asked for one
	if err := m.AddReport(x, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("error %.3f of data with %d nonzeros\n", m.Report.Err, m.Report.Data.NonZero)
	// Output:
	// true
	// error 0.457 of data with 8 nonzeros
}

// Are these the data that the model was fitted to?
func ExampleModel_Verify() {
	m := reported()
	for _, x := range []mat.Matrix{twoGroups(), mat.NewDense(4, 4, []float64{0: 1, 15: 1})} {
		checks, err := m.Verify(x)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(checks[0].Name, checks[0].Result)
	}
	// Output:
	// data same
	// data differs
}

// Refit makes the fit once more: the same program gives the same bits.
func ExampleModel_Refit() {
	check, err := reported().Refit(context.Background(), twoGroups())
	fmt.Println(check.Result == nmf.CheckSame, err)
	// Output:
	// true <nil>
}

// What differs is said in a sentence.
func ExampleCheck() {
	m := reported()
	m.W.Set(0, 0, 2*m.W.At(0, 0)) // somebody was at the file
	checks, err := m.Verify(twoGroups())
	if err != nil {
		log.Fatal(err)
	}
	for _, check := range checks {
		if check.Result == nmf.CheckDiffers {
			fmt.Println(check.Name, "differs")
		}
	}
	// Output:
	// error differs
}

func ExampleCheckResult() {
	fmt.Println(nmf.CheckSame, nmf.CheckDiffers, nmf.CheckUnknown)
	// Output:
	// same differs unknown
}

// The build names the program, and the processor as far as it matters.
func ExampleBuild() {
	b := nmf.Build{Version: "v1.0.0", Go: "go1.26", Platform: "linux/amd64", Instructions: "avx2"}
	fmt.Println(b == nmf.ThisBuild()) // then results are the same to the bit
	fmt.Println(b)
	// Output:
	// false
	// gonmf v1.0.0, go1.26, linux/amd64, avx2
}

func ExampleThisBuild() {
	fmt.Println(nmf.ThisBuild().Platform == runtime.GOOS+"/"+runtime.GOARCH)
	// Output:
	// true
}

// The hash of a matrix does not depend on how it is stored.
func ExampleHashData() {
	x := twoGroups()
	a, err := nmf.HashData(x)
	if err != nil {
		log.Fatal(err)
	}
	b, err := nmf.HashData(x.T().T())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(a == b)
	// Output:
	// true
}

// One entry of another value is another matrix.
func ExampleDataHash() {
	x := twoGroups()
	before, err := nmf.HashData(x)
	if err != nil {
		log.Fatal(err)
	}
	x.Set(0, 0, 5.001)
	after, err := nmf.HashData(x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(before.NonZero, after.NonZero, before.SHA256[:8], after.SHA256[:8])
	// Output:
	// 8 8 b77de06e 2042f09a
}
