package scripts_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gonmf/scripts"
)

func ExampleRun() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "main.go")
	err = os.WriteFile(script, []byte(`package main

import (
	"fmt"
	"os"

	"gonum.org/v1/gonum/stat"
)

func main() {
	fmt.Println(os.Args[1], stat.Mean([]float64{1, 2, 6}, nil))
	os.Exit(3)
}
`), 0o644)
	if err != nil {
		log.Fatal(err)
	}
	err = scripts.Run(context.Background(), script, []string{"mean"})
	var exit *scripts.ExitError
	fmt.Println(errors.As(err, &exit), err)
	// Output:
	// mean 3
	// true exit status 3
}
