package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"portal/internal/bench/stage"
)

// profileAtMost is how long a profile is taken of a long load: it says no more after that.
const profileAtMost = 20 * time.Second

// profile writes profiles of a portal under a load that is not measured, since a profile costs something. It does nothing
// where none are wanted.
func (r *Run) profile(ctx context.Context, name string, portal *stage.Server, load func(ctx context.Context, during time.Duration) error) error {
	if r.Profiles == "" {
		return nil
	}
	if err := os.MkdirAll(r.Profiles, 0o755); err != nil {
		return err
	}
	during := min(max(r.Length, time.Second), profileAtMost).Truncate(time.Second)
	path := filepath.Join(r.Profiles, strings.NewReplacer(" ", "-", ",", "").Replace(name))
	g, loading := errgroup.WithContext(ctx)
	g.Go(func() error {
		return save(loading, path+"-cpu.pprof", fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", portal.Debug, int(during.Seconds())))
	})
	g.Go(func() error { return load(loading, during) })
	if err := g.Wait(); err != nil {
		return fmt.Errorf("profiles of %s: %w", name, err)
	}
	return save(ctx, path+"-heap.pprof", fmt.Sprintf("http://%s/debug/pprof/heap", portal.Debug))
}

// save writes what a URL is answered with to a file.
func save(ctx context.Context, file, url string) error {
	answer, err := stage.Call{Method: http.MethodGet, URL: url}.Make(ctx)
	if err == nil && answer.Status != http.StatusOK {
		err = errors.New(http.StatusText(answer.Status))
	}
	if err != nil {
		return err
	}
	return os.WriteFile(file, answer.Body, 0o644)
}
