package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"html"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"

	"portal/internal/i18n"
)

// browser is one person's. It keeps cookies as browsers do, shows redirects instead of following them, and checks
// every page that it gets.
type browser struct {
	w         *world
	client    *http.Client
	language  string // Accept-Language
	userAgent string
}

// browser opens a browser without any cookie. It believes to be talking TLS to the portal's public host.
func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "tcp", w.server.Listener.Addr().String())
	}
	transport := &http.Transport{DialContext: dial, DialTLSContext: dial}
	w.t.Cleanup(transport.CloseIdleConnections)
	return &browser{w: w, client: &http.Client{
		Jar: jar, Transport: transport, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// request is one to an address below the portal's, or to a whole one.
func (b *browser) request(method, address string, form url.Values) *http.Request {
	b.w.t.Helper()
	if !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://") {
		address = strings.TrimSuffix(b.w.url.String(), "/") + address
	}
	r, err := http.NewRequestWithContext(b.w.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		b.w.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if b.userAgent != "" {
		r.Header.Set("User-Agent", b.userAgent)
	}
	if b.language != "" {
		r.Header.Set("Accept-Language", b.language)
	}
	return r
}

func (b *browser) get(address string) page {
	b.w.t.Helper()
	return b.do(b.request(http.MethodGet, address, nil))
}

// post sends a form with fields of names and values in turn.
func (b *browser) post(address string, fields ...string) page {
	b.w.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return b.do(b.request(http.MethodPost, address, form))
}

func (b *browser) do(r *http.Request) page {
	b.w.t.Helper()
	answer, err := b.client.Do(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := bodyOf(answer)
	if err != nil {
		b.w.t.Fatal(err)
	}
	p := page{
		began: b.w.began,
		t:     b.w.t, base: strings.TrimSuffix(b.w.url.Path, "/"), what: r.Method + " " + r.URL.Path,
		status: answer.StatusCode, header: answer.Header, body: string(body),
	}
	if p.status/100 != 3 && r.Method != http.MethodHead && strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
		p.check()
	}
	return p
}

// bodyOf is the body of an answer; of one that goes on, the beginning.
func bodyOf(answer *http.Response) ([]byte, error) {
	if answer.Header.Get("Content-Type") != "text/event-stream" || answer.Request.Method == http.MethodHead {
		return io.ReadAll(answer.Body)
	}
	first, err := textproto.NewReader(bufio.NewReader(answer.Body)).ReadLineBytes()
	return first, err
}

// cookies are those that the browser would send.
func (b *browser) cookies() map[string]string {
	values := map[string]string{}
	for _, c := range b.client.Jar.Cookies(b.w.url) {
		values[c.Name] = c.Value
	}
	return values
}

// cookiesOfSessions are those but for the one by which the portal knows a browser again: what a sign-out must remove.
func (b *browser) cookiesOfSessions() map[string]string {
	all := b.cookies()
	maps.DeleteFunc(all, func(name, _ string) bool { return strings.HasSuffix(name, "portal_known") })
	return all
}

// plant puts cookies into the browser as another site or person might.
func (b *browser) plant(cookies map[string]string) {
	for name, value := range cookies {
		b.client.Jar.SetCookies(b.w.url, []*http.Cookie{{Name: name, Value: value, Path: b.w.url.Path, Secure: true}})
	}
}

// askCode asks for a code, ends on the page with the field for it, and returns the code from the e-mail.
func (b *browser) askCode(email, flow string) string {
	b.w.t.Helper()
	b.post("/sign-in", "email", email, "flow", flow).leads("/sign-in?sent=1")
	b.get("/sign-in").shows(http.StatusOK, "sign_in.code_title")
	return b.w.code(email)
}

// signIn signs in by a code.
func (b *browser) signIn(email string) *browser {
	b.w.t.Helper()
	b.post("/sign-in/code", "code", b.askCode(email, "")).leads("")
	return b
}

// start signs in, starts a flow, and returns the pair that its form opens with.
func (b *browser) start(email, flow string) pair {
	b.w.t.Helper()
	return b.signIn(email).open(flow)
}

// open starts a flow and returns the pair that its form opens with.
func (b *browser) open(flow string) pair {
	b.w.t.Helper()
	b.post("/start", "flow", flow).leads("")
	b.await("open")
	return b.get("").pair()
}

// await asks for the status until it is the one wanted.
func (b *browser) await(status string) {
	b.w.t.Helper()
	eventually(b.w.t, "the status "+status, func() bool {
		return strings.Contains(b.get("/status").body, `"status":"`+status+`"`)
	})
}

var sixDigits = regexp.MustCompile(`(?:^|\D)(\d{6})(?:\D|$)`)

// code is the one in the newest e-mail to the address.
func (w *world) code(to string) string {
	w.t.Helper()
	messages := w.sandbox.Mailbox().Messages(to)
	if len(messages) == 0 {
		w.t.Fatalf("no e-mail to %s", to)
	}
	found := sixDigits.FindStringSubmatch(messages[0].Text)
	if found == nil {
		w.t.Fatalf("no code in %q", messages[0].Text)
	}
	return found[1]
}

// otherThan is a code that is certainly wrong.
func otherThan(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// eventually waits for something that other goroutines bring about.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !ok(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// page is an answer.
type page struct {
	t      *testing.T
	base   string    // the path of the portal's URL
	what   string    // was asked
	began  time.Time // the test's world
	status int
	header http.Header
	body   string
}

// say is a message of the catalogue in a language.
func say(lang, key string, args ...any) string {
	return i18n.T(i18n.With(context.Background(), i18n.BuiltIn.Negotiate(lang)), key, append(args, "company", northlight.Name)...)
}

// shows checks that the page has the status and says the messages, in its own language.
func (p page) shows(status int, keys ...string) page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("%s: status %d, want %d:\n%s", p.what, p.status, status, p.body)
	}
	for _, key := range keys {
		if !strings.Contains(html.UnescapeString(p.body), say(p.header.Get("Content-Language"), key)) {
			p.t.Errorf("%s does not say %s:\n%s", p.what, key, p.body)
		}
	}
	return p
}

// leads checks that the answer sends the browser to the address below the portal's, or to the whole one.
func (p page) leads(to string) page {
	p.t.Helper()
	if !strings.HasPrefix(to, "https://") {
		to = "/" + strings.TrimPrefix(p.base+to, "/")
	}
	if p.status != http.StatusSeeOther || p.header.Get("Location") != to {
		p.t.Fatalf("%s: status %d to %q, want 303 to %q:\n%s", p.what, p.status, p.header.Get("Location"), to, p.body)
	}
	return p
}

// pair is what opens a form at the provider.
type pair struct {
	RequestID string `json:"request_id"`
	APIKey    string `json:"apikey"`
}

// pair reads the one on the page.
func (p page) pair() (found pair) {
	p.t.Helper()
	p.shows(http.StatusOK)
	scripts := p.elements("script").with("id", "customer-request")
	if len(scripts) != 1 {
		p.t.Fatalf("%s holds %d pairs:\n%s", p.what, len(scripts), p.body)
	}
	if err := json.Unmarshal([]byte(scripts[0].text), &found); err != nil || found.RequestID == "" || found.APIKey == "" {
		p.t.Fatalf("%s: the pair %q: %v", p.what, scripts[0].text, err)
	}
	return found
}

// element is one of a page, with the text directly in it.
type element struct {
	name  string
	attrs map[string]string
	text  string
}

type elements []element

func (es elements) with(attr, value string) elements {
	return slices.DeleteFunc(slices.Clone(es), func(e element) bool { return e.attrs[attr] != value })
}

// elements are those of a name, or all.
func (p page) elements(name string) elements {
	p.t.Helper()
	d := xml.NewDecoder(strings.NewReader(p.body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	var all elements
	var open []int
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			p.t.Fatalf("%s is no HTML: %v\n%s", p.what, err, p.body)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				e.attrs[a.Name.Local] = a.Value
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.CharData:
			if len(open) > 0 {
				all[open[len(open)-1]].text += string(token)
			}
		case xml.EndElement:
			open = open[:len(open)-1]
		}
	}
	return slices.DeleteFunc(all, func(e element) bool { return name != "" && e.name != name })
}

// value is what a field of the page is filled in with.
func (p page) value(field string) string {
	p.t.Helper()
	inputs := slices.DeleteFunc(p.elements("input").with("id", field), func(e element) bool { return e.attrs["type"] == "hidden" })
	if len(inputs) != 1 {
		p.t.Fatalf("%s has %d fields %s:\n%s", p.what, len(inputs), field, p.body)
	}
	return inputs[0].attrs["value"]
}

// watched checks that the page moves on by itself, where its script has not come and where there are no scripts.
func (p page) watched(late, unscripted string) page {
	p.t.Helper()
	if got := p.header.Get("Refresh"); got != late {
		p.t.Errorf("%s: Refresh %q, want %q", p.what, got, late)
	}
	if got := p.unscripted(); got != unscripted {
		p.t.Errorf("%s moves on without JavaScript by %q, want %q", p.what, got, unscripted)
	}
	return p
}

// onward checks that the page moves on at once, without being a redirect.
func (p page) onward(to string) page {
	p.t.Helper()
	p.shows(http.StatusOK, "onward.go_on").ordinary()
	if got := p.header.Get("Refresh"); got != "0;url="+to {
		p.t.Errorf("%s: Refresh %q, want to %s", p.what, got, to)
	}
	return p
}

// besides checks that the field is marked as wrong and that the message stands with it.
func (p page) besides(field, key string) page {
	p.t.Helper()
	input := p.elements("input").with("id", field)
	if len(input) != 1 || input[0].attrs["aria-invalid"] != "true" ||
		!strings.Contains(input[0].attrs["aria-describedby"], field+"-error") {
		p.t.Errorf("%s: the field %s is not marked: %v", p.what, field, input)
	}
	said := p.elements("p").with("id", field+"-error")
	if len(said) != 1 || !strings.Contains(said[0].text, say(p.header.Get("Content-Language"), key)) {
		p.t.Errorf("%s: beside the field stands %v, want %s", p.what, said, key)
	}
	return p
}

// unfilled is what a message looks like that has no text, or a placeholder that was left.
var unfilled = regexp.MustCompile(`>[^<]*\{[a-z]+\}|>\s*[a-z_]+\.[a-z_]+\s*<`)

// check holds for every page there is: its language, its headers, and that nothing on it is inline or leaves the
// portal's path.
func (p page) check() {
	p.t.Helper()
	h := p.header
	if root := p.elements("html"); len(root) != 1 || root[0].attrs["lang"] != h.Get("Content-Language") {
		p.t.Errorf("%s: lang %v, Content-Language %s", p.what, root, h.Get("Content-Language"))
	}
	if _, err := language.Parse(h.Get("Content-Language")); err != nil {
		p.t.Errorf("%s: Content-Language: %v", p.what, err)
	}
	for name, want := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Vary": "Accept-Language",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	} {
		if h.Get(name) != want {
			p.t.Errorf("%s: %s is %q, want %q", p.what, name, h.Get(name), want)
		}
	}
	if strings.Contains(h.Get("Content-Security-Policy"), "unsafe") || h.Get("X-Request-Id") == "" {
		p.t.Errorf("%s: headers %v", p.what, h)
	}
	if found := unfilled.FindString(p.body); found != "" {
		p.t.Errorf("%s says %q", p.what, found)
	}
	theirs := p.theirScript()
	for _, e := range p.elements("") {
		p.checkElement(e, theirs)
	}
}

// theirScript is the one script of a provider that the page may load, or the site of it; empty for pages that may load none.
func (p page) theirScript() string {
	p.t.Helper()
	if len(p.elements("div").with("id", "collection-wrapper")) > 0 {
		return collection + "/embed.js"
	}
	if _, site, ok := strings.Cut(directives(p)["script-src"], "'self' "); ok && len(p.elements("div").with("id", "websdk")) > 0 {
		return site + "/"
	}
	return ""
}

func (p page) checkElement(e element, theirs string) {
	p.t.Helper()
	for name, value := range e.attrs {
		if name == "style" || strings.HasPrefix(name, "on") || strings.HasPrefix(strings.ToLower(value), "javascript:") {
			p.t.Errorf("%s: <%s %s=%q> is inline", p.what, e.name, name, value)
		}
	}
	inline := e.name == "script" && e.attrs["src"] == "" && e.attrs["type"] != "application/json"
	if inline || e.name == "style" {
		p.t.Errorf("%s: an inline <%s>", p.what, e.name)
	}
	for _, address := range []string{e.attrs["action"], e.attrs["src"], e.attrs["href"]} {
		switch {
		case address == "", e.name == "base", strings.HasPrefix(address, "#"), strings.HasPrefix(address, "mailto:"):
		case e.name == "a" && strings.HasPrefix(address, "https://"), e.name == "a" && p.header.Get("Refresh") == "0;url="+address:
		case e.name == "script" && theirs != "" && strings.HasPrefix(address, theirs):
		case address == p.base, strings.HasPrefix(address, p.base+"/"), strings.HasPrefix(address, p.base+"?"):
		default:
			p.t.Errorf("%s: <%s> leads to %s, outside of %s", p.what, e.name, address, p.base)
		}
	}
}
