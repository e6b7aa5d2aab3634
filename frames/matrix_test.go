package frames

import (
	"errors"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"gonmf/nmf"
)

func TestReadMatrix(t *testing.T) {
	want := mat.NewDense(2, 3, []float64{1, 2.5, 0, 1e-5, 4, 6})
	for name, text := range map[string]string{
		"plain":        "1,2.5,0\n1e-05,4,6\n",
		"gzip":         gzipped(t, "1,2.5,0\n1e-05,4,6\n"),
		"CRLF, spaces": "1, 2.5,0\r\n\r\n1e-05,\"4\",6",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadMatrix(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			if !mat.Equal(got, want) {
				t.Errorf("got %v", mat.Formatted(got))
			}
		})
	}
	// More than a block: rows are counted from the start of the file.
	long := strings.Repeat("1,2,3,4,5,6,7,8\n", 200_000)
	got, err := ReadMatrix(strings.NewReader(long))
	if err != nil {
		t.Fatal(err)
	}
	if r, c := got.Dims(); r != 200_000 || c != 8 || got.At(199_999, 7) != 8 {
		t.Errorf("%d x %d", r, c)
	}
}

func TestReadMatrixErrors(t *testing.T) {
	long := strings.Repeat("1,2,3,4,5,6,7,8\n", 200_000)
	for _, tc := range []struct {
		name, text, want string
		is               error
	}{
		{"empty", "", "the file is empty", ErrEmpty},
		{"only empty lines", "\n\n", "no rows", ErrEmpty},
		{"a header", "a,b\n1,2\n", `row 1 (line 1), column "1": "a" is not a number`, ErrNotNumber},
		{"missing", "1,2\n1,\n", `row 2 (line 2), column "2": the value is missing`, ErrMissing},
		{"negative, far on", long + "1,2,3,4,-5,6,7,8\n", `row 200001 (line 200001), column "5": -5 is negative`, nmf.ErrNegative},
		{"infinite", "inf\n", "+Inf is not finite", nmf.ErrNotFinite},
		{"short row, far on", long + "1,2\n", "row 200001 (line 200001): 2 fields where the first line has 8", ErrSyntax},
		{"truncated", gzipped(t, long)[:1000], "ends too early", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := ReadMatrix(strings.NewReader(tc.text))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %v, want an error with %q", err, tc.want)
			}
			if tc.is != nil && !errors.Is(err, tc.is) {
				t.Errorf("%v does not wrap %v", err, tc.is)
			}
		})
	}
}
