package columns

import "cmp"

// compare compares by rows; with a number that is the same in all of them
// without a copy of it for each.
func compare[T cmp.Ordered](op string, a, b rows[T], constant *T) rows[bool] {
	loop, ok := comparisons[T]()[op]
	if !ok {
		return nil
	}
	return func(lo, hi int, free *arena) []bool {
		out, x := space[bool](free, hi-lo), a(lo, hi, free)
		if constant != nil {
			loop(out, x, nil, *constant)
		} else {
			loop(out, x, b(lo, hi, free), *new(T))
		}
		return out
	}
}

// comparisons are loops over two slices, or a slice and a constant if the
// second is nil: one each, since a call for each number would take most of the
// time.
func comparisons[T cmp.Ordered]() map[string]func(out []bool, x, y []T, c T) {
	return map[string]func(out []bool, x, y []T, c T){
		"==": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v == c
				}
				return
			}
			for i, v := range x {
				out[i] = v == y[i]
			}
		},
		"!=": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v != c
				}
				return
			}
			for i, v := range x {
				out[i] = v != y[i]
			}
		},
		"<": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v < c
				}
				return
			}
			for i, v := range x {
				out[i] = v < y[i]
			}
		},
		"<=": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v <= c
				}
				return
			}
			for i, v := range x {
				out[i] = v <= y[i]
			}
		},
		">": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v > c
				}
				return
			}
			for i, v := range x {
				out[i] = v > y[i]
			}
		},
		">=": func(out []bool, x, y []T, c T) {
			if y == nil {
				for i, v := range x {
					out[i] = v >= c
				}
				return
			}
			for i, v := range x {
				out[i] = v >= y[i]
			}
		},
	}
}

// arithmetic adds, subtracts or multiplies, by loops as compare has them.
func arithmetic[T int | float64](op string, a, b rows[T], constant *T) rows[T] {
	return func(lo, hi int, free *arena) []T {
		out, x := space[T](free, hi-lo), a(lo, hi, free)
		var y []T
		if constant == nil {
			y = b(lo, hi, free)[:len(x)]
		}
		switch {
		case op == "+" && constant == nil:
			for i, v := range x {
				out[i] = v + y[i]
			}
		case op == "-" && constant == nil:
			for i, v := range x {
				out[i] = v - y[i]
			}
		case op == "*" && constant == nil:
			for i, v := range x {
				out[i] = v * y[i]
			}
		case op == "+":
			for i, v := range x {
				out[i] = v + *constant
			}
		case op == "-":
			for i, v := range x {
				out[i] = v - *constant
			}
		default:
			for i, v := range x {
				out[i] = v * *constant
			}
		}
		return out
	}
}
