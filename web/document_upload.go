package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"portal/internal/i18n"
	"portal/internal/onboarding"
	"portal/templates"
	"portal/web/upload"
)

// sendMargin is what is left of the time for an answer once a file has been passed on.
const sendMargin = 10 * time.Second

// addDocument takes one file and passes it on. It is no ordinary page: the body comes slowly, and is never held whole but
// within the budget of all uploads.
func (s *Server) addDocument(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(staged(r))
	a, err := s.takeDocument(w, r)
	if err == nil {
		err = s.send(w, r, a)
	}
	if err != nil {
		s.fail(w, r, err)
	}
}

func (s *Server) takeDocument(w http.ResponseWriter, r *http.Request) (answer, error) {
	d, step, err := s.uploader(r)
	if err != nil || !s.asksHere(d.reg) {
		upload.Drain(w, r)
		return s.notTaken(r, d, err)
	}
	t, ok := sentDocument(step, r.URL.Query())
	if !ok {
		upload.Drain(w, r)
		return s.notAdded(r, d, step, t, errUnwanted)
	}
	if identityFirst(d.verification(), step) {
		upload.Drain(w, r)
		return s.tooEarly(r, d), nil
	}
	leave, err := s.uploading.enter(d.reg.ID, r.ContentLength, s.Applicants.UploadMemory.Size())
	if err != nil {
		upload.Drain(w, r)
		return s.notAdded(r, d, step, t, err)
	}
	defer leave()
	limits := upload.Usual()
	u, err := s.Applicants.UploadMemory.Read(r.Context(), w, r, limits)
	if u.Fields.Has("country") { // it comes before the file
		t.country = u.Fields.Get("country")
	}
	if err != nil {
		return s.notAdded(r, d, step, t, err)
	}
	defer u.Close()
	// What has arrived is passed on even if the browser has gone, as phones do when they are put away.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), limits.Answer-sendMargin)
	defer cancel()
	return s.passOn(r.WithContext(ctx), d, step, t, u)
}

// uploader reads who sends a file for which step, before anything of the file is read.
func (s *Server) uploader(r *http.Request) (d documentVisit, step onboarding.Step, err error) {
	ctx, cancel := context.WithTimeout(r.Context(), pageFor)
	defer cancel()
	d, err = s.documentVisit(r.WithContext(ctx), r.URL.Query())
	if err != nil || !s.asksHere(d.reg) {
		return d, step, err
	}
	step, ok := d.verification().Step(stepNamed(r.PathValue("step")))
	if !ok || step.Set == onboarding.DataStep || len(step.Types) == 0 {
		return d, step, errNoStep
	}
	return d, step, nil
}

// notTaken answers whose file is not even read.
func (s *Server) notTaken(r *http.Request, d documentVisit, err error) (answer, error) {
	switch {
	case nobody(err) && wantsJSON(r):
		return answer{status: http.StatusUnauthorized, json: uploadAnswer{Error: i18n.T(r.Context(), "documents.signed_out")}}, nil
	case nobody(err):
		return answer{status: http.StatusUnauthorized, page: templates.SessionOver()}, nil
	case errors.Is(err, errNoStep): // the level may have changed
		return s.leadOn(r, s.documentsAddress(d.reg, "")), nil
	case err != nil:
		return answer{}, err
	}
	return s.leadOn(r, s.flowAddress("", d.reg.Flow)), nil
}

// errUnwanted is the error of a document that the step does not take.
var errUnwanted = &onboarding.Error{Kind: onboarding.Invalid, Key: "error.document_unwanted", Err: errors.New("no such document or side")}

// sentDocument is the document that the address of an upload names. It stands there because the address is known even where
// the body is not read. The country is that of the other side until the body says which.
func sentDocument(step onboarding.Step, q url.Values) (typedDocument, bool) {
	t := typedDocument{docType: q.Get("type"), picture: true}
	_, t.country = step.Chosen()
	if !slices.Contains(step.Types, t.docType) {
		return t, false
	}
	for _, side := range step.SidesOf(t.docType) {
		if q.Get("side") == sidePaths[side] {
			t.side = side
			return t, true
		}
	}
	return t, false
}

// passOn checks a file and sends it to the provider.
func (s *Server) passOn(r *http.Request, d documentVisit, step onboarding.Step, t typedDocument, u *upload.Upload) (answer, error) {
	up := onboarding.Upload{
		Place: onboarding.Place{Set: step.Set, Type: t.docType, Side: t.side}, Country: countryOf(d.verification(), t),
		Digest: u.Digest(), Content: u,
	}
	var err error
	if up.Format, err = inspected(d.verification(), step, up, u); err != nil {
		return s.notAdded(r, d, step, t, err)
	}
	reg, receipt, err := s.Applicants.Uploads.Add(r.Context(), d.reg, up)
	d.reg = reg
	if err != nil {
		return s.notAdded(r, d, step, t, err)
	}
	return s.leadOn(r, s.afterAdding(reg, up.Place, receipt)), nil
}

// inspected says what kind of file it is, or everything that is wrong with what came.
func inspected(v onboarding.Verification, step onboarding.Step, up onboarding.Upload, file *upload.Upload) (onboarding.Format, error) {
	format, err := onboarding.Inspect(file, file.Size())
	if err == nil && format == onboarding.PDF && withoutCountry(up.Type) {
		err = &onboarding.Error{Kind: onboarding.Invalid, Key: "error.document_face", Err: errors.New("paper instead of a person")}
	}
	if !takesCountry(v, step, up.Country) {
		err = errors.Join(&onboarding.Error{Kind: onboarding.Invalid, Key: "error.document_country", Field: "country", Err: errors.New("no such country")}, err)
	}
	return format, err
}

// afterAdding is where it goes on: to what the provider has said of the picture, to the next side, or to the list.
func (s *Server) afterAdding(reg onboarding.Registration, p onboarding.Place, receipt onboarding.Receipt) string {
	if !s.asksHere(reg) {
		return s.flowAddress("", reg.Flow)
	}
	done := doneGiven
	if receipt.Refused {
		done = doneRefused
	}
	step, ok := reg.Verification.Step(p.Set)
	if ok && (receipt.Refused || len(receipt.Advice) > 0 || len(reg.Verification.Wanted(step, p.Type)) > 0) {
		return s.documentsAddress(reg, stepPath(p.Set), "type", p.Type, "done", done)
	}
	return s.documentsAddress(reg, "", "done", done)
}

// uploadAnswer is what the script is told that sends a file.
type uploadAnswer struct {
	Next  string `json:"next,omitempty"`  // where to go; none where something is wrong
	Error string `json:"error,omitempty"` // a sentence
	Field string `json:"field,omitempty"` // at fault
}

// leadOn sends a browser on, or tells its script to go.
func (s *Server) leadOn(r *http.Request, to string) answer {
	if wantsJSON(r) {
		return answer{json: uploadAnswer{Next: to}}
	}
	return see(to)
}
