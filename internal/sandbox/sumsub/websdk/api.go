package websdk

import (
	"encoding/json"
	"errors"
	"net/http"

	"portal/internal/sandbox/reply"
	"portal/internal/sandbox/sumsub"
)

const (
	maxData = 64 << 10 // the most that is read of the applicant's data, in bytes
	maxFile = 65 << 20 // the most that is read of a file, in bytes, which is more than is taken
)

// refusal is an error answer to the frame.
type refusal struct {
	Code        int    `json:"code"` // of HTTP
	ErrorCode   int    `json:"errorCode,omitempty"`
	ErrorName   string `json:"errorName,omitempty"`
	Description string `json:"description"`
}

// call answers a call of the frame or refuses it.
type call func(r *http.Request, token string) (any, error)

// call turns a call of the frame into a handler.
func (s *SDK) call(c call) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxFile)
		body, err := c(r, r.Header.Get("X-Access-Token"))
		if err != nil {
			refused := refusalOf(err)
			reply.JSON(w, refused.Code, refused)
			return
		}
		reply.JSON(w, http.StatusOK, body)
	}
}

// refusalOf is an error as the frame gets it. One that nobody meant to give is a mistake of the sandbox.
func refusalOf(err error) refusal {
	if errors.Is(err, sumsub.ErrToken) {
		return refusal{Code: http.StatusUnauthorized, ErrorName: "invalid-token", Description: "The access token is invalid or has expired"}
	}
	if e, ok := errors.AsType[*sumsub.Refusal](err); ok {
		return refusal{Code: e.Status, ErrorCode: e.Code, ErrorName: e.Name, Description: e.Description}
	}
	return refusal{Code: http.StatusInternalServerError, Description: err.Error()}
}

// showApplicant answers with the applicant and the steps of the level.
func (s *SDK) showApplicant(_ *http.Request, token string) (any, error) {
	return shown(s.options.Applicants.TokenApplicant(token))
}

// setData stores what the applicant says about themselves.
func (s *SDK) setData(r *http.Request, token string) (any, error) {
	var data map[string]string
	if err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, maxData)).Decode(&data); err != nil {
		return nil, &sumsub.Refusal{Status: http.StatusBadRequest, Description: "The data cannot be read"}
	}
	return shown(s.options.Applicants.SDKSetData(token, data))
}

// addDocument takes a picture or a file, as it is, with what it shows in the query.
func (s *SDK) addDocument(r *http.Request, token string) (any, error) {
	q := r.URL.Query()
	file := sumsub.SDKFile{
		Type:    q.Get("type"),
		Side:    q.Get("side"),
		Country: q.Get("country"),
		Name:    q.Get("name"),
		Live:    q.Get("live") == "true",
		Content: r.Body,
	}
	got, err := s.options.Applicants.SDKUpload(token, file)
	if err != nil {
		return nil, err
	}
	a, err := s.options.Applicants.TokenApplicant(token)
	if err != nil {
		return nil, err
	}
	return added{Applicant: viewOf(a), Receipt: receipt{got.ImageID, list(got.Errors), list(got.Warnings)}}, nil
}

// requestCheck asks for the check.
func (s *SDK) requestCheck(_ *http.Request, token string) (any, error) {
	return shown(s.options.Applicants.SDKRequestCheck(token))
}

// shown is an applicant as the frame gets it.
func shown(a sumsub.SDKApplicant, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return viewOf(a), nil
}
