package chart_test

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"gonum.org/v1/gonum/mat"

	"gonmf/frames"
	"gonmf/frames/chart"
	"gonmf/nmf"
	"gonmf/nmf/selection"
)

// gallery is the pictures of README.md in their order: each is drawn by the
// function of its name, whose body the page shows.
var gallery = []struct {
	name, text string
	draw       func(*testing.T) (*chart.Chart, error)
}{
	{"Components", "The most telling words of six topics in Jane Austen's novels. Entries are clustered by the component that is largest in them.", galleryComponents},
	{"Profiles", "First names in five components: when was each of them in fashion?", galleryProfiles},
	{"Parts", "Components of images are images: the strokes that handwritten digits are made of.", galleryParts},
	{"Reconstruction", "What five components keep of 2,940 names over twelve decades. Rows and columns are ordered so that components show as blocks, and averaged down to the pixels there are.", galleryReconstruction},
	{"Convergence", "Two solvers from the same start. Lines are named where they end.", galleryConvergence},
	{"Coverage", "To how many users can an item be recommended that has so many observations? The band reaches from the least to the most, the darker one between the quartiles.", galleryCoverage},
	{"Clusters", "Images by their largest component, and the digit that they really show.", galleryClusters},
	{"ChooseK", "Errors on entries that were hidden from the fit tell how many components there are.", galleryChooseK},
	{"Consensus", "How often ten fits put two of a hundred images together, ordered by the tree above, with its clusters in colour.", galleryConsensus},
	{"Bars", "Numbers with names, from a DataFrame, a map or slices.", galleryBars},
	{"Histogram", "How often a name was observed: most in few states and decades.", galleryHistogram},
	{"Lines", "Columns of a DataFrame over its first, named where they end.", galleryLines},
	{"Scatter", "Two columns against each other, coloured by a third; a million dots make no larger a picture.", galleryScatter},
	{"Box", "Quartiles, the last numbers near them, and those beyond, for each group.", galleryBox},
}

// TestGallery draws the gallery and compares it with the pictures in testdata
// and the page that shows them.
func TestGallery(t *testing.T) {
	bodies := sources(t)
	var page bytes.Buffer
	page.WriteString(galleryHead)
	for _, g := range gallery {
		t.Run(g.name, func(t *testing.T) {
			c, err := g.draw(t)
			if err != nil {
				t.Fatal(err)
			}
			chart.Golden(t, "gallery-"+strings.ToLower(g.name), c)
		})
		fmt.Fprintf(&page, "\n## %s\n\n%s\n\n![%s](testdata/gallery-%s.png)\n\n```go\n%s```\n", g.name, g.text, g.name, strings.ToLower(g.name), bodies["gallery"+g.name])
	}
	page.WriteString(galleryFoot)
	if *chart.Update {
		if err := os.WriteFile("README.md", page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, page.Bytes()) {
		t.Error("README.md is not what the gallery makes; run go test -run TestGallery -update")
	}
}

const galleryHead = `# Charts

Every picture on this page is made by the lines below it, and a test compares both. In a notebook a chart that ends a cell
shows itself; a program calls ` + "`Save`, `SVG` or `PNG`" + `. Titles, sizes and names go into ` + "`chart.Options`" + `, whose zero value works.

The data are those of the notebooks: ` + "`words` counts words by chapter of Jane Austen's novels, `names` first names by state and decade" + `
(both ` + "`*frames.Interactions`), `byDecade` the same names by `decades`" + ` alone, a matrix, ` + "`df` the same names as rows of item_id, user_id, decade and sex, and `digits` 1,797 images of 8 x 8 pixels, with what\nthey show in `labels`" + `. ` + "`ctx` is a `context.Context`" + `.
`

const galleryFoot = `
## For everyone

Colours are told apart with any kind of colour vision and in grey: tests simulate it. An SVG holds real text, a title and a
description for screen readers. Pictures are on white, so they can be read on a dark page too.

To draw the page anew: ` + "`go test ./frames/chart -run TestGallery -update`" + `.
`

// sources returns the bodies of the functions of this file as the page shows
// them: without reading the data.
func sources(t *testing.T) map[string]string {
	t.Helper()
	src, err := os.ReadFile("gallery_test.go")
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "gallery_test.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	setup := regexp.MustCompile(`(?m)^\t(?:ctx, .*|df) := .*\n`)
	bodies := map[string]string{}
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			body := string(src[fset.Position(f.Body.Lbrace).Offset+2 : fset.Position(f.Body.Rbrace).Offset])
			body = setup.ReplaceAllString(body, "")
			bodies[f.Name.Name] = strings.TrimPrefix(strings.ReplaceAll(body, "\n\t", "\n"), "\t")
		}
	}
	return bodies
}

func galleryComponents(t *testing.T) (*chart.Chart, error) {
	ctx, words := t.Context(), interactions(t, "austen")
	weighted, err := frames.TFIDF(words, frames.TFIDFOptions{})
	if err != nil {
		return nil, err
	}
	m, err := nmf.Fit(ctx, weighted.X, nmf.Config{Components: 6})
	if err != nil {
		return nil, err
	}
	return chart.Components(m.W, words.Items.Strings(), chart.Options{
		Title: "Topics of six novels", Top: 6, Relative: true,
	})
}

func galleryProfiles(t *testing.T) (*chart.Chart, error) {
	ctx, byDecade, decades := decadesOf(t)
	m, err := nmf.Fit(ctx, byDecade, nmf.Config{Components: 5})
	if err != nil {
		return nil, err
	}
	return chart.Profiles(m.H, decades, chart.Options{
		Title: "First names come and go", Relative: true, XLabel: "decade of birth",
	})
}

func galleryParts(t *testing.T) (*chart.Chart, error) {
	ctx, digits, _ := images(t)
	m, err := nmf.Fit(ctx, digits, nmf.Config{Components: 16})
	if err != nil {
		return nil, err
	}
	return chart.Parts(m.H, 8, 8, chart.Options{Title: "Parts of digits"})
}

// longTable returns the observations of names with sex and decade.
func longTable(t *testing.T) dataframe.DataFrame {
	t.Helper()
	df, err := frames.ReadCSVText(open(t, "names"))
	if err != nil {
		t.Fatal(err)
	}
	if df, err = frames.Mutate(df, "decade = split(user_id, '_')[1]", "sex = item_id endsWith '_f' ? 'female' : 'male'"); err != nil {
		t.Fatal(err)
	}
	return df
}

func galleryBars(t *testing.T) (*chart.Chart, error) {
	df := longTable(t)
	decades, err := frames.GroupBy(df, "decade").Agg("names = nunique(item_id)")
	if err != nil {
		return nil, err
	}
	return chart.Bars(decades, chart.Options{Title: "Different names in a decade"})
}

func galleryHistogram(t *testing.T) (*chart.Chart, error) {
	df := longTable(t)
	counts, err := frames.Count(df, "item_id")
	if err != nil {
		return nil, err
	}
	return chart.Histogram(counts, chart.Options{Title: "Observations of a name", XLabel: "states and decades"})
}

func galleryLines(t *testing.T) (*chart.Chart, error) {
	df := longTable(t)
	wide, err := frames.Pivot(df, "decade", "sex", "nunique(item_id)")
	if err != nil {
		return nil, err
	}
	return chart.Lines(wide, chart.Options{Title: "Names for girls and for boys", YLabel: "names"})
}

func galleryScatter(t *testing.T) (*chart.Chart, error) {
	df := longTable(t)
	reach, err := frames.GroupBy(df, "item_id", "sex").Agg("decades = nunique(decade)", "observations = count()")
	if err != nil {
		return nil, err
	}
	return chart.Scatter(reach, chart.Options{Title: "Old names are seen more often", Group: "sex"})
}

func galleryBox(t *testing.T) (*chart.Chart, error) {
	df := longTable(t)
	counts, err := frames.GroupBy(df, "item_id", "decade").Agg("states = count()")
	if err != nil {
		return nil, err
	}
	return chart.Box(counts, chart.Options{Title: "In how many states is a name given?", X: "decade", Y: []string{"states"}})
}

func galleryReconstruction(t *testing.T) (*chart.Chart, error) {
	ctx, byDecade, _ := decadesOf(t)
	m, err := nmf.Fit(ctx, byDecade, nmf.Config{Components: 5})
	if err != nil {
		return nil, err
	}
	return chart.Reconstruction(byDecade, m.W, m.H, chart.Options{
		Title: "Names over decades, and what five components keep", Height: 4,
	})
}

func galleryConvergence(t *testing.T) (*chart.Chart, error) {
	ctx, digits, _ := images(t)
	var fits [][]float64
	for _, solver := range []nmf.Solver{nmf.CD{}, nmf.MU{}} {
		m, err := nmf.Fit(ctx, digits, nmf.Config{Components: 16, Solver: solver, Init: nmf.InitNNDSVDa, MaxIter: 200})
		if err != nil {
			return nil, err
		}
		fits = append(fits, m.Errors())
	}
	return chart.Convergence(fits, []string{"coordinate descent", "multiplicative"}, chart.Options{
		Title: "Error over the iterations",
	})
}

func galleryCoverage(t *testing.T) (*chart.Chart, error) {
	ctx, names := t.Context(), interactions(t, "names")
	m, err := nmf.Fit(ctx, names.X, nmf.Config{Components: 20, MaxIter: 50})
	if err != nil {
		return nil, err
	}
	coverage, err := frames.Coverage(ctx, m, names, frames.CoverageOptions{})
	if err != nil {
		return nil, err
	}
	summary, err := frames.Summarize(coverage)
	if err != nil {
		return nil, err
	}
	return chart.Coverage(coverage, summary, chart.Options{Title: "Coverage of names"})
}

func galleryClusters(t *testing.T) (*chart.Chart, error) {
	ctx, digits, labels := images(t)
	m, err := nmf.Fit(ctx, digits, nmf.Config{Components: 12})
	if err != nil {
		return nil, err
	}
	m, err = m.Normalize(nmf.UnitNormH) // weights of all components in one measure
	if err != nil {
		return nil, err
	}
	cluster := make([]int, len(labels))
	for i := range cluster {
		for c := range m.Components() {
			if m.W.At(i, c) > m.W.At(i, cluster[i]) {
				cluster[i] = c
			}
		}
	}
	return chart.Clusters(cluster, labels, chart.Options{Title: "Clusters of images", XLabel: "digit"})
}

func galleryChooseK(t *testing.T) (*chart.Chart, error) {
	ctx, byDecade, _ := decadesOf(t)
	result, err := selection.ChooseK(ctx, byDecade, nmf.Config{}, selection.ChooseKOptions{Ks: []int{1, 2, 3, 4, 5, 6, 8}})
	if err != nil {
		return nil, err
	}
	return chart.ChooseK(result, chart.Options{Title: "How many components?"})
}

func galleryConsensus(t *testing.T) (*chart.Chart, error) {
	ctx, digits, labels := images(t)
	sample := digits.Slice(0, 100, 0, 64)
	r, err := selection.Consensus(ctx, sample, nmf.Config{Components: 10}, selection.ConsensusOptions{Runs: 10})
	if err != nil {
		return nil, err
	}
	return chart.Consensus(r.Matrix, labels[:100], chart.Options{
		Title: "Do ten fits agree?", Width: 5, Height: 5.6,
	})
}

// open opens a data set of the notebooks.
func open(t *testing.T, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "notebooks", "data", name+".csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func interactions(t *testing.T, name string) *frames.Interactions {
	t.Helper()
	x, err := frames.ReadInteractions(open(t, name), frames.Columns{})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// decadesOf returns names x decades: the births of all states.
func decadesOf(t *testing.T) (ctx context.Context, byDecade *mat.Dense, decades []string) {
	t.Helper()
	names := interactions(t, "names")
	decade := func(user string) string { return user[strings.LastIndexByte(user, '_')+1:] }
	users := names.Users.Strings()
	for _, u := range users {
		decades = append(decades, decade(u))
	}
	slices.Sort(decades)
	decades = slices.Compact(decades)
	byDecade = mat.NewDense(names.Items.Len(), len(decades), nil)
	for i := range names.Items.Len() {
		names.X.DoRowNonZero(i, func(i, j int, v float64) {
			d, _ := slices.BinarySearch(decades, decade(users[j]))
			byDecade.Set(i, d, byDecade.At(i, d)+v)
		})
	}
	return t.Context(), byDecade, decades
}

// images returns 1,797 images, a row each, and the digit on each.
func images(t *testing.T) (ctx context.Context, digits *mat.Dense, labels []string) {
	t.Helper()
	all, err := frames.ReadMatrix(open(t, "digits"))
	if err != nil {
		t.Fatal(err)
	}
	n, pixels := all.Dims()
	for i := range n {
		labels = append(labels, strconv.Itoa(int(all.At(i, pixels-1))))
	}
	return t.Context(), all.Slice(0, n, 0, pixels-1).(*mat.Dense), labels
}
