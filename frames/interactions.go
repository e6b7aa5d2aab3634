package frames

import (
	"fmt"
	"html"
	"runtime"
	"strings"
	"sync"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/code"
	"gonmf/frames/internal/frame"
	"gonmf/nmf"
	"gonmf/nmf/sparse"
)

// Interactions is a sparse matrix with named rows (items) and columns (users).
type Interactions struct {
	X     *sparse.CSR // len(Items) x len(Users)
	Items *Labels     // of the rows
	Users *Labels     // of the columns

	// Shards is the matrix of a table that is in files, whose X is nil: see
	// [Columns.Shards].
	Shards *sparse.Shards
}

// Columns says which columns of a long table hold what. The zero value asks
// for item_id and user_id, and gives each row the weight 1.
type Columns struct {
	Item   string // default "item_id"
	User   string // default "user_id"
	Weight string // a column of numbers of 0 or more; empty: each row weighs 1

	// CSV says how the text of a file is written that [ReadInteractions] reads;
	// its zero value leaves it to the file's bytes.
	CSV CSV

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

	// ProgressBytes is told by files.ReadInteractions how many bytes of how
	// many have been read (of a Parquet file by its rows); nil is silent.
	ProgressBytes func(done, total int)

	// Shards names a folder, which must not be there yet, that the table is
	// written into while it is read, instead of being built in memory: for
	// tables that memory does not hold. The result has the matrix there, and
	// OpenShards opens it another time. Memory holds the labels, and on disk it
	// takes three times what the folder will. Then ReadInteractions parses by
	// one goroutine. Of NumPy's and SciPy's files and GCT the matrix goes
	// through memory.
	Shards string

	// ProgressShards is told how much is done of what is left when all has been
	// read into Shards; nil is silent.
	ProgressShards func(done, total int)
}

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
	if c.Shards != "" {
		c.Workers = 1 // whose labels have one code
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
// is an error, a [*CellError] that names row and column. The text "NaN" is
// missing where gota made the column of strings, and a label where [ReadCSV]
// did.
func NewInteractions(df dataframe.DataFrame, opt Columns) (*Interactions, error) {
	if err := frame.Check(df); err != nil {
		return nil, err
	}
	opt = opt.withDefaults()
	item, user, weight, err := opt.find(df.Names())
	if err != nil {
		return nil, err
	}
	var items, users code.Dict
	i, err := labelCodes(df, item, opt.Item, &items)
	if err != nil {
		return nil, err
	}
	j, err := labelCodes(df, user, opt.User, &users)
	if err != nil {
		return nil, err
	}
	v := make([]float64, df.Nrow())
	for r := range v {
		v[r] = 1
		if weight < 0 {
			continue
		}
		if v[r], err = elementEntry(df.Elem(r, weight)); err != nil {
			return nil, frame.At(err, r+1, 0, opt.Weight)
		}
	}
	return interactions([]*code.Dict{&items}, []*code.Dict{&users}, []sparse.Triplets{{I: i, J: j, V: v}}, []int{0}, opt)
}

// Label gives names to the rows (items) and columns (users) of a matrix, which
// it keeps as it is, rows and columns of zeros too. Labels that are nil count
// from 0.
func Label(x *sparse.CSR, items, users *Labels) (*Interactions, error) {
	if x == nil {
		return nil, frame.Errorf(nmf.ErrShape, "frames: there is no matrix to be labelled")
	}
	rows, cols := x.Dims()
	if items == nil {
		items = &Labels{n: rows, numeric: true}
	}
	if users == nil {
		users = &Labels{n: cols, numeric: true}
	}
	t := &Interactions{X: x, Items: items, Users: users}
	return t, t.whole()
}

// labelCodes reads a column of labels: for each row the code of its label.
func labelCodes(df dataframe.DataFrame, column int, name string, labels *code.Dict) ([]int32, error) {
	codes := make([]int32, df.Nrow())
	var label []byte
	for r := range codes {
		label = append(label[:0], elementLabel(df.Elem(r, column))...)
		var err error
		if codes[r], err = labels.Number(label); err != nil {
			return nil, frame.At(err, r+1, 0, name)
		}
	}
	return codes, nil
}

// elementLabel returns the text of an element as a label, nothing for a
// missing one.
func elementLabel(e series.Element) string {
	text := elementText(e)
	if e.Type() == series.Float {
		text = strings.TrimSuffix(text, ".0")
	}
	return text
}

// interactions builds the table of parts, each of whose rows and columns are
// codes of the dicts that by names.
func interactions(items, users []*code.Dict, parts []sparse.Triplets, by []int, opt Columns) (*Interactions, error) {
	if len(parts) == 0 || len(parts[0].I) == 0 {
		return nil, frame.Errorf(ErrEmpty, "frames: the table has no rows")
	}
	var i, j *side
	var errItems, errUsers error
	var wg sync.WaitGroup
	wg.Go(func() { i, errItems = newSide(items, opt.Positions) })
	wg.Go(func() { j, errUsers = newSide(users, opt.Positions) })
	wg.Wait()
	if errItems != nil {
		return nil, fmt.Errorf("frames: column %q: %w", opt.Item, errItems)
	}
	if errUsers != nil {
		return nil, fmt.Errorf("frames: column %q: %w", opt.User, errUsers)
	}
	for w := range opt.Workers {
		wg.Go(func() {
			for n := w; n < len(parts); n += opt.Workers {
				i.place(parts[n].I, by[n])
				j.place(parts[n].J, by[n])
			}
		})
	}
	wg.Wait()
	x, err := sparse.FromParts(i.labels.Len(), j.labels.Len(), parts)
	if err != nil {
		return nil, fmt.Errorf("frames: %w", err)
	}
	return &Interactions{X: x, Items: i.labels, Users: j.labels}, nil
}

// whole returns an error for a table that was put together by hand and lacks
// something.
func (t *Interactions) whole() error {
	if t != nil && t.X == nil && t.Shards != nil {
		return frame.Errorf(nmf.ErrShape, "frames: the table is in the files of %s, and this needs it in memory: InMemory reads it", t.Shards.Dir())
	}
	return t.shaped()
}

// shaped is whole for what takes a table in files, too.
func (t *Interactions) shaped() error {
	if t == nil || t.X == nil && t.Shards == nil || t.Items == nil || t.Users == nil {
		return frame.Errorf(nmf.ErrShape, "frames: the table lacks its matrix or its labels: use NewInteractions or ReadInteractions")
	}
	if items, users := t.Matrix().Dims(); items != t.Items.Len() || users != t.Users.Len() {
		return frame.Errorf(nmf.ErrShape, "frames: %d and %d labels do not fit a %d x %d matrix: use NewInteractions, ReadInteractions or Label", t.Items.Len(), t.Users.Len(), items, users)
	}
	return nil
}

// check returns an error unless m was fitted to a table of t's shape; where
// usersOnly is set, m may have been fitted to other items.
func (t *Interactions) check(m *nmf.Model, usersOnly bool) error {
	if err := t.shaped(); err != nil {
		return err
	}
	if m == nil || m.H == nil || !usersOnly && m.W == nil {
		return frame.Errorf(nmf.ErrShape, "frames: the model has no factors: use what nmf.Fit or nmf.Load returned")
	}
	if _, users := m.H.Dims(); users != t.Users.Len() {
		return frame.Errorf(nmf.ErrShape, "frames: the model has %d users, the table %d: use the table that was fitted", users, t.Users.Len())
	}
	if usersOnly {
		return nil
	}
	if items, _ := m.W.Dims(); items != t.Items.Len() {
		return frame.Errorf(nmf.ErrShape, "frames: the model has %d items, the table %d: use the table that was fitted", items, t.Items.Len())
	}
	return nil
}

// String describes the table in one line.
func (t *Interactions) String() string {
	return fmt.Sprintf("%s x %s, %s (%s)", plural(t.Items.Len(), "item"), plural(t.Users.Len(), "user"), plural(t.NNZ(), "entry"), t.density())
}

// NNZ returns the number of places that are stored.
func (t *Interactions) NNZ() int {
	if t.X == nil && t.Shards != nil {
		return t.Shards.NNZ()
	}
	return t.X.NNZ()
}

// density returns the share of places that are stored.
func (t *Interactions) density() string {
	return fmt.Sprintf("%.3g%%", 100*float64(t.NNZ())/float64(t.Items.Len())/float64(t.Users.Len()))
}

// HTML describes the table, for notebooks.
func (t *Interactions) HTML() string {
	var b strings.Builder
	row := func(name, size, labels string) {
		fmt.Fprintf(&b, `<tr><th style="text-align:left">%s</th><td style="text-align:right;padding:.1em .75em">%s</td><td style="text-align:left">%s</td></tr>`, name, size, labels)
	}
	head := func(l *Labels) string {
		return l.head(func(s string) string { return "<code>" + html.EscapeString(frame.Shorten(s)) + "</code>" })
	}
	b.WriteString("<table>")
	row("items", group(t.Items.Len()), head(t.Items))
	row("users", group(t.Users.Len()), head(t.Users))
	row("entries", group(t.NNZ()), t.density()+" of all places")
	if t.X == nil && t.Shards != nil {
		row("folder", "", "<code>"+html.EscapeString(t.Shards.Dir())+"</code>")
	}
	b.WriteString("</table>")
	return b.String()
}
