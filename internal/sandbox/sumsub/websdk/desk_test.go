package websdk_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"

	"portal/internal/sandbox/sumsub"
)

// desk is the provider behind a frame: one applicant, whoever has a token that was not made invalid since.
type desk struct {
	mu        sync.Mutex
	applicant sumsub.SDKApplicant
	tokens    int           // how many were given
	valid     int           // the first one that is still good
	closed    bool          // no tokens are given
	hold      chan struct{} // until it is closed, none are either, but they are waited for
	files     []sumsub.SDKFile
	data      map[string]string
	receipt   sumsub.SDKReceipt // what becomes of files
	refuse    error             // files
}

// newDesk has an applicant for whom these steps are to be done.
func newDesk(steps ...sumsub.SDKStep) *desk {
	for i := range steps {
		steps[i].State = sumsub.StepWanted
	}
	return &desk{valid: 1, applicant: sumsub.SDKApplicant{
		ApplicantID: "61fcc4a1e5e2f00001d0a7a2", Level: "a-level", Status: "init", Open: true, Steps: steps,
	}}
}

// change does something at the desk while nobody asks it.
func (d *desk) change(do func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	do()
}

// expire makes the tokens given so far invalid.
func (d *desk) expire() { d.change(func() { d.valid = d.tokens + 1 }) }

// decide ends the check.
func (d *desk) decide(answer, rejectType, comment string) {
	d.change(func() {
		a := &d.applicant
		a.Status, a.Answer, a.RejectType, a.Comment = "completed", answer, rejectType, comment
		a.Open = rejectType != "FINAL" // as at the provider: more is taken from the approved, too
	})
}

// reject makes a step to be done anew.
func (d *desk) reject(set, comment string) {
	d.change(func() {
		s := d.step(func(s sumsub.SDKStep) bool { return s.Set == set })
		s.State, s.Comment, s.Missing = sumsub.StepRejected, comment, []string{""}
	})
}

func (d *desk) step(is func(s sumsub.SDKStep) bool) *sumsub.SDKStep {
	i := slices.IndexFunc(d.applicant.Steps, is)
	if i < 0 {
		return &sumsub.SDKStep{}
	}
	return &d.applicant.Steps[i]
}

// giveToken answers the company's page with a fresh token.
func (d *desk) giveToken(w http.ResponseWriter, r *http.Request) {
	var hold chan struct{}
	d.change(func() { hold = d.hold })
	if hold != nil {
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	d.tokens++
	_, _ = fmt.Fprintf(w, "_act-sbx-%d", d.tokens)
}

// check says whether a token is good.
func (d *desk) check(token string) error {
	var n int
	if _, err := fmt.Sscanf(token, "_act-sbx-%d", &n); err != nil || n < d.valid || n > d.tokens {
		return fmt.Errorf("token %q: %w", token, sumsub.ErrToken)
	}
	return nil
}

// TokenApplicant is part of websdk.Applicants.
func (d *desk) TokenApplicant(token string) (sumsub.SDKApplicant, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.applicant
	a.Steps = slices.Clone(a.Steps)
	return a, d.check(token)
}

// SDKUpload is part of websdk.Applicants. A file completes its side of a document.
func (d *desk) SDKUpload(token string, f sumsub.SDKFile) (sumsub.SDKReceipt, error) {
	content, readErr := io.ReadAll(f.Content)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := errors.Join(d.check(token), readErr, d.refuse); err != nil || len(content) == 0 {
		return sumsub.SDKReceipt{}, err
	}
	f.Content = nil
	d.files = append(d.files, f)
	if len(d.receipt.Errors) > 0 {
		return d.receipt, nil
	}
	s := d.step(func(s sumsub.SDKStep) bool { return slices.Contains(s.Types, f.Type) })
	if s.Type != f.Type {
		s.Type, s.Missing = f.Type, sidesOf(f.Type)
	}
	s.Country = f.Country
	s.Missing = slices.DeleteFunc(slices.Clone(s.Missing), func(side string) bool { return side == f.Side })
	s.State = sumsub.StepPartly
	if len(s.Missing) == 0 {
		s.State = sumsub.StepGiven
	}
	got := d.receipt
	got.ImageID = "1045510331"
	return got, nil
}

func sidesOf(docType string) []string {
	if docType == "ID_CARD" {
		return []string{"FRONT_SIDE", "BACK_SIDE"}
	}
	return []string{""}
}

// SDKSetData is part of websdk.Applicants.
func (d *desk) SDKSetData(token string, data map[string]string) (sumsub.SDKApplicant, error) {
	d.change(func() {
		d.data = data
		d.step(func(s sumsub.SDKStep) bool { return len(s.Fields) > 0 }).State = sumsub.StepGiven
	})
	return d.TokenApplicant(token)
}

// SDKRequestCheck is part of websdk.Applicants.
func (d *desk) SDKRequestCheck(token string) (sumsub.SDKApplicant, error) {
	d.change(func() {
		d.applicant.Status, d.applicant.Answer, d.applicant.RejectType, d.applicant.Comment = "pending", "", "", ""
		d.applicant.Open = false
	})
	return d.TokenApplicant(token)
}
