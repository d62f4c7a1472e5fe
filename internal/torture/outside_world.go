package torture

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"time"

	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort"
	"portal/internal/sandbox/passfort/webhooks"
)

// site is something that serves HTTP.
type site struct {
	url    string
	server *http.Server
	ended  chan struct{}
}

func newSite(l net.Listener, h http.Handler) *site {
	s := &site{url: "http://" + l.Addr().String(), server: &http.Server{Handler: h}, ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		_ = s.server.Serve(l) // until close
	}()
	return s
}

func (s *site) close() error {
	if s == nil {
		return nil
	}
	err := s.server.Close()
	<-s.ended
	return err
}

// outerWorld is the sandbox as a real server.
type outerWorld struct {
	*sandbox.Sandbox
	site  *site
	asked chan struct{} // somebody asks the provider to create something: a good moment to die
}

// newOuterWorld starts a sandbox whose webhooks go to the balancer.
func newOuterWorld(front, masterKey, webhooksSecret string, unknowns passfort.Options) (*outerWorld, error) {
	w := &outerWorld{asked: make(chan struct{}, 1)}
	w.Sandbox = sandbox.New(sandbox.Options{
		MasterKey: masterKey, PassFort: unknowns, RedirectURL: front + portalPath + "/complete", FormURL: front + portalPath,
		// The line is tried again quickly, so that runs are short.
		Webhooks: webhooks.Options{URL: front + webhooksPath, Secret: webhooksSecret, BackoffMS: 100, BackoffMaxMS: 1000, TimeoutMS: 8000},
	})
	if _, err := w.Mailbox().Listen("127.0.0.1:0"); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	w.site = newSite(l, http.HandlerFunc(w.serve))
	return w, nil
}

// creatingTakes is how long the provider thinks before it creates something. The real one takes longer.
const creatingTakes = 40 * time.Millisecond

func (w *outerWorld) serve(rw http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost && strings.HasPrefix(r.URL.Path, "/4.0/") {
		select {
		case w.asked <- struct{}{}:
		default: // it is known already
		}
		linger(r.Context(), creatingTakes)
	}
	w.Handler().ServeHTTP(rw, r)
}

func (w *outerWorld) close() error {
	if w == nil {
		return nil
	}
	return errors.Join(w.Close(), w.site.close())
}
