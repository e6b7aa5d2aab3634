package frames

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/floats"

	"gonmf/nmf/sparse"
)

// TFIDFOptions says what the two sides of a table are to [TFIDF].
type TFIDFOptions struct {
	// UsersAreDocuments is for a table of terms x documents. Otherwise items
	// are documents and users are terms.
	UsersAreDocuments bool
}

// TFIDF weighs a table of counts of terms in documents by how few documents a
// term is in, and gives each document the length 1:
//
//	tfidf(d, t) = x(d, t) (1 + ln((1 + n) / (1 + df(t)))) / norm(d)
//
// for n documents, of which df(t) have the term; norm(d) is the Euclidean
// length of the document before the division. A document without terms stays
// all zero. This is what scikit-learn's TfidfTransformer computes by default
// (smoothed idf, L2 norm). The labels are t's own.
func TFIDF(t *Interactions, opt TFIDFOptions) (*Interactions, error) {
	if err := t.whole(); err != nil {
		return nil, err
	}
	x := t.X
	if opt.UsersAreDocuments {
		x = x.Transpose()
	}
	weighted, err := tfidf(x)
	if err != nil {
		return nil, fmt.Errorf("frames: tf-idf: %w", err)
	}
	if opt.UsersAreDocuments {
		weighted = weighted.Transpose()
	}
	return &Interactions{X: weighted, Items: t.Items, Users: t.Users}, nil
}

// tfidf weighs documents x terms.
func tfidf(x *sparse.CSR) (*sparse.CSR, error) {
	documents, terms := x.Dims()
	indptr, indices, counts := x.Raw()
	in := make([]int, terms) // how many documents
	for p, term := range indices {
		if counts[p] != 0 {
			in[term]++
		}
	}
	idf := make([]float64, terms)
	for term, df := range in {
		idf[term] = 1 + math.Log(float64(1+documents)/float64(1+df))
	}
	values := make([]float64, len(counts))
	for d := range documents {
		lo, hi := indptr[d], indptr[d+1]
		for p := lo; p < hi; p++ {
			values[p] = counts[p] * idf[indices[p]]
		}
		if norm := floats.Norm(values[lo:hi], 2); norm > 0 {
			for p := lo; p < hi; p++ {
				values[p] /= norm
			}
		}
	}
	return sparse.FromCSR(documents, terms, indptr, indices, values)
}
