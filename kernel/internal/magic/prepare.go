package magic

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"strings"

	"gonmf/kernel/internal/session"
	"gonmf/kernel/internal/session/source"
)

// prepare has s do what a command does.
func (m *Commands) prepare(s *source.Command, c *command, call call) {
	if c.around != nil {
		s.Err = c.around(m, s, call)
		return
	}
	s.Before = func(ctx context.Context) error {
		m.opt.Session.Flush()
		return c.run(m, ctx, call)
	}
}

func unknown(name string) error {
	text := fmt.Sprintf("there is no command %s", name)
	var names []string
	for _, c := range commands {
		names = append(names, c.name)
	}
	if near := session.Nearest(name, names); len(near) > 0 {
		return errors.New(text + "; did you mean " + near[0] + "? %help lists them")
	}
	text += "; %help lists them"
	if program := strings.TrimPrefix(name, "%"); token.IsIdentifier(program) {
		text += ", and !" + program + " runs the program of this name"
	}
	return errors.New(text)
}
