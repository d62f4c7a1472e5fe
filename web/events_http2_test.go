package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// overHTTP2 serves the portal to proxies that speak HTTP/2, and returns a client that does.
func (w *world) overHTTP2(limit time.Duration) *http.Client {
	w.t.Helper()
	var both, two http.Protocols
	both.SetHTTP1(true)
	both.SetUnencryptedHTTP2(true)
	two.SetUnencryptedHTTP2(true)
	w.server = httptest.NewUnstartedServer(w.web)
	w.server.Config.Protocols, w.server.Config.ReadTimeout, w.server.Config.WriteTimeout = &both, limit, limit
	w.server.Config.RegisterOnShutdown(w.web.Stop)
	w.server.Start()
	w.t.Cleanup(w.server.Close)
	w.t.Cleanup(w.web.Stop)
	transport := &http.Transport{Protocols: &two}
	w.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

func TestStreamsGoOverHTTP2Too(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wanted{live: true})
	cookies := w.browser().signIn("ada@example.com").client.Jar.Cookies(w.url)
	const limit = time.Second
	client := w.overHTTP2(limit)
	w.web.Beat(limit / 3)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.server.URL+"/onboarding"+ofIndividual, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 {
		t.Fatalf("%s %s", answer.Proto, answer.Status)
	}
	s := &stream{t: t, events: make(chan event, 100), lines: &lineBook{}}
	go func() {
		defer close(s.events)
		defer answer.Body.Close()
		s.read(bufio.NewScanner(answer.Body))
	}()
	s.next()
	eventually(t, "signs of life past the server's times", func() bool { return s.lines.count("event: beat") > 4 })
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := w.server.Config.Shutdown(ctx); err != nil {
		t.Error(err)
	}
	s.ends()
}
