package parquet

import (
	"errors"

	"gonmf/frames/parquet/internal/format"
)

// tree is the columns of a file. Those at the top have their names; below a
// struct "a" there are "a.b" and so on.
type tree struct {
	names []string
	nodes []element
	top   int // the first of them are at the top
}

// element is a column or a struct.
type element struct {
	format.Element
	leaf     int      // among the columns that hold values; -1 for a struct
	depth    uint32   // level of a value that is there
	repeated bool     // it is, or is within, a list or a map
	below    []string // of a struct: what can be read of it
}

const maxDepth = 64

var errTree = errors.New("its columns are no tree")

// newTree takes the columns in the order of a walk through their tree.
func newTree(elements []format.Element) (*tree, error) {
	if len(elements) == 0 {
		return nil, errTree
	}
	t := &tree{}
	w := &walk{elements: elements[1:]}
	var below []element
	var names []string
	for range max(0, elements[0].Children) {
		n, err := w.node("", 0, false, 0, &names, &below)
		if err != nil {
			return nil, err
		}
		t.names, t.nodes = append(t.names, n.Name), append(t.nodes, n)
	}
	t.top = len(t.names)
	t.names, t.nodes = append(t.names, names...), append(t.nodes, below...)
	return t, nil
}

type walk struct {
	elements []format.Element // to come
	leaves   int              // so far
}

// node takes off a column with what is below it, which it adds to all.
func (w *walk) node(prefix string, depth uint32, repeated bool, level int, names *[]string, all *[]element) (element, error) {
	if len(w.elements) == 0 || level == maxDepth {
		return element{}, errTree
	}
	e := w.elements[0]
	w.elements = w.elements[1:]
	if e.Repetition != format.Required {
		depth++
	}
	n := element{Element: e, leaf: -1, depth: depth, repeated: repeated || e.Repetition == format.Repeated || e.Meaning == format.List || e.Meaning == format.Map}
	if !e.Group {
		n.leaf = w.leaves
		w.leaves++
		return n, nil
	}
	prefix += e.Name + "."
	for range max(0, e.Children) {
		child, err := w.node(prefix, depth, n.repeated, level+1, names, all)
		if err != nil {
			return element{}, err
		}
		if child.repeated {
			continue
		}
		if child.leaf >= 0 {
			n.below = append(n.below, prefix+child.Name)
		}
		n.below = append(n.below, child.below...)
		*names, *all = append(*names, prefix+child.Name), append(*all, child)
	}
	return n, nil
}
