package scripts

import "embed"

// builtin holds the scripts that come with gonmf, one folder each, so that
// `gonmf run study` works without the source.
//
//go:embed */main.go
var builtin embed.FS

// Names returns the names of the scripts that come with gonmf, sorted.
func Names() []string {
	entries, err := builtin.ReadDir(".")
	if err != nil {
		return nil // an embedded root is always there
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
