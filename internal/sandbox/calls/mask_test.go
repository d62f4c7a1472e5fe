package calls_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestSecretsAreMaskedToTheirEnds(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ header, value, want string }{
		{"apikey", "sandbox-master-key", "…-key"},
		{"apikey", "short", "…"},
		{"apikey", "", "…"},
		{"apikey", "Bearer sandbox-master-key", "…-key"},
		{"Authorization", "Bearer abcdefgh", "Bearer …efgh"},
		{"Authorization", "Basic abc", "Basic …"},
		{"Authorization", "sandbox-master-key", "…-key"},
		{"X-App-Token", "sbx:public.private", "…vate"},
		{"X-App-Access-Sig", "0123456789abcdef", "…cdef"},
		{"X-App-Access-Ts", "1712760187", "1712760187"},
		{"X-Access-Token", "_act-sbx-11112222", "…2222"},
		{"User-Agent", "sandbox-master-key", "sandbox-master-key"},
		{"Cookie", "session=1", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set(c.header, c.value)
		got := pass(t, r, echo).Request.Headers[http.CanonicalHeaderKey(c.header)]
		if got != c.want {
			t.Errorf("%s: %q is shown as %q, want %q", c.header, c.value, got, c.want)
		}
	}
}

func TestKeysInQueriesAreMasked(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"q=a%20b&limit=5":                 "q=a%20b&limit=5",
		"apikey=sandbox-master-key":       "apikey=…-key",
		"a=1&APIKEY=sandbox-master-key&b": "a=1&APIKEY=…-key&b",
		"api%6bey=sandbox-master-key":     "api%6bey=…-key",
		"apikey=one-long-key&apikey=two":  "apikey=…-key&apikey=…",
		"secretKey=hook-secret&levelName": "secretKey=…cret&levelName",
		"token=_act-sbx-11112222":         "token=…2222",
		"apikey":                          "apikey=…",
		"my_apikey=visible":               "my_apikey=visible",
		"%zz=1&apikey=sandbox-master-key": "%zz=1&apikey=…-key",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.RawQuery = query
		if got := pass(t, r, echo).Query; got != want {
			t.Errorf("%s is shown as %s, want %s", query, got, want)
		}
	}
}
