package sandbox

// script is an address for scripts, as the start page explains it.
type script struct {
	Method, Path, What string
	Body               string // an example, if it takes one
}

// Readable says whether a browser can simply open the address.
func (s script) Readable() bool { return s.Method == "GET" }

// scripts are all addresses below /_sandbox/.
var scripts = []script{
	{"GET", "/_sandbox/mail", "The mailbox, newest first; ?to= is one recipient’s.", ""},
	{"GET", "/_sandbox/effects", "What really happened at the provider, in order.", ""},
	{"GET", "/_sandbox/notices", "What the company’s own back end was told, newest first.", ""},
	{"GET", "/_sandbox/calls", "The last hundred calls with their bodies, newest first.", ""},
	{"GET", "/_sandbox/calls/{id}", "One of them.", ""},
	{"GET", "/_sandbox/faults", "The faults in force, and how often each has struck.", ""},
	{"POST", "/_sandbox/faults", "Orders a fault.", `{"method":"POST","path":"/4.0/profiles","when":"after","kind":"hang","count":1}`},
	{"DELETE", "/_sandbox/faults", "Deletes all of them.", ""},
	{"DELETE", "/_sandbox/faults/{id}", "Deletes one.", ""},
	{"POST", "/_sandbox/webhooks", "Orders trouble with webhooks: duplicate, shuffle, late, unknown, bad_secret, of PassFort also batch, of Sumsub also missing_field.", `{"provider":"sumsub","mode":"duplicate","count":2}`},
	{"GET", "/_sandbox/sumsub/options", "What Sumsub’s documentation leaves open.", ""},
	{"PATCH", "/_sandbox/sumsub/options", "Changes the options that are given.", `{"verdict":"green","processing_ms":-1}`},
	{"GET", "/_sandbox/sumsub/levels", "The names of the levels.", ""},
	{"GET", "/_sandbox/sumsub/applicants", "The newest applicants, as staff see them.", ""},
	{"GET", "/_sandbox/sumsub/applicants/{applicant_id}", "One with everything about it; externalUserId will do, too.", ""},
	{"POST", "/_sandbox/sumsub/applicants/{applicant_id}/verdict", "Ends its check, also image by image, also later.", `{"answer":"RED","reject_type":"RETRY","images":{"IDENTITY/BACK_SIDE":{"answer":"RED","labels":["UNSATISFACTORY_PHOTOS"],"comment":"The text is not readable."}}}`},
	{"POST", "/_sandbox/sumsub/applicants/{applicant_id}/status", "Brings it into a status that is not the end.", `{"status":"onHold"}`},
	{"POST", "/_sandbox/sumsub/applicants/{applicant_id}/reset", "Asks for every document anew, or for those of a step.", `{"step":"SELFIE"}`},
	{"POST", "/_sandbox/sumsub/applicants/{applicant_id}/level", "Moves it to another level.", `{"level":"id-and-liveness"}`},
	{"POST", "/_sandbox/sumsub/applicants/{applicant_id}/presence", "Makes it activated, deactivated or deleted.", `{"presence":"deactivated"}`},
	{"GET", "/_sandbox/sumsub/webhooks", "The deliveries of Sumsub’s webhooks, with their attempts.", ""},
	{"POST", "/_sandbox/sumsub/webhooks/retry", "Tries all that wait now.", ""},
	{"POST", "/_sandbox/sumsub/webhooks/{delivery_id}/resend", "Delivers one now, or once more.", ""},
	{"GET", "/_sandbox/sumsub/webhooks/options", "Settings of Sumsub’s webhook.", ""},
	{"PATCH", "/_sandbox/sumsub/webhooks/options", "Changes those that are given.", `{"url":"http://127.0.0.1:8080/onboarding/webhooks/sumsub","algorithm":"sha512"}`},
	{"GET", "/_sandbox/passfort/webhooks", "The queue of webhooks.", ""},
	{"POST", "/_sandbox/passfort/webhooks/retry", "Retry now.", ""},
	{"GET", "/_sandbox/passfort/webhooks/options", "The account’s webhook settings.", ""},
	{"PATCH", "/_sandbox/passfort/webhooks/options", "Changes those that are given.", `{"url":"http://127.0.0.1:8080/onboarding/webhooks/passfort","secret":"sandbox-webhook-secret"}`},
	{"GET", "/_sandbox/passfort/options", "What PassFort’s documentation leaves open.", ""},
	{"PATCH", "/_sandbox/passfort/options", "Changes the options that are given.", `{"second_request":"reuse","appear_delay_ms":-1}`},
	{"GET", "/_sandbox/passfort/profiles", "The newest profiles, as staff see them.", ""},
	{"GET", "/_sandbox/passfort/profiles/{profile_id}", "One with everything about it.", ""},
	{"POST", "/_sandbox/passfort/profiles/{profile_id}/events", "Raises an event, as a screening would.", `{"event_type":"PEP_FLAG"}`},
	{"DELETE", "/_sandbox/passfort/profiles/{profile_id}/events", "Resolves all events of a profile.", ""},
	{"POST", "/_sandbox/passfort/profiles/{profile_id}/risk", "Sets its risk.", `{"category":"HIGH","score":80}`},
	{"POST", "/_sandbox/passfort/applications/{application_id}/status", "Decides an application.", `{"status":"APPROVED"}`},
	{"POST", "/_sandbox/passfort/tasks/{task_id}/state", "Completes a task or opens it again.", `{"state":"COMPLETED_PASS"}`},
	{"POST", "/_sandbox/passfort/tasks/{task_id}/request", "Requests the form of a task from the customer by e-mail.", `{"to":"customer@example.com","text":"We need one more document."}`},
	{"GET", "/_sandbox/passfort/requests", "The newest customer requests.", ""},
	{"POST", "/_sandbox/passfort/requests", "Creates a profile and e-mails its customer a request.", `{"flow_template":"individual-onboarding","to":"customer@example.com"}`},
	{"POST", "/_sandbox/passfort/requests/{request_id}/state", "Ends a request, or with form one of its forms.", `{"state":"COMPLETED","form":"personal-details"}`},
	{"POST", "/_sandbox/passfort/requests/{request_id}/email", "E-mails the link.", `{"to":"customer@example.com"}`},
	{"POST", "/_sandbox/passfort/forms/{form_id}/decision", "Passes or fails a form that staff decide on.", `{"decision":"PASS"}`},
	{"GET", "/_sandbox/clock", "The sandbox’s time.", ""},
	{"POST", "/_sandbox/clock", "Sets it forward; what becomes due happens at once.", `{"advance":"24h"}`},
	{"POST", "/_sandbox/reset", "Back to the start.", ""},
	{"GET", "/_sandbox/state", "Everything the sandbox remembers.", ""},
	{"PUT", "/_sandbox/state", "Puts a saved state in the place of the present one.", ""},
}
