package magic

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"gonmf/kernel/display"
	"gonmf/kernel/internal/session"
)

var whoCommand = &command{
	name: "%who", args: "[TYPE...]", summary: "lists the names that cells have declared, with types and sizes",
	help: "With types, only variables of those.\n\nFor example:\n  %who\n  %who int string",
	run: func(m *Commands, _ context.Context, c call) error {
		only := strings.Fields(c.args)
		var list []session.Name
		for _, n := range m.opt.Session.Names() {
			if n.Cell > 0 && (len(only) == 0 || n.Kind == session.KindVar && slices.Contains(only, n.Type)) {
				list = append(list, n)
			}
		}
		if len(list) == 0 {
			m.printf("There are no such names.\n")
			return nil
		}
		var text strings.Builder
		w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
		fmt.Fprint(w, "Name\tType\tSize\tValue\tCell\n")
		for _, n := range list {
			size, value := "", ""
			if v, ok := m.opt.Session.Value(n.Name); ok {
				value = glance(v)
				if n.Kind == session.KindVar {
					size = sizeOf(v)
				}
			}
			typ := n.Type
			if n.Kind == session.KindType || n.Kind == session.KindConst {
				typ = strings.TrimSpace(map[session.Kind]string{session.KindType: "type ", session.KindConst: "const "}[n.Kind] + typ)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t[%d]\n", n.Name, cut(typ, 40), size, value, n.Cell)
		}
		w.Flush()
		m.printf("%s", text.String())
		return nil
	},
}

var resetCommand = &command{
	name: "%reset", args: "[-f]", summary: "forgets all names, imports and values of cells; -f does not ask",
	run: func(m *Commands, _ context.Context, c call) error {
		switch c.args {
		case "":
			answer, err := m.opt.Input(m.opt.Session.Cell(), "Names cannot be had back. Forget them all (y/[n])? ", false)
			if err != nil {
				return fmt.Errorf("%%reset: nobody can be asked here (%w); %%reset -f does not ask", err)
			}
			if a := strings.ToLower(strings.TrimSpace(answer)); a != "y" && a != "yes" {
				m.printf("Nothing done.\n")
				return nil
			}
		case "-f":
		default:
			return find("%reset").misuse("what is %q?", c.args)
		}
		m.opt.Session.Reset()
		return nil
	},
}

// Show says of a value how large it is and, in some lines, what.
func Show(v any) string {
	var parts []string
	if size := sizeOf(v); !strings.HasPrefix(size, ">") { // else it was not added up to its end
		parts = append(parts, size)
	}
	switch rv := reflect.ValueOf(v); rv.Kind() {
	case reflect.Slice, reflect.Map, reflect.Chan:
		parts = append([]string{fmt.Sprintf("%d long", rv.Len())}, parts...)
	case reflect.String:
		parts = append([]string{fmt.Sprintf("%d bytes long", rv.Len())}, parts...)
	}
	text := "nil"
	if d, ok := display.Values([]any{v}); ok {
		text = fmt.Sprint(d.Data[display.MIMETypeText])
	}
	const most = 30 // lines
	if lines := strings.Split(text, "\n"); len(lines) > most {
		text = strings.Join(lines[:most], "\n") + "\n…"
	}
	return strings.TrimLeft(strings.Join(parts, ", ")+"\n\n"+text, "\n")
}

// glance says in a few words what a value is.
func glance(v any) (text string) {
	defer func() {
		if recover() != nil { // the value's own method panicked
			text = ""
		}
	}()
	if v == nil {
		return "nil"
	}
	rv := reflect.ValueOf(v)
	if (rv.Kind() == reflect.Pointer || rv.Kind() == reflect.Map || rv.Kind() == reflect.Slice) && rv.IsNil() {
		return "nil"
	}
	switch v := v.(type) {
	case interface{ Dims() (int, int) }:
		r, c := v.Dims()
		return fmt.Sprintf("%d × %d", r, c)
	case error:
		return cut(v.Error(), 40)
	}
	switch rv.Kind() {
	case reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16,
		reflect.Uint32, reflect.Uint64, reflect.Uintptr, reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		return cut(fmt.Sprint(v), 40)
	case reflect.String:
		if rv.Len() > 40 {
			return fmt.Sprintf("%.30q… (%d bytes)", rv.String(), rv.Len())
		}
		return fmt.Sprintf("%q", rv.String())
	case reflect.Slice, reflect.Map, reflect.Array, reflect.Chan:
		return fmt.Sprintf("%d long", rv.Len())
	}
	return ""
}

func cut(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if r := []rune(text); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return text
}

// sizeTime is how long the size of a value may be added up.
const sizeTime = 20 * time.Millisecond

// sizeOf says how much memory a value takes with all that it refers to.
func sizeOf(v any) string {
	if v == nil {
		return "0 B"
	}
	s := sizer{seen: map[seen]bool{}, deadline: time.Now().Add(sizeTime)}
	rv := reflect.ValueOf(v)
	n := int64(rv.Type().Size()) + s.beyond(rv)
	text := bytesText(n)
	if s.late || s.more {
		return "> " + text
	}
	return text
}

type seen struct {
	at uintptr
	t  reflect.Type
}

// sizer adds up what values refer to. What is written meanwhile by a goroutine may be counted wrongly, no more.
type sizer struct {
	seen     map[seen]bool
	deadline time.Time
	steps    int
	late     bool
	more     bool // than was added up, in maps
}

// beyond returns the bytes that v refers to, outside of v itself.
func (s *sizer) beyond(v reflect.Value) (n int64) {
	if s.steps++; s.steps%1024 == 0 && time.Now().After(s.deadline) {
		s.late = true
	}
	if s.late || !refers(v.Type(), 0) {
		return 0
	}
	switch v.Kind() {
	case reflect.String:
		return int64(v.Len())
	case reflect.Pointer:
		if v.IsNil() || s.known(v.Pointer(), v.Type()) {
			return 0
		}
		return int64(v.Type().Elem().Size()) + s.beyond(v.Elem())
	case reflect.Interface:
		if v.IsNil() {
			return 0
		}
		e := v.Elem()
		return int64(e.Type().Size()) + s.beyond(e)
	case reflect.Slice:
		if v.IsNil() || s.known(v.Pointer(), v.Type()) {
			return 0
		}
		n = int64(v.Cap()) * int64(v.Type().Elem().Size())
		fallthrough
	case reflect.Array:
		if refers(v.Type().Elem(), 0) {
			for i := 0; i < v.Len() && !s.late; i++ {
				n += s.beyond(v.Index(i))
			}
		}
	case reflect.Map:
		if v.IsNil() || s.known(v.Pointer(), v.Type()) {
			return 0
		}
		n = int64(v.Len()) * int64(v.Type().Key().Size()+v.Type().Elem().Size()+1)
		// Go ends a program that goes through a map while a goroutine writes to it.
		s.more = s.more || refers(v.Type().Key(), 0) || refers(v.Type().Elem(), 0)
	case reflect.Struct:
		for i := range v.NumField() {
			n += s.beyond(v.Field(i))
		}
	}
	return n
}

func (s *sizer) known(at uintptr, t reflect.Type) bool {
	k := seen{at, t}
	was := s.seen[k]
	s.seen[k] = true
	return was
}

// refers says whether values of type t may refer to others that are counted.
func refers(t reflect.Type, depth int) bool {
	switch t.Kind() {
	case reflect.String, reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return true
	case reflect.Array:
		return refers(t.Elem(), depth+1)
	case reflect.Struct:
		for i := range t.NumField() {
			if depth > 5 || refers(t.Field(i).Type, depth+1) {
				return true
			}
		}
	}
	return false
}

func bytesText(n int64) string {
	units := []string{"B", "KB", "MB", "GB", "TB"}
	f, i := float64(n), 0
	for f >= 1000 && i < len(units)-1 {
		f, i = f/1000, i+1
	}
	if i == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.3g %s", f, units[i])
}
