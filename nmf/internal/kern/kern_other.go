//go:build purego || !amd64

package kern

// available lists the sets that this processor has, the best last.
func available() []set { return []set{generic} }
