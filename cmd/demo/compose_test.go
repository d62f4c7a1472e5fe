package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"portal/internal/browsertest"
)

// It comes before all tests that run beside each other, some of which have to be in time: it takes the whole machine.
func TestComposeFileMakesADemoThatWorks(t *testing.T) {
	c := compose(t)
	t.Run("applicants reach the form", c.applicantsReachTheForm)
	t.Run("news come as they are written", c.newsComeAsTheyAreWritten)
	t.Run("large documents pass", c.largeDocumentsPass)
	t.Run("links show the form in its frame", c.linksShowTheForm)
	t.Run("both portals have their part", c.bothHaveTheirPart)
	t.Run("nobody notices that a portal stops", c.nobodyNoticesAStop)
}

func (c *composed) applicantsReachTheForm(t *testing.T) {
	v, cookies := c.guest(t)
	c.registers(v)
	if said := v.get("/onboarding").header.Get("Strict-Transport-Security"); said != "" {
		t.Errorf("whatever else is at localhost must have TLS, too: %s", said)
	}
	session := false
	for _, cookie := range cookies.set {
		session = session || cookie.Name == "__Secure-portal_session"
		if !strings.HasPrefix(cookie.Name, "__Secure-") || !cookie.Secure {
			t.Errorf("a cookie is set that another program of this machine could set: %s", cookie)
		}
	}
	if !session {
		t.Errorf("no session among the cookies %v", cookies.set)
	}
}

// registers has somebody sign in and go on to the form.
func (c *composed) registers(v *visitor) pair {
	v.t.Helper()
	v.signIn(newcomer())
	p, err := v.start("individual")
	if err != nil {
		v.t.Fatal(err)
	}
	return v.form(p)
}

func (c *composed) newsComeAsTheyAreWritten(t *testing.T) {
	v, _ := c.guest(t)
	form := c.registers(v)
	ctx, cancel := context.WithTimeout(t.Context(), visitFor)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.address("/events?flow=individual"), nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := (&http.Client{Jar: v.http.Jar, Transport: v.http.Transport}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.ProtoMajor != 2 {
		t.Fatalf("%s %s", answer.Proto, answer.Status)
	}
	lines := bufio.NewScanner(answer.Body)
	if status := nextStatus(t, lines); status != "open" {
		t.Errorf("at first the status is %q", status)
	}
	c.end(t, form, "COMPLETED")
	for nextStatus(t, lines) != "completed" { // of which there may be others before
	}
}

// nextStatus waits for the next event that tells one.
func nextStatus(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()
	for lines.Scan() {
		var told struct{ Status string }
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && json.Unmarshal([]byte(data), &told) == nil {
			return told.Status
		}
	}
	t.Fatalf("the stream is over: %v", lines.Err())
	return ""
}

// uploadFor is how long a large document may take, on a machine that is busy with other tests.
const uploadFor = 2 * time.Minute

func (c *composed) largeDocumentsPass(t *testing.T) {
	v, _ := c.guest(t)
	v.http.Timeout = uploadFor
	a := &verifying{visitor: v, email: newcomer(), flow: "documents"}
	a.signIn(a.email)
	if _, err := a.start(a.flow); err != nil {
		t.Fatal(err)
	}
	a.id = registrationIn(t, a.await("documents.title").html)
	passport, err := io.ReadAll(photos(t, 1, 20<<20)[0].open())
	if err != nil {
		t.Fatal(err)
	}
	a.upload(a.get(a.about("/identity", "&type=PASSPORT")), passport, "DEU").says(t, say("documents.done_given"))
	a.check(a.upload(a.get(a.about("/selfie", "")), shot(t, "selfie.jpg"), ""))
	c.judge(t, a.id, ruling{"answer": "GREEN"})
	a.becomes("completed")
}

// The sandbox is another site, and has no TLS: the browser must take names below localhost for safe.
func (c *composed) linksShowTheForm(t *testing.T) {
	link, _ := c.invite(t, "individual-onboarding", newcomer())
	if !strings.HasPrefix(link, c.address("?")) {
		t.Fatalf("the link is %s", link)
	}
	p := browsertest.NewTrusting(t, c.certificate).Page(t)
	p.Open(link)
	p.Frame(c.collection() + "/collect").See("Your details")
	p.Arrive(c.address(""))
}

var webhooks = regexp.MustCompile(`"route":"/onboarding/webhooks/(\w+)"[^\n]*"status":200`)

// Each hears of one provider, and the proxy gives each of the rest.
func (c *composed) bothHaveTheirPart(t *testing.T) {
	for i, provider := range []string{"passfort", "sumsub"} {
		log := c.portals[i].log.String()
		if found := webhooks.FindStringSubmatch(log); found == nil || found[1] != provider {
			t.Errorf("portal-%d has not heard of %s: %q", i+1, provider, found)
		}
		if !strings.Contains(log, `"route":"/onboarding/sign-in"`) {
			t.Errorf("portal-%d has shown nobody a page", i+1)
		}
	}
}

func (c *composed) nobodyNoticesAStop(t *testing.T) {
	v, _ := c.guest(t)
	c.registers(v)
	looks := func() {
		t.Helper()
		if p := v.get("/onboarding/accessibility"); p.status != http.StatusOK {
			t.Errorf("status %d: %s", p.status, p.text())
		}
	}
	c.portals[0].signal(t)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for stopping := true; stopping; looks() {
		select {
		case <-c.portals[0].gone:
			stopping = false
		case <-tick.C:
		}
	}
	if !c.portals[0].cmd.ProcessState.Success() {
		t.Errorf("portal-1 ended with %v", c.portals[0].cmd.ProcessState)
	}
	for range 20 {
		looks()
	}
	other, _ := c.guest(t)
	c.registers(other)
}
