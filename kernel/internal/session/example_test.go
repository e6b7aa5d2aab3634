package session_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"gonmf/kernel/internal/session"
)

// Cells run one after the other and see what the earlier ones declared.
func Example() {
	s, err := session.New(session.Options{
		Output: func(cell int, _ session.Stream, p []byte) { fmt.Printf("%s", p) },
	})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	for i, src := range []string{
		"import \"fmt\"\n\ntype point struct{ x, y int }\n\np := point{1, 2}\nfmt.Println(\"made\", p)",
		"p.x += 10\np",
		"q := point{z: 1}",
	} {
		res, err := s.Eval(context.Background(), i+1, src)
		if e, ok := errors.AsType[*session.Error](err); ok {
			fmt.Println(e)
		}
		if res.Has {
			fmt.Println(res.Values...)
		}
	}
	// Output:
	// made {1 2}
	// {11 2}
	// In [3], line 1: unknown field z in struct literal of type point; its fields are x, y
	//     q := point{z: 1}
	//                ^
}
