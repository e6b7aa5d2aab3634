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
