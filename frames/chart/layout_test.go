package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"image/png"
	"math"
	"sort"
	"strconv"
	"strings"
	"testing"

	"gonmf/frames/chart/internal/page"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"
)

// A label is a text of a picture and the part of the page that it takes.
type label struct {
	text string
	box  page.Rect
}

// labelsOf returns the labels of the SVG of c.
func labelsOf(t *testing.T, c *Chart) []label {
	t.Helper()
	var doc struct {
		Texts []struct {
			X         float64 `xml:"x,attr"`
			Y         float64 `xml:"y,attr"`
			Size      float64 `xml:"font-size,attr"`
			Weight    string  `xml:"font-weight,attr"`
			Transform string  `xml:"transform,attr"`
			Anchor    string  `xml:"text-anchor,attr"`
			Text      string  `xml:",chardata"`
		} `xml:"g>text"`
	}
	if err := xml.Unmarshal([]byte(c.SVG()), &doc); err != nil {
		t.Fatal(err)
	}
	var all []label
	for _, e := range doc.Texts {
		w := page.TextStyle{Size: e.Size, Bold: e.Weight == "bold"}.Width(e.Text)
		h := page.CapHeight * e.Size
		before := map[string]float64{"": 0, "middle": w / 2, "end": w}[e.Anchor]
		box := page.Area(e.X-before, e.Y-h, e.X+w-before, e.Y)
		if strings.HasPrefix(e.Transform, "rotate(-90 ") {
			box = page.Area(e.X-h, e.Y-w+before, e.X, e.Y+before)
		} else if e.Transform != "" {
			t.Fatalf("text %q is turned by %s", e.Text, e.Transform)
		}
		all = append(all, label{e.Text, box})
	}
	return all
}

// readable checks that all labels of c lie on the page and none on another.
func readable(t *testing.T, c *Chart) {
	t.Helper()
	svgIsFinite(t, c)
	all := labelsOf(t, c)
	for i, a := range all {
		if a.box.X0 < -0.5 || a.box.Y0 < -0.5 || a.box.X1 > c.width+0.5 || a.box.Y1 > c.height+0.5 {
			t.Errorf("%q at %.1f leaves the page of %.0f x %.0f", a.text, a.box, c.width, c.height)
		}
		for _, b := range all[:i] {
			const slack = 0.3
			if a.box.X0+slack < b.box.X1 && b.box.X0+slack < a.box.X1 && a.box.Y0+slack < b.box.Y1 && b.box.Y0+slack < a.box.Y1 {
				t.Errorf("%q %.1f lies on %q %.1f", a.text, a.box, b.text, b.box)
			}
		}
	}
}

// longNames returns n names that differ at their ends only.
func longNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = "a rather long name of something, no. " + strconv.Itoa(i)
	}
	return names
}

// blockMatrix returns an n x k matrix whose row i has its largest value in
// column i*k/n.
func blockMatrix(n, k int) *mat.Dense {
	m := mat.NewDense(n, k, nil)
	for i := range n {
		for j := range k {
			m.Set(i, j, float64((i*7+j*3)%5)/10)
		}
		m.Set(i, i*k/n, 1+float64(n-i)/float64(n))
	}
	return m
}

// allCharts returns a function for every kind of chart that draws it with n
// entries, labels or lines.
func allCharts() map[string]func(n int, opt Options) (*Chart, error) {
	coverage, summary := study()
	return map[string]func(n int, opt Options) (*Chart, error){
		"Components of W": func(n int, opt Options) (*Chart, error) {
			return Components(blockMatrix(n, 3), longNames(n), opt)
		},
		"Components of H": func(n int, opt Options) (*Chart, error) {
			return Components(blockMatrix(n, 3).T(), longNames(n), opt)
		},
		"many Components": func(n int, opt Options) (*Chart, error) {
			opt.Names = longNames(n)
			return Components(blockMatrix(n, n), nil, opt)
		},
		"Profiles over n places": func(n int, opt Options) (*Chart, error) {
			return Profiles(blockMatrix(n, 3).T(), longNames(n), opt)
		},
		"Profiles of n components": func(n int, opt Options) (*Chart, error) {
			opt.Names = longNames(n)
			return Profiles(blockMatrix(n, 3), nil, opt)
		},
		"Parts": func(n int, opt Options) (*Chart, error) {
			opt.Names = longNames(n)
			return Parts(blockMatrix(n, 12), 3, 4, opt)
		},
		"Convergence": func(n int, opt Options) (*Chart, error) {
			fits := make([][]float64, n)
			for i := range fits {
				fits[i] = decay(20+i, 100, float64(i+1)/10, 5)
			}
			return Convergence(fits, longNames(n), opt)
		},
		"Clusters": func(n int, opt Options) (*Chart, error) {
			n = min(n, maxClusters)
			cluster, truth := make([]int, 5*n), make([]string, 5*n)
			for i := range cluster {
				cluster[i], truth[i] = i%n, longNames(n)[i*i%n]
			}
			opt.Names = longNames(n)
			return Clusters(cluster, truth, opt)
		},
		"sizes of Clusters": func(n int, opt Options) (*Chart, error) {
			n = min(n, maxClusters)
			cluster := make([]int, 1000*n)
			for i := range cluster {
				cluster[i] = i % n
			}
			return Clusters(cluster, nil, opt)
		},
		"ChooseK": func(n int, opt Options) (*Chart, error) {
			return ChooseK(foretold(inOrder(n + 1)[1:]...), opt)
		},
		"Consensus": func(n int, opt Options) (*Chart, error) {
			var c mat.Dense
			c.Apply(func(i, j int, _ float64) float64 { return float64(1 - min(1, (i-j)*(i-j)%3)) }, mat.NewDense(n, n, nil))
			return Consensus(&c, longNames(n), opt)
		},
		"Reconstruction": func(n int, opt Options) (*Chart, error) {
			w, h := blockMatrix(n, 2), blockMatrix(2*n, 2).T()
			var x mat.Dense
			x.Mul(w, h)
			return Reconstruction(&x, w, h, opt)
		},
		"Coverage": func(_ int, opt Options) (*Chart, error) { return Coverage(coverage, summary, opt) },
	}
}

// TestReadable draws every chart with few and many, short and long labels, on
// pages of its own size and on small and large ones.
func TestReadable(t *testing.T) {
	pages := map[string]Options{
		"own page":   {},
		"named":      {Title: "A title", Subtitle: "a subtitle", XLabel: "the x axis", YLabel: "the y axis"},
		"small page": {Width: 3.5, Height: 3},
		"large page": {Title: "A title", Width: 14, Height: 11},
	}
	for name, draw := range allCharts() {
		for _, n := range []int{1, 3, 40, 300} {
			for page, opt := range pages {
				t.Run(fmt.Sprintf("%s/%d/%s", name, n, page), func(t *testing.T) {
					c, err := draw(n, opt)
					if err != nil {
						t.Fatal(err)
					}
					readable(t, c)
				})
			}
		}
	}
}

// TestSmallestPage asks for no more than that a picture appears where there is
// hardly any room for it.
func TestSmallestPage(t *testing.T) {
	for name, draw := range allCharts() {
		t.Run(name, func(t *testing.T) {
			c, err := draw(300, Options{Title: "A title", Subtitle: "a subtitle", XLabel: "the x axis", YLabel: "the y axis", Width: 2, Height: 2})
			if err != nil {
				t.Fatal(err)
			}
			svgIsFinite(t, c)
			if _, err := png.Decode(bytes.NewReader(c.PNG())); err != nil {
				t.Errorf("PNG: %v", err)
			}
		})
	}
}

func TestSpread(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.SliceOfN(rapid.Float64Range(0, 100), 1, 30).Draw(t, "at")
		gap := rapid.Float64Range(0, 20).Draw(t, "gap")
		sort.Float64s(at)
		got := spread(at, gap, 0, 100)
		if len(got) != len(at) {
			t.Fatalf("%d positions for %d", len(got), len(at))
		}
		want := min(gap, 100/math.Max(1, float64(len(at)-1)))
		for i, v := range got {
			if v < -1e-9 || v > 100+1e-9 {
				t.Fatalf("%g leaves 0..100", v)
			}
			if i > 0 && v-got[i-1] < want-1e-9 {
				t.Fatalf("%g and %g are closer than %g", got[i-1], v, want)
			}
		}
	})
}

func TestSpreadLeavesWhatFits(t *testing.T) {
	at := []float64{10, 30, 31, 90}
	want := []float64{10, 28, 33, 90}
	for i, v := range spread(at, 5, 0, 100) {
		if math.Abs(v-want[i]) > 1e-9 {
			t.Errorf("position %d is %g, want %g", i, v, want[i])
		}
	}
}
