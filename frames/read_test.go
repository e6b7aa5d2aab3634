package frames

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"gonmf/frames/internal/code"
	"gonmf/nmf"
)

func TestReadInteractions(t *testing.T) {
	weighted := Columns{Weight: "weight"}
	large := strings.Repeat("b", 1<<20)
	for _, tc := range []struct {
		name string
		text string
		opt  Columns
		want string
	}{
		{"one row", "item_id,user_id\na,b\n", Columns{}, "b\na: 1\n"},
		{"no last newline", "item_id,user_id\na,b\na,c", Columns{}, "b c\na: 1 1\n"},
		{"summed", "item_id,user_id,weight\n10,x,1\n9,x,2.5\n10,x,3\n", weighted, "x\n9: 2.5\n10: 4\n"},
		{"other columns", "a,b,c,d\n1,2,3,4\n5,6,7,8\n", Columns{Item: "d", User: "b", Weight: "c"}, "2 6\n4: 3 0\n8: 0 7\n"},
		{"item and user the same", "a\nx\ny\n", Columns{Item: "a", User: "a"}, "x y\nx: 1 0\ny: 0 1\n"},
		{"gzip", gzipped(t, "item_id,user_id\na,b\n"), Columns{}, "b\na: 1\n"},
		{"byte order mark, CRLF", "\ufeffitem_id,user_id\r\na,b\r\n", Columns{}, "b\na: 1\n"},
		{"quotes", "item_id,user_id\n\"a,\"\"b\"\"\nc\",d\n", Columns{}, "d\na,\"b\"\nc: 1\n"},
		{"labels letter by letter", "item_id,user_id\n007,NA\n7,NaN\n1.50,null\n", Columns{}, "NA NaN null\n007: 1 0 0\n1.50: 0 0 1\n7: 0 1 0\n"},
		{"weights", "item_id,user_id,weight\na,x,0\na,y,1e3\na,z, 7 \na,zz,1234567890123456789\n", weighted, "x y z zz\na: 0 1000 7 1.2345678901234568e+18\n"},
		{"a label of a megabyte", "item_id,user_id\na,b\n" + large + ",b\na,b\n", Columns{}, "b\na: 2\n" + large + ": 1\n"},
		{"positions", "item_id,user_id\n2,0\n0,1\n", Columns{Positions: true}, "0 1\n0: 0 1\n1: 0 0\n2: 1 0\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := ReadInteractions(strings.NewReader(tc.text), tc.opt)
			if err != nil {
				t.Fatal(err)
			}
			if dense(got) != tc.want {
				t.Errorf("got\n%.1000swant\n%.1000s", dense(got), tc.want)
			}
		})
	}
}

func TestReadInteractionsErrors(t *testing.T) {
	weighted := Columns{Weight: "weight"}
	good := "item_id,user_id,weight\n" + strings.Repeat("a,b,1\n\"c\n\",d,2\n", 100_000) // 200,000 rows, 300,001 lines
	type bad struct {
		badFile
		opt Columns
		is  error
	}
	cases := []bad{
		{badFile{"header only", "item_id,user_id\n", "a header, but no rows"}, Columns{}, ErrEmpty},
		{badFile{"no item column", "item,user_id\na,b\n", `no column "item_id"; it has item, user_id: did you mean item?`}, Columns{}, ErrColumn},
		{badFile{"no weight column", "item_id,user_id\na,b\n", `no column "weight"; it has item_id, user_id`}, weighted, ErrColumn},
		{badFile{"many columns", columnsNamed(25) + "\n", `c20, and 5 more`}, Columns{}, ErrColumn},
		{badFile{"a long word", "item_id,user_id,weight\na,b," + strings.Repeat("é", 100) + "\n", `"` + strings.Repeat("é", 20) + `..." is not a number`}, weighted, ErrNotNumber},
		{badFile{"a decimal comma", "item_id;user_id;weight\na;b;3,5\n", `row 1 (line 2), column "weight": "3,5" is not a number: write it as 3 or 0.5, or set Decimal "," (of 3,5)`}, weighted, ErrNotNumber},
		{badFile{"no decimal comma", "item_id;user_id;weight\na;b;3.5\n", `"3.5" is not a number`}, Columns{Weight: "weight", CSV: CSV{Decimal: ","}}, ErrNotNumber},
		{badFile{"missing item", "item_id,user_id\na,b\n,b\n", `row 2 (line 3), column "item_id": the label is missing`}, Columns{}, ErrMissing},
		{badFile{"missing user", "item_id,user_id\n\na,b\na,\"\"\n", `row 2 (line 4), column "user_id": the label is missing`}, Columns{}, ErrMissing},
		{badFile{"missing weight", "item_id,user_id,weight\na,b,\n", `row 1 (line 2), column "weight": the value is missing`}, weighted, ErrMissing},
		{badFile{"negative weight, far on", good + "x,y,-2\n", `row 200001 (line 300002), column "weight": -2 is negative`}, weighted, nmf.ErrNegative},
		{badFile{"not a number, far on", good + "x,y,many\n" + good, `row 200001 (line 300002), column "weight": "many" is not a number`}, weighted, ErrNotNumber},
		{badFile{"not finite", "item_id,user_id,weight\na,b,1\na,c,inf\n", `row 2 (line 3), column "weight": +Inf is not finite`}, weighted, nmf.ErrNotFinite},
		{badFile{"nan", "item_id,user_id,weight\na,b,nan\n", `row 1 (line 2), column "weight": NaN is not finite`}, weighted, nmf.ErrNotFinite},
		{badFile{"first of two", good + ",y,1\n" + good + "x,y,-1\n", `row 200001 (line 300002), column "item_id": the label is missing`}, weighted, ErrMissing},
		{badFile{"label before weight", "item_id,user_id,weight\na,,1\na,b,-1\n", `row 1 (line 2), column "user_id"`}, weighted, ErrMissing},
		{badFile{"short row, far on", good + "x,y\n", "row 200001 (line 300002): 2 fields where the first line has 3"}, weighted, ErrSyntax},
		{badFile{"not a position", "item_id,user_id\na,1\n", `column "item_id": "a" is not a position`}, Columns{Positions: true}, ErrNotNumber},
	}
	for _, f := range badFiles(t) {
		cases = append(cases, bad{badFile: f})
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			for _, workers := range []int{1, 3} {
				tc.opt.Workers = workers
				_, err := ReadInteractions(strings.NewReader(tc.text), tc.opt)
				if err == nil || !strings.Contains(err.Error(), tc.want) {
					t.Fatalf("got %v, want an error with %q", err, tc.want)
				}
				if tc.is != nil && !errors.Is(err, tc.is) {
					t.Errorf("%v does not wrap %v", err, tc.is)
				}
				if strings.Contains(err.Error(), "\n") {
					t.Errorf("more than a line: %q", err)
				}
			}
		})
	}
	t.Run("reader fails", func(t *testing.T) {
		_, err := ReadInteractions(iotest.TimeoutReader(strings.NewReader(good)), weighted)
		if !errors.Is(err, iotest.ErrTimeout) {
			t.Errorf("got %v, want it to wrap %v", err, iotest.ErrTimeout)
		}
	})
}

// columnsNamed is a header of n columns.
func columnsNamed(n int) string {
	names := make([]string, n)
	for c := range names {
		names[c] = fmt.Sprintf("c%d", c+1)
	}
	return strings.Join(names, ",")
}

// longTable makes a file of some blocks, whose labels are short and long,
// equal in their first and in their last letters.
func longTable(rows int) string {
	rng := rand.New(rand.NewPCG(5, 6))
	var b strings.Builder
	b.WriteString("item_id,user_id,weight\n")
	for range rows {
		item, user := rng.IntN(3000), rng.IntN(40000)
		fmt.Fprintf(&b, "%0*d,user-%d-%s,%d.%d\n", 1+item%12, item, user, strings.Repeat("x", user%20), rng.IntN(10), rng.IntN(10))
	}
	return b.String()
}

// TestReadInteractionsAgrees with the way through a DataFrame, for every
// number of workers.
func TestReadInteractionsAgrees(t *testing.T) {
	text := longTable(150_000)
	opt := Columns{Weight: "weight"}
	// A column of text only, so that gota keeps all labels as they are.
	want, err := NewInteractions(mustReadCSV(t, strings.Replace(text, "\n", "\nx,x,0\n", 1)), opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, workers := range []int{1, 2, 7} {
		opt.Workers = workers
		got, err := ReadInteractions(strings.NewReader(strings.Replace(text, "\n", "\nx,x,0\n", 1)), opt)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.Items.Strings(), want.Items.Strings()) || !slices.Equal(got.Users.Strings(), want.Users.Strings()) {
			t.Fatalf("%d workers: other labels: %v and %v, want %v and %v", workers, got.Items, got.Users, want.Items, want.Users)
		}
		if !sameTable(got, want) {
			t.Errorf("%d workers: %v is another matrix than %v", workers, got, want)
		}
	}
}

func TestReadInteractionsProgress(t *testing.T) {
	var seen []int
	_, err := ReadInteractions(strings.NewReader(longTable(150_000)), Columns{Workers: 3, Progress: func(rows int) { seen = append(seen, rows) }})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) < 2 || !slices.IsSorted(seen) || seen[len(seen)-1] != 150_000 {
		t.Errorf("progress was %v", seen)
	}
}

// TestReadInteractionsAllocates little: nothing for a row whose labels came
// before.
func TestReadInteractionsAllocates(t *testing.T) {
	const rows = 150_000
	text := "item_id,user_id,weight\n" + strings.Repeat("an item with a long name,u1,1\ni2,u2,2.5\n", rows/2)
	allocs := testing.AllocsPerRun(2, func() {
		if _, err := ReadInteractions(strings.NewReader(text), Columns{Weight: "weight"}); err != nil {
			t.Fatal(err)
		}
	})
	if allocs > rows/100 {
		t.Errorf("%v allocations for %d rows", allocs, rows)
	}
}

func BenchmarkReadInteractions(b *testing.B) {
	text := longTable(500_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := ReadInteractions(strings.NewReader(text), Columns{Weight: "weight"}); err != nil {
			b.Fatal(err)
		}
	}
}

// TestDict gives labels of all kinds to two dicts and brings them together:
// each code stands for the label that it was given for.
func TestDict(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	dicts := []*code.Dict{{}, {}}
	labels, codes := make([][]string, len(dicts)), make([][]int32, len(dicts))
	distinct := make(map[string]bool)
	for n := range 60_000 {
		label := make([]byte, 1+rng.IntN(20))
		for i := range label {
			label[i] = "ab"[rng.IntN(2)]
		}
		if n%2 == 0 { // small and large numbers, some with leading zeros
			label = strconv.AppendInt(label[:0], rng.Int64N(1<<(1+rng.IntN(40))), 10)
			if n%10 == 0 {
				label = append([]byte("0"), label...)
			}
		}
		by := rng.IntN(len(dicts))
		c, err := dicts[by].Number(label)
		if err != nil {
			t.Fatal(err)
		}
		labels[by], codes[by] = append(labels[by], string(label)), append(codes[by], c)
		distinct[string(label)] = true
	}
	for _, d := range dicts {
		if limit := d.Seen.Limit(); limit < 1000 || limit > 1<<21 {
			t.Errorf("numbers below %d are small ones, with %d other labels", limit, len(d.Names))
		}
	}
	s, err := newSide(dicts, false)
	if err != nil {
		t.Fatal(err)
	}
	if s.labels.Len() != len(distinct) {
		t.Errorf("%d labels, want %d", s.labels.Len(), len(distinct))
	}
	for by := range dicts {
		s.place(codes[by], by)
		for n, place := range codes[by] {
			if got := s.labels.At(int(place)); got != labels[by][n] {
				t.Fatalf("%q has become %q", labels[by][n], got)
			}
		}
	}
}

// TestNumbersAreReadAsText reads tables of numbers of all kinds, and the same
// tables with each field in quotes, which leaves out what is made for numbers:
// the answers and the errors are the same.
func TestNumbersAreReadAsText(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 10))
	odd := []string{"007", "0", "00", "+1", "-1", " 1", "1 ", "99999999", "123456789", "12345678901234567890", "1e3", "1.", ".5", "0.125", "1234567.12345678",
		"12345678.1234567", "1.2.3", "x", "é", "", "3:", "٣"}
	for range 300 {
		columns, limit, rows := 2+rng.IntN(4), 1<<rng.IntN(22), rng.IntN(400)
		order := rng.Perm(columns) // item, user, and a weight where there are three or more
		opt := Columns{Item: fmt.Sprint("c", order[0]), User: fmt.Sprint("c", order[1]), Workers: 1 + rng.IntN(3), Positions: rng.IntN(5) == 0}
		if columns > 2 {
			opt.Weight = fmt.Sprint("c", order[2])
		}
		var plain, quoted strings.Builder
		rare := 1 + rng.IntN(2000) // how rarely there is something odd
		for r := range rows + 1 {
			for c := range columns {
				field := fmt.Sprint("c", c)
				switch {
				case r == 0:
				case rng.IntN(rare) == 0:
					field = odd[rng.IntN(len(odd))]
				case c == order[min(2, columns-1)] && rng.IntN(3) == 0:
					field = strconv.FormatFloat(rng.Float64()*1000, 'f', rng.IntN(18), 64)
				default:
					field = strconv.Itoa(rng.IntN(limit))
				}
				end := ","
				if c == columns-1 {
					end = "\n"
				}
				fmt.Fprintf(&plain, "%s%s", field, end)
				fmt.Fprintf(&quoted, "%q%s", field, end)
			}
		}
		text := plain.String()
		if rng.IntN(2) == 0 {
			text = strings.TrimSuffix(text, "\n")
		}
		got, err := ReadInteractions(strings.NewReader(text), opt)
		want, errWant := ReadInteractions(strings.NewReader(quoted.String()), opt)
		if fmt.Sprint(err) != fmt.Sprint(errWant) {
			t.Fatalf("%v\nin quotes: %v\n%+v\n%s", err, errWant, opt, text)
		}
		if err == nil && !sameTable(got, want) {
			t.Fatalf("%v and in quotes %v\n%+v\n%s", got, want, opt, text)
		}
	}
}

func sameTable(a, b *Interactions) bool {
	aPtr, aIdx, aVal := a.X.Raw()
	bPtr, bIdx, bVal := b.X.Raw()
	return slices.Equal(a.Items.Strings(), b.Items.Strings()) && slices.Equal(a.Users.Strings(), b.Users.Strings()) &&
		slices.Equal(aPtr, bPtr) && slices.Equal(aIdx, bIdx) && slices.Equal(aVal, bVal)
}

// FuzzReadInteractions takes any file and any number of workers: no panic, and
// the answer of one goroutine, and of a file with the line ends of Windows.
func FuzzReadInteractions(f *testing.F) {
	for _, text := range []string{"item_id,user_id,weight\na,b,1\n", "item_id,user_id,weight\n\"a\",,-1\nb", "\x1f\x8b", "item_id,user_id,weight\n7,7,inf\n007,7,1",
		"item_id,user_id,weight\n12,345,6\n7,8,0.25\n12345678,9,1\n10,9,2\n"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		one, err := ReadInteractions(strings.NewReader(text), Columns{Weight: "weight", Workers: 1})
		two, errTwo := ReadInteractions(strings.NewReader(text), Columns{Weight: "weight", Workers: 2})
		if fmt.Sprint(err) != fmt.Sprint(errTwo) {
			t.Fatalf("%q: %v; by two workers %v", text, err, errTwo)
		}
		if !strings.ContainsAny(text, "\r\"\x00") && !strings.HasPrefix(text, "\x1f\x8b") {
			windows, errWindows := ReadInteractions(strings.NewReader(strings.ReplaceAll(text, "\n", "\r\n")), Columns{Weight: "weight"})
			if fmt.Sprint(err) != fmt.Sprint(errWindows) || err == nil && !sameTable(one, windows) {
				t.Fatalf("%q: %v, %v; with \\r\\n %v, %v", text, one, err, windows, errWindows)
			}
		}
		if err != nil {
			return
		}
		if dense(one) != dense(two) {
			t.Errorf("%q: %s; by two workers %s", text, dense(one), dense(two))
		}
	})
}
