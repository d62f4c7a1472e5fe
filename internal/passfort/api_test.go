package passfort_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"portal/internal/onboarding"
	"portal/internal/passfort"
)

const (
	masterKey  = "b3a1-the-master-key"
	requestKey = "77d0-a-request-key"
	profile    = onboarding.ProfileID("0c6ddb12-4b1b-11ea-a4c3-0242ac11000e")
)

var (
	stub  = onboarding.StubProfile{CustomerRef: "portal-0198f0aa", Role: onboarding.CompanyCustomer}
	forms = onboarding.Forms{FlowTemplate: "company-onboarding", Theme: "default"}
	// facts have a place in either role, and others in the other.
	facts = onboarding.Facts{
		GivenNames: []string{"Zoë", "Ann"}, FamilyName: "Zimmer", Email: "zoe@zimmer.example",
		Name: "Zirkel GmbH", Number: "HRB 1", Country: "XKX",
	}
	// director is an associate of whom something is known.
	director = onboarding.AssociateProfile{CustomerRef: "portal-0198f0ab", Details: onboarding.Details{
		EntityType: onboarding.Individual, GivenNames: []string{"Zoë", "Ann"}, FamilyName: "Zimmer", DateOfBirth: "1980-02-29",
		Email: "zoe@zimmer.example", Nationality: "XKX", Roles: []onboarding.AssociatedRole{onboarding.Director},
	}}
	// file is a company's, as it was read.
	file  = onboarding.CompanyFile{Profile: profile, Version: `W/"1.5"`, Text: onboarding.FileText(`{"entity_type":"COMPANY"}`)}
	since = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

// client returns a client of the API that the handler plays.
func client(t *testing.T, api http.Handler) *passfort.Client {
	t.Helper()
	srv := httptest.NewServer(api)
	t.Cleanup(srv.Close)
	return clientOf(t, srv.URL+"/4.0")
}

func clientOf(t *testing.T, base string) *passfort.Client {
	t.Helper()
	return passfort.New(passfort.Options{BaseURL: address(t, base), APIKey: masterKey})
}

// clientWith returns a client with further options.
func clientWith(t *testing.T, api http.Handler, o passfort.Options) *passfort.Client {
	t.Helper()
	srv := httptest.NewServer(api)
	t.Cleanup(srv.Close)
	o.BaseURL, o.APIKey = address(t, srv.URL+"/4.0"), masterKey
	return passfort.New(o)
}

func address(t *testing.T, base string) *url.URL {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// observed collects what is told of calls.
func observed(outcomes *[]string) func(call, outcome string, took time.Duration) {
	return func(call, outcome string, _ time.Duration) { *outcomes = append(*outcomes, call+" "+outcome) }
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

// calls are what can be asked of the client, each reduced to its error.
var calls = map[string]func(ctx context.Context, c *passfort.Client) error{
	"CreateProfile": func(ctx context.Context, c *passfort.Client) error {
		_, err := c.CreateProfile(ctx, stub)
		return err
	},
	"CreateRequest": func(ctx context.Context, c *passfort.Client) error {
		_, err := c.CreateRequest(ctx, profile, forms)
		return err
	},
	"LatestRequest": func(ctx context.Context, c *passfort.Client) error {
		_, err := c.LatestRequest(ctx, profile)
		return err
	},
	"FindProfile": func(ctx context.Context, c *passfort.Client) error {
		_, err := c.FindProfile(ctx, stub, since, nobodys)
		return err
	},
	"ReadProfile": func(ctx context.Context, c *passfort.Client) error {
		_, err := c.ReadProfile(ctx, profile)
		return err
	},
	"CreateAssociate": func(ctx context.Context, c *passfort.Client) error {
		_, err := c.CreateAssociate(ctx, director)
		return err
	},
	"CompanyFile": func(ctx context.Context, c *passfort.Client) error {
		_, err := c.CompanyFile(ctx, profile)
		return err
	},
	"ReplaceCompanyFile": func(ctx context.Context, c *passfort.Client) error {
		_, err := c.ReplaceCompanyFile(ctx, file)
		return err
	},
	"CustomerRef": func(ctx context.Context, c *passfort.Client) error {
		_, err := c.CustomerRef(ctx, profile)
		return err
	},
}

func creates(call string) bool {
	return strings.HasPrefix(call, "Create") || call == "ReplaceCompanyFile"
}

// received is what a test keeps of a request.
type received struct {
	Method, Path string
	Header       http.Header
	Raw          []byte
	Body         any // Raw, decoded
}

// keeping answers every request in the same way and keeps them.
type keeping struct {
	http.Handler
	mu   sync.Mutex
	kept []received
}

func (k *keeping) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	got := received{Method: r.Method, Path: r.URL.RequestURI(), Header: r.Header}
	got.Raw, _ = io.ReadAll(r.Body)
	_ = json.Unmarshal(got.Raw, &got.Body)
	k.mu.Lock()
	k.kept = append(k.kept, got)
	k.mu.Unlock()
	k.Handler.ServeHTTP(w, r)
}

// only returns the one request there was.
func (k *keeping) only(t *testing.T) received {
	t.Helper()
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.kept) != 1 {
		t.Fatalf("%d requests, want one", len(k.kept))
	}
	return k.kept[0]
}

func wantKind(t *testing.T, err error, want onboarding.Kind) {
	t.Helper()
	if got := onboarding.KindOf(err); err == nil || got != want {
		t.Errorf("error %v has kind %q, want %q", err, got, want)
	}
}
