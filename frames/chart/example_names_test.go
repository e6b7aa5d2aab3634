package chart_test

import (
	"bytes"
	"fmt"
	"log"
	"strings"

	"gonmf/frames/chart"
)

// A chart is text for a page and pixels for a slide.
func ExampleChart() {
	c, err := chart.Convergence([][]float64{{9, 4, 2, 1.5}}, nil, chart.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.Contains(c.SVG(), "<svg"), bytes.HasPrefix(c.PNG(), []byte("\x89PNG")))
	// Output:
	// true true
}

// The options that are left out are the chart's own.
func ExampleOptions() {
	errors := [][]float64{{9, 4, 2, 1.5}}
	for _, opt := range []chart.Options{{}, {Title: "Four iterations", Width: 4, Height: 3}} {
		c, err := chart.Convergence(errors, nil, opt)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(c)
	}
	// Output:
	// chart "Convergence", 6 x 3.4 inches
	// chart "Four iterations", 4 x 3 inches
}

func ExampleBars() {
	c, err := chart.Bars(map[string]int{"tea": 5, "coffee": 3}, chart.Options{Title: "Orders"})
	fmt.Println(c, err)
	// Output:
	// chart "Orders", 4.22 x 1.25 inches <nil>
}

func ExampleHistogram() {
	c, err := chart.Histogram([]float64{1, 1.5, 2, 2.2, 7}, chart.Options{Bins: 4})
	fmt.Println(c, err)
	// Output:
	// chart "Histogram", 6 x 3.4 inches <nil>
}

func ExampleLines() {
	c, err := chart.Lines(read("month,tea,coffee\nJan,3,4\nFeb,4,3\n"), chart.Options{})
	fmt.Println(c, err)
	// Output:
	// chart "tea", 6 x 3.4 inches <nil>
}

func ExampleScatter() {
	c, err := chart.Scatter(read("price,sold\n3,40\n4,31\n5,22\n"), chart.Options{Title: "What is dear is sold less"})
	fmt.Println(c, err)
	// Output:
	// chart "What is dear is sold less", 5 x 3.8 inches <nil>
}

func ExampleBox() {
	c, err := chart.Box(read("shop,price\nnorth,3\nnorth,4\nsouth,5\nsouth,9\n"), chart.Options{X: "shop", Title: "Prices"})
	fmt.Println(c, err)
	// Output:
	// chart "Prices", 4.4 x 1.43 inches <nil>
}
