// Package display shows values in a notebook: HTML, Markdown, pictures, formulas, tables, progress.
//
// A cell shows its last expression by itself. What has one of the methods
//
//	HTML() string        SVG() string      PNG() []byte    JPEG() []byte    PDF() []byte
//	Markdown() string    Latex() string    JavaScript() string              JSON() map[string]any
//	SimpleRender() map[string]any          MIMEBundle() map[string]any      Render() Data
//
// on itself or on a pointer to itself is shown by them, in all forms that it has. So are any image.Image and the plots
// of gonum. DataFrames and Series of gota, matrices and vectors of gonum, slices of structs, and maps become tables.
// Everything else is plain text, which also stands beside every richer form.
//
// The functions that make a Data have the names that gophernotes gave them, so its notebooks run unchanged:
//
//	display.HTML("<b>bold</b>")     // as the last expression of a cell
//	display.Show(picture)           // anywhere, any number of times
//
// In a program that is not a notebook Show prints plain text, so the same code runs as a script.
package display

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"os"
	"strings"
)

// MIME types of the representations that front ends know.
const (
	MIMETypeHTML       = "text/html"
	MIMETypeJavaScript = "application/javascript"
	MIMETypeJPEG       = "image/jpeg"
	MIMETypeJSON       = "application/json"
	MIMETypeLatex      = "text/latex"
	MIMETypeMarkdown   = "text/markdown"
	MIMETypePNG        = "image/png"
	MIMETypePDF        = "application/pdf"
	MIMETypeSVG        = "image/svg+xml"
	MIMETypeText       = "text/plain"
)

// MIMEMap holds one value in several representations, by MIME type: strings, []byte for binary types, and anything
// that marshals to JSON for JSON types.
type MIMEMap = map[string]any

// Data is something to show. It is an alias, so that other packages can have a Render method without importing this one.
type Data = struct {
	Data      MIMEMap
	Metadata  MIMEMap
	Transient MIMEMap
}

// MakeData returns data in one MIME type, with its text beside it.
func MakeData(mimeType string, data any) Data {
	if mimeType == MIMETypeText {
		return Data{Data: MIMEMap{MIMETypeText: data}}
	}
	return MakeData3(mimeType, plain(data), data)
}

// MakeData3 returns data in one MIME type, with the given text beside it.
func MakeData3(mimeType, plaintext string, data any) Data {
	return Data{Data: MIMEMap{MIMETypeText: plaintext, mimeType: data}}
}

// makePicture describes a binary picture by its size, since its bytes are no text.
func makePicture(mimeType string, data []byte) Data {
	return MakeData3(mimeType, fmt.Sprintf("%s, %s bytes", mimeType, grouped(len(data))), data)
}

// MIME returns data in several MIME types.
func MIME(data, metadata MIMEMap) Data { return Data{Data: data, Metadata: metadata} }

// HTML shows a piece of HTML.
func HTML(html string) Data { return MakeData(MIMETypeHTML, html) }

// JavaScript runs a piece of JavaScript in the front end, if it allows that.
func JavaScript(javascript string) Data { return MakeData(MIMETypeJavaScript, javascript) }

// JPEG shows a JPEG picture.
func JPEG(jpeg []byte) Data { return makePicture(MIMETypeJPEG, jpeg) }

// JSON shows a tree that can be folded: a map of any type, or what else has fields in JSON.
func JSON(json any) Data { return MakeData(MIMETypeJSON, json) }

// Latex shows a formula in the line of text, with or without dollar signs around it.
func Latex(latex string) Data {
	return MakeData3(MIMETypeLatex, latex, "$"+strings.Trim(latex, "$")+"$")
}

// Math shows a formula of its own, with or without dollar signs around it.
func Math(latex string) Data {
	return MakeData3(MIMETypeLatex, latex, "$$"+strings.Trim(latex, "$")+"$$")
}

// Markdown shows Markdown.
func Markdown(markdown string) Data { return MakeData(MIMETypeMarkdown, markdown) }

// PDF shows a PDF document, where the front end can.
func PDF(pdf []byte) Data { return makePicture(MIMETypePDF, pdf) }

// PNG shows a PNG picture.
func PNG(png []byte) Data { return makePicture(MIMETypePNG, png) }

// SVG shows a drawing.
func SVG(svg string) Data { return MakeData(MIMETypeSVG, svg) }

// Image shows a picture as PNG, at its own size.
func Image(img image.Image) Data {
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return failed(fmt.Errorf("image: %w", err))
	}
	size := img.Bounds().Size()
	d := MakeData3(MIMETypePNG, fmt.Sprintf("%d × %d image", size.X, size.Y), buf.Bytes())
	d.Metadata = MIMEMap{MIMETypePNG: MIMEMap{"width": size.X, "height": size.Y}}
	return d
}

// File shows a file's contents as mimeType, or as what they look like if mimeType is empty. A file that cannot be
// read is shown as an error.
func File(mimeType, path string) Data {
	content, err := os.ReadFile(path)
	if err != nil {
		return failed(err)
	}
	return Any(mimeType, content)
}

// Auto shows anything, in every representation it has.
func Auto(data any) Data { return Any("", data) }

// Any shows data as mimeType, if data is text, bytes, an io.Reader or an io.WriterTo; an empty mimeType is detected.
// Other data choose their representations themselves.
func Any(mimeType string, data any) Data {
	if d, ok := rich(data); ok {
		return d
	}
	var content []byte
	var err error
	switch v := data.(type) {
	case string:
		if mimeType == "" {
			mimeType = MIMETypeText
		}
		return MakeData(mimeType, v)
	case []byte:
		content = v
	case io.Reader:
		content, err = io.ReadAll(v)
	case io.WriterTo:
		var buf bytes.Buffer
		_, err = v.WriteTo(&buf)
		content = buf.Bytes()
	default:
		return render(data)
	}
	if err != nil {
		return failed(err)
	}
	if mimeType == "" {
		mimeType, _, _ = strings.Cut(http.DetectContentType(content), ";")
	}
	if isText(mimeType) {
		return MakeData(mimeType, string(content))
	}
	return makePicture(mimeType, content)
}

func isText(mimeType string) bool {
	return strings.HasPrefix(mimeType, "text/") || mimeType == MIMETypeSVG || mimeType == MIMETypeJavaScript
}

// failed shows an error where a picture was expected.
func failed(err error) Data {
	return MakeData(MIMETypeText, "display: "+err.Error())
}
