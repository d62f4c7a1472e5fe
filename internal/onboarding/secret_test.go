package onboarding_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"portal/internal/onboarding"
)

func TestRequestKeysDoNotPrint(t *testing.T) {
	t.Parallel()
	const secret = "4ff4a8de90805caa"
	r := onboarding.Registration{Request: &onboarding.CustomerRequest{ID: "q", Key: secret}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", *r.Request)
		fmt.Fprintf(&out, verb+"\n", r.Request.Key)
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "key", r.Request.Key, "request", r.Request)
	encoded, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(encoded)
	for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret)} {
		if strings.Contains(out.String(), form) {
			t.Errorf("the key is printed:\n%s", out.String())
		}
	}
	if r.Request.Key.Reveal() != secret {
		t.Error("the key cannot be had at all")
	}
}
