package nmf

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestThisBuild(t *testing.T) {
	b := ThisBuild()
	if b.Version == "" || b.Go != runtime.Version() || b.Platform != runtime.GOOS+"/"+runtime.GOARCH || b.Instructions == "" {
		t.Errorf("%+v", b)
	}
}

func TestVersionIn(t *testing.T) {
	commit := []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef0123"}, {Key: "vcs.modified", Value: "true"}}
	gonmf := func(version string) debug.Module { return debug.Module{Path: "gonmf", Version: version} }
	used, copied := gonmf("v1.2.3"), gonmf("v1.2.3")
	copied.Replace = &debug.Module{Path: "../gonmf"}
	for _, c := range []struct {
		name string
		info debug.BuildInfo
		want string
	}{
		{"released", debug.BuildInfo{Main: gonmf("v1.2.3"), Settings: commit}, "v1.2.3"},
		{"from a commit", debug.BuildInfo{Main: gonmf("(devel)"), Settings: commit}, "devel+0123456789ab.dirty"},
		{"without one", debug.BuildInfo{Main: gonmf("")}, "devel"},
		{"in another program", debug.BuildInfo{Main: debug.Module{Path: "shop", Version: "v9.9.9"}, Deps: []*debug.Module{&used}, Settings: commit}, "v1.2.3"},
		{"from a folder", debug.BuildInfo{Main: debug.Module{Path: "shop"}, Deps: []*debug.Module{&copied}, Settings: commit}, "devel"},
	} {
		if got := versionIn(&c.info); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
