package nmf

import (
	"gonmf/nmf/internal/block"
	"gonmf/nmf/internal/kern"
	"gonmf/nmf/internal/solve"
)

// problem is a fit or a fold-in under way, with the carrier of its X.
type problem[T kern.Float] struct {
	*solve.Problem[T]
	cfg    Config
	memory *block.Memory[T]
}

// newProblem returns that of fitting X, whose W and H are zero. It is to be
// closed.
func newProblem[T kern.Float](in *input, cfg Config) *problem[T] {
	memory := block.NewMemory(entriesOf[T](in), cfg.Workers)
	w, ht := block.NewFactor[T](in.Rows, cfg.Components), block.NewFactor[T](in.Cols, cfg.Components)
	return &problem[T]{solve.NewProblem(memory, cfg.settings(), w, ht), cfg, memory}
}

func (p *problem[T]) close() { p.memory.Close() }
