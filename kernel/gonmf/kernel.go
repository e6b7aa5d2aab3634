package main

import (
	"context"
	"flag"

	"gonmf/kernel/internal/engine"
	"gonmf/kernel/internal/server"
)

var kernelCommand = command{
	name:    "kernel",
	args:    "CONNECTION_FILE",
	summary: "be the kernel; Jupyter starts this",
	help: `
Serves the Jupyter front end that wrote the connection file, until it asks for
a shutdown or ends. Jupyter starts this; to start it by hand, let Jupyter's
console write the file.

For example:
  jupyter console --kernel gonmf`,
	define: func(_ *flag.FlagSet, _ streams) func([]string) error {
		return func(args []string) error {
			// Jupyter run names the files it runs, too, and then sends them.
			if len(args) == 0 {
				return usagef("it takes one connection file, which Jupyter writes")
			}
			return server.Main(context.Background(), args[0], version())
		}
	},
}

var workerCommand = command{
	name:   server.WorkerCommand,
	hidden: true,
	help:   "Runs the cells of a kernel, which starts this.",
	define: func(_ *flag.FlagSet, _ streams) func([]string) error {
		return func(args []string) error {
			if err := noArgs(args); err != nil {
				return err
			}
			engine.Worker()
			return nil
		}
	},
}
