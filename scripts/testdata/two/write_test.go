package main

import "testing"

func TestNothing(t *testing.T) { t.Log("tests of a script are not part of it") }
