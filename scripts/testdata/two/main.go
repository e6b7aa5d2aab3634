package main

import (
	"os"

	"gonum.org/v1/gonum/mat"
)

func main() {
	m := mat.NewDense(2, 3, nil)
	write(os.Args[1], m)
}
