package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"time"
)

// document is a list of what is in a program, as SPDX 2.3 has it.
type document struct {
	SPDXVersion       string         `json:"spdxVersion"`
	DataLicense       string         `json:"dataLicense"`
	SPDXID            string         `json:"SPDXID"`
	Name              string         `json:"name"`
	DocumentNamespace string         `json:"documentNamespace"`
	CreationInfo      creation       `json:"creationInfo"`
	Packages          []pkg          `json:"packages"`
	Relationships     []relationship `json:"relationships"`
}

type creation struct {
	Created  string   `json:"created"`
	Creators []string `json:"creators"`
}

type pkg struct {
	SPDXID           string      `json:"SPDXID"`
	Name             string      `json:"name"`
	VersionInfo      string      `json:"versionInfo"`
	DownloadLocation string      `json:"downloadLocation"`
	FilesAnalyzed    bool        `json:"filesAnalyzed"`
	LicenseConcluded string      `json:"licenseConcluded"`
	LicenseDeclared  string      `json:"licenseDeclared"`
	CopyrightText    string      `json:"copyrightText"`
	Comment          string      `json:"comment,omitempty"`
	Checksums        []checksum  `json:"checksums,omitempty"`
	ExternalRefs     []reference `json:"externalRefs,omitempty"`
}

type checksum struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"checksumValue"`
}

type reference struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

type relationship struct {
	Element string `json:"spdxElementId"`
	Type    string `json:"relationshipType"`
	Related string `json:"relatedSpdxElement"`
}

// notInID matches what the names of elements cannot have.
var notInID = regexp.MustCompile(`[^A-Za-z0-9.]+`)

// sbom lists Go and the modules in a program.
func (b *builder) sbom(p *product, modules []*debug.Module) ([]byte, error) {
	sum := fmt.Sprintf("%x", sha256.Sum256(p.program))
	doc := document{
		SPDXVersion: "SPDX-2.3", DataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT",
		Name:              b.name(p.target),
		DocumentNamespace: "https://spdx.org/spdxdocs/" + b.name(p.target) + "-" + sum,
		CreationInfo:      creation{b.when.Format(time.RFC3339), []string{"Tool: gonmf-scripts-release"}},
	}
	const own = "SPDXRef-gonmf"
	doc.Relationships = []relationship{{doc.SPDXID, "DESCRIBES", own}}
	add := func(id, name, version, path, location, comment string, sums []checksum, licence string) {
		// Versions of Go modules can have a +, which is escaped in an address.
		purl := "pkg:golang/" + path + "@" + url.QueryEscape(version)
		doc.Packages = append(doc.Packages, pkg{
			SPDXID: id, Name: name, VersionInfo: version, DownloadLocation: location,
			LicenseConcluded: "NOASSERTION", LicenseDeclared: licence, CopyrightText: "NOASSERTION",
			Comment: comment, Checksums: sums, ExternalRefs: []reference{{"PACKAGE-MANAGER", "purl", purl}},
		})
		if id != own {
			doc.Relationships = append(doc.Relationships, relationship{own, "DEPENDS_ON", id})
		}
	}
	terms := func(folder string) []entry {
		var out []entry
		for _, e := range p.licences {
			if strings.HasPrefix(e.name, folder) {
				out = append(out, e)
			}
		}
		return out
	}
	add(own, "gonmf", b.version, "gonmf", "NOASSERTION", "the program "+p.exe()+" for "+p.String(),
		[]checksum{{"SHA256", sum}}, declared(terms("LICENSE")))
	golang := strings.TrimPrefix(runtime.Version(), "go")
	add("SPDXRef-go", "Go standard library", golang, "std", "https://go.dev/dl/", "", nil, declared(terms("licenses/go/")))
	for _, m := range modules {
		add("SPDXRef-module-"+strings.Trim(notInID.ReplaceAllString(m.Path, "-"), "-"), m.Path, m.Version, m.Path,
			"https://proxy.golang.org/"+escape(m.Path)+"/@v/"+escape(m.Version)+".zip",
			"checksum in go.sum: "+m.Sum, nil, declared(terms("licenses/"+m.Path+"/")))
	}
	text, err := json.MarshalIndent(doc, "", "  ")
	return append(text, '\n'), err
}

// escape writes capitals as the module proxy has them.
func escape(path string) string {
	var out strings.Builder
	for _, r := range path {
		if 'A' <= r && r <= 'Z' {
			out.WriteByte('!')
			r += 'a' - 'A'
		}
		out.WriteRune(r)
	}
	return out.String()
}
