package oidc_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"portal/internal/identity"
	"portal/internal/oidc"
	"portal/internal/oidctest"
)

func TestClientSecretNeverPrints(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	asJSON, err := json.Marshal(w.options.ClientSecret)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("all", "secret", w.options.ClientSecret, "options", w.options, "provider", w.oidc)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("all", "secret", w.options.ClientSecret, "provider", w.oidc)
	printed := fmt.Sprintf("%v %+v %#v %s %q %x %v %+v %#v", w.options, w.options, w.options, w.options.ClientSecret,
		w.options.ClientSecret, w.options.ClientSecret, w.oidc, w.oidc, w.oidc)
	for _, text := range []string{printed, string(asJSON), log.String()} {
		if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
			t.Error("printed:", text)
		}
	}
}

// The libraries' errors quote whole answers, ours must not: an answer of the token endpoint holds tokens, one of the
// userinfo endpoint a person.
func TestErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	const planted = "planted-word"
	quoted := `"` + planted + `"`
	bodies := []string{
		planted, quoted, `{"error":` + quoted + `,"error_description":` + quoted + `}`, `{"error":"invalid_grant","error_description":` + quoted + `}`,
		`{"access_token":` + quoted + `}`, `{"access_token":` + quoted + `,"id_token":` + quoted + `}`,
		`{"access_token":` + quoted + `,"id_token":"` + planted + `.b.c"}`, `{"sub":` + quoted + `}`, `{"issuer":` + quoted + `}`, `{"keys":[` + quoted + `]}`,
	}
	for _, path := range []string{oidctest.Discovery, oidctest.Token, oidctest.Keys, oidctest.UserInfo} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for _, status := range []int{http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusInternalServerError} {
				for _, body := range bodies {
					w.become(func(*oidc.Options) {})
					back := w.returned("ada")
					w.become(func(*oidc.Options) {}) // knowing nothing yet
					w.provider.TamperStatus(path, status, body)
					code := back.Get("code")
					_, err := w.oidc.Exchange(t.Context(), challenge, code, back.Get("iss"))
					w.provider.Tamper(path, nil)
					if err == nil {
						t.Fatalf("no error for %d %s", status, body)
					}
					wantSilent(t, err, planted, secret, code, verifier, "ada")
				}
			}
		})
	}
}

func TestRefusedTokensAreNotQuoted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, header := range []oidctest.Claims{nil, {"alg": "none"}, {"alg": "planted-alg"}, {"kid": "planted-kid"}, {"typ": "planted-typ"}} {
		for _, claims := range []oidctest.Claims{
			{"iss": "planted-issuer"}, {"aud": "planted-audience"}, {"sub": "planted\n"}, {"events": "planted-event"}, {"exp": "planted-time"},
		} {
			token := w.logoutToken(w.provider.Key(), header, claims)
			_, err := w.oidc.Logout(t.Context(), token)
			if err == nil {
				t.Fatalf("no error for %v %v", header, claims)
			}
			wantSilent(t, err, "planted", token.Reveal())
		}
	}
	_, err := w.oidc.Logout(t.Context(), identity.Token("planted.b.c"))
	wantSilent(t, err, "planted")
}

func wantSilent(t *testing.T, err error, words ...string) {
	t.Helper()
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Error("failed", slog.Any("error", err))
	for _, text := range []string{err.Error(), fmt.Sprintf("%+v", err), log.String()} {
		for _, word := range words {
			if strings.Contains(text, word) {
				t.Errorf("%s contains %q", text, word)
			}
		}
	}
}
