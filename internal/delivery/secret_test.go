package delivery_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"portal/internal/delivery"
	"portal/internal/outbox"
)

// The example of the Standard Webhooks specification's libraries.
func TestTheLibrarySignsThePublishedExample(t *testing.T) {
	t.Parallel()
	w, err := standardwebhooks.NewWebhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if want := "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="; err != nil || got != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}

// The receiver gets the library's signature of what it gets, made with the bytes behind whsec_.
func TestNoticesAreSignedWithTheDecodedSecret(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, func(http.ResponseWriter, *http.Request) {})
	u, _ := url.Parse(r.URL)
	const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	secrets, err := delivery.ParseSecrets(secret)
	if err != nil {
		t.Fatal(err)
	}
	delivery.NewSender(u, secrets).Send(t.Context(), outbox.Notice{ID: "msg_p5jXN8AQM9LWM0D4loKWxJek"}, time.Unix(1614265330, 0))
	w, _ := standardwebhooks.NewWebhook(secret)
	want, _ := w.Sign("msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(r.raw[0]))
	if got := r.got[0].Header.Get("webhook-signature"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// verify is the example of docs/notices.md, but for the time: that of the tests is long ago.
func verify(secret string, h http.Header, body []byte) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	at, bad := strconv.ParseInt(h.Get("webhook-timestamp"), 10, 64)
	if err != nil || bad != nil {
		return false
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%d.%s", h.Get("webhook-id"), at, body)
	want := []byte("v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return slices.ContainsFunc(strings.Fields(h.Get("webhook-signature")), func(s string) bool { return hmac.Equal([]byte(s), want) })
}

func TestTheExampleForReceiversVerifies(t *testing.T) {
	t.Parallel()
	r := newReceiver(t, status(http.StatusOK))
	send(t, t.Context(), r.URL, newer, older)
	for _, secret := range []string{newer, older} {
		if !verify(secret, r.got[0].Header, []byte(r.raw[0])) || verify(secret, r.got[0].Header, []byte(r.raw[0]+"x")) {
			t.Error("the example is wrong")
		}
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	t.Parallel()
	secrets, err := delivery.ParseSecrets(newer)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	s := secrets[0]
	_, _ = fmt.Fprintf(&out, "%s %v %+v %#v %x %q %v\n", s, s, s, s, s, s, secrets)
	_ = json.NewEncoder(&out).Encode(s)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", slog.Any("secret", s))
	for _, form := range []string{"newer", "bmV3", "6e65776572", "110 101"} {
		if strings.Contains(out.String(), form) {
			t.Errorf("printed:\n%s", &out)
		}
	}
}

func TestUnfitSecretsAreRefusedAndNotRepeated(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "no prefix": strings.TrimPrefix(newer, "whsec_"), "short": "whsec_dDBwc2VjcmV0", "no base64": "whsec_t0psecret!",
		"long": "whsec_" + strings.Repeat("dDBw", 22), "one of two": newer + ",whsec_dDBw", "a comma too many": newer + ",",
	} {
		got, err := delivery.ParseSecrets(text)
		if err == nil || strings.Contains(err.Error(), "dDBw") || strings.Contains(err.Error(), "t0p") {
			t.Errorf("%s: %d secrets, %v", name, len(got), err)
		}
	}
	if got, err := delivery.ParseSecrets(newer + ", " + older); err != nil || len(got) != 2 {
		t.Errorf("%d, %v", len(got), err)
	}
}

func TestFreshSecretsFit(t *testing.T) {
	t.Parallel()
	text, err := delivery.NewSecret(strings.NewReader(strings.Repeat("r", 32)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := delivery.ParseSecrets(text); err != nil || text == newer {
		t.Errorf("%q: %v", text, err)
	}
	if _, err := delivery.NewSecret(io.LimitReader(strings.NewReader("too little"), 3)); err == nil {
		t.Error("made of too little randomness")
	}
}
