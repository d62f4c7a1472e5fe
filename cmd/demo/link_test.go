package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"portal/internal/browsertest"
)

var mailedLink = regexp.MustCompile(`https?://\S+`)

// invite has the provider's staff send a customer a request by e-mail, and returns the link with its two secrets.
func (w *world) invite(t *testing.T, flowTemplate, to string) (link string, secret pair) {
	t.Helper()
	w.control(t, http.MethodPost, "/_sandbox/passfort/requests", map[string]string{"flow_template": flowTemplate, "to": to}, new(any))
	link = mailedLink.FindString(w.newestMail(t, to).Text)
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	secret = pair{u.Query().Get("request_id"), u.Query().Get("apikey")}
	if secret.RequestID == "" || secret.APIKey == "" {
		t.Fatalf("no pair in the link %s", link)
	}
	return link, secret
}

// in says whether a text holds a part of the pair, however it is spelt there.
func (p pair) in(text string) bool {
	plain, err := url.QueryUnescape(text)
	if err != nil {
		plain = text
	}
	for _, secret := range []string{p.RequestID, p.APIKey} {
		if strings.Contains(text, secret) || strings.Contains(plain, secret) {
			return true
		}
	}
	return false
}

func TestALinkFromAnEmailOpensItsFormAndLeavesNoTrace(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	link, secret := w.invite(t, "individual-onboarding", "link@example.com")
	p := browsertest.New(t).Page(t)
	p.Open(link)
	p.Frame(w.collection() + "/collect").See("Your details")
	p.Arrive(w.address(""))
	for _, address := range p.History() {
		if secret.in(address) {
			t.Errorf("the history still has %s", address)
		}
	}
	if html := p.HTML(); secret.in(html) {
		t.Errorf("the page holds the pair: %s", html)
	}
	checkRequests(t, p.Requests(), link, w.collection()+"/", secret)
	if log := w.stderr.String(); secret.in(log) || !strings.Contains(log, `"route":"/onboarding`) {
		t.Errorf("the log holds the pair, or not the request:\n%s", log)
	}
}

// checkRequests checks that apart from the opening of the link nothing but the provider has heard of the pair, and
// that no address was passed on with it.
func checkRequests(t *testing.T, all []browsertest.Request, link, provider string, secret pair) {
	t.Helper()
	opened, told := 0, 0
	for _, r := range all {
		if r.URL == link {
			opened++
		}
		if secret.in(r.Referer) {
			t.Errorf("%s was told the referrer %s", r.URL, r.Referer)
		}
		carries := secret.in(r.URL) || secret.in(fmt.Sprint(r.Header)) || secret.in(r.Body)
		switch {
		case carries && strings.HasPrefix(r.URL, provider):
			told++
		case carries && r.URL != link:
			t.Errorf("%s %s carries the pair: %v %s", r.Method, r.URL, r.Header, r.Body)
		}
	}
	if opened != 1 || told == 0 {
		t.Errorf("the link was opened %d times, the provider told %d times: %v", opened, told, all)
	}
}

func TestAPairNeverReachesTheLogHoweverItIsSpelt(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	secret := pair{"5ec2e7f0-0000-4000-8000-00000000beef", "kEySecretKeySecret"}
	query := "request_id=" + secret.RequestID + "&apikey=" + secret.APIKey
	for _, target := range []string{
		"/onboarding?" + query,
		"/onboarding/?" + query,
		"/onboarding/?" + strings.ToUpper("request_id=") + secret.RequestID + "&APIKEY=" + secret.APIKey,
		"/onboarding?request_id=" + secret.RequestID + ";apikey=" + secret.APIKey,
		"/onboarding?%72equest_id=" + secret.RequestID + "&api%6bey=" + secret.APIKey,
		"/onboarding?apikey=%zz" + secret.APIKey + "&request_id=" + secret.RequestID,
		"/onboarding?apikey[]=" + secret.APIKey,
		"/onboarding?x=" + url.QueryEscape("http://elsewhere/?"+query),
		"/?" + query,
		"//onboarding?" + query,
		"/onboarding//?" + query,
		"/Onboarding?" + query,
		"/onboarding/../onboarding?" + query,
		"/onboarding/" + secret.RequestID + "/" + secret.APIKey,
		"/onboarding/static/" + secret.APIKey + ".js?" + query,
		"/onboarding/sign-in?" + query,
		"/onboarding/sign-in?flow=" + secret.APIKey,
		"/onboarding/complete?" + query,
		"/onboarding/status?flow=" + secret.APIKey,
		"http://elsewhere.example/onboarding?" + query,
		"/onboarding?" + query + " x",
		"/onboarding?" + query + "\x01",
		"/onboarding%?" + query,
	} {
		for _, method := range []string{"GET", "POST", "HEAD", "BREW"} {
			w.raw(t, method+" "+target+" HTTP/1.1\r\nHost: portal\r\nReferer: http://elsewhere/?"+query+"\r\nConnection: close\r\n\r\n")
		}
	}
	w.raw(t, "GET /onboarding?"+query+" HTTP/9.9\r\n\r\n")
	w.raw(t, "GET /onboarding HTTP/1.1\r\nHost: portal\r\nX-Long: "+strings.Repeat(secret.APIKey, 3000)+"\r\n\r\n")
	w.raw(t, "GET /onboarding HTTP/1.1\r\nHost: portal\r\n"+query+"\r\n\r\n")
	w.raw(t, "POST /onboarding/start?"+query+" HTTP/1.1\r\nHost: portal\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 20\r\nConnection: close\r\n\r\nflow=%zz&"+query[:11])
	if log := w.stderr.String(); secret.in(log) {
		for line := range strings.Lines(log) {
			if secret.in(line) {
				t.Errorf("the log has %s", line)
			}
		}
	}
}

// raw sends bytes to the portal as they are and waits for the answer, if any.
func (w *world) raw(t *testing.T, request string) {
	t.Helper()
	conn, err := net.Dial("tcp", w.env["PORTAL_LISTEN"])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		return // cut off by the server: an answer, too
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
}
