package sumsub_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"portal/internal/onboarding"
	"portal/internal/sumsub"
)

const (
	appToken  = "sbx:the-app-token"
	secretKey = "the-secret-key"
	person    = onboarding.ProfileID("61fcc4a1e5e2f00001d0a7a2")
	reference = "portal-0198f0aa"
	fileBytes = "\xff\xd8 the bytes of a face"
)

var (
	noon      = time.Unix(1712760187, 0).UTC()
	applicant = onboarding.NewApplicant{
		Reference: reference, Level: "id and selfie", Language: "de",
		Facts: onboarding.Facts{GivenNames: []string{"Zoë", "Ann"}, FamilyName: "Zimmer", Email: "zoe@zimmer.example"},
	}
	picture = onboarding.Document{
		ID: onboarding.DocumentID(uuid.MustParse("0198f0aa-0000-7000-8000-000000000001")), Format: onboarding.JPEG, Country: "DEU",
		Place: onboarding.Place{Set: "IDENTITY", Type: "ID_CARD", Side: onboarding.FrontSide},
	}
	data = onboarding.ApplicantData{"firstName": "Zoë", "phone": "+49301234"}
)

// client returns a client of the API that the handler plays.
func client(t *testing.T, api http.Handler) *sumsub.Client {
	t.Helper()
	return clientWith(t, api, sumsub.Options{BreakAfter: -1})
}

// clientWith returns a client with further options.
func clientWith(t *testing.T, api http.Handler, o sumsub.Options) *sumsub.Client {
	t.Helper()
	srv := httptest.NewServer(api)
	t.Cleanup(srv.Close)
	base, err := url.Parse(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	o.BaseURL, o.AppToken, o.SecretKey, o.Now = base, appToken, secretKey, func() time.Time { return noon }
	c := sumsub.New(o)
	sumsub.Hurry(c)
	return c
}

// always answers every request in the same way.
func always(status int, body string, header ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

// byPath answers by method and path. What is not there is not found.
type byPath map[string]http.Handler

func (b byPath) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h, ok := b[r.Method+" "+r.URL.Path]
	if !ok {
		h = always(http.StatusNotFound, `{"description":"HTTP 404 Not Found","code":404,"correlationId":"b628"}`)
	}
	h.ServeHTTP(w, r)
}

// calls are what can be asked of the client, each reduced to its error.
var calls = map[string]func(ctx context.Context, c *sumsub.Client) error{
	"CreateApplicant": func(ctx context.Context, c *sumsub.Client) error {
		_, err := c.CreateApplicant(ctx, applicant)
		return err
	},
	"FindApplicant": func(ctx context.Context, c *sumsub.Client) error {
		_, err := c.FindApplicant(ctx, reference)
		return err
	},
	"Reference": func(ctx context.Context, c *sumsub.Client) error {
		_, err := c.Reference(ctx, person)
		return err
	},
	"Verification": func(ctx context.Context, c *sumsub.Client) error {
		_, err := c.Verification(ctx, person)
		return err
	},
	"Status": func(ctx context.Context, c *sumsub.Client) error {
		_, err := c.Status(ctx, person)
		return err
	},
	"AddDocument": func(ctx context.Context, c *sumsub.Client) error {
		_, err := c.AddDocument(ctx, person, picture, content(fileBytes))
		return err
	},
	"RemoveImage": func(ctx context.Context, c *sumsub.Client) error {
		return c.RemoveImage(ctx, "61fcc4a1e5e2f00001d0a7a3", "1045510331")
	},
	"SetData":      func(ctx context.Context, c *sumsub.Client) error { return c.SetData(ctx, person, data) },
	"RequestCheck": func(ctx context.Context, c *sumsub.Client) error { return c.RequestCheck(ctx, person) },
	"AccessToken": func(ctx context.Context, c *sumsub.Client) error {
		_, _, err := c.AccessToken(ctx, reference, "id-and-liveness")
		return err
	},
	"WebSDKLink": func(ctx context.Context, c *sumsub.Client) error {
		_, err := c.WebSDKLink(ctx, reference, "id-and-liveness", sumsub.Redirect{})
		return err
	},
	"Level": func(ctx context.Context, c *sumsub.Client) error {
		_, err := c.Level(ctx, "id-only")
		return err
	},
}

// changes says of a call whether it changes something.
var changes = map[string]bool{"CreateApplicant": true, "AddDocument": true, "RemoveImage": true, "SetData": true, "RequestCheck": true}

// received is what a test keeps of a request.
type received struct {
	Method, Target string
	Header         http.Header
	Length         int64
	Chunked        bool
	Raw            []byte
	Body           any // Raw, decoded
}

// keeping hands every request on and keeps it.
type keeping struct {
	http.Handler
	mu   sync.Mutex
	kept []received
}

func (k *keeping) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	got := received{Method: r.Method, Target: r.RequestURI, Header: r.Header, Length: r.ContentLength, Chunked: len(r.TransferEncoding) > 0}
	got.Raw, _ = io.ReadAll(r.Body)
	_ = json.Unmarshal(got.Raw, &got.Body)
	k.mu.Lock()
	k.kept = append(k.kept, got)
	k.mu.Unlock()
	k.Handler.ServeHTTP(w, r)
}

// all returns the requests there were.
func (k *keeping) all() []received {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.kept
}

// only returns the one request there was.
func (k *keeping) only(t *testing.T) received {
	t.Helper()
	all := k.all()
	if len(all) != 1 {
		t.Fatalf("%d requests, want one", len(all))
	}
	return all[0]
}

// wantSigned checks a request as Sumsub does: by what came over the wire.
func wantSigned(t *testing.T, r received) {
	t.Helper()
	mac := hmac.New(sha256.New, []byte(secretKey))
	_, _ = io.WriteString(mac, r.Header.Get("X-App-Access-Ts")+r.Method+r.Target)
	_, _ = mac.Write(r.Raw)
	if want := hex.EncodeToString(mac.Sum(nil)); r.Header.Get("X-App-Access-Sig") != want {
		t.Errorf("%s %s: signature %q, want %q", r.Method, r.Target, r.Header.Get("X-App-Access-Sig"), want)
	}
	if r.Header.Get("X-App-Token") != appToken || r.Header.Get("X-App-Access-Ts") != "1712760187" {
		t.Errorf("%s %s: token %q, time %q", r.Method, r.Target, r.Header.Get("X-App-Token"), r.Header.Get("X-App-Access-Ts"))
	}
}

func wantKind(t *testing.T, err error, want onboarding.Kind) {
	t.Helper()
	if got := onboarding.KindOf(err); err == nil || got != want {
		t.Errorf("error %v has kind %q, want %q", err, got, want)
	}
}
