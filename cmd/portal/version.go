package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
)

// What make says of the source when it builds. A tarball has no history to ask, so these come from outside; what is built
// without make says what Go knows.
var (
	version = "unreleased"
	commit  = ""
)

// release is what `portal version` tells, for whoever asks which portal runs where.
type release struct {
	Version  string            `json:"version"`
	Commit   string            `json:"commit"` // empty where nobody knows
	Modified bool              `json:"modified"`
	Go       string            `json:"go"`
	Platform string            `json:"platform"`
	Build    map[string]string `json:"build"` // Go's build settings
}

func newVersion() *cobra.Command {
	cmd := &cobra.Command{
		Use: "version", Short: "Print the version", Args: cobra.NoArgs,
		Long: "Prints the version, the commit that it was built from, whether that was changed, and how it was built.",
	}
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = working(func(cmd *cobra.Command) error {
		info, ok := debug.ReadBuildInfo()
		if !ok {
			info = &debug.BuildInfo{}
		}
		r := releaseOf(version, commit, info.Settings)
		if *asJSON {
			encoder := json.NewEncoder(cmd.OutOrStdout())
			encoder.SetIndent("", "  ")
			return encoder.Encode(r)
		}
		return r.print(cmd.OutOrStdout())
	})
	return cmd
}

// releaseOf puts together what make said, and what Go wrote into the program.
func releaseOf(version, commit string, settings []debug.BuildSetting) release {
	r := release{
		Version: version, Commit: commit, Modified: strings.HasSuffix(version, "-dirty"),
		Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH, Build: map[string]string{},
	}
	for _, s := range settings {
		r.Build[s.Key] = s.Value
	}
	if commit == "" {
		r.Commit, r.Modified = r.Build["vcs.revision"], r.Build["vcs.modified"] == "true"
	}
	return r
}

// print writes the version alone on the first line, for scripts.
func (r release) print(w io.Writer) error {
	state := r.Commit
	switch {
	case state == "":
		state = "unknown"
	case r.Modified:
		state += ", with changes"
	}
	_, err := fmt.Fprintf(w, "%s\ncommit    %s\ngo        %s\nplatform  %s\nbuild     %s\n",
		r.Version, state, r.Go, r.Platform, r.flags())
	return err
}

// flags are the build settings that tell one build of a commit from another.
func (r release) flags() string {
	var set []string
	for _, key := range []string{"-trimpath", "CGO_ENABLED", "GOAMD64", "GOARM64", "-race", "-tags"} {
		if value, ok := r.Build[key]; ok {
			set = append(set, key+"="+value)
		}
	}
	return strings.Join(set, " ")
}
