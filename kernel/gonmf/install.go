package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"gonmf/kernel/gophernotes"
	"gonmf/kernel/internal/kernelspec"
	"gonmf/kernel/internal/papermill"
)

// kernelKind is a kernel that can be installed.
type kernelKind struct {
	name, display string
	args          []string
	interruptMode string
	// program returns the file to install. It may make it in the folder dir,
	// and then says on progress what it does.
	program func(ctx context.Context, dir string, progress io.Writer) (string, error)
}

var (
	ownKernel = kernelKind{
		name: "gonmf", display: "Go (gonmf)",
		args: []string{"kernel", "{connection_file}"}, interruptMode: "message",
		program: func(context.Context, string, io.Writer) (string, error) { return os.Executable() },
	}
	// Gophernotes cannot interrupt a cell: it ignores the message, while the
	// signal would end it, and the session with it.
	gophernotesKernel = kernelKind{
		name: "gonmf-gophernotes", display: "Go (gophernotes + gonmf)",
		args: []string{"{connection_file}"}, interruptMode: "message",
		program: gophernotes.Build,
	}
)

// choice is what install and uninstall are told by flags.
type choice struct {
	gophernotes, user, sysPrefix, papermill bool
	prefix, name, display                   string
}

func (c *choice) define(f *flag.FlagSet) {
	f.BoolVar(&c.gophernotes, "gophernotes", false, "the kernel gophernotes with gonmf linked in, instead of gonmf's own")
	f.BoolVar(&c.user, "user", false, "for the current user (the default)")
	f.BoolVar(&c.sysPrefix, "sys-prefix", false, "in the active virtual or conda environment")
	f.StringVar(&c.prefix, "prefix", "", "below `DIR`, in share/jupyter there")
	f.BoolVar(&c.papermill, "papermill", false, "no kernel, but Go for the papermill in PATH, so that papermill -p works")
	f.StringVar(&c.name, "name", "", "`name` of the kernel for Jupyter's commands (default gonmf, or gonmf-gophernotes)")
}

// kind returns the kernel that is meant, under the names that were chosen.
func (c *choice) kind() kernelKind {
	k := ownKernel
	if c.gophernotes {
		k = gophernotesKernel
	}
	if c.name != "" {
		k.name = c.name
	}
	if c.display != "" {
		k.display = c.display
	}
	return k
}

// data returns the data folder of Jupyter that is meant.
func (c *choice) data(ctx context.Context) (string, error) {
	places := 0
	for _, given := range []bool{c.user, c.sysPrefix, c.prefix != ""} {
		if given {
			places++
		}
	}
	switch {
	case places > 1:
		return "", usagef("-user, -sys-prefix and -prefix are three places, choose one")
	case c.prefix != "":
		return kernelspec.PrefixData(c.prefix), nil
	case c.sysPrefix:
		prefix, err := kernelspec.SysPrefix(ctx)
		return kernelspec.PrefixData(prefix), err
	default:
		return kernelspec.UserData()
	}
}

var installCommand = command{
	name:    "install",
	summary: "add the kernel to Jupyter",
	help: `
Adds the kernel "Go (gonmf)" to Jupyter: gonmf, gota, gonum and gonum/plot in
the cells of a notebook. This program is copied, and can be removed afterwards.
With -gophernotes the kernel is gophernotes with the same packages linked in,
which is built first and needs an installed Go and the source of gonmf. With
-papermill a small Python module is put beside papermill, which has to be told
how parameters are written in Go. With -program nothing is copied: that is
for packages, which put the program and the kernel below one prefix.

For example:
  gonmf install                        # then: jupyter lab
  gonmf install -sys-prefix            # into the active environment
  gonmf install -papermill             # then: papermill IN OUT -k gonmf -p k 20
  gonmf install -gophernotes
  gonmf install -prefix DIR -program '{resource_dir}/../../../../bin/gonmf'`,
	define: func(f *flag.FlagSet, std streams) func([]string) error {
		var c choice
		c.define(f)
		inPlace := f.String("program", "", "start `FILE` instead of a copy of this program; "+kernelspec.ResourceDir+" in it is the folder of the kernel")
		f.StringVar(&c.display, "display-name", "", "`name` that Jupyter shows (default \"Go (gonmf)\", or \"Go (gophernotes + gonmf)\")")
		return func(args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
			defer stop()
			return install(ctx, &c, *inPlace, std)
		}
	},
}

// install adds the kernel that was chosen, which starts the program inPlace unless that is empty.
func install(ctx context.Context, c *choice, inPlace string, std streams) error {
	if c.papermill {
		dir, err := papermill.Install(ctx)
		if err == nil {
			_, err = fmt.Fprintf(std.out, "Papermill in %s now writes parameters in Go.\n", dir)
		}
		return err
	}
	data, err := c.data(ctx)
	if err != nil {
		return err
	}
	k := c.kind()
	dir, err := os.MkdirTemp("", "gonmf-install-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	program := ""
	if inPlace == "" {
		if program, err = k.program(ctx, dir, std.err); err != nil {
			return err
		}
	}
	folder, err := kernelspec.Install(data, kernelspec.Kernel{
		Name:          k.name,
		DisplayName:   k.display,
		Program:       program,
		InPlace:       inPlace,
		Args:          k.args,
		InterruptMode: k.interruptMode,
		Version:       version(),
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(std.out, "Installed %q in %s.\nStart it with: jupyter lab, or jupyter console --kernel %s\n", k.display, folder, filepath.Base(folder))
	return err
}

var uninstallCommand = command{
	name:    "uninstall",
	summary: "take the kernel away from Jupyter",
	help: `
Removes what gonmf install has put into Jupyter's folder, and nothing else. It
takes the flags that install was given.

For example:
  gonmf uninstall
  gonmf uninstall -gophernotes -sys-prefix`,
	define: func(f *flag.FlagSet, std streams) func([]string) error {
		var c choice
		c.define(f)
		return func(args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			if c.papermill {
				dir, err := papermill.Uninstall(context.Background())
				if err == nil {
					_, err = fmt.Fprintf(std.out, "Papermill in %s does not know Go any more.\n", dir)
				}
				return err
			}
			data, err := c.data(context.Background())
			if err != nil {
				return err
			}
			name := c.kind().name
			if err := kernelspec.Uninstall(data, name); err != nil {
				if errors.Is(err, kernelspec.ErrNotInstalled) {
					err = fmt.Errorf("%w; jupyter kernelspec list shows what is", err)
				}
				return err
			}
			_, err = fmt.Fprintf(std.out, "Uninstalled the kernel %s from %s.\n", name, data)
			return err
		}
	},
}
