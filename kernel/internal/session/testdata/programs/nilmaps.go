package main

import (
	"encoding/json"
	"fmt"
)

// Maps of interfaces hold nil as any other value.

func put(m map[string]any, x any) { m["y"] = x }

func set[K comparable, V any](m map[K]V, k K, v V) { m[k] = v }

func main() {
	m := map[string]any{"n": nil, "a": 1}
	fmt.Println(len(m), m)
	m["z"] = nil
	_, ok := m["z"]
	m["a"] = nil
	fmt.Println(ok, len(m))
	put(m, nil)
	fmt.Println(len(m))
	fmt.Println(len(map[string]error{"e": nil}))
	b, _ := json.Marshal(map[string]any{"n": nil})
	fmt.Println(string(b))
	k := map[any]any{nil: 1, "s": nil}
	fmt.Println(k[nil], len(k))
	v, ok := k[nil]
	fmt.Println(v, ok)
	k[nil] = 2
	fmt.Println(k[nil])
	delete(k, nil)
	_, ok = k[nil]
	fmt.Println(ok, len(k))
	delete(k, "s")
	fmt.Println(len(k))
	set(m, "generic", nil)
	set(k, nil, nil)
	fmt.Println(len(m), len(k))
	var none map[any]int
	fmt.Println(none[nil], len(none))
	var e error
	errs := map[error]error{e: e}
	errs[e], errs[fmt.Errorf("x")] = e, nil
	fmt.Println(len(errs))
	for k, v := range errs {
		if k == nil {
			fmt.Println(k, v)
		}
	}
	s := map[string][]any{"a": {nil, 1}}
	s["b"] = append(s["b"], nil)
	fmt.Println(s)
	nested := map[string]map[string]any{"a": {"b": nil}}
	fmt.Println(nested)
	clear(k)
	fmt.Println(len(k))
	func() {
		defer func() { fmt.Println(recover()) }()
		var m map[string]any
		m["a"] = nil
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		m := map[any]any{}
		m[[]int{1}] = nil
	}()
}
