package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// archive packs what people without Python and Go take: a folder with the
// program, the licences and the completions.
func (b *builder) archive(p *product, completions []entry) (name string, data []byte, err error) {
	folder := b.name(p.target) + "/"
	entries := []entry{{name: folder + p.exe(), program: true, data: p.program}, {name: folder + "sbom.spdx.json", data: p.sbom}}
	for _, e := range slices.Concat(p.licences, completions) {
		e.name = folder + e.name
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	if p.os == "windows" {
		data, err = zipped(entries, b.when)
		return b.name(p.target) + ".zip", data, err
	}
	data, err = tarred(entries, b.when)
	return b.name(p.target) + ".tar.gz", data, err
}

// wheel packs what pip installs: PEP 427, with the licences and the list of
// modules where PEP 639 and PEP 770 want them.
func (b *builder) wheel(p *product) (name string, data []byte, err error) {
	stem := "gonmf-" + b.version
	info, files := stem+".dist-info/", stem+".data/"
	var tags strings.Builder
	var terms []string
	for _, platform := range p.wheel {
		fmt.Fprintf(&tags, "Tag: py3-none-%s\n", platform)
	}
	entries := []entry{{name: files + "scripts/" + p.exe(), program: true, data: p.program}}
	for _, e := range p.kernel {
		e.name = files + "data/share/jupyter/kernels/gonmf/" + e.name
		entries = append(entries, e)
	}
	for _, e := range p.licences {
		e.name = strings.TrimPrefix(e.name, "licenses/")
		terms = append(terms, "License-File: "+e.name+"\n")
		e.name = info + "licenses/" + e.name
		entries = append(entries, e)
	}
	slices.Sort(terms)
	entries = append(entries,
		entry{name: info + "sboms/gonmf.spdx.json", data: p.sbom},
		entry{name: info + "METADATA", data: []byte("Metadata-Version: 2.4\nName: gonmf\nVersion: " + b.version + "\n" +
			"Summary: Non-negative matrix factorization in Go: a Jupyter kernel and a command\n" +
			"Keywords: nmf,matrix factorization,jupyter,kernel,go\n" +
			"Classifier: Framework :: Jupyter\nClassifier: Intended Audience :: Science/Research\nClassifier: Topic :: Scientific/Engineering\n" +
			"License-Expression: MIT\n" + strings.Join(terms, "") +
			"Requires-Python: >=3.8\nDescription-Content-Type: text/markdown\n\n" + description)},
		entry{name: info + "WHEEL", data: []byte("Wheel-Version: 1.0\nGenerator: gonmf-scripts-release\nRoot-Is-Purelib: false\n" + tags.String())},
	)
	slices.SortFunc(entries, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	record, err := recordOf(entries, info+"RECORD")
	if err != nil {
		return "", nil, err
	}
	data, err = zipped(append(entries, record), b.when) // RECORD last, as PEP 427 advises
	return fmt.Sprintf("%s-py3-none-%s.whl", stem, strings.Join(p.wheel, ".")), data, err
}

const description = `# gonmf

Non-negative matrix factorization for people who work with data in Go: the kernel "Go (gonmf)" for Jupyter, and the
command gonmf, in one program. No Go is needed, and nothing is downloaded.

    pip install gonmf jupyterlab
    jupyter lab          # "Go (gonmf)" is there
    gonmf run study      # the coverage study, without Jupyter
`

// recordOf lists the hashes of the entries, as wheels have them.
func recordOf(entries []entry, name string) (entry, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, e := range entries {
		sum := sha256.Sum256(e.data)
		if err := w.Write([]string{e.name, "sha256=" + base64.RawURLEncoding.EncodeToString(sum[:]), strconv.Itoa(len(e.data))}); err != nil {
			return entry{}, err
		}
	}
	if err := w.Write([]string{name, "", ""}); err != nil {
		return entry{}, err
	}
	w.Flush()
	return entry{name: name, data: b.Bytes()}, w.Error()
}

// zipped packs entries in their order, all of one time.
func zipped(entries []entry, when time.Time) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: when}
		h.SetMode(e.mode())
		w, err := z.CreateHeader(h)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(e.data); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// tarred packs entries in their order, all of one time and of nobody.
func tarred(entries []entry, when time.Time) ([]byte, error) {
	var b bytes.Buffer
	g, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	t := tar.NewWriter(g)
	for _, e := range entries {
		h := &tar.Header{Typeflag: tar.TypeReg, Name: e.name, Size: int64(len(e.data)), Mode: int64(e.mode()), ModTime: when}
		if err := t.WriteHeader(h); err != nil {
			return nil, err
		}
		if _, err := t.Write(e.data); err != nil {
			return nil, err
		}
	}
	if err := t.Close(); err != nil {
		return nil, err
	}
	err = g.Close()
	return b.Bytes(), err
}
