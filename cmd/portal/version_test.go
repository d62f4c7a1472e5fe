package main

import (
	"encoding/json"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
)

func TestVersionSaysWhatItWasBuiltFrom(t *testing.T) {
	t.Parallel()
	fromGit := []debug.BuildSetting{{Key: "vcs.revision", Value: "f00d"}, {Key: "vcs.modified", Value: "true"}}
	for name, c := range map[string]struct {
		version, commit string
		settings        []debug.BuildSetting
		wantCommit      string
		wantModified    bool
	}{
		"by make":                   {"v1.2.3", "cafe", nil, "cafe", false},
		"by make, with changes":     {"v1.2.3-1-gcafe-dirty", "cafe", nil, "cafe", true},
		"by make beats Go":          {"v1.2.3", "cafe", fromGit, "cafe", false},
		"by go build in a checkout": {"unreleased", "", fromGit, "f00d", true},
		"from a tarball":            {"unreleased", "", nil, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := releaseOf(c.version, c.commit, c.settings)
			if r.Version != c.version || r.Commit != c.wantCommit || r.Modified != c.wantModified {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestVersionIsThereForPeopleAndPrograms(t *testing.T) {
	t.Parallel()
	code, out, stderr := command(t, nil, "version")
	if first, rest, _ := strings.Cut(out, "\n"); code != exitOK || first != version || !strings.Contains(rest, runtime.Version()) {
		t.Errorf("exit %d: %s%s", code, out, stderr)
	}
	code, out, stderr = command(t, nil, "version", "--json")
	var r release
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitOK {
		t.Fatalf("exit %d: %s%s: %v", code, out, stderr, err)
	}
	if r.Version != version || r.Go != runtime.Version() || r.Build["GOOS"] != runtime.GOOS {
		t.Errorf("%+v", r)
	}
}
