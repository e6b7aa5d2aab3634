package cli

import (
	"encoding/json"
	"flag"
	"fmt"
	"strings"

	"gonmf/frames"
)

// csvFlags adds the flags that say how a text file is written, by the names
// that [frames.CSV] has for them.
func csvFlags(f *flag.FlagSet, c *frames.CSV) {
	f.StringVar(&c.Sep, "sep", "", "what separates fields: a `character`, tab, or several such as ::; without it comma, semicolon, tab or pipe, as the file suggests")
	f.StringVar(&c.Decimal, "decimal", "", `the decimal `+"`mark`"+` of numbers, "." or ","`)
	f.StringVar(&c.Thousands, "thousands", "", "the `character` between groups of three digits")
	f.StringVar(&c.Encoding, "encoding", "", "the `name` of the file's encoding, as latin-1 or utf-16; without it what the file suggests")
	f.StringVar(&c.Comment, "comment", "", "the `text` that lines begin with that are left out")
	f.StringVar(&c.Quote, "quote", "", "the `character` around fields, or none; without it a double quote")
	f.BoolVar(&c.LooseQuotes, "loose-quotes", false, "take quotes within a field for a part of it")
	f.IntVar(&c.Skip, "skip", 0, "the number of `lines` before the header")
	f.BoolVar(&c.NoHeader, "no-header", false, "the first line is a row: columns are called 1, 2, ... or as -names says")
	f.Var((*list)(&c.Names), "names", "the names of the columns where there is no header, with commas between them")
	f.Var((*list)(&c.NA), "na", "the `words` that stand for a missing value, with commas between them")
	f.StringVar(&c.Ragged, "ragged", "", "what becomes of a row with more or fewer fields: error, fill or skip")
}

// list is a flag of several words.
type list []string

func (l *list) String() string { return strings.Join(*l, ",") }

// Set implements flag.Value.
func (l *list) Set(text string) error {
	*l = strings.Split(text, ",")
	return nil
}

// csvNote writes how a text file was read for the report of a model, nothing
// if nothing was said of it.
func csvNote(c frames.CSV) (string, error) {
	c.Notice = nil
	if text, err := json.Marshal(csvSettings(c)); err != nil || string(text) != "{}" {
		return string(text), err
	}
	return "", nil
}

// ReadNotes takes over how a table was read from the notes of a report, which
// [Table.AddReport] made, where nothing else is said.
func (t *Table) ReadNotes(notes map[string]string) error {
	for _, column := range []struct {
		name, standard string
		to             *string
	}{{"item", "item_id", &t.Item}, {"user", "user_id", &t.User}, {"weight", "", &t.Weight}} {
		for _, name := range []string{notes[column.name], column.standard} {
			if *column.to == "" {
				*column.to = name
			}
		}
	}
	if said, err := csvNote(t.CSV); err != nil || said != "" || notes["csv"] == "" {
		return err
	}
	var s csvSettings
	if err := json.Unmarshal([]byte(notes["csv"]), &s); err != nil {
		return fmt.Errorf("the report's note on how its table was written: %w", err)
	}
	t.CSV = frames.CSV(s)
	return nil
}

// csvSettings is a frames.CSV for JSON.
type csvSettings struct {
	Sep         string       `json:",omitempty"`
	Decimal     string       `json:",omitempty"`
	Thousands   string       `json:",omitempty"`
	Encoding    string       `json:",omitempty"`
	Comment     string       `json:",omitempty"`
	Quote       string       `json:",omitempty"`
	LooseQuotes bool         `json:",omitempty"`
	Skip        int          `json:",omitempty"`
	NoHeader    bool         `json:",omitempty"`
	Names       []string     `json:",omitempty"`
	NA          []string     `json:",omitempty"`
	Ragged      string       `json:",omitempty"`
	Notice      func(string) `json:"-"`
}
