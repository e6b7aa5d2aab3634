// Package chart draws pictures of factors, fits and studies, ready for a
// notebook or a paper.
//
// Every function takes matrices, slices or DataFrames and an Options whose
// zero value works, and returns a *Chart. A Chart shows itself as the result
// of a notebook cell; a program calls Save, SVG or PNG:
//
//	c, err := chart.Coverage(coverage, summary, chart.Options{})
//	if err != nil {
//		return err
//	}
//	return c.Save("coverage.pdf")
//
// Components and Profiles show what a fit found, Parts shows it as images,
// Clusters and Consensus show how items group, Reconstruction sets X beside
// W H, Convergence and ChooseK compare fits, and Coverage draws a coverage
// study. Bars, Histogram, Lines, Scatter and Box draw any columns: those of a
// DataFrame, Series, slices, matrices, maps.
//
// Charts share a few habits. Lines are named where they end instead of in a
// legend. Colours can be told apart by people with any kind of colour vision,
// and the map of values goes from white to dark in even steps of lightness,
// so that it survives a grey printer. Labels that do not fit are made
// smaller, then turned, then thinned out, never drawn over one another. A
// matrix with more cells than the picture has room for is averaged block by
// block before it is drawn, so files stay small.
//
// What cannot be drawn (no data, values that are not finite, labels that do
// not match) is an error that names the place; nothing panics on data.
//
// The text of a picture is set in Liberation Sans, which covers Latin, Greek
// and Cyrillic script; for others an SVG falls back on the fonts of its viewer,
// and PNG and PDF show a box.
//
// README.md shows every chart with the lines that make it.
package chart
