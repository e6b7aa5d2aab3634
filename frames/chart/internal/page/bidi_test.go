package page

import "testing"

func TestVisual(t *testing.T) {
	for s, want := range map[string]string{
		"":                  "",
		"plain (1.5)":       "plain (1.5)",
		"שלום":              "םולש",
		"חנות הספרים 177":   "177 םירפסה תונח",
		"1 חנות":            "1 תונח",
		"shop חנות 12 x":    "shop 12 תונח x",
		"חנות (גדולה) 1.25": "1.25 (הלודג) תונח",
		"אב cd גד":          "בא cd דג",
		"日本 é":              "日本 é",
	} {
		if got := visual(s); got != want {
			t.Errorf("%q is %q on paper, want %q", s, got, want)
		}
	}
}
