package chart

import (
	"fmt"

	"gonmf/frames/chart/internal/page"
)

// Options are what every chart can be told. A zero Options consists entirely
// of default values, and each function says which fields it uses beyond
// Title, Subtitle, XLabel, YLabel, Width and Height.
type Options struct {
	Title    string // bold, above the picture
	Subtitle string // smaller, below the title
	XLabel   string // empty: the chart's own
	YLabel   string // empty: the chart's own

	Width, Height float64 // inches, 2 to 40; 0: as much as the content asks for

	Names     []string // of the components, for c0, c1, ...
	KeepOrder bool     // draw rows and columns as they come instead of clustered
	Top       int      // draw only so many entries of each component; 0: all
	Relative  bool     // divide each component by its largest value
	Clusters  int      // into which a consensus matrix is cut; 0: as the fits agree

	X    string   // the column of a DataFrame along the horizontal axis, of labels in Bars and Box; empty: see the chart
	Y    []string // the columns of a DataFrame that are drawn; empty: see the chart
	Bins int      // of a histogram; 0: as many as suit the data

	Group string // the column of a DataFrame by which Scatter colours its dots; empty: all alike
}

// inch is the number of points in an inch; the package computes in points.
const inch = 72

// size returns the width and height of the picture in points, taking those of
// the chart, in inches, where the user gave none. A long title widens it.
func (o Options) size(width, height float64) (w, h float64, err error) {
	const widest = 7.5
	title := max(titleStyle.Width(page.Clean(o.Title)), subtitleStyle.Width(page.Clean(o.Subtitle)))
	width = max(width, min((title+2*margin+1)/inch, widest))
	for _, side := range []struct {
		name  string
		given float64
		own   *float64
	}{{"Width", o.Width, &width}, {"Height", o.Height, &height}} {
		if side.given == 0 {
			continue
		}
		if !(side.given >= 2 && side.given <= 40) {
			return 0, 0, fmt.Errorf("chart: Options.%s = %g inches: choose 2 to 40, or 0 for a size that fits", side.name, side.given)
		}
		*side.own = side.given
	}
	return width * inch, height * inch, nil
}

// names returns the names of k components.
func (o Options) names(k int) ([]string, error) {
	if o.Names == nil {
		names := make([]string, k)
		for i := range names {
			names[i] = fmt.Sprintf("c%d", i)
		}
		return names, nil
	}
	if len(o.Names) != k {
		return nil, fmt.Errorf("chart: Options.Names has %d names for %d components", len(o.Names), k)
	}
	return page.CleanAll(o.Names), nil
}

// or returns s, or own where s is empty.
func or(s, own string) string {
	if s == "" {
		return own
	}
	return s
}
