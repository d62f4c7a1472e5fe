// Package bare is what the portal is compared with: handlers of net/http that do the least there is to do for the same answer.
// They write bytes that a portal was seen to write, make the one query of a visit before that, or insert the row of a webhook.
// Each is a bound for its neighbour in the table, and none does what an answer is worth having for.
package bare

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"portal/internal/coding"
	"portal/internal/postgres"
	"portal/internal/postgres/query"
	"portal/internal/telemetry"
)

// Config is what a bare server is told.
type Config struct {
	Database string
	Pages    map[string]Page // by name; /page/NAME writes one, /visit/NAME after the query, /webhook/NAME after the insert
}

// Page is an answer as it was seen.
type Page struct {
	Header   http.Header
	Body     []byte
	Compress bool // the body is compressed each time, as the request wants it
}

// VisitorCookie holds the hash of a session's token, in hexadecimal digits.
const VisitorCookie = "visitor"

const (
	callFor   = 5 * time.Second // as in the portal's store
	drainFor  = 3 * time.Second
	headerFor = 5 * time.Second
)

// Serve serves until ctx ends: pages at one address, health and metrics at another, as the portal does.
func Serve(ctx context.Context, c Config, listen, debug string, log io.Writer) error {
	pool, err := postgres.Connect(ctx, c.Database)
	if err != nil {
		return err
	}
	defer pool.Close()
	h := &handlers{pool: pool, query: query.New()}
	private := telemetry.NewDebug(telemetry.Logger(log, slog.LevelWarn), telemetry.NewMetrics("bare"), telemetry.Checks{"postgres": pool.Ping})
	g, ctx := errgroup.WithContext(ctx)
	for address, handler := range map[string]http.Handler{listen: h.routes(c.Pages), debug: private} {
		if err := serveOn(ctx, g, address, handler); err != nil {
			return err
		}
	}
	return g.Wait()
}

func serveOn(ctx context.Context, g *errgroup.Group, address string, h http.Handler) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return err
	}
	s := &http.Server{Handler: h, ReadHeaderTimeout: headerFor}
	g.Go(func() error {
		if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serving %s: %w", address, err)
		}
		return nil
	})
	g.Go(func() error {
		<-ctx.Done()
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainFor)
		defer cancel()
		return s.Shutdown(drain)
	})
	return nil
}

type handlers struct {
	pool  *pgxpool.Pool
	query *query.Queries
}

func (h *handlers) routes(pages map[string]Page) http.Handler {
	mux := http.NewServeMux()
	for name, page := range pages {
		mux.HandleFunc("GET /page/"+name, page.write)
		mux.HandleFunc("GET /visit/"+name, after(h.visit, page))
		mux.HandleFunc("POST /webhook/"+name, after(h.insert, page))
	}
	return mux
}

// after does one thing and then writes a page.
func after(work func(r *http.Request) error, page Page) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := work(r); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		page.write(w, r)
	}
}

func (p Page) write(w http.ResponseWriter, r *http.Request) {
	maps.Copy(w.Header(), p.Header)
	body := p.Body
	if p.Compress {
		body = coding.Pick(r.Header.Values("Accept-Encoding")).Compress(body)
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	}
	_, _ = w.Write(body) // the client may have gone
}

// The limits of sessions, as the portal has them by itself, and how often it notes a sign of life.
const (
	idle     = time.Hour
	absolute = 24 * time.Hour
	seen     = time.Minute
)

// visit makes the query of a visit, with the arguments that the portal has for it.
func (h *handlers) visit(r *http.Request) error {
	cookie, err := r.Cookie(VisitorCookie)
	if err != nil {
		return err
	}
	hash, err := hex.DecodeString(cookie.Value)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), callFor)
	defer cancel()
	now := time.Now()
	rows, err := h.query.Visit(ctx, h.pool, query.VisitParams{
		TokenHash: hash, Now: now, TouchedBefore: now.Add(-seen), IdleSince: now.Add(-idle), SignedInSince: now.Add(-absolute),
	})
	if err == nil && len(rows) == 0 {
		err = errors.New("nobody visits")
	}
	return err
}

// insertWebhook stores a webhook that nobody has to hand on.
const insertWebhook = `
insert into webhooks (provider, message_id, line, event, profile_id, customer_ref, request_id, outcome, trouble, status,
    forwarding, sealed_body, received_at, processed_at)
values ('bare', $1, $1, 'CHECK_COMPLETED', $1, '', '', '', '', 'processed', 'none', $2, $3, $3)`

// insert inserts the row of a webhook. Its commit waits for the disk.
func (h *handlers) insert(r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), callFor)
	defer cancel()
	_, err = h.pool.Exec(ctx, insertWebhook, rand.Text(), body, time.Now())
	return err
}
