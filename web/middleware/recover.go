package middleware

import (
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
)

// Recover turns a panic of a handler into a log entry and the failure page. Where an answer has begun already, the
// connection is cut, so that nobody takes the half for the whole. The failure page gets the request as it was before
// the inner middleware: wrap it in what it needs of that.
func Recover(log *slog.Logger, failure http.Handler) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent := watch(w)
			defer func() {
				cause := recover()
				if cause == nil {
					return
				}
				if cause == http.ErrAbortHandler {
					panic(cause)
				}
				log.LogAttrs(r.Context(), slog.LevelError, "panic", slog.String("cause", fmt.Sprint(cause)),
					slog.String("stack", string(debug.Stack())), slog.String("route", routeOf(r)),
					slog.String("request_id", RequestID(r.Context())))
				if sent.status != 0 {
					panic(http.ErrAbortHandler)
				}
				forgetBody(sent.Header())
				failure.ServeHTTP(sent, r)
			}()
			next.ServeHTTP(sent, r)
		})
	}
}

// forgetBody removes what the handler said of the body that it did not get to send.
func forgetBody(h http.Header) {
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "Etag", "Last-Modified"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
}
