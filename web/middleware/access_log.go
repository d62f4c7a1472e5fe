package middleware

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
)

// AccessLog writes one line for every request that has been answered, and tells observe, which must not be nil, the
// same for metrics. The route is chi's pattern: addresses hold keys and personal data, so they are never logged.
func AccessLog(log *slog.Logger, observe func(method, route string, status int, took time.Duration)) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			sent, aborted := watch(w), true
			k, r := knowing(r)
			defer func() { // also when a panic passes, which ends the connection
				f := finished{r: r, status: sent.outcome(aborted), bytes: sent.bytes, took: time.Since(began), aborted: aborted}
				observe(methodOf(r), routeOf(r), f.status, k.notes.answered(began, f.took))
				f.log(log, &k.notes)
			}()
			next.ServeHTTP(sent, r)
			aborted = false
		})
	}
}

// finished is a request that has been answered, as well as it could be.
type finished struct {
	r       *http.Request
	status  int
	bytes   int64
	took    time.Duration
	aborted bool
}

// lines are the attributes of lines, for the next ones.
var lines = sync.Pool{New: func() any { return new([]slog.Attr) }}

// log writes the line. The attributes are in a group without a name, which is the same as without the group, since a record
// has room for five: more would be allocated for each line.
func (f finished) log(log *slog.Logger, facts *notes) {
	line := lines.Get().(*[]slog.Attr)
	defer lines.Put(line)
	*line = facts.appendTo(f.appendTo((*line)[:0]))
	log.LogAttrs(f.r.Context(), f.level(), "request", slog.Attr{Value: slog.GroupValue(*line...)})
	clear(*line)
}

func (f finished) appendTo(attrs []slog.Attr) []slog.Attr {
	ctx := f.r.Context()
	attrs = append(attrs,
		slog.String("method", methodOf(f.r)),
		slog.String("route", routeOf(f.r)),
		slog.Int("status", f.status),
		slog.Int64("bytes", f.bytes),
		slog.Int64("ms", f.took.Milliseconds()),
		slog.String("request_id", RequestID(ctx)),
		slog.String("client", Network(ctx)),
	)
	if f.aborted {
		attrs = append(attrs, slog.Bool("aborted", true))
	}
	return attrs
}

func (f finished) level() slog.Level {
	if f.status >= http.StatusInternalServerError {
		return slog.LevelError
	}
	return slog.LevelInfo
}

// Note adds facts to the log line of the request that ctx belongs to. Keys are snake_case; secrets and personal data
// are no facts. Outside of a request it does nothing.
func Note(ctx context.Context, attrs ...slog.Attr) { knownIn(ctx).notes.add(attrs) }

// Streaming says that the answer of the request that ctx belongs to goes on from now on for as long as its client stays:
// metrics count how long it took to begin.
func Streaming(ctx context.Context) { knownIn(ctx).notes.streamedAt = time.Now() }

// notes are the facts that handlers have added. Handlers may have goroutines.
type notes struct {
	mu    sync.Mutex
	attrs []slog.Attr

	streamedAt time.Time // zero unless the answer is a stream; the handler's own
}

// answered is how long a request that began and took that long kept its client waiting.
func (n *notes) answered(began time.Time, took time.Duration) time.Duration {
	if n.streamedAt.IsZero() {
		return took
	}
	return n.streamedAt.Sub(began)
}

func (n *notes) add(attrs []slog.Attr) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.attrs = append(n.attrs, attrs...)
}

func (n *notes) appendTo(attrs []slog.Attr) []slog.Attr {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append(attrs, n.attrs...)
}

// outcome is the status the client has seen: that of an aborted answer is 0 if nothing had been sent.
func (w *response) outcome(aborted bool) int {
	if w.status == 0 && !aborted {
		return http.StatusOK
	}
	return w.status
}

// methodOf names the method; there are only so many, whatever clients send.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	default:
		return "other"
	}
}

func routeOf(r *http.Request) string {
	if pattern := chi.RouteContext(r.Context()).RoutePattern(); pattern != "" {
		return pattern
	}
	return "none"
}

// Network returns the network that the client comes from, which is what may be kept of its address.
func Network(ctx context.Context) string { return mask(ClientIP(ctx)) }

// mask keeps of an address what tells networks apart but not people.
func mask(a netip.Addr) string {
	bits := 48
	if a.Is4() {
		bits = 24
	}
	network, err := a.Prefix(bits)
	if err != nil || !a.IsValid() {
		return "unknown"
	}
	return network.String()
}
