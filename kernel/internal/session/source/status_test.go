package source

import "testing"

func TestStatus(t *testing.T) {
	for _, c := range []struct{ name, src, status, indent string }{
		{"empty", "", "complete", ""},
		{"statement", "x := 1", "complete", ""},
		{"undefined names are no concern", "y + z", "complete", ""},
		{"open block", "for i := range 3 {", "incomplete", "    "},
		{"open blocks", "func f() {\n\tif true {\n", "incomplete", "        "},
		{"open call", "f(1,", "incomplete", "    "},
		{"operator", "x := 1 +", "incomplete", ""},
		{"assignment", "x :=", "incomplete", ""},
		{"selector", "fmt.", "incomplete", ""},
		{"raw string", "s := `a\n", "incomplete", ""},
		{"comment", "/* a", "incomplete", ""},
		{"else", "if x {\n} else", "incomplete", ""},
		{"else if", "if x {\n} else if", "incomplete", ""},
		{"for", "for", "incomplete", ""},
		{"keyword that ends", "return 1 2", "invalid", ""},
		{"bracket at the end of rubbish", "x y (z)", "invalid", ""},
		{"stray bracket", "x)", "invalid", ""},
		{"rubbish", "x := := 1", "invalid", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, indent := Status(c.src)
			if status != c.status || indent != c.indent {
				t.Errorf("got %q, %q, want %q, %q", status, indent, c.status, c.indent)
			}
		})
	}
}
