package chart

import (
	"bytes"
	"encoding/xml"
	"flag"
	"image"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

var update = flag.Bool("update", false, "write the golden pictures in testdata anew")

// texts decodes the SVG of c, which must be well-formed, and returns the
// text of each of its text elements.
func texts(t *testing.T, c *Chart) []string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(c.SVG()))
	var all []string
	inText := false
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("SVG is not well-formed: %v", err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			inText = tok.Name.Local == "text"
		case xml.EndElement:
			inText = false
		case xml.CharData:
			if inText {
				all = append(all, string(tok))
			}
		}
	}
}

// golden compares the PNG of c with testdata/name.png: the mean difference of
// all channels may be 0.1% of the full range at most, which leaves room for
// rounding on other processors and little for a label that moved.
func golden(t *testing.T, name string, c *Chart) {
	t.Helper()
	file := filepath.Join("testdata", name+".png")
	if *update {
		if err := c.Save(file); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run go test -update to write it", err)
	}
	want, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	got, err := png.Decode(bytes.NewReader(c.PNG()))
	if err != nil {
		t.Fatal(err)
	}
	if got.Bounds() != want.Bounds() {
		t.Fatalf("%s is %v, its golden picture %v", name, got.Bounds(), want.Bounds())
	}
	if d := difference(got, want); d > 0.001 {
		if err := c.Save(filepath.Join(t.ArtifactDir(), name+".png")); err != nil {
			t.Error(err)
		}
		t.Errorf("%s differs from its golden picture by %.4f on average; go test -artifacts keeps it, -update accepts it", name, d)
	}
}

// difference returns the mean absolute difference of two pictures of the same
// size, 0 to 1.
func difference(a, b image.Image) float64 {
	var sum float64
	r := a.Bounds()
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			ar, ag, ab, _ := a.At(x, y).RGBA()
			br, bg, bb, _ := b.At(x, y).RGBA()
			sum += math.Abs(float64(ar)-float64(br)) + math.Abs(float64(ag)-float64(bg)) + math.Abs(float64(ab)-float64(bb))
		}
	}
	return sum / float64(3*r.Dx()*r.Dy()) / 0xffff
}

// notDrawn are numbers that an SVG viewer refuses: coordinates that are none
// and negative sizes.
var notDrawn = regexp.MustCompile(`NaN|Inf|(width|height|size|r)="-`)

// svgIsFinite checks that an SVG viewer can draw the picture.
func svgIsFinite(t *testing.T, c *Chart) {
	t.Helper()
	if bad := notDrawn.FindString(c.SVG()); bad != "" {
		t.Errorf("SVG holds %s", bad)
	}
}

// drawable checks that the picture can be read in SVG and drawn as PNG and PDF.
func drawable(t *testing.T, c *Chart) {
	t.Helper()
	readable(t, c)
	if _, err := png.Decode(bytes.NewReader(c.PNG())); err != nil {
		t.Errorf("PNG: %v", err)
	}
	if pdf := c.PDF(); !bytes.HasPrefix(pdf, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(pdf), []byte("%%EOF")) {
		t.Errorf("PDF: %.20q and so on", pdf)
	}
}

// wantError checks that err is one sentence that holds every part.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one about %q", parts)
	}
	if !strings.HasPrefix(err.Error(), "chart: ") || strings.Contains(err.Error(), "\n") {
		t.Errorf("error is not one line that says where it comes from: %q", err)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error %q does not say %q", err, part)
		}
	}
}

func line(t *testing.T, opt Options) *Chart {
	t.Helper()
	c, err := Convergence([][]float64{{9, 5, 3, 2}}, nil, opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestSave(t *testing.T) {
	c := line(t, Options{Title: "Größe ≥ 1 & <more>"})
	for _, tc := range []struct{ name, file, begins string }{
		{"svg", "a.svg", "<svg "},
		{"png", "a.png", "\x89PNG"},
		{"pdf", "a.pdf", "%PDF-"},
		{"capitals", "a.SVG", "<svg "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, tc.file)
			for range 2 { // the second time it replaces a file
				if err := c.Save(file); err != nil {
					t.Fatal(err)
				}
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(data, []byte(tc.begins)) {
				t.Errorf("file begins with %q", data[:8])
			}
			left, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			if len(left) != 1 {
				t.Errorf("temporary files are left: %v", left)
			}
		})
	}
}

func TestSaveErrors(t *testing.T) {
	c := line(t, Options{})
	wantError(t, c.Save(filepath.Join(t.TempDir(), "a.gif")), "a.gif", `".gif"`, ".svg, .png or .pdf")
	wantError(t, c.Save(filepath.Join(t.TempDir(), "a")), ".svg, .png or .pdf")
	wantError(t, c.Save(filepath.Join(t.TempDir(), "none", "a.svg")), "none")

	dir := t.TempDir() // a folder in the way: nothing is left behind
	if err := os.MkdirAll(filepath.Join(dir, "a.svg", "full"), 0o755); err != nil {
		t.Fatal(err)
	}
	wantError(t, c.Save(filepath.Join(dir, "a.svg")), "a.svg")
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("a failed save leaves %v (%v)", left, err)
	}
}

func TestSize(t *testing.T) {
	img, err := png.Decode(bytes.NewReader(line(t, Options{Width: 5, Height: 2.5}).PNG()))
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Size(); got != image.Pt(5*dpi, 5*dpi/2) {
		t.Errorf("5 x 2.5 inches are %v pixels", got)
	}
	for name, opt := range map[string]Options{
		"Width":  {Width: 1},
		"Height": {Height: math.NaN()},
	} {
		_, err := Convergence([][]float64{{1}}, nil, opt)
		wantError(t, err, "Options."+name, "2 to 40")
	}
	for _, side := range []float64{2, 40} { // as small and as large as allowed
		if line(t, Options{Title: "t", Width: side, Height: side}).SVG() == "" {
			t.Errorf("nothing drawn on %g inches", side)
		}
	}
}

func TestSameBytes(t *testing.T) {
	a, b := line(t, Options{Title: "a"}), line(t, Options{Title: "a"})
	first := a.SVG()
	if first != b.SVG() || first != a.SVG() {
		t.Error("SVG differs between two charts of the same data")
	}
	if !bytes.Equal(a.PNG(), b.PNG()) {
		t.Error("PNG differs between two charts of the same data")
	}
}

func TestHostileTitle(t *testing.T) {
	c := line(t, Options{Title: "a\x00b\n<c>&\"d\uFFFF\xff", Subtitle: strings.Repeat("long ", 1000)})
	all := texts(t, c)
	if all[0] != "ab <c>&\"d" {
		t.Errorf("title became %q", all[0])
	}
	if !strings.HasSuffix(all[1], "…") {
		t.Errorf("long subtitle is not elided: %q", all[1])
	}
}

func TestConcurrentUse(t *testing.T) {
	c, err := Components(blockMatrix(300, 3), longNames(300), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := c.SVG()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if c.SVG() != want {
				t.Error("SVG differs when several goroutines draw")
			}
			c.PNG()
		})
	}
	wg.Wait()
}

// TestSaysWhatIsDrawn checks what a screen reader finds: a title and a
// description of every chart.
func TestSaysWhatIsDrawn(t *testing.T) {
	for name, draw := range allCharts() {
		c, err := draw(3, Options{Title: "A & B"})
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Role  string `xml:"role,attr"`
			Label string `xml:"aria-label,attr"`
			Title string `xml:"title"`
			Desc  string `xml:"desc"`
		}
		if err := xml.Unmarshal([]byte(c.SVG()), &doc); err != nil {
			t.Fatal(err)
		}
		if doc.Role != "img" || doc.Label != "A & B" || doc.Title != "A & B" || len(doc.Desc) < 20 || !strings.HasSuffix(doc.Desc, ".") {
			t.Errorf("%s: %+v", name, doc)
		}
	}
}
