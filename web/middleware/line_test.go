package middleware

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
)

// A client without an address, since its network is a text that is made for the line.
func TestAccessLineIsEncodedWithoutAllocation(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/onboarding", nil)
	ctx := context.WithValue(r.Context(), chi.RouteCtxKey, chi.NewRouteContext())
	r = r.WithContext(context.WithValue(ctx, knownKey{}, &known{id: "7Q3ZKYTC4J2E5RIBXWHMNPFLUD"}))
	log, facts := slog.New(slog.NewJSONHandler(io.Discard, nil)), &notes{}
	facts.add([]slog.Attr{slog.String("registration_id", "0198"), slog.String("registration_status", "open")})
	f := finished{r: r, status: http.StatusOK, bytes: 4096, took: 3 * time.Millisecond}
	most := 0.0
	if raced {
		most = 2 // the race detector has pools forget on purpose
	}
	if n := testing.AllocsPerRun(1000, func() { f.log(log, facts) }); n > most {
		t.Errorf("%v allocations", n)
	}
}
