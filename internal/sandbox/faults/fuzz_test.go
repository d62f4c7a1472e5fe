package faults_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/sandbox/faults"
)

// decodeStrictly reads a rule as the control address does.
func decodeStrictly(data []byte) (r faults.Rule, err error) {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&r)
	return r, err
}

// FuzzRule holds that no JSON makes the rules panic, and that a rule in force is the same after a trip through a file.
func FuzzRule(f *testing.F) {
	for _, seed := range []string{
		`{"kind":"hang"}`,
		`{"method":"POST","path":"/4.0/profiles","when":"after","kind":"reset","count":1}`,
		`{"when":"later","kind":"status","status":504,"delay_ms":150}`,
		`{"kind":"status","status":429,"retry_after_s":30}`,
		`{"kind":"status","status":204}`,
		`{"kind":"slow","delay_ms":86400000,"probability":0.25,"seed":18446744073709551615}`,
		`{"kind":"slow","delay_ms":9223372036854775807}`,
		`{"kind":"garbage","garbage":"truncated"}`,
		`{"kind":"garbage","garbage":"binary","probability":1e-300}`,
		`{"id":-3,"kind":"hang","path":"\ud800\u0000"}`,
		`{"kind":"boom","when":"soon","count":-1,"probability":-0}`,
		`{"kind":7}`, `{"kimd":"hang"}`, `[]`, `null`, `"hang"`, `{"kind":`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ordered, err := decodeStrictly(data)
		if err != nil {
			return
		}
		rules := faults.New()
		defer rules.Close()
		rule, err := rules.Add(ordered)
		if err != nil {
			return
		}
		strikeOnce(rules, rule)
		checkRoundTrip(t, rules, rule)
	})
}

// strikeOnce sends a call whose client has already left, so that nothing waits.
func strikeOnce(rules *faults.Rules, rule faults.Rule) {
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			panic(p)
		}
	}()
	gone, leave := context.WithCancel(context.Background())
	leave()
	r := httptest.NewRequestWithContext(gone, http.MethodPost, "/", nil)
	r.Method, r.URL.Path = rule.Method, rule.Path
	rules.Middleware(http.NotFoundHandler()).ServeHTTP(httptest.NewRecorder(), r)
}

func checkRoundTrip(t *testing.T, rules *faults.Rules, rule faults.Rule) {
	t.Helper()
	file, err := json.Marshal(rule)
	if err != nil {
		t.Fatal(err)
	}
	back, err := decodeStrictly(file)
	if diff := cmp.Diff(rule, back); diff != "" || err != nil {
		t.Errorf("%s: %v %s", file, err, diff)
	}
	if again, err := faults.New().Add(back); again != rule || err != nil {
		t.Errorf("%s is not accepted again: %+v, %v", file, again, err)
	}
	saved := rules.All()
	if err := rules.Load(saved); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(saved, rules.All()); diff != "" {
		t.Error(diff)
	}
}
