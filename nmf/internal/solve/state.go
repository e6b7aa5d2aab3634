package solve

// State is what a stopped fit must know to go on as if it had not been
// stopped.
type State struct {
	First    float64 // what changes are measured against
	Previous float64 // the error at the last look
	Batches  *Batches
	Leap     *Leap
}

// Batches is what the next mini-batches depend on beside W and H.
type Batches struct {
	Num, Den    []float64 // A and B, as H
	Rows        int       // that rho was made for: of X or of the first block; 0 where it was not kept
	Mean, Least float64
	Worse       int
	Made        int // batches
}

// Leap is what the next leap depends on beside W and H.
type Leap struct {
	Beta, Ceiling float64
	Loss          float64   // after the last iteration
	Ahead         []float64 // Y, as H
}
