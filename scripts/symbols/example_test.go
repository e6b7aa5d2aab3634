package symbols_test

import (
	"log"

	"github.com/traefik/yaegi/interp"
	"github.com/traefik/yaegi/stdlib"

	"gonmf/scripts/symbols"
)

// An interpreter that is given the table can import what is in it; nothing is
// compiled and no Go installation is needed.
func Example() {
	i := interp.New(interp.Options{})
	for _, table := range []interp.Exports{stdlib.Symbols, symbols.Symbols} {
		if err := i.Use(table); err != nil {
			log.Fatal(err)
		}
	}
	_, err := i.Eval(`
		package main

		import (
			"fmt"

			"gonum.org/v1/gonum/mat"
		)

		func main() {
			a := mat.NewDense(2, 2, []float64{1, 2, 3, 4})
			var b mat.Dense
			b.Mul(a, a.T())
			fmt.Println(mat.Formatted(&b))
		}
	`)
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// ⎡ 5  11⎤
	// ⎣11  25⎦
}
