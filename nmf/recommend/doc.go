// Package recommend ranks items for users and users for items, and tells how
// well.
//
// A [Recommender] answers from a model of an interactions table, items x users:
// which items suit a user, which users an item, what is alike. [Split] holds
// entries of the table out and [Evaluate] tells whether lists from a model of
// the rest foretell them better than plain popularity does.
//
// The package stands on what nmf exports, and scores by inner products of rows
// of W and of H transposed as they lie in memory (block). It imports nmf,
// nmf/sparse, gonum, and of what is internal also who does the work (par),
// NumPy's random numbers and tables in words. To read it, begin with
// recommend.go; evaluate.go judges its lists, split.go makes what they are judged
// by.
package recommend
