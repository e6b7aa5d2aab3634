package chart

import (
	"slices"
	"strconv"
	"testing"
)

// labelled returns 120 items in four clusters of three classes.
func labelled() (cluster []int, truth []string) {
	for i := range 120 {
		c := i % 7 % 4
		cluster = append(cluster, c)
		truth = append(truth, []string{"10", "9", "9", "100"}[(c+i/50)%4])
	}
	return cluster, truth
}

func TestClustersGolden(t *testing.T) {
	cluster, truth := labelled()
	table, err := Clusters(cluster, truth, Options{Title: "Clusters and classes"})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "clusters", table)
	sizes, err := Clusters(cluster, nil, Options{Title: "Sizes", Names: []string{"a", "b", "c", "d", "empty"}})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "clusters-sizes", sizes)
	for _, want := range []string{"empty", "0", "35"} {
		if all := texts(t, sizes); !slices.Contains(all, want) {
			t.Errorf("no text %q among %q", want, all)
		}
	}
}

func TestClustersOrder(t *testing.T) {
	cluster := []int{0, 0, 0, 1, 1, 2, 2, 2, 2}
	truth := []string{"10", "10", "9", "9", "9", "10", "10", "10", "10"}
	for _, tc := range []struct {
		name  string
		truth []string
		opt   Options
		want  []string
	}{
		{"by class", truth, Options{}, []string{"c1", "c2", "c0"}},
		{"as they come", truth, Options{KeepOrder: true}, []string{"c0", "c1", "c2"}},
		{"no classes", nil, Options{}, []string{"c0", "c1", "c2"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := Clusters(cluster, tc.truth, tc.opt)
			if err != nil {
				t.Fatal(err)
			}
			got := slices.DeleteFunc(labelsWith(t, c, "c"), func(s string) bool { return len(s) != 2 })
			if !slices.Equal(got, tc.want) {
				t.Errorf("clusters %q, want %q", got, tc.want)
			}
		})
	}
}

func TestClustersNone(t *testing.T) {
	cluster := []int{-1, 1, 0, -1, 1}
	for name, truth := range map[string][]string{"sizes": nil, "classes": {"a", "a", "b", "a", "a"}} {
		c, err := Clusters(cluster, truth, Options{})
		if err != nil {
			t.Fatal(err)
		}
		all := labelsOf(t, c)
		at := slices.IndexFunc(all, func(l label) bool { return l.text == "none" })
		if at < 0 {
			t.Fatalf("%s: items in no cluster are missing", name)
		}
		for _, l := range all {
			if (l.text == "c0" || l.text == "c1") && l.box.Y0 > all[at].box.Y0 {
				t.Errorf("%s: %s comes after none", name, l.text)
			}
		}
	}
	if cluster[0] != -1 {
		t.Error("the clusters of the caller were changed")
	}
}

func TestSortNaturally(t *testing.T) {
	for _, tc := range []struct{ in, want []string }{
		{[]string{"10", "9", "-1"}, []string{"-1", "9", "10"}},
		{[]string{"10", "9", "x"}, []string{"9", "10", "x"}},
		{[]string{"class 10", "class 9", "class 9b", "class"}, []string{"class", "class 9", "class 9b", "class 10"}},
		{[]string{"a10c2", "a10c10", "a9", "", "007", "7"}, []string{"", "007", "7", "a9", "a10c2", "a10c10"}},
	} {
		if sortNaturally(tc.in); !slices.Equal(tc.in, tc.want) {
			t.Errorf("sorted %q, want %q", tc.in, tc.want)
		}
	}
}

func TestClustersErrors(t *testing.T) {
	many := make([]string, 401)
	for i := range many {
		many[i] = strconv.Itoa(i)
	}
	for _, tc := range []struct {
		name    string
		cluster []int
		truth   []string
		opt     Options
		want    string
	}{
		{"none", nil, nil, Options{}, "no items"},
		{"truth", []int{0}, []string{"a", "b"}, Options{}, "2 classes for 1 items"},
		{"negative", []int{0, -2}, nil, Options{}, "cluster of item 1 is -2"},
		{"no name", []int{0, 2}, nil, Options{Names: []string{"a", "b"}}, "item 1 is 2, but Options.Names has 2"},
		{"too many clusters", []int{999_999_999}, nil, Options{}, "1000000000 clusters: at most 400"},
		{"too many names", []int{0}, nil, Options{Names: many}, "at most 400"},
		{"too many classes", make([]int, 401), many, Options{}, "401 classes: at most 400"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Clusters(tc.cluster, tc.truth, tc.opt)
			wantError(t, err, tc.want)
		})
	}
}
