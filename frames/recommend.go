package frames

import (
	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"

	"gonmf/frames/internal/frame"
	"gonmf/nmf"
	"gonmf/nmf/recommend"
)

// Recommend returns up to n items for a user, the best first, with the columns
// item_id, score: items that the user does not have, by the model's value for
// the pair, (W H)[item, user]. It is [recommend.Recommender] with labels; for
// many users make one of those.
func Recommend(m *nmf.Model, t *Interactions, user string, n int) (dataframe.DataFrame, error) {
	return recommended(m, t, "user", user, t.users(), itemColumn, t.items(), func(r *recommend.Recommender, at int) ([]recommend.Scored, error) { return r.ItemsFor(at, n) })
}

// RecommendTo returns up to n users for an item, the best first, with the
// columns user_id, score: users who do not have it, by (W H)[item, user].
func RecommendTo(m *nmf.Model, t *Interactions, item string, n int) (dataframe.DataFrame, error) {
	return recommended(m, t, "item", item, t.items(), userColumn, t.users(), func(r *recommend.Recommender, at int) ([]recommend.Scored, error) { return r.UsersFor(at, n) })
}

// Similar returns up to n items like an item, the most alike first, with the
// columns item_id, score: the cosine of their columns of W H. An item that
// nobody has is like none.
func Similar(m *nmf.Model, t *Interactions, item string, n int) (dataframe.DataFrame, error) {
	return recommended(m, t, "item", item, t.items(), itemColumn, t.items(), func(r *recommend.Recommender, at int) ([]recommend.Scored, error) { return r.SimilarItems(at, n) })
}

// SimilarUsers returns up to n users like a user, with the columns user_id,
// score: see [Similar].
func SimilarUsers(m *nmf.Model, t *Interactions, user string, n int) (dataframe.DataFrame, error) {
	return recommended(m, t, "user", user, t.users(), userColumn, t.users(), func(r *recommend.Recommender, at int) ([]recommend.Scored, error) { return r.SimilarUsers(at, n) })
}

// userColumn names the column of user labels in every DataFrame made here.
const userColumn = "user_id"

func (t *Interactions) items() *Labels {
	if t == nil {
		return nil
	}
	return t.Items
}

func (t *Interactions) users() *Labels {
	if t == nil {
		return nil
	}
	return t.Users
}

// recommended makes a table of what a Recommender gives for one label.
func recommended(m *nmf.Model, t *Interactions, what, label string, of *Labels, column string, names *Labels,
	ask func(*recommend.Recommender, int) ([]recommend.Scored, error),
) (dataframe.DataFrame, error) {
	if err := t.check(m, false); err != nil {
		return dataframe.DataFrame{}, err
	}
	at, ok := of.Index(label)
	if !ok {
		return dataframe.DataFrame{}, frame.Errorf(ErrLabel, "frames: no %s %q; there are %v%s", what, frame.Shorten(label), of, didYouMean(label, of.Strings()))
	}
	if err := t.whole(); err != nil {
		return dataframe.DataFrame{}, err
	}
	r, err := recommend.NewRecommender(m, t.X)
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	scored, err := ask(r, at)
	if err != nil {
		return dataframe.DataFrame{}, err
	}
	labels, scores := make([]string, len(scored)), make([]float64, len(scored))
	for i, s := range scored {
		labels[i], scores[i] = names.At(s.Index), s.Score
	}
	return frame.New([]string{column, "score"}, []series.Series{labelColumn(labels), series.Floats(scores)})
}
