package sumsub

import (
	"net/http"
	"time"

	"portal/internal/onboarding"
)

// endpoint is one address of the API with one method. Its breaker and its metrics are its own.
type endpoint struct {
	name    string // in metrics
	method  string
	pattern string // of the path; what is in braces stands for a name, see [call.path]
	changes bool   // it may change something, so that it matters whether a call took effect
	within  time.Duration
	means   map[int]meaning // of statuses without a code that mean something here; nil where none does
}

// The times that a call may take, from the first to the last, repetitions and waiting for a turn included.
const (
	toRead   = 10 * time.Second
	toChange = 20 * time.Second
)

// mostRead is the greatest answer that is read. What is known of one applicant is some kilobytes; all levels of an account
// can be much more.
const mostRead = 8 << 20

// whatCreationsSay and the others are the meanings of statuses that come without a code. What a creation does not find is its
// level.
var (
	whatCreationsSay = map[int]meaning{http.StatusNotFound: {kind: onboarding.Invalid}}
	whatChecksSay    = map[int]meaning{http.StatusConflict: {kind: onboarding.Conflict, what: onboarding.ErrMissing}}
	whatRemovalsSay  = map[int]meaning{http.StatusNotModified: {kind: onboarding.Conflict, what: onboarding.ErrClosed}}
	whatUploadsSay   = map[int]meaning{http.StatusRequestEntityTooLarge: {kind: onboarding.Invalid, key: "error.document_too_big"}}
)

// The endpoints. Asking for another token or link harms nothing, so that counts as a read but for the limits; that it may
// create the applicant is guarded by the reference.
var (
	createApplicant = &endpoint{"create_applicant", http.MethodPost, "/resources/applicants", true, toChange, whatCreationsSay}
	findApplicant   = &endpoint{"find_applicant", http.MethodGet, "/resources/applicants/-;externalUserId={reference}/one", false, toRead, nil}
	readApplicant   = &endpoint{"read_applicant", http.MethodGet, "/resources/applicants/{id}/one", false, toRead, nil}
	readStatus      = &endpoint{"read_status", http.MethodGet, "/resources/applicants/{id}/status", false, toRead, nil}
	readSteps       = &endpoint{"read_steps", http.MethodGet, "/resources/applicants/{id}/requiredIdDocsStatus", false, toRead, nil}
	readImages      = &endpoint{"read_images", http.MethodGet, "/resources/applicants/{id}/metadata/resources", false, toRead, nil}
	readReasons     = &endpoint{"read_reasons", http.MethodGet, "/resources/moderationStates/-;applicantId={id}", false, toRead, nil}
	changeApplicant = &endpoint{"change_applicant", http.MethodPatch, "/resources/applicants", true, toChange, nil}
	changeData      = &endpoint{"change_data", http.MethodPatch, "/resources/applicants/{id}/fixedInfo", true, toChange, nil}
	addDocument     = &endpoint{"add_document", http.MethodPost, "/resources/applicants/{id}/info/idDoc", true, toChange, whatUploadsSay}
	removeImage     = &endpoint{"remove_image", http.MethodDelete, "/resources/inspections/{inspection}/resources/{image}", true, toChange, whatRemovalsSay}
	requestCheck    = &endpoint{"request_check", http.MethodPost, "/resources/applicants/{id}/status/pending", true, toChange, whatChecksSay}
	createToken     = &endpoint{"create_token", http.MethodPost, "/resources/accessTokens/sdk", false, toRead, nil}
	createLink      = &endpoint{"create_link", http.MethodPost, "/resources/sdkIntegrations/levels/-/websdkLink", false, toRead, nil}
	listLevels      = &endpoint{"list_levels", http.MethodGet, "/resources/applicants/-/levels", false, toRead, nil}

	endpoints = []*endpoint{
		createApplicant, findApplicant, readApplicant, readStatus, readSteps, readImages, readReasons, changeApplicant,
		changeData, addDocument, removeImage, requestCheck, createToken, createLink, listLevels,
	}
)

// unknown is the kind of an error after which it is open whether the call took effect; a read never does.
func (e *endpoint) unknown() onboarding.Kind {
	if e.changes {
		return onboarding.Unanswered
	}
	return onboarding.Busy
}
