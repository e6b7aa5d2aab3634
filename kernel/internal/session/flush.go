package session

// Flush hands over what cells have printed so far, for what is shown beside the
// streams and must come after it.
func (s *Session) Flush() { s.out.flush() }
