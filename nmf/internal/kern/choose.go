package kern

import (
	"fmt"
	"os"
	"strings"
)

// Variable is the environment variable that names the instruction set to use,
// as [Name] does or "purego" for "generic": a lower one than the processor's best
// gives the bits of another machine. It is read once, at start.
const Variable = "GONMF_CPU"

// The sets in use.
var best64, best32, refused = choose(os.Getenv(Variable), available64(), available32())

// Refused returns an error if [Variable] is not to be had, in which case the
// processor's best sets are in use.
func Refused() error { return refused }

// choose returns the sets with the given name, or the best for "". Where there
// is no such set for float32, it is the best below it.
func choose(name string, sets64 []set[float64], sets32 []set[float32]) (set[float64], set[float32], error) {
	best := func(n int) (set[float64], set[float32]) {
		return sets64[n-1], sets32[min(n, len(sets32))-1]
	}
	s64, s32 := best(len(sets64))
	if name == "" {
		return s64, s32, nil
	}
	var names []string
	for i, s := range sets64 {
		if s.name == name || s.name == "generic" && name == "purego" {
			s64, s32 = best(i + 1)
			return s64, s32, nil
		}
		names = append(names, s.name)
	}
	return s64, s32, fmt.Errorf("%s is %q, but this program has on this processor: %s", Variable, name, strings.Join(names, ", "))
}
