package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"portal/internal/bench/process"
)

// Server is a program that is measured.
type Server struct {
	*process.Process
	Address string // host and port of its pages
	Debug   string // host and port of its health, metrics and profiles; empty where it has none
}

// Portal starts a portal with the stage's settings but for changes, and returns once it is ready.
func (s *Stage) Portal(ctx context.Context, changes Settings) (*Server, error) {
	return s.StartServer(ctx, s.program("portal"), func(address, debug string) ([]string, Settings) {
		return []string{"serve"}, s.settings.with(Settings{"PORTAL_LISTEN": address, "PORTAL_DEBUG_LISTEN": debug}).with(changes)
	})
}

// Portals starts so many portals, which share everything but their addresses.
func (s *Stage) Portals(ctx context.Context, n int) ([]*Server, error) {
	list := make([]*Server, n)
	for i := range list {
		var err error
		if list[i], err = s.Portal(ctx, nil); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// StartServer starts a program that answers at two free addresses, and returns once it says at the second that it is ready.
func (s *Stage) StartServer(ctx context.Context, path string, as func(address, debug string) (args []string, env Settings)) (*Server, error) {
	at, err := process.FreeAddresses(2)
	if err != nil {
		return nil, err
	}
	args, env := as(at[0], at[1])
	p, err := s.Start(process.Command{Path: path, Args: args, Env: env.environ()})
	if err != nil {
		return nil, err
	}
	return &Server{Process: p, Address: at[0], Debug: at[1]}, p.Await(ctx, "http://"+at[1]+"/readyz")
}

// Start starts a program that ends with the stage, if not before. Its output goes to the diary, or where there is none to a file
// of the stage's.
func (s *Stage) Start(c process.Command) (*process.Process, error) {
	c.Diary, c.Log = s.Diary, filepath.Join(s.Dir, fmt.Sprintf("%s-%d.log", filepath.Base(c.Path), s.started))
	s.started++
	p, err := process.Start(c)
	if err != nil {
		return nil, err
	}
	s.running = append(s.running, p)
	return p, nil
}

// Stop ends a program that was started on the stage.
func (s *Stage) Stop(p *process.Process) error {
	at := slices.Index(s.running, p)
	if at < 0 {
		return errors.New("not a program of this stage")
	}
	s.running = slices.Delete(s.running, at, at+1)
	if err := p.Stop(); err != nil {
		return err
	}
	if p.Diary != nil {
		return nil
	}
	return os.Remove(p.Log) // of a long load it is large
}
