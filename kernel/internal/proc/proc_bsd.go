//go:build unix && !linux

package proc

func zombie(int) bool { return false }
