package main

import (
	"fmt"
	"os"

	"gonum.org/v1/gonum/mat"
)

func write(name string, m mat.Matrix) {
	r, c := m.Dims()
	if err := os.WriteFile(name, []byte(fmt.Sprint(r, c)), 0o644); err != nil {
		panic(err)
	}
}
