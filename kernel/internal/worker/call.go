package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"

	"gonmf/kernel/display"
	"gonmf/kernel/internal/pipe"
	"gonmf/kernel/internal/wire"
)

// serve answers one call. Its error means that the kernel has gone, or wraps errCall.
func (w *worker) serve(c call) error {
	defer w.forget(c)
	reply, err := w.answer(c)
	if err != nil {
		return err
	}
	w.output.flush()
	err = w.out.WriteCall(pipe.KindReply, c.number, reply)
	if executed, ok := reply.(pipe.Executed); ok && err != nil && notSent(err) {
		// A value that is no JSON, or too large, fails the cell and nothing else.
		failure := asFailure(fmt.Errorf("the value cannot be shown: %w", err))
		err = w.out.WriteCall(pipe.KindReply, c.number, pipe.Executed{Outcome: pipe.Outcome{Failure: failure}, Report: pipe.Report{Place: executed.Place}})
	}
	return err
}

// notSent says whether a frame failed before anything of it was written.
func notSent(err error) bool {
	var value *json.UnsupportedValueError
	var typ *json.UnsupportedTypeError
	var marshaler *json.MarshalerError
	return errors.Is(err, pipe.ErrTooLarge) || errors.As(err, &value) || errors.As(err, &typ) || errors.As(err, &marshaler)
}

// answer runs a call.
func (w *worker) answer(c call) (reply any, err error) {
	var execute pipe.Execute
	var at pipe.Position
	if c.kind == pipe.KindExecute {
		err = json.Unmarshal(c.payload, &execute)
	} else {
		err = json.Unmarshal(c.payload, &at)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: kind %d: %w", errCall, c.kind, err)
	}
	at.Pos = max(0, min(at.Pos, len(at.Code)))
	switch c.kind {
	case pipe.KindExecute:
		return w.execute(c.ctx, execute), nil
	case pipe.KindComplete:
		return guard(pipe.Completed{Start: at.Pos, End: at.Pos}, func() pipe.Completed { return w.engine.Complete(at.Code, at.Pos) }), nil
	case pipe.KindInspect:
		return guard(pipe.Inspected{}, func() pipe.Inspected { return w.engine.Inspect(at.Code, at.Pos) }), nil
	case pipe.KindIsComplete:
		return guard(pipe.Completeness{Status: "unknown"}, func() pipe.Completeness { return w.engine.IsComplete(at.Code) }), nil
	}
	return nil, fmt.Errorf("%w: kind %d", errCall, c.kind)
}

// guard returns what f returns, or the fallback should the interpreter panic over somebody's half-typed code.
func guard[T any](fallback T, f func() T) (result T) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "worker: %v\n%s", p, debug.Stack())
			result = fallback
		}
	}()
	return f()
}

func (w *worker) execute(ctx context.Context, e pipe.Execute) pipe.Executed {
	w.mu.Lock()
	w.cell = e.Cell
	w.contexts[e.Cell] = ctx
	w.mu.Unlock()
	defer func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.contexts, e.Cell)
	}()
	outcome := outcomeOf(ctx, func() ([]any, error) { return w.engine.Eval(ctx, e.Cell, e.Code) })
	if e.Silent {
		outcome.Value = nil
	}
	result := pipe.Executed{Outcome: outcome, Expressions: map[string]pipe.Outcome{}}
	if r, ok := w.engine.(Reporter); ok {
		result.Report = r.Report()
	}
	if outcome.Failure != nil {
		return result
	}
	for _, name := range slices.Sorted(maps.Keys(e.Expressions)) {
		result.Expressions[name] = outcomeOf(ctx, func() ([]any, error) { return w.engine.Expression(ctx, e.Expressions[name]) })
	}
	return result
}

// outcomeOf evaluates something and renders its value. That it needed too much memory explains every other error.
func outcomeOf(ctx context.Context, eval func() ([]any, error)) (o pipe.Outcome) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(stderr, "worker: %v\n%s", p, debug.Stack())
			o = pipe.Outcome{Failure: asFailure(fmt.Errorf("internal error of the interpreter: %v", p))}
		}
	}()
	values, err := eval()
	if cause := context.Cause(ctx); errors.As(cause, new(memoryError)) {
		err = cause
	}
	if err != nil {
		return pipe.Outcome{Failure: asFailure(err)}
	}
	if data, ok := display.Values(values); ok {
		o.Value = &pipe.Value{Data: data.Data, Metadata: data.Metadata}
	}
	return o
}

// asFailure turns an error into what a front end shows, in red as is the custom.
func asFailure(err error) *wire.Failure {
	var f *wire.Failure
	if errors.As(err, &f) {
		return f
	}
	name := "error"
	switch {
	case errors.Is(err, ErrInterrupted):
		name = "Interrupted"
	case errors.As(err, new(memoryError)):
		name = "OutOfMemory"
	}
	return wire.NewFailure(name, err.Error())
}
