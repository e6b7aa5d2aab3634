package display

import (
	"fmt"
	"reflect"
	"strings"
)

// A slice or a map may contain itself. Package fmt would print it until the stack is full.

// visit is a slice or map that is being printed.
type visit struct {
	at  uintptr
	len int
	typ reflect.Type
}

func visitOf(v reflect.Value) visit { return visit{v.Pointer(), v.Len(), v.Type()} }

// repeats says whether v contains itself, as far as package fmt would follow it.
func repeats(v reflect.Value) bool {
	return mayRepeat(v.Type(), map[reflect.Type]bool{}) && contains(v, map[visit]bool{}, 0)
}

// mayRepeat says whether values of type t can contain themselves: those that hold
// interfaces, and those of recursive types.
func mayRepeat(t reflect.Type, above map[reflect.Type]bool) bool {
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Slice, reflect.Array, reflect.Map, reflect.Struct, reflect.Pointer:
	default:
		return false
	}
	if above[t] {
		return true
	}
	above[t] = true
	defer delete(above, t)
	switch t.Kind() {
	case reflect.Struct:
		for f := range t.Fields() {
			if mayRepeat(f.Type, above) {
				return true
			}
		}
		return false
	case reflect.Map:
		if mayRepeat(t.Key(), above) {
			return true
		}
	}
	return mayRepeat(t.Elem(), above)
}

// contains says whether v contains one of what is above it.
func contains(v reflect.Value, above map[visit]bool, depth int) (found bool) {
	switch v.Kind() {
	case reflect.Interface:
		return !v.IsNil() && contains(v.Elem(), above, depth)
	case reflect.Pointer: // followed only if it is what is shown
		return depth == 0 && !v.IsNil() && contains(v.Elem(), above, 1)
	case reflect.Slice, reflect.Map:
		if v.Len() == 0 {
			return false
		}
		at := visitOf(v)
		if above[at] {
			return true
		}
		above[at] = true
		defer delete(above, at)
	}
	eachPart(v, func(_, part reflect.Value) bool {
		found = contains(part, above, depth+1)
		return !found
	})
	return found
}

// eachPart calls f with what v consists of, until that says no. The keys are those of a
// map.
func eachPart(v reflect.Value, f func(key, part reflect.Value) bool) {
	switch v.Kind() {
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if !f(reflect.Value{}, v.Index(i)) {
				return
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if !f(reflect.Value{}, v.Field(i)) {
				return
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if !f(it.Key(), it.Value()) {
				return
			}
		}
	}
}

// writeOnce writes v as package fmt does, with a mark where it comes to what it is in.
func writeOnce(b *strings.Builder, v reflect.Value, above map[visit]bool) {
	open, end := "[", "]"
	switch v.Kind() {
	case reflect.Interface:
		if v.IsNil() {
			b.WriteString("<nil>")
		} else {
			writeOnce(b, v.Elem(), above)
		}
		return
	case reflect.Pointer:
		if len(above) > 0 || v.IsNil() {
			fmt.Fprintf(b, "%v", v)
			return
		}
		b.WriteString("&")
		writeOnce(b, v.Elem(), above)
		return
	case reflect.Struct:
		open, end = "{", "}"
	case reflect.Map:
		open = "map["
	case reflect.Slice, reflect.Array:
	default:
		fmt.Fprintf(b, "%+v", v)
		return
	}
	if k := v.Kind(); (k == reflect.Slice || k == reflect.Map) && v.Len() > 0 {
		at := visitOf(v)
		if above[at] {
			b.WriteString(open + "itself" + end)
			return
		}
		above[at] = true
		defer delete(above, at)
	}
	b.WriteString(open)
	n := 0
	eachPart(v, func(key, part reflect.Value) bool {
		if n > 0 {
			b.WriteByte(' ')
		}
		switch {
		case n == maxElements:
			fmt.Fprintf(b, "… %s in all", grouped(v.Len()))
			return false
		case key.IsValid():
			fmt.Fprintf(b, "%+v:", key)
		case v.Kind() == reflect.Struct:
			b.WriteString(v.Type().Field(n).Name + ":")
		}
		n++
		writeOnce(b, part, above)
		return true
	})
	b.WriteString(end)
}
