package display

import (
	"bytes"
	"fmt"
	"image"
	"maps"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// The interfaces by which a value says how it is shown. They are aliases, as only the methods matter.
type (
	// Renderer has full control.
	Renderer = interface{ Render() Data }
	// SimpleRenderer has several representations.
	SimpleRenderer = interface{ SimpleRender() MIMEMap }
	// MIMEBundler has several representations.
	MIMEBundler  = interface{ MIMEBundle() MIMEMap }
	HTMLer       = interface{ HTML() string }
	JavaScripter = interface{ JavaScript() string }
	JPEGer       = interface{ JPEG() []byte }
	JSONer       = interface{ JSON() map[string]any }
	Latexer      = interface{ Latex() string }
	Markdowner   = interface{ Markdown() string }
	PNGer        = interface{ PNG() []byte }
	PDFer        = interface{ PDF() []byte }
	SVGer        = interface{ SVG() string }
)

// Values is what a cell shows that ends with an expression of these values: nothing if all are nil; one value in all
// its forms, if the others are nil, like an error that did not happen or the result that there is none of; else their
// text.
func Values(values []any) (Data, bool) {
	var some []any
	for _, v := range values {
		if v != nil && (len(values) == 1 || !isNil(v)) {
			some = append(some, v)
		}
	}
	switch len(some) {
	case 0:
		return Data{}, false
	case 1:
		d := render(some[0])
		return d, len(d.Data) > 0
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = plain(v)
	}
	return MakeData(MIMETypeText, strings.Join(texts, " ")), true
}

// render shows any value.
func render(v any) Data {
	if d, ok := rich(v); ok {
		return d
	}
	return MakeData(MIMETypeText, plain(v))
}

// rich shows values that have more than text.
func rich(v any) (Data, bool) {
	if d, ok := v.(Data); ok {
		if len(d.Data) == 0 {
			return d, true // nothing to show, and that is what it says
		}
		return withText(d, func() string { return "(no text)" }), true
	}
	text := v
	v = withPointerMethods(v)
	d, failures := byMethods(v)
	if len(d.Data) == 0 {
		if img, ok := v.(image.Image); ok && !isNil(v) {
			d = guarded("image", &failures, func() Data { return Image(img) })
		} else if p, ok := v.(*plot.Plot); ok && p != nil {
			d = guarded("plot", &failures, func() Data { return ofPlot(p) })
		} else if t, ok := guardedTable(v, &failures); ok {
			d = Data{Data: MIMEMap{MIMETypeHTML: t.html(), MIMETypeText: t.text()}}
		}
	}
	if len(d.Data) == 0 && len(failures) == 0 {
		return Data{}, false
	}
	d = withText(sized(d), func() string { return plain(text) })
	if len(failures) > 0 {
		d.Data[MIMETypeText] = fmt.Sprintf("%v\n(%s)", d.Data[MIMETypeText], strings.Join(failures, "; "))
	}
	return d, true
}

// The size of a plot, which as a drawing fits any page.
const plotWidth, plotHeight = 15 * vg.Centimeter, 10 * vg.Centimeter

// ofPlot draws a plot in all forms in which a chart is shown: SVG for screens, PNG
// where a front end trusts no SVG, PDF for LaTeX. The PDF names its fonts: with
// them in it, each plot would make a notebook larger by 300 kB.
func ofPlot(p *plot.Plot) Data {
	d := MakeData(MIMETypeText, strings.TrimSpace("plot "+p.Title.Text))
	pdf := vgpdf.New(plotWidth, plotHeight)
	pdf.EmbedFonts(false)
	for mime, canvas := range map[string]vg.CanvasWriterTo{
		MIMETypeSVG: vgsvg.New(plotWidth, plotHeight),
		MIMETypePNG: vgimg.PngCanvas{Canvas: vgimg.NewWith(vgimg.UseWH(plotWidth, plotHeight), vgimg.UseDPI(144))},
		MIMETypePDF: pdf,
	} {
		p.Draw(draw.New(canvas))
		var b bytes.Buffer
		if _, err := canvas.WriteTo(&b); err != nil {
			return failed(err)
		}
		if d.Data[mime] = b.Bytes(); mime == MIMETypeSVG {
			d.Data[mime] = b.String()
		}
	}
	return d
}

// svgWidth is the width of an SVG in points or in a page's pixels.
var svgWidth = regexp.MustCompile(`<svg[^>]*\swidth="([0-9.]+)(pt|px)?"`)

// sized has a PNG shown as wide as the SVG beside it. By itself a front end gives each pixel of it one of the page's,
// and sharp pictures, as a notebook has them that somebody else saved, would be too large.
func sized(d Data) Data {
	svg, _ := d.Data[MIMETypeSVG].(string)
	found := svgWidth.FindStringSubmatch(svg)
	if found == nil || d.Data[MIMETypePNG] == nil || d.Metadata[MIMETypePNG] != nil {
		return d
	}
	width, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		return d
	}
	if found[2] == "pt" {
		width *= 96. / 72
	}
	metadata := MIMEMap{MIMETypePNG: MIMEMap{"width": int(math.Round(width))}}
	maps.Copy(metadata, d.Metadata)
	d.Metadata = metadata
	return d
}

// withText returns d with a text/plain representation, leaving the caller's maps alone. The text is made only if there is
// none, as that of a large matrix takes long.
func withText(d Data, text func() string) Data {
	if _, ok := d.Data[MIMETypeText]; ok {
		return Data{Data: maps.Clone(d.Data), Metadata: d.Metadata, Transient: d.Transient}
	}
	data := MIMEMap{MIMETypeText: text()}
	maps.Copy(data, d.Data)
	return Data{Data: data, Metadata: d.Metadata, Transient: d.Transient}
}

// byMethods collects what v's rendering methods return, and a sentence for each that panicked.
func byMethods(v any) (d Data, failures []string) {
	d.Data = MIMEMap{}
	if isNil(v) {
		return d, nil // most methods of a nil pointer would panic
	}
	if r, ok := v.(Renderer); ok {
		r := guarded("Render", &failures, r.Render)
		maps.Copy(d.Data, r.Data)
		d.Metadata, d.Transient = r.Metadata, r.Transient
	}
	if r, ok := v.(SimpleRenderer); ok {
		maps.Copy(d.Data, guarded("SimpleRender", &failures, r.SimpleRender))
	}
	if r, ok := v.(MIMEBundler); ok {
		maps.Copy(d.Data, guarded("MIMEBundle", &failures, r.MIMEBundle))
	}
	add := func(mimeType, text string) {
		if text != "" {
			d.Data[mimeType] = text
		}
	}
	addBytes := func(mimeType string, b []byte) {
		if len(b) > 0 {
			d.Data[mimeType] = b
		}
	}
	if r, ok := v.(HTMLer); ok {
		add(MIMETypeHTML, guarded("HTML", &failures, r.HTML))
	}
	if r, ok := v.(JavaScripter); ok {
		add(MIMETypeJavaScript, guarded("JavaScript", &failures, r.JavaScript))
	}
	if r, ok := v.(JPEGer); ok {
		addBytes(MIMETypeJPEG, guarded("JPEG", &failures, r.JPEG))
	}
	if r, ok := v.(JSONer); ok {
		if tree := guarded("JSON", &failures, r.JSON); tree != nil {
			d.Data[MIMETypeJSON] = tree
		}
	}
	if r, ok := v.(Latexer); ok {
		add(MIMETypeLatex, guarded("Latex", &failures, r.Latex))
	}
	if r, ok := v.(Markdowner); ok {
		add(MIMETypeMarkdown, guarded("Markdown", &failures, r.Markdown))
	}
	if r, ok := v.(PNGer); ok {
		addBytes(MIMETypePNG, guarded("PNG", &failures, r.PNG))
	}
	if r, ok := v.(PDFer); ok {
		addBytes(MIMETypePDF, guarded("PDF", &failures, r.PDF))
	}
	if r, ok := v.(SVGer); ok {
		add(MIMETypeSVG, guarded("SVG", &failures, r.SVG))
	}
	return d, failures
}

// guarded calls a method of somebody else's, and turns a panic into a sentence.
func guarded[T any](method string, failures *[]string, f func() T) (result T) {
	defer func() {
		if p := recover(); p != nil {
			*failures = append(*failures, fmt.Sprintf("%s panicked: %v", method, p))
		}
	}()
	return f()
}

// guardedTable is tableOf for values whose own methods may panic, like those of a nil matrix.
func guardedTable(v any, failures *[]string) (t table, ok bool) {
	t = guarded("showing the table", failures, func() table {
		var t table
		t, ok = tableOf(v)
		return t
	})
	return t, ok
}

// withPointerMethods returns a pointer to a copy of v if v is no pointer, since the pointer has all methods.
func withPointerMethods(v any) any {
	rv := reflect.ValueOf(v)
	if !rv.IsValid() || rv.Kind() == reflect.Pointer || reflect.PointerTo(rv.Type()).NumMethod() == rv.NumMethod() {
		return v
	}
	p := reflect.New(rv.Type())
	p.Elem().Set(rv)
	return p.Interface()
}

// isNil is true for nil and for nil pointers; a nil slice or map may well have methods that work.
func isNil(v any) bool {
	rv := reflect.ValueOf(v)
	return !rv.IsValid() || rv.Kind() == reflect.Pointer && rv.IsNil()
}
