package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	look = 300 * time.Millisecond // how often to look whether a script has changed
	wait = 10 * time.Second       // for a script to end after an interrupt
)

// watch runs a script again whenever its source changes, until ctx is done. A
// run that is not over by then is interrupted.
//
// Each run is a process of its own, of the program self: a compiled function
// that the script is in could not be ended otherwise.
//
// flags are those of the command, paths the script's files, or what else it is, and args
// the script's own.
func watch(ctx context.Context, self string, flags, paths, args []string, say io.Writer) error {
	seen, err := sources(paths)
	if err != nil {
		return usagef("there is nothing to watch: %v", err)
	}
	for {
		cmd := exec.Command(self, slices.Concat([]string{"run"}, flags, paths, args)...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			return err
		}
		ended := make(chan struct{})
		go func() {
			// How it ended is between the script and the user.
			_ = cmd.Wait()
			close(ended)
		}()
		err := change(ctx, paths, &seen)
		end(cmd.Process, ended)
		if err != nil {
			return err
		}
		fmt.Fprintf(say, "gonmf run: %s has changed, running it again\n", strings.Join(paths, ", "))
	}
}

// change returns when the source of a script is not what was seen, and puts
// what it is now in its place.
func change(ctx context.Context, paths []string, seen *map[string]state) error {
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(look):
		}
		// An editor may have moved a file away for a moment.
		now, err := sources(paths)
		if err == nil && !maps.Equal(now, *seen) {
			*seen = now
			return nil
		}
	}
}

// end interrupts a process that has not ended yet, and kills it if it goes on.
func end(p *os.Process, ended <-chan struct{}) {
	if runtime.GOOS == "windows" || p.Signal(os.Interrupt) != nil {
		_ = p.Kill() // an error means that it has ended
	}
	select {
	case <-ended:
	case <-time.After(wait):
		_ = p.Kill()
		<-ended
	}
}

// state tells one content of a file from another.
type state struct {
	modified time.Time
	size     int64
}

// sources returns the states of a script's files.
func sources(paths []string) (map[string]state, error) {
	files := paths
	info, err := os.Stat(paths[0])
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		if files, err = filepath.Glob(filepath.Join(paths[0], "*.go")); err != nil {
			return nil, err
		}
	}
	out := map[string]state{}
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			return nil, err
		}
		out[file] = state{info.ModTime(), info.Size()}
	}
	return out, nil
}
