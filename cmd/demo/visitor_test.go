package main

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// visitor is a browser without scripts: it keeps cookies, follows redirects and sends forms.
type visitor struct {
	t      *testing.T
	world  *world
	origin string
	http   *http.Client
}

// visitFor is how long a visitor waits for a page.
const visitFor = 20 * time.Second

func (w *world) visitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, world: w, origin: w.origin(), http: &http.Client{Jar: jar, Timeout: visitFor}}
}

// at is the same visitor with the same cookies, at another portal.
func (v *visitor) at(origin string) *visitor {
	other := *v
	other.origin = origin
	return &other
}

// view is a page that a visitor has got.
type view struct {
	status int
	header http.Header
	html   string
}

func (v *visitor) get(path string) view {
	v.t.Helper()
	return v.do(http.MethodGet, path, nil)
}

func (v *visitor) do(method, path string, form url.Values) view {
	v.t.Helper()
	p, err := v.try(method, path, form)
	if err != nil {
		v.t.Fatal(err)
	}
	return p
}

func (v *visitor) try(method, path string, form url.Values) (view, error) {
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.origin+path, strings.NewReader(form.Encode()))
	if err != nil {
		return view{}, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Accept-Language", "en")
	resp, err := v.http.Do(r)
	if err != nil {
		return view{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return view{resp.StatusCode, resp.Header, string(body)}, err
}

var (
	forms  = regexp.MustCompile(`(?s)<form method="post" action="([^"]*)"[^>]*>(.*?)</form>`)
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
	links  = regexp.MustCompile(`(?s)<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>`)
	tags   = regexp.MustCompile(`(?s)<(script|style|title)\b.*?</(script|style|title)>|<[^>]*>`)
)

// text is what can be read on the page.
func (p view) text() string {
	return strings.Join(strings.Fields(html.UnescapeString(tags.ReplaceAllString(p.html, " "))), " ")
}

// says checks that a text can be read on the page.
func (p view) says(t *testing.T, text string) view {
	t.Helper()
	if !strings.Contains(p.text(), text) {
		t.Fatalf("status %d, and the page does not say %q: %s", p.status, text, p.text())
	}
	return p
}

// link is where the link of a text leads.
func (p view) link(t *testing.T, text string) string {
	t.Helper()
	for _, link := range links.FindAllStringSubmatch(p.html, -1) {
		if (view{html: link[2]}).text() == text {
			return html.UnescapeString(link[1])
		}
	}
	t.Fatalf("no link %q in %s", text, p.text())
	return ""
}

// follow goes where the link of a text leads.
func (v *visitor) follow(p view, text string) view {
	v.t.Helper()
	return v.get(p.link(v.t, text))
}

// send sends the form that has a button of that text, with the fields filled.
func (v *visitor) send(p view, button string, fields url.Values) view {
	v.t.Helper()
	for _, form := range forms.FindAllStringSubmatch(p.html, -1) {
		if !strings.Contains((view{html: form[2]}).text(), button) {
			continue
		}
		values := url.Values{}
		for _, field := range hidden.FindAllStringSubmatch(form[2], -1) {
			values.Set(field[1], html.UnescapeString(field[2]))
		}
		for name := range fields {
			if !strings.Contains(form[2], `name="`+name+`"`) {
				v.t.Fatalf("the form with %q has no field %s", button, name)
			}
			values[name] = fields[name]
		}
		return v.do(http.MethodPost, html.UnescapeString(form[1]), values)
	}
	v.t.Fatalf("no button %q in %s", button, p.text())
	return view{}
}

// signIn signs in with an address, without choosing a flow, and returns the page that follows.
func (v *visitor) signIn(email string) view {
	v.t.Helper()
	return v.enterCode(v.get("/onboarding/sign-in"), email)
}

// enterCode goes from the page that asks for the address to the one behind the sign-in.
func (v *visitor) enterCode(p view, email string) view {
	v.t.Helper()
	p = v.send(p, "Send me the code", url.Values{"email": {email}})
	return v.send(p, "Sign in", url.Values{"code": {v.world.code(v.t, email)}})
}

// start chooses a flow and follows to what comes of it.
func (v *visitor) start(flow string) (view, error) {
	return v.try(http.MethodPost, "/onboarding/start", url.Values{"flow": {flow}})
}

// pair opens a form at the provider.
type pair struct {
	RequestID string `json:"request_id"`
	APIKey    string `json:"apikey"`
}

var pairs = regexp.MustCompile(`<script type="application/json" id="customer-request">(\{[^<]*\})</script>`)

// pairIn is the pair that a page carries for the form's script, exactly once.
func pairIn(page string) (p pair, ok bool) {
	found := pairs.FindAllStringSubmatch(page, -1)
	if len(found) != 1 || json.Unmarshal([]byte(found[0][1]), &p) != nil {
		return pair{}, false
	}
	return p, p.RequestID != "" && p.APIKey != ""
}

var (
	unscripted = regexp.MustCompile(`<noscript><meta http-equiv="refresh" content="\d+;url=(/[^"]*)"`)
	refreshes  = regexp.MustCompile(`^\d+;url=(/.*)$`)
)

// goesOn is where a page leads by itself without JavaScript, as it says itself or as its header does; empty where it stays.
func (p view) goesOn() string {
	if to := unscripted.FindStringSubmatch(p.html); to != nil {
		return html.UnescapeString(to[1])
	}
	if to := refreshes.FindStringSubmatch(p.header.Get("Refresh")); to != nil {
		return to[1]
	}
	return ""
}

// form follows a waiting page to the form, where it leads by itself though sooner, and returns the form's pair.
func (v *visitor) form(p view) pair {
	v.t.Helper()
	var found pair
	eventually(v.t, "the form came", func() bool {
		var ok bool
		if found, ok = pairIn(p.html); ok {
			return true
		}
		to := p.goesOn()
		if p.status != http.StatusOK || to == "" {
			v.t.Fatalf("status %d, neither a form nor on the way to one: %s", p.status, p.text())
		}
		p = v.get(to)
		return false
	})
	return found
}

// status is how the applicant's registration stands.
func (v *visitor) status() string {
	v.t.Helper()
	var answer struct {
		Status string `json:"status"`
	}
	p := v.get("/onboarding/status")
	if err := json.Unmarshal([]byte(p.html), &answer); err != nil {
		v.t.Fatalf("%v in %s", err, p.html)
	}
	return answer.Status
}
