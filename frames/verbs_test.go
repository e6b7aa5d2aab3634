package frames

import (
	_ "embed"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/go-gota/gota/dataframe"
	"github.com/go-gota/gota/series"
)

//go:embed testdata/verbs.json
var verbsJSON []byte

// answers returns what pandas answered (testdata/verbs.py), by name.
func answers(t *testing.T) map[string]string {
	t.Helper()
	var all map[string]string
	if err := json.Unmarshal(verbsJSON, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

func csvTable(t *testing.T, text string) dataframe.DataFrame {
	t.Helper()
	df, err := ReadCSV(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return df
}

func TestVerbsAnswerAsPandas(t *testing.T) {
	want := answers(t)
	df, users := csvTable(t, want["TABLE"]), csvTable(t, want["USERS"])
	cases := map[string]func() (dataframe.DataFrame, error){
		"head":                 func() (dataframe.DataFrame, error) { return Head(df, 2) },
		"tail":                 func() (dataframe.DataFrame, error) { return Tail(df, 3) },
		"sort":                 func() (dataframe.DataFrame, error) { return Sort(df, "-weight", "item_id") },
		"sort missing":         func() (dataframe.DataFrame, error) { return Sort(df, "-share") },
		"where number":         func() (dataframe.DataFrame, error) { return Where(df, "weight > 3") },
		"where missing number": func() (dataframe.DataFrame, error) { return Where(df, "share < 1") },
		"where not equal":      func() (dataframe.DataFrame, error) { return Where(df, "share != 0.5") },
		"where text":           func() (dataframe.DataFrame, error) { return Where(df, "weight >= 3 && item_id startsWith 'and_'") },
		"where in":             func() (dataframe.DataFrame, error) { return Where(df, "user_id in ['AT', 'CH']") },
		"where not":            func() (dataframe.DataFrame, error) { return Where(df, "not (item_id == 'firefox')") },
		"where matches":        func() (dataframe.DataFrame, error) { return Where(df, "item_id matches '^f.*x$'") },
		"where year":           func() (dataframe.DataFrame, error) { return Where(df, "year(date) == 2024") },
		"where missing":        func() (dataframe.DataFrame, error) { return Where(df, `missing(item_id) || missing(col("date"))`) },
		"mutate": func() (dataframe.DataFrame, error) {
			return Mutate(df, "double = weight * 2", "per = weight / share", "big = weight > 3")
		},
		"mutate text": func() (dataframe.DataFrame, error) {
			return Mutate(df, "first = split(item_id, '_')[0]", "size = len(item_id)", "upper = upper(user_id) + '-' + item_id")
		},
		"mutate replace": func() (dataframe.DataFrame, error) { return Mutate(df, "weight = weight + 0.5") },
		"mutate date": func() (dataframe.DataFrame, error) {
			both, err := Mutate(df, "weekday = weekday(date)", "month = month(date)")
			if err != nil {
				return both, err
			}
			return Select(both, "weekday", "month")
		},
		"group": func() (dataframe.DataFrame, error) {
			return GroupBy(df, "user_id").Agg("sum(weight)", "n = count()", "mean(share)", "count(share)")
		},
		"group more": func() (dataframe.DataFrame, error) {
			return GroupBy(df, "user_id").Agg("items = nunique(item_id)", "low = min(weight)", "high = max(share)", "median(weight)",
				"std(share)", "first = first(share)", "last = last(item_id)", "name = min(item_id)")
		},
		"group two": func() (dataframe.DataFrame, error) { return GroupBy(df, "user_id", "item_id").Agg("sum(share)") },
		"count":     func() (dataframe.DataFrame, error) { return Count(df, "item_id") },
		"count two": func() (dataframe.DataFrame, error) { return Count(df, "item_id", "user_id") },
		"unique":    func() (dataframe.DataFrame, error) { return Unique(df, "user_id", "date") },
		"join":      func() (dataframe.DataFrame, error) { return Join(df, users, "user_id") },
		"left join": func() (dataframe.DataFrame, error) { return LeftJoin(df, users, "user_id") },
		"pivot":     func() (dataframe.DataFrame, error) { return Pivot(df, "item_id", "user_id", "sum(weight)") },
		"drop":      func() (dataframe.DataFrame, error) { return DropNA(df) },
		"drop one":  func() (dataframe.DataFrame, error) { return DropNA(df, "share") },
		"fill": func() (dataframe.DataFrame, error) {
			filled, err := FillNA(df, 0, "share")
			if err != nil {
				return filled, err
			}
			return FillNA(filled, "unknown", "item_id")
		},
	}
	for name := range want {
		if name == "TABLE" || name == "USERS" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			verb, ok := cases[name]
			if !ok {
				t.Fatal("pandas answered, and no verb was asked")
			}
			got, err := verb()
			if err != nil {
				t.Fatal(err)
			}
			var text strings.Builder
			if err := WriteCSV(&text, got); err != nil {
				t.Fatal(err)
			}
			if asNumbers(text.String()) != asNumbers(want[name]) {
				t.Errorf("got\n%s\nwant\n%s", text.String(), want[name])
			}
		})
	}
	var after strings.Builder
	if err := WriteCSV(&after, df); err != nil || after.String() != want["TABLE"] {
		t.Errorf("the verbs changed their table: %v\n%s", err, after.String())
	}
}

// asNumbers takes the .0 from whole numbers: pandas makes columns of integers
// that have gaps, and bools with them, columns of floats.
func asNumbers(csv string) string { return strings.NewReplacer(".0,", ",", ".0\n", "\n").Replace(csv) }

func TestVerbsSayWhatIsWrong(t *testing.T) {
	df := csvTable(t, answers(t)["TABLE"])
	broken := dataframe.New(series.New([]int{1}, series.Int, "a"), series.New([]int{1, 2}, series.Int, "b"))
	only := func(_ dataframe.DataFrame, err error) error { return err }
	for _, test := range []struct {
		err  error
		kind error
		want string
	}{
		{only(Where(df, "wieght > 3")), ErrColumn, `frames: no column "wieght"; it has item_id, user_id, weight, share, date: did you mean weight? (in "wieght > 3")`},
		{only(Sort(df, "-wieght")), ErrColumn, `frames: no column "wieght"; it has item_id, user_id, weight, share, date: did you mean weight?`},
		{only(Select(df, "nope")), ErrColumn, `frames: no column "nope"; it has item_id, user_id, weight, share, date`},
		{only(Where(df, "weight > 'a'")), ErrExpression, `frames: Where "weight > 'a'": invalid operation: > (mismatched types int and string) (at character 8)`},
		{only(Where(df, "weight +")), ErrExpression, `frames: Where "weight +": unexpected token EOF (at character 8)`},
		{only(Where(df, "weight + 1")), ErrExpression, `frames: Where "weight + 1": this is not true or false in each row: compare something, as in weight > 3`},
		{only(Where(df, "split(item_id, '_')[1] == 'chr'")), ErrExpression, `frames: Where "split(item_id, '_')[1] == 'chr'": row 3: index out of range: 1 (array length is 1) (at character 20)`},
		{only(Where(df, "year(user_id) > 2000")), ErrExpression, `frames: Where "year(user_id) > 2000": row 1: "DE" is not a date or time that is known: write it as 2024-02-29 or 2024-02-29 13:45:00`},
		{only(Mutate(df, "weight > 3")), ErrArgument, `frames: Mutate: "weight > 3" is not "name = expression"`},
		{only(Mutate(df, "a == 3")), ErrArgument, `frames: Mutate: "a == 3" is not "name = expression"`},
		{only(Mutate(df, "parts = split(item_id, '_')")), ErrExpression, `frames: Mutate "split(item_id, '_')": row 1: the value is a []string, which is no number, text, true or false: take one of its parts`},
		{only(Sort(df)), ErrArgument, `frames: Sort by which columns? Name them: Sort(df, "item_id", "-weight")`},
		{only(Head(df, -1)), ErrArgument, `frames: -1 rows: want 0 or more`},
		{only(Sample(df, -1, 0)), ErrArgument, `frames: a sample of -1 rows: want 0 or more`},
		{only(GroupBy(df, "user").Agg("count()")), ErrColumn, `frames: no column "user"; it has item_id, user_id, weight, share, date: did you mean user_id?`},
		{only(GroupBy(df, "user_id").Agg("avg(weight)")), ErrArgument, `frames: "avg(weight)": no function avg; there are count, first, last, max, mean, median, min, nunique, std, sum: did you mean mean?`},
		{only(GroupBy(df, "user_id").Agg("weight")), ErrArgument, `frames: "weight": want a function of a column, as "sum(weight)" or "total = sum(weight)", or "count()"`},
		{only(GroupBy(df, "user_id").Agg("sum(item_id)")), ErrArgument, `frames: sum of column "item_id": it is of texts; of those there are count, nunique, first, last, min and max`},
		{only(GroupBy(df, "user_id").Agg("sum(weight)", "weight_sum = count()")), ErrArgument, `frames: Agg: two columns called "weight_sum": give one another name, as in "total = sum(weight)"`},
		{only(Groups{}.Agg()), ErrArgument, `frames: Agg: these are no groups: GroupBy makes some`},
		{only(Join(df, df, "nope")), ErrColumn, `frames: no column "nope"; it has item_id, user_id, weight, share, date`},
		{only(Join(df, df, "weight = item_id")), ErrArgument, `frames: Join: "weight" is of numbers in the left table and "item_id" of texts in the right: make them alike, as by Mutate with string(...)`},
		{only(FillNA(df, "x", "weight")), ErrArgument, `frames: FillNA: column "weight" is of numbers, into which "x" does not go`},
		{only(FillNA(df, []int{1})), ErrArgument, `frames: FillNA: a []int cannot be put into a column: give a number, a text, true or false`},
		{only(Dates(df, "weight")), ErrArgument, `frames: Dates: column "weight" is of numbers: dates are read from text`},
		{only(Dates(df, "user_id")), ErrExpression, `frames: Dates: column "user_id", row 1: "DE" is not a date or time that is known: write it as 2024-02-29 or 2024-02-29 13:45:00`},
		{only(Pivot(df, "item_id", "user_id", "sum()")), ErrArgument, `frames: "sum()": of which column? Write sum(NAME); the columns are item_id, user_id, weight, share, date`},
		{only(Unique(broken)), nil, `frames: the DataFrame carries an error: arguments have different dimensions`},
		{only(Describe(dataframe.DataFrame{})), ErrEmpty, `frames: Describe: the table has no columns`},
	} {
		if test.err == nil || test.err.Error() != test.want || test.kind != nil && !errors.Is(test.err, test.kind) {
			t.Errorf("got  %v\nwant %s", test.err, test.want)
		}
	}
}

func TestSampleDrawsWithoutReplacement(t *testing.T) {
	df := csvTable(t, answers(t)["TABLE"])
	all, err := Sample(df, 100, 1)
	if err != nil {
		t.Fatal(err)
	}
	if all.Nrow() != df.Nrow() {
		t.Fatalf("%d rows of %d", all.Nrow(), df.Nrow())
	}
	if distinct, err := Unique(all); err != nil || distinct.Nrow() != df.Nrow() {
		t.Errorf("%d distinct rows of %d, %v", distinct.Nrow(), df.Nrow(), err)
	}
	first, _ := Sample(df, 3, 1)
	for r := range 3 {
		for c := range df.Ncol() {
			if first.Elem(r, c).String() != all.Elem(r, c).String() {
				t.Errorf("row %d: the same seed draws other rows", r)
			}
		}
	}
	other, _ := Sample(df, 100, 2)
	if other.String() == all.String() {
		t.Error("another seed draws the same rows")
	}
}

func TestDatesAreReadAsPandasReadsThem(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"2010-12-01 08:26:00|2011-01-02 00:00:00", "2010-12-01 08:26:00|2011-01-02 00:00:00"},
		{"12/1/2010 8:26|1/31/2011 13:05", "2010-12-01 08:26:00|2011-01-31 13:05:00"},
		{"10/2/2024|3/4/2024", "2024-10-02|2024-03-04"},
		{"10/2/2024|13/4/2024", "2024-02-10|2024-04-13"},
		{"2.10.2024|31.12.2023", "2024-10-02|2023-12-31"},
		{"1 Mar 2024|29 Feb 2024", "2024-03-01|2024-02-29"},
		{"20240229|20231231x", "row 2"},
		{"2024-02-29|2023-02-29", "row 2"},
	} {
		s := series.Strings(strings.Split(test.in, "|"))
		s.Name = "date"
		df, err := Dates(dataframe.New(s), "date")
		if err != nil {
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("%s: %v", test.in, err)
			}
			continue
		}
		if got := strings.Join(df.Col("date").Records(), "|"); got != test.want {
			t.Errorf("%s: got %s, want %s", test.in, got, test.want)
		}
	}
}
