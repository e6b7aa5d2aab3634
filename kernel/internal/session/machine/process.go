package machine

import (
	"errors"
	"flag"
	"maps"
	"os"
	"reflect"
	"strings"
	"sync"

	"github.com/goplus/ixgo"
)

// What cells see of the process that they run in, and what compiled code does to it.

// TakeProcess gives the session the streams of its process: what compiled code prints on
// os.Stdout and os.Stderr, the usage of package flag for instance, is then output of the
// latest cell. It is for whoever has started a process for the session alone.
func (m *Machine) TakeProcess() {
	os.Stdout, os.Stderr = m.stdio.out, m.stdio.err
}

// flags are the functions of package flag as cells have them. A flag may be defined again
// by another run of a cell, and a mistake in the arguments ends the cell, not the process.
type flags struct {
	m  *Machine
	mu sync.Mutex
	by map[string]int64 // the flags of flag.CommandLine, and the run that defined each
}

// install gives them to ctx.
func (f *flags) install(ctx *ixgo.Context) {
	pkg, ok := ixgo.LookupPackage("flag")
	if !ok {
		return
	}
	for name, fn := range pkg.Funcs {
		if at, ok := flagName(fn.Type(), name); ok {
			ctx.RegisterExternal("flag."+name, reflect.MakeFunc(fn.Type(), func(args []reflect.Value) []reflect.Value {
				f.define(args[at].String())
				return fn.Call(args)
			}).Interface())
		}
	}
	ctx.RegisterExternal("flag.Parse", func() { f.parse(flag.CommandLine, f.m.stdio.args[min(1, len(f.m.stdio.args)):]) })
	ctx.RegisterExternal("(*flag.FlagSet).Parse", f.parse)
}

// flagName says which parameter of a function that defines a flag is its name.
func flagName(t reflect.Type, name string) (at int, ok bool) {
	if strings.HasSuffix(name, "Var") {
		at = 1
	}
	// name, then at least a usage: not Set or Lookup
	return at, t.NumIn() > at+1 && t.In(at).Kind() == reflect.String && name != "Set" && name != "NewFlagSet" && name != "UnquoteUsage"
}

// define is called before a flag is defined for the command line: one that an earlier run
// has defined goes.
func (f *flags) define(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	run := int64(0)
	if o := currentOrigin(); o != nil && o.run != nil {
		run = o.run.id
	}
	if by, ok := f.by[name]; ok && by != run {
		for _, list := range []string{"formal", "actual"} {
			m := field(flag.CommandLine, list).Interface().(map[string]*flag.Flag)
			maps.DeleteFunc(m, func(n string, _ *flag.Flag) bool { return n == name })
		}
	}
	f.by[name] = run
}

// parse is (*flag.FlagSet).Parse.
func (f *flags) parse(fs *flag.FlagSet, args []string) error {
	if fs.ErrorHandling() != flag.ExitOnError {
		return fs.Parse(args)
	}
	fs.Init(fs.Name(), flag.ContinueOnError)
	defer fs.Init(fs.Name(), flag.ExitOnError)
	switch err := fs.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		panic(Exit(0))
	case err != nil:
		panic(Exit(2))
	}
	return nil
}
