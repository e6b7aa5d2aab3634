// Package data holds the data sets of the notebooks, inside the program: they
// can be read where there are no files and no network. NOTICE.md, beside them,
// says where each comes from and what may be done with it.
package data

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"
)

// The sets that [Open] knows. Those that end in .gz are gzip files, as
// frames.ReadInteractions and frames.ReadCSV take them.
const (
	// Names counts births in the United States: 2,940 first names x 612
	// states and decades; item_id,user_id,weight.
	Names = "names.csv.gz"

	// Austen counts words in Jane Austen's novels: 6,868 words x 269
	// chapters; item_id,user_id,weight.
	Austen = "austen.csv.gz"

	// AustenNovels tells of which of six novels a chapter is; user_id,novel.
	AustenNovels = "austen_novels.csv"

	// Digits is 1,797 images of 8 x 8 pixels from 0 to 16, a row for each,
	// with the digit in the 65th column; it has no header.
	Digits = "digits.csv.gz"

	// Cells counts molecules of messenger RNA in blood cells: 700 cells x 765
	// genes, a row for each cell: cell, type and then the genes.
	Cells = "cells.csv.gz"

	// Notice is about the sets: origin and licence of each.
	Notice = "NOTICE.md"
)

//go:embed names.csv.gz austen.csv.gz austen_novels.csv digits.csv.gz cells.csv.gz NOTICE.md
var files embed.FS

// Open opens one of the sets by its name.
func Open(name string) (fs.File, error) {
	f, err := files.Open(name)
	if err != nil || name == "." {
		return nil, fmt.Errorf("data: no data set %q: there are %s: %w", name,
			strings.Join([]string{Names, Austen, AustenNovels, Digits, Cells, Notice}, ", "), fs.ErrNotExist)
	}
	return f, nil
}

// Checksum is the SHA-256 of a set, in hexadecimal.
type Checksum struct{ Name, SHA256 string }

// Checksums returns the checksums of all sets, by name: of the files as they
// are, compressed where they are.
func Checksums() ([]Checksum, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	var sums []Checksum
	for _, e := range entries {
		raw, err := files.ReadFile(e.Name())
		if err != nil {
			return nil, fmt.Errorf("data: %w", err)
		}
		sum := sha256.Sum256(raw)
		sums = append(sums, Checksum{e.Name(), hex.EncodeToString(sum[:])})
	}
	return sums, nil
}
