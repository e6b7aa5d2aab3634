package frames

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
	"gonmf/nmf"
)

// itemColumn names the column of item labels in every DataFrame made here,
// whatever it was called in the long table.
const itemColumn = "item_id"

// componentName returns the name of component c: c0, c1, ...
func componentName(c int) string { return "c" + strconv.Itoa(c) }

// Factors returns W and H with their labels:
//
//	w: item_id, c0, c1, ...            a row for each item
//	h: component, <user labels> ...    a row for each component
//
// W is the model's W, of the fit. To have what fold-in gives instead, set m.W
// to what m.Transform returned.
//
// Copies of h made by gota, as Subset makes them, rename a user called
// "component".
func Factors(m *nmf.Model, t *Interactions) (w, h dataframe.DataFrame, err error) {
	if err := t.check(m, false); err != nil {
		return w, h, err
	}
	items, k := m.W.Dims()
	names, columns := []string{itemColumn}, []series.Series{t.Items.Series(itemColumn)}
	column := make([]float64, items)
	components := make([]string, k)
	for c := range k {
		for i := range column {
			column[i] = m.W.At(i, c)
		}
		components[c] = componentName(c)
		names, columns = append(names, components[c]), append(columns, series.Floats(column))
	}
	if w, err = frame.New(names, columns); err != nil {
		return w, h, err
	}
	names, columns = []string{"component"}, []series.Series{series.Strings(components)}
	column = make([]float64, k)
	for u := range t.Users.Len() {
		for c := range column {
			column[c] = m.H.At(c, u)
		}
		names, columns = append(names, t.Users.At(u)), append(columns, series.Floats(column))
	}
	h, err = frame.New(names, columns)
	return w, h, err
}

// Clusters returns for each item the component that has the largest entry in
// its row of W, the lower of equal ones, with the columns item_id, cluster. An
// item whose row is all zero is in cluster 0, as NumPy's argmax has it; see
// [ClustersOrNone].
func Clusters(m *nmf.Model, t *Interactions) (dataframe.DataFrame, error) {
	return clusters(m, t, 0)
}

// ClustersOrNone is [Clusters] with -1 for an item whose row of W is all zero:
// no component says anything about it.
func ClustersOrNone(m *nmf.Model, t *Interactions) (dataframe.DataFrame, error) {
	return clusters(m, t, -1)
}

func clusters(m *nmf.Model, t *Interactions, none int) (dataframe.DataFrame, error) {
	if err := t.check(m, false); err != nil {
		return dataframe.DataFrame{}, err
	}
	out := make([]int, t.Items.Len())
	for i := range out {
		out[i] = none
		most := 0.0
		for c, v := range m.W.RawRowView(i) {
			if v > most {
				out[i], most = c, v
			}
		}
	}
	return frame.New([]string{itemColumn, "cluster"}, []series.Series{t.Items.Series(itemColumn), series.Ints(out)})
}

// Top returns the n items and the n users with the largest entries of each
// component, largest first, ties in the order of the labels:
//
//	items: component, place, item_id, weight    (entries of W)
//	users: component, place, user_id, weight    (entries of H)
//
// Places count from 1. Entries that are zero are left out, so that a
// component may have fewer than n.
func Top(m *nmf.Model, t *Interactions, n int) (items, users dataframe.DataFrame, err error) {
	if err := t.check(m, false); err != nil {
		return items, users, err
	}
	if n < 1 {
		return items, users, frame.Errorf(nmf.ErrConfig, "frames: the top %d: ask for 1 or more", n)
	}
	k := m.Components()
	items, err = top(k, n, t.Items, itemColumn, func(c, i int) float64 { return m.W.At(i, c) })
	if err != nil {
		return items, users, err
	}
	users, err = top(k, n, t.Users, "user_id", m.H.At)
	return items, users, err
}

func top(k, n int, labels *Labels, column string, entry func(c, i int) float64) (dataframe.DataFrame, error) {
	var components, names []string
	var places []int
	var weights []float64
	for c := range k {
		var best []int
		for i := range labels.Len() {
			if entry(c, i) > 0 {
				best = append(best, i)
			}
		}
		slices.SortStableFunc(best, func(a, b int) int { return cmp.Compare(entry(c, b), entry(c, a)) })
		for p, i := range best[:min(n, len(best))] {
			components = append(components, componentName(c))
			places = append(places, p+1)
			names = append(names, labels.At(i))
			weights = append(weights, entry(c, i))
		}
	}
	return frame.New([]string{"component", "place", column, "weight"},
		[]series.Series{frame.Text(components, false), series.Ints(places), labelColumn(names), series.Floats(weights)})
}
