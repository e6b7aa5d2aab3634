// Writes its arguments as JSON into the file that -out names.
package main

import (
	"encoding/json"
	"flag"
	"log"
	"os"
)

func main() {
	out := flag.String("out", "", "`file` to write")
	n := flag.Int("n", 1, "a number")
	flag.Parse()
	b, err := json.Marshal(map[string]any{"args": os.Args[1:], "n": *n, "rest": flag.Args()})
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, b, 0o644); err != nil {
		log.Fatal(err)
	}
}
