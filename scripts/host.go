package scripts

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"reflect"
	"slices"
	"sync/atomic"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"
	"github.com/traefik/yaegi/stdlib/unrestricted"

	"gonmf/scripts/symbols"
)

// host is what a running script finds in the place of the process-wide parts
// of the standard library, so that one run leaves nothing behind for the next.
type host struct {
	ctx     context.Context // of Run
	name    string
	args    []string
	trace   *trace
	exit    chan int      // status given to os.Exit
	listens atomic.Bool   // the script has asked for interrupts
	flags   *flag.FlagSet // the script's flag.CommandLine
}

func newHost(ctx context.Context, name string, args []string) *host {
	return &host{
		ctx:   ctx,
		name:  name,
		args:  args,
		trace: &trace{out: os.Stderr},
		exit:  make(chan int, 1),
		flags: flag.NewFlagSet(name, flag.ContinueOnError),
	}
}

// use gives the interpreter all packages, the host's replacements last.
func (h *host) use(i *interp.Interpreter) error {
	for _, table := range []interp.Exports{stdlib.Symbols, unrestricted.Symbols, symbols.Symbols} {
		if err := i.Use(table); err != nil {
			return err
		}
	}
	return i.Use(interp.Exports{
		"os/os":            {"Exit": reflect.ValueOf(h.osExit)},
		"os/signal/signal": {"Notify": reflect.ValueOf(h.notify), "NotifyContext": reflect.ValueOf(h.notifyContext)},
		"flag/flag":        h.flagPackage(),
		"log/log":          h.logPackage(i.Symbols("log")["log"]),
	})
}

// osExit ends the run and never returns. As in a compiled program deferred
// functions do not run, and it may be called from any goroutine.
func (h *host) osExit(code int) {
	select {
	case h.exit <- code:
	default: // another goroutine was first
	}
	select {}
}

func (h *host) notify(c chan<- os.Signal, sigs ...os.Signal) {
	signal.Notify(c, sigs...)
	if !interrupts(sigs) {
		return
	}
	h.listens.Store(true)
	context.AfterFunc(h.ctx, func() {
		select {
		case c <- os.Interrupt:
		default:
		}
	})
}

func (h *host) notifyContext(parent context.Context, sigs ...os.Signal) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(parent, sigs...)
	if !interrupts(sigs) {
		return ctx, stop
	}
	h.listens.Store(true)
	unhook := context.AfterFunc(h.ctx, stop)
	return ctx, func() { unhook(); stop() }
}

// interrupts reports whether os.Interrupt is among the signals asked for;
// none given means all.
func interrupts(sigs []os.Signal) bool {
	return len(sigs) == 0 || slices.Contains(sigs, os.Interrupt)
}

// flagPackage is package flag on the script's own command line.
func (h *host) flagPackage() map[string]reflect.Value {
	table := map[string]reflect.Value{}
	own := reflect.ValueOf(h.flags)
	for name, v := range stdlib.Symbols["flag/flag"] {
		if m := own.MethodByName(name); m.IsValid() && m.Type() == v.Type() {
			table[name] = m
		}
	}
	usage := func() {
		fmt.Fprintf(h.flags.Output(), "Usage of %s:\n", h.name)
		h.flags.PrintDefaults()
	}
	h.flags.Usage = func() { usage() }
	table["Usage"] = reflect.ValueOf(&usage).Elem()
	table["CommandLine"] = reflect.ValueOf(&h.flags).Elem()
	table["Parse"] = reflect.ValueOf(func() {
		switch err := h.flags.Parse(h.args); {
		case errors.Is(err, flag.ErrHelp):
			h.osExit(0)
		case err != nil:
			h.osExit(2)
		}
	})
	return table
}

// logPackage makes log.Fatal and its kin exit, given the package as yaegi has
// set it up for this script, where they panic.
func (h *host) logPackage(log map[string]reflect.Value) map[string]reflect.Value {
	table := map[string]reflect.Value{}
	for fatal, print := range map[string]string{"Fatal": "Print", "Fatalf": "Printf", "Fatalln": "Println"} {
		p := log[print]
		table[fatal] = reflect.MakeFunc(p.Type(), func(args []reflect.Value) []reflect.Value {
			p.CallSlice(args)
			h.osExit(1)
			return nil
		})
	}
	return table
}
