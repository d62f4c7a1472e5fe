package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"portal/internal/seeding"
)

// What is read from pages.
var (
	requestID    = regexp.MustCompile(`"request_id":"([^"]+)"`)
	identityStep = regexp.MustCompile(`"/onboarding(/documents/identity\?[^"]*)"`)
	hidden       = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
)

// register goes from the first page to the end: it loads the first page and its files, signs in by a code from the mailbox,
// presses the button, follows the registration while the provider's form is open, which the provider says to be completed, by
// its webhooks, and comes back to the page that leads on to the company.
func (v *visitor) register(ctx context.Context) error {
	first, err := v.get(ctx, "")
	if err != nil {
		return err
	}
	for _, file := range asset.FindAllString(first, -1) {
		if _, err := v.get(ctx, strings.TrimPrefix(file, "/onboarding")); err != nil {
			return err
		}
	}
	if err := v.signIn(ctx); err != nil {
		return err
	}
	request, err := v.start(ctx, seeding.FlowIndividual, requestID)
	if err != nil {
		return err
	}
	if err := v.complete(ctx, request); err != nil {
		return err
	}
	return v.leave(ctx)
}

// signIn signs in by a code from the mailbox.
func (v *visitor) signIn(ctx context.Context) error {
	if _, err := v.post(ctx, "/sign-in", url.Values{"email": {v.address}}); err != nil {
		return err
	}
	mails := v.run.Sandbox.Mailbox().Messages(v.address)
	if len(mails) != 1 {
		return fmt.Errorf("%d e-mails with a code", len(mails))
	}
	_, err := v.post(ctx, "/sign-in/code", url.Values{"code": {code.FindString(mails[0].Text)}})
	return err
}

// startedWithin is how long an applicant may have to wait for what a start leads to, on a page that says so; lookEvery how often
// that is looked at.
const (
	startedWithin = 30 * time.Second
	lookEvery     = 50 * time.Millisecond
)

// start presses the button of a flow, and returns what is looked for in the page that this leads to.
func (v *visitor) start(ctx context.Context, flow string, lookedFor *regexp.Regexp) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, startedWithin)
	defer cancel()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	page, err := v.post(ctx, "/start", url.Values{"flow": {flow}})
	for ; err == nil; page, err = v.get(ctx, "?flow="+flow) {
		if found := lookedFor.FindStringSubmatch(page); found != nil {
			return html.UnescapeString(found[1]), nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	return "", fmt.Errorf("after the start of flow %q: %w", flow, err)
}

// complete has the provider end the form, and waits until the page is told.
func (v *visitor) complete(ctx context.Context, request string) error {
	ctx, cancel := context.WithTimeout(ctx, visitorWithin)
	defer cancel()
	events, err := v.ask(ctx, http.MethodGet, "/events?flow="+seeding.FlowIndividual, nil)
	if err != nil {
		return err
	}
	defer events.Body.Close()
	lines := bufio.NewScanner(events.Body)
	for begun := false; lines.Scan(); {
		told, ok := strings.CutPrefix(lines.Text(), "data: ")
		switch {
		case !ok:
		case strings.Contains(told, `"status":"completed"`):
			return nil
		case !begun:
			begun = true
			if err := v.run.control(ctx, http.MethodPost, "/_sandbox/passfort/requests/"+request+"/state", `{"state":"COMPLETED"}`); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("the stream has ended before the form: %w", errors.Join(lines.Err(), errEnded))
}

// leave comes back from the provider's form to the page that leads on to the company.
func (v *visitor) leave(ctx context.Context) error {
	answer, err := v.ask(ctx, http.MethodGet, "/complete?flow="+seeding.FlowIndividual, nil)
	if err != nil {
		return err
	}
	if _, err := whole(answer); err != nil {
		return err
	}
	if to := answer.Header.Get("Location"); answer.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, v.run.Provider) {
		return fmt.Errorf("the last page does not lead on to the company: %s, %q", answer.Status, to)
	}
	return nil
}

// enterDirector registers a company and enters somebody behind it.
func (v *visitor) enterDirector(ctx context.Context) error {
	if err := v.signIn(ctx); err != nil {
		return err
	}
	if _, err := v.start(ctx, seeding.FlowCompany, requestID); err != nil {
		return err
	}
	empty, err := v.get(ctx, "/associates/new?flow="+seeding.FlowCompany)
	if err != nil {
		return err
	}
	const director = "Okonkwo"
	form := url.Values{"family_name": {director}, "given_names": {"Ngozi"}, "date_of_birth": {"1980-02-29"}, "roles": {"DIRECTOR"}}
	for _, field := range hidden.FindAllStringSubmatch(empty, -1) {
		form.Set(field[1], html.UnescapeString(field[2]))
	}
	list, err := v.post(ctx, "/associates", form)
	if err == nil && !strings.Contains(list, director) {
		err = errors.New("the list lacks the director who was entered")
	}
	return err
}

// givePassport registers with documents and gives the first of them.
func (v *visitor) givePassport(ctx context.Context) error {
	if err := v.signIn(ctx); err != nil {
		return err
	}
	step, err := v.start(ctx, seeding.FlowDocuments, identityStep)
	if err != nil {
		return err
	}
	contentType, body, err := passport()
	if err != nil {
		return err
	}
	answer, err := v.send(ctx, http.MethodPost, step+"&type=PASSPORT&side=picture", contentType, body)
	if err != nil {
		return err
	}
	list, err := whole(answer)
	if err == nil && !strings.Contains(list, "/onboarding/documents/selfie") {
		err = errors.New("the selfie is not asked for after the passport")
	}
	return err
}

// passport is a form with a picture, and its type.
func passport() (contentType, body string, err error) {
	var text bytes.Buffer
	form := multipart.NewWriter(&text)
	if err := form.WriteField("country", "DEU"); err != nil {
		return "", "", err
	}
	file, err := form.CreateFormFile("file", "passport.jpg")
	if err != nil {
		return "", "", err
	}
	if err := jpeg.Encode(file, image.NewRGBA(image.Rect(0, 0, 640, 400)), nil); err != nil {
		return "", "", err
	}
	err = form.Close()
	return form.FormDataContentType(), text.String(), err
}
