package sumsub_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"portal/internal/sandbox/sumsub"
)

// openAt starts an account with a secret at a time of somebody's test vector.
func openAt(t *testing.T, secret string, seconds int64) *account {
	t.Helper()
	return openWith(t, func(c *sumsub.Config) {
		c.SecretKey, c.Now = secret, func() time.Time { return time.Unix(seconds, 0) }
	})
}

func TestPublishedSignaturesAreAccepted(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]struct {
		secret       string
		ts           int64
		target, body string
		signature    string
	}{
		"Go client": {
			"api_secret", 1712760187, "/resources/accessTokens", `{"userId":"1000","levelName":"default","ttl":60}`,
			"260c8893fb0317e8a714ce3bce9c16821649f1e27a49bd7d926fcf23942628c0",
		},
		"PHP client": {
			"Hej2ch71kG2kTd1iIUDZFNsO5C1lh5Gq", 1599219016, "/resources/accessTokens", `{"userId": "123"}`,
			"600e8a7e7d46253d468afed77a578e0e89daef2dfd580161d86d7b949b7cb4c1",
		},
		"PHP client with a query": {
			"Hej2ch71kG2kTd1iIUDZFNsO5C1lh5Gq", 1599219016, "/resources/accessTokens?name=value", `{"userId": "123"}`,
			"3f559b485473b32b8e4d0a422fa6201fdb4839e4d23a66d2fb24c97b7baf6a12",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openAt(t, v.secret, v.ts)
			req := a.request(t, "POST", v.target, "application/json", []byte(v.body))
			req.Header.Set("X-App-Access-Ts", strconv.FormatInt(v.ts, 10))
			req.Header.Set("X-App-Access-Sig", v.signature)

			if r := a.do(t, req); r.status == http.StatusUnauthorized {
				t.Errorf("refused: %s", r.raw)
			}
			req = a.request(t, "POST", v.target, "application/json", []byte(v.body+" "))
			req.Header.Set("X-App-Access-Ts", strconv.FormatInt(v.ts, 10))
			req.Header.Set("X-App-Access-Sig", v.signature)
			if r := a.do(t, req); r.code() != 4003 {
				t.Errorf("another body: %d %s", r.status, r.raw)
			}
		})
	}
}

func TestEveryFaultOfASignatureHasItsCode(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	at := func(d time.Duration) string { return strconv.FormatInt(a.clock.Now().Add(d).Unix(), 10) }
	for name, c := range map[string]struct {
		header, value string
		code          int
	}{
		"no token":            {"X-App-Token", "", 4006},
		"no time":             {"X-App-Access-Ts", "", 4006},
		"no signature":        {"X-App-Access-Sig", "", 4006},
		"form of the token":   {"X-App-Token", "public.private", 4000},
		"unknown token":       {"X-App-Token", "sbx:other.private", 4001},
		"other environment":   {"X-App-Token", "prd:public.private", 4001},
		"private part":        {"X-App-Token", "sbx:public.other", 4002},
		"other signature":     {"X-App-Access-Sig", strings.Repeat("ab", 32), 4003},
		"too late":            {"X-App-Access-Ts", at(-61 * time.Second), 4004},
		"too early":           {"X-App-Access-Ts", at(61 * time.Second), 4004},
		"milliseconds":        {"X-App-Access-Ts", at(0) + "000", 4004},
		"no number":           {"X-App-Access-Ts", "noon", 4005},
		"form of a signature": {"X-App-Access-Sig", "abc", 4007},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := a.request(t, "GET", "/resources/status/api", "", nil)
			req.Header.Set(c.header, c.value)
			r := a.do(t, req)
			if r.status != http.StatusUnauthorized || r.code() != c.code || r.at("code") != 401.0 || len(r.text("correlationId")) != 32 {
				t.Errorf("%d %s", r.status, r.raw)
			}
		})
	}
}

func TestSignatureCoversTheWireForm(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "a/b c;d", "id-only")

	escaped := "/resources/applicants/-;externalUserId=a%2Fb%20c;d/one"
	if r := a.ok(t, "GET", escaped, ""); r.text("id") != id {
		t.Errorf("found: %s", r.raw)
	}
	req := a.request(t, "GET", escaped, "", nil)
	ts := req.Header.Get("X-App-Access-Ts")
	req.Header.Set("X-App-Access-Sig", signature(secretKey, ts, "GET", "/resources/applicants/-;externalUserId=a/b c;d/one", nil))
	if r := a.do(t, req); r.code() != 4003 || !strings.Contains(r.text("sandboxHint"), ts+"GET"+escaped) {
		t.Errorf("signed unescaped: %d %s", r.status, r.raw)
	}
}

func TestBodyOfAReadIsSignedToo(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	a.ok(t, "GET", "/resources/status/api", "{}")
}

func TestHintDoesNotTellTheBody(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	req := a.request(t, "POST", "/resources/applicants?levelName=id-only", "application/json", []byte(`{"externalUserId":"Lovelace"}`))
	req.Header.Set("X-App-Access-Sig", strings.Repeat("00", 32))
	if r := a.do(t, req); r.code() != 4003 || strings.Contains(r.raw, "Lovelace") || !strings.Contains(r.text("sandboxHint"), "29 bytes") {
		t.Errorf("%d %s", r.status, r.raw)
	}
}
