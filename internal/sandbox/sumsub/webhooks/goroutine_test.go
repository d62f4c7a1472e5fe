package webhooks

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

func TestGoroutineEndsWhenNothingWaits(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	q := New(Config{Now: time.Now, Options: Options{URL: server.URL}})
	defer q.Close()

	for range 3 {
		q.Enqueue("applicantPending", nil)
		if err := q.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		q.work.Wait() // ends only if the goroutine does, which Close has not yet told it to
		if q.working {
			t.Error("the goroutine is believed to be there")
		}
	}
}
