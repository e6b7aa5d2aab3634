//go:build ignore

package main

func main() { panic("excluded by its build constraint") }
