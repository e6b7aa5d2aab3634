package frames

import (
	"fmt"
	"html"
	"math"
	"runtime"
	"strconv"
	"strings"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// Interactions is a sparse matrix with named rows (items) and columns (users).
type Interactions struct {
	X     *sparse.CSR // len(Items) x len(Users)
	Items *Labels     // of the rows
	Users *Labels     // of the columns
}

// Columns says which columns of a long table hold what. The zero value asks
// for item_id and user_id, and gives each row the weight 1.
type Columns struct {
	Item   string // default "item_id"
	User   string // default "user_id"
	Weight string // a column of numbers of 0 or more; empty: each row weighs 1

	// Positions takes items and users for integers that count from 0, and
	// makes the matrix as large as the largest of each: an absent item is a
	// row of zeros. Otherwise the matrix has a row for each label there is.
	Positions bool

	// Workers is the number of goroutines that parse a file for
	// [ReadInteractions]; 0 means GOMAXPROCS. The result is the same for
	// every number.
	Workers int

	// Progress is told by [ReadInteractions] how many rows it has read, now
	// and then, from one goroutine at a time; nil is silent.
	Progress func(rows int)
}

// maxPositions bounds the labels that Columns.Positions makes up, so that one
// large id is an error and not the end of the memory.
const maxPositions = 1 << 26

// withDefaults fills in the names of columns.
func (c Columns) withDefaults() Columns {
	if c.Item == "" {
		c.Item = "item_id"
	}
	if c.User == "" {
		c.User = "user_id"
	}
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	return c
}

// find returns the places of the columns among names; weight is -1 where none
// is asked for.
func (c Columns) find(names []string) (item, user, weight int, err error) {
	if item, err = columnIndex(names, c.Item); err != nil {
		return 0, 0, 0, err
	}
	if user, err = columnIndex(names, c.User); err != nil {
		return 0, 0, 0, err
	}
	weight = -1
	if c.Weight != "" {
		weight, err = columnIndex(names, c.Weight)
	}
	return item, user, weight, err
}

// NewInteractions makes a labelled sparse matrix of a long table with a row
// for each observation. The weights of a place that is named more than once
// are summed.
//
// Label columns may be String, Int, Float or Bool; a whole number in a Float
// column is named as an integer. Weights may stand in a column of any type,
// as long as each is a finite number of 0 or more. A missing label or weight
// is an error, a [*CellError] that names row and column.
func NewInteractions(df dataframe.DataFrame, opt Columns) (*Interactions, error) {
	if err := checkFrame(df); err != nil {
		return nil, err
	}
	opt = opt.withDefaults()
	item, user, weight, err := opt.find(df.Names())
	if err != nil {
		return nil, err
	}
	rows := df.Nrow()
	t := &triplets{v: make([]float64, rows)}
	if t.items, err = labelCodes(df, item, opt.Item); err != nil {
		return nil, err
	}
	if t.users, err = labelCodes(df, user, opt.User); err != nil {
		return nil, err
	}
	for r := range rows {
		t.v[r] = 1
		if weight < 0 {
			continue
		}
		if t.v[r], err = elementWeight(df.Elem(r, weight)); err != nil {
			return nil, at(err, r+1, 0, opt.Weight)
		}
	}
	return t.interactions(opt)
}

// labelCodes reads a column of labels.
func labelCodes(df dataframe.DataFrame, column int, name string) (codes, error) {
	out := codes{of: make([]int, df.Nrow())}
	seen := make(map[string]int)
	for r := range out.of {
		e := df.Elem(r, column)
		label := elementLabel(e)
		if e.IsNA() || label == "" {
			return codes{}, at(errMissingLabel, r+1, 0, name)
		}
		code, ok := seen[label]
		if !ok {
			code = len(out.names)
			seen[label] = code
			out.names = append(out.names, label)
		}
		out.of[r] = code
	}
	return out, nil
}

// elementLabel returns the text of an element as a label.
func elementLabel(e series.Element) string {
	if e.Type() != series.Float {
		return e.String()
	}
	return strings.TrimSuffix(string(appendFloat(nil, e.Float())), ".0")
}

// elementWeight returns an element as a weight.
func elementWeight(e series.Element) (float64, error) {
	switch {
	case e.IsNA():
		return 0, errMissingWeight
	case e.Type() == series.String:
		return parseWeight(e.String())
	default:
		return e.Float(), checkWeight(e.Float())
	}
}

// Errors about a cell, to which [at] gives the place.
var (
	errMissingLabel  = &CellError{Detail: "the label is missing: fill it in, or drop the row", Err: ErrMissing}
	errMissingWeight = &CellError{Detail: "the weight is missing: fill it in, or drop the row", Err: ErrMissing}
)

// at gives a CellError its place.
func at(err error, row, line int, column string) error {
	cell := *err.(*CellError)
	cell.Row, cell.Line, cell.Column = row, line, column
	return &cell
}

// parseWeight parses a decimal number, with spaces around it as Python allows
// them.
func parseWeight(text string) (float64, error) {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" {
		return 0, errMissingWeight
	}
	v, err := strconv.ParseFloat(trimmed, 64)
	if err != nil && !math.IsInf(v, 0) || strings.ContainsAny(trimmed, "xX_") {
		return 0, &CellError{Detail: fmt.Sprintf("%q is not a number: weights are written as 3 or 0.5", shorten(text)), Err: ErrNotNumber}
	}
	return v, checkWeight(v)
}

// checkWeight returns a *CellError unless v can be an entry of X.
func checkWeight(v float64) error {
	switch {
	case v >= 0 && v <= math.MaxFloat64:
		return nil
	case math.IsNaN(v) || math.IsInf(v, 0):
		return &CellError{Detail: fmt.Sprintf("%v is not finite: weights must be finite numbers of 0 or more, drop the row or mend the value", v), Err: nmf.ErrNotFinite}
	default:
		return &CellError{Detail: fmt.Sprintf("%v is negative: weights must be 0 or more, drop the row or shift the column", v), Err: nmf.ErrNegative}
	}
}

// codes is a column of labels, as numbers in the order in which they came.
type codes struct {
	names []string // distinct
	of    []int    // rows: the place in names
}

// triplets is a long table with its labels as codes.
type triplets struct {
	items, users codes
	v            []float64
}

// interactions sorts the labels and builds the matrix. It changes t.
func (t *triplets) interactions(opt Columns) (*Interactions, error) {
	if len(t.v) == 0 {
		return nil, fmt.Errorf("frames: the table has no rows: %w", ErrEmpty)
	}
	out := &Interactions{}
	var errs [2]error
	done := make(chan struct{})
	go func() {
		defer close(done)
		out.Users, errs[1] = t.users.sort(opt.Positions, opt.User)
	}()
	out.Items, errs[0] = t.items.sort(opt.Positions, opt.Item)
	<-done
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	x, err := sparse.FromTriplets(out.Items.Len(), out.Users.Len(), t.items.of, t.users.of, t.v)
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	out.X = x
	return out, nil
}

// sort puts the names in order and turns the codes into places in it.
func (c *codes) sort(asPositions bool, column string) (*Labels, error) {
	var labels *Labels
	var place []int
	if asPositions {
		place = make([]int, len(c.names))
		most := 0
		for code, name := range c.names {
			p, ok := canonicalInt(name)
			if !ok || p < 0 || p >= maxPositions {
				return nil, fmt.Errorf("frames: column %q: %q is not a position from 0 to %d: leave Positions out to use the ids as labels: %w",
					column, shorten(name), maxPositions-1, ErrNotNumber)
			}
			place[code], most = p, max(most, p)
		}
		labels = positions(most + 1)
	} else {
		labels, place = newLabels(c.names)
	}
	for r, code := range c.of {
		c.of[r] = place[code]
	}
	return labels, nil
}

// check returns an error unless m was fitted to a table of t's shape; where
// usersOnly is set, m may have been fitted to other items.
func (t *Interactions) check(m *nmf.Model, usersOnly bool) error {
	if m == nil || m.H == nil || !usersOnly && m.W == nil {
		return fmt.Errorf("frames: the model has no factors: use what nmf.Fit or nmf.Load returned: %w", nmf.ErrShape)
	}
	if _, users := m.H.Dims(); users != t.Users.Len() {
		return fmt.Errorf("frames: the model has %d users, the table %d: use the table that was fitted: %w", users, t.Users.Len(), nmf.ErrShape)
	}
	if usersOnly {
		return nil
	}
	if items, _ := m.W.Dims(); items != t.Items.Len() {
		return fmt.Errorf("frames: the model has %d items, the table %d: use the table that was fitted: %w", items, t.Items.Len(), nmf.ErrShape)
	}
	return nil
}

// String describes the table in one line.
func (t *Interactions) String() string {
	return fmt.Sprintf("%s items x %s users, %s entries (%s)", group(t.Items.Len()), group(t.Users.Len()), group(t.X.NNZ()), t.density())
}

// density returns the share of places that are stored.
func (t *Interactions) density() string {
	return fmt.Sprintf("%.3g%%", 100*float64(t.X.NNZ())/float64(t.Items.Len())/float64(t.Users.Len()))
}

// HTML describes the table, for notebooks.
func (t *Interactions) HTML() string {
	var b strings.Builder
	row := func(name, size, labels string) {
		fmt.Fprintf(&b, `<tr><th style="text-align:left">%s</th><td style="text-align:right">%s</td><td style="text-align:left">%s</td></tr>`, name, size, labels)
	}
	head := func(l *Labels) string {
		return l.head(func(s string) string { return "<code>" + html.EscapeString(shorten(s)) + "</code>" })
	}
	b.WriteString("<table>")
	row("items", group(t.Items.Len()), head(t.Items))
	row("users", group(t.Users.Len()), head(t.Users))
	row("entries", group(t.X.NNZ()), t.density()+" of all places")
	b.WriteString("</table>")
	return b.String()
}
