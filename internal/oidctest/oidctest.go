// Package oidctest gives a test a real, certified OpenID provider of its own: npm's oidc-provider, with clients, accounts
// and keys that the test knows.
//
//	p := oidctest.New(t, oidctest.Options{
//		Clients:  []oidctest.Client{{ID: "portal", Secret: secret, Redirects: []string{base + "/callback"}}},
//		Accounts: map[string]oidctest.Claims{"ada": {"email": "ada@example.com", "email_verified": true}},
//	})
//	// configure the client under test with p.Issuer, "portal" and the secret; then sign in as a person would:
//	back := oidctest.NewPerson(t, p).SignIn(authorizationURL, "ada") // the redirect to the client, not followed
//
// A browser can sign in, too: the page "Identity provider" has the field "Login" and the button "Sign in", which asks for
// no password; the page "Consent" has the button "Allow"; both have "Cancel". An account's name is its subject.
//
// The provider is reached through a proxy in this process, [Provider.Issuer], so that tests can spoil its answers
// ([Provider.Tamper], [Provider.TamperJSON]), take it away ([Provider.Away]) and count calls ([Provider.Calls]). Its paths
// are the constants of this package. Its private key ([Provider.Key]) signs what it would never send.
//
// Wanted are Node 18 or newer and the packages of tools/npm, which `make deps` installs.
package oidctest

import (
	"crypto/rand"
	"net/http/httptest"
	"sync"
	"testing"
)

// The provider's paths, below its issuer.
const (
	Discovery = "/.well-known/openid-configuration"
	Authorize = "/auth"
	Token     = "/token"
	UserInfo  = "/me"
	Keys      = "/jwks"
	SignOut   = "/session/end"
)

// Claims are what a provider says of a person, or what a token says, by the names of OpenID Connect.
type Claims map[string]any

// Client is one that is registered at the provider.
type Client struct {
	ID        string
	Secret    string   // empty: a public client
	Redirects []string // where people may come back to after sign-in
	SignedOut []string // and after sign-out
	Logout    string   // address for back-channel logout; may be empty
	NoSID     bool     // logout tokens name no session (sid)
	Algorithm string   // of ID tokens and logout tokens: RS256 (also when empty), PS256 or HS256
	PostAuth  bool     // the secret travels in the body (client_secret_post), not in a header
}

// Options say what the provider knows.
type Options struct {
	Clients  []Client
	Accounts map[string]Claims // by login, which becomes the subject
	// ClaimsInIDToken puts e-mail, name and locale into ID tokens. Otherwise only the userinfo endpoint tells them.
	ClaimsInIDToken bool
}

// Provider is a running OpenID provider.
type Provider struct {
	Issuer string // without a slash at the end

	tag   string // tells its cookies apart from those of others
	front *front

	mu      sync.Mutex
	options Options
	keys    []*Key // the first one signs
	backend string // host:port of the program behind the front
}

// New returns a provider that ends with the test.
func New(t testing.TB, o Options) *Provider {
	t.Helper()
	p := &Provider{tag: rand.Text(), front: newFront(), options: o, keys: []*Key{sharedKey()}}
	server := httptest.NewServer(p.front)
	p.Issuer = server.URL
	t.Cleanup(func() {
		server.Close()
		p.stop(t)
	})
	p.restart(t)
	return p
}

// Register adds a client, for tests that know its addresses only when the provider is there.
func (p *Provider) Register(t testing.TB, c Client) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.options.Clients = append(p.options.Clients, c)
	p.restart(t)
}

// Rotate has the provider sign with a new key from now on, and forget the old one.
func (p *Provider) Rotate(t testing.TB) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.keys = []*Key{NewKey(t)}
	p.restart(t)
}

// Key is the private key that the provider signs with.
func (p *Provider) Key() *Key {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.keys[0]
}

// restart puts a provider with the present options and keys behind the same address. Sessions live on.
func (p *Provider) restart(t testing.TB) {
	t.Helper()
	address, err := node.open(p.order())
	if err != nil {
		t.Fatalf("oidctest: %v", err)
	}
	p.front.lead(address)
	if p.backend != "" {
		node.close(t, p.backend)
	}
	p.backend = address
}

func (p *Provider) stop(t testing.TB) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if said := node.complaints(p.Issuer); t.Failed() && said != "" {
		t.Logf("the identity provider says:\n%s", said)
	}
	if p.backend != "" {
		node.close(t, p.backend)
	}
}
