package middleware

import (
	"context"
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
				Panicked(r.Context(), log, cause, routeOf(r), RequestID(r.Context()))
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

// Panicked logs a panic that has been recovered from, by the function that does so. Whoever goes on without the handler of
// a request calls it, too.
func Panicked(ctx context.Context, log *slog.Logger, cause any, route, requestID string) {
	log.LogAttrs(ctx, slog.LevelError, "panic", slog.String("cause", fmt.Sprint(cause)),
		slog.String("stack", string(debug.Stack())), slog.String("route", route), slog.String("request_id", requestID))
}

// forgetBody removes what the handler said of the body that it did not get to send.
func forgetBody(h http.Header) {
	for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "Etag", "Last-Modified"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
}
