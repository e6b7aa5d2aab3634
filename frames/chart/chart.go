package chart

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gonmf/frames/chart/internal/page"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// dpi is the resolution of PNG output: sharp on screens with two pixels a
// point, and small enough for a notebook.
const dpi = 144

// A Chart is a finished picture. The functions of this package make it after
// they have checked and copied what they need, so a Chart never changes and
// drawing it cannot fail; a notebook shows one by calling SVG, PNG and PDF. A Chart
// may be used by several goroutines at once.
type Chart struct {
	title         string
	desc          string  // what is drawn, in a sentence or two, for those who cannot see it
	width, height float64 // points
	draw          func(p *page.Pen)
}

// SVG returns the picture as a complete SVG document. Its text is text, which
// can be searched and read aloud, and its title and description say what is
// drawn. The same input gives the same bytes.
func (c *Chart) SVG() string {
	doc := page.NewSVG(c.width, c.height, page.Clean(c.title), page.Clean(c.desc))
	c.render(doc)
	return doc.Document()
}

// String names the picture and its size, where only text can be shown.
func (c *Chart) String() string {
	return fmt.Sprintf("chart %q, %.3g x %.3g inches", c.title, c.width/inch, c.height/inch)
}

// PNG returns the picture as a PNG file at 144 dots an inch.
func (c *Chart) PNG() []byte {
	canvas := vgimg.PngCanvas{Canvas: vgimg.NewWith(
		vgimg.UseWH(vg.Length(c.width), vg.Length(c.height)),
		vgimg.UseDPI(dpi),
	)}
	c.render(&page.Vector{Canvas: canvas, Height: c.height})
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil // a buffer takes everything and the picture is not empty
	}
	return b.Bytes()
}

// PDF returns the picture as a PDF file of one page: what LaTeX takes, and so
// nbconvert of a notebook to LaTeX.
func (c *Chart) PDF() []byte {
	canvas := vgpdf.New(vg.Length(c.width), vg.Length(c.height))
	c.render(&page.Vector{Canvas: canvas, Height: c.height, PDF: true})
	var b bytes.Buffer
	if _, err := canvas.WriteTo(&b); err != nil {
		return nil // as above
	}
	return b.Bytes()
}

// render draws the picture on white: a notebook may have a dark page.
func (c *Chart) render(s page.Surface) {
	p := &page.Pen{Surface: s}
	p.Box(page.Area(0, 0, c.width, c.height), page.White)
	c.draw(p)
}

// Save writes the picture to a file. The extension chooses the format: .svg,
// .png or .pdf. The file appears whole or not at all.
func (c *Chart) Save(file string) error {
	var data []byte
	switch ext := strings.ToLower(filepath.Ext(file)); ext {
	case ".svg":
		data = []byte(c.SVG())
	case ".png":
		data = c.PNG()
	case ".pdf":
		data = c.PDF()
	default:
		return fmt.Errorf("chart: %s: cannot write %q files, name it .svg, .png or .pdf", file, ext)
	}
	return replaceFile(file, data)
}

// replaceFile writes data beside file and renames it into place.
func replaceFile(file string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*")
	if failed := (*os.PathError)(nil); errors.As(err, &failed) {
		err = &os.PathError{Op: "create", Path: file, Err: failed.Err} // not the name that nobody gave
	}
	if err != nil {
		return fmt.Errorf("chart: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
			err = fmt.Errorf("chart: %w", err)
		}
	}()
	_, err = f.Write(data)
	// CreateTemp gives 0600; a picture is for everyone who may read the folder.
	if err = cmp.Or(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}
