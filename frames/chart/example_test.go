package chart_test

import (
	"bytes"
	"fmt"
	"image/png"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"gonum.org/v1/gonum/mat"

	"gonmf/frames/chart"
	"gonmf/nmf/selection"
)

// W of a small fit: five animals, two components.
var (
	animals = []string{"trout", "eagle", "salmon", "owl", "duck"}
	w       = mat.NewDense(5, 2, []float64{
		0.9, 0.1,
		0.0, 1.2,
		1.1, 0.0,
		0.1, 0.8,
		0.5, 0.7,
	})
	h = mat.NewDense(2, 4, []float64{
		1, 2, 1, 0,
		0, 0, 1, 3,
	})
)

// read makes a DataFrame of a small CSV.
func read(csv string) dataframe.DataFrame { return dataframe.ReadCSV(strings.NewReader(csv)) }

// A chart goes into a file whose extension chooses the format.
func ExampleChart_Save() {
	c, err := chart.Convergence([][]float64{{9, 4, 3, 2.9}}, nil, chart.Options{Title: "One fit"})
	if err != nil {
		log.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for _, name := range []string{"fit.svg", "fit.png", "fit.pdf", "fit.bmp"} {
		err := c.Save(filepath.Join(dir, name))
		fmt.Println(name, err == nil)
	}
	// Output:
	// fit.svg true
	// fit.png true
	// fit.pdf true
	// fit.bmp false
}

func ExampleChart_PNG() {
	c, err := chart.Components(w, animals, chart.Options{Width: 4, Height: 3}) // inches
	if err != nil {
		log.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(c.PNG()))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(img.Bounds().Size())
	// Output: (576,432)
}

func ExampleChart_PDF() {
	c, err := chart.Components(w, animals, chart.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.5s\n", c.PDF())
	// Output: %PDF-
}

func ExampleChart_String() {
	c, err := chart.Components(w, animals, chart.Options{Title: "Animals", Width: 4, Height: 3})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c)
	// Output: chart "Animals", 4 x 3 inches
}

func ExampleChart_SVG() {
	c, err := chart.Components(w, animals, chart.Options{Title: "Animals"})
	if err != nil {
		log.Fatal(err)
	}
	svg := c.SVG() // a notebook shows it; a web page may hold it as it is
	fmt.Println(strings.HasPrefix(svg, "<svg "), strings.Contains(svg, ">trout</text>"))
	// Output: true true
}

// The names of the axis labels come in the order of the picture: clustered by
// component, the strongest first.
func ExampleComponents() {
	c, err := chart.Components(w, animals, chart.Options{
		Title: "Animals by component",
		Names: []string{"swims", "flies"},
	})
	show(c, err)
	// Output: chart "Animals by component", 2.82 x 2.54 inches
}

func ExampleProfiles() {
	seasons := []string{"spring", "summer", "autumn", "winter"}
	c, err := chart.Profiles(h, seasons, chart.Options{Relative: true})
	show(c, err)
	// Output: chart "Profiles", 6.98 x 2.74 inches
}

func ExampleParts() {
	c, err := chart.Parts(h, 2, 2, chart.Options{Title: "Two parts of 2 x 2 pixels"})
	show(c, err)
	// Output: chart "Two parts of 2 x 2 pixels", 2.11 x 1.6 inches
}

// A Progress callback collects the errors that Convergence draws.
func ExampleConvergence() {
	fits := [][]float64{
		{7.1, 3.0, 2.2, 2.0, 2.0},
		{9.5, 6.1, 4.0, 3.1, 2.6, 2.3, 2.1},
	}
	c, err := chart.Convergence(fits, []string{"nndsvda", "random"}, chart.Options{})
	show(c, err)
	// Output: chart "Convergence", 6 x 3.4 inches
}

func ExampleCoverage() {
	coverage := read("item_id,num,predict_num\na,1,3\nb,1,9\nc,2,8\nd,12,10\n")
	summary := read("num,min,median,mean,max\n1,3,6.0,6.0,9\n2,8,8.0,8.0,8\n10,10,10.0,10.0,10\n")
	c, err := chart.Coverage(coverage, summary, chart.Options{})
	show(c, err)
	// Output: chart "Coverage study", 6.5 x 4.4 inches
}

// The summary alone draws the bands, without quartiles and items.
func ExampleCoverage_summary() {
	summary := read("num,min,median,mean,max\n1,3,6.0,6.0,9\n2,8,8.0,8.0,8\n10,10,10.0,10.0,10\n")
	c, err := chart.Coverage(dataframe.DataFrame{}, summary, chart.Options{})
	show(c, err)
	// Output: chart "Coverage study", 6.5 x 3.6 inches
}

func ExampleClusters() {
	cluster := []int{0, 1, 0, 1, 1}
	truth := []string{"fish", "bird", "fish", "bird", "bird"}
	c, err := chart.Clusters(cluster, truth, chart.Options{})
	show(c, err)
	// Output: chart "Clusters", 2.47 x 1.14 inches
}

// What selection.ChooseK returns is drawn as it is; here it is written down.
func ExampleChooseK() {
	result := &selection.KResult{
		Points: []selection.KPoint{
			{K: 2, Train: 5.0, Test: 5.5, TestSE: 0.1},
			{K: 4, Train: 3.1, Test: 3.8, TestSE: 0.2},
			{K: 6, Train: 2.4, Test: 3.7, TestSE: 0.2},
			{K: 8, Train: 2.0, Test: 4.2, TestSE: 0.3},
		},
		Suggested: 4,
	}
	c, err := chart.ChooseK(result, chart.Options{})
	show(c, err)
	// Output: chart "Number of components", 5.5 x 3.4 inches
}

func ExampleConsensus() {
	shares := mat.NewDense(3, 3, []float64{
		1.0, 0.0, 0.9,
		0.0, 1.0, 0.1,
		0.9, 0.1, 1.0,
	})
	c, err := chart.Consensus(shares, []string{"trout", "eagle", "salmon"}, chart.Options{})
	show(c, err)
	// Output: chart "Consensus", 3.01 x 3.23 inches
}

func ExampleReconstruction() {
	var x mat.Dense
	x.Mul(w, h)
	c, err := chart.Reconstruction(&x, w, h, chart.Options{Title: "X and its reconstruction"})
	show(c, err)
	// Output: chart "X and its reconstruction", 4.07 x 2.58 inches
}

// show stands for what one does with a chart: here its name is printed.
func show(c *chart.Chart, err error) {
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(c)
}
