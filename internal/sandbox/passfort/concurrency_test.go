package passfort_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"portal/internal/sandbox/passfort"
)

// rush makes calls at the same time, each many times over.
func rush(times int, calls ...func(i int)) {
	var wg sync.WaitGroup
	for _, call := range calls {
		wg.Go(func() {
			for i := range times {
				call(i)
			}
		})
	}
	wg.Wait()
}

// noFault fails if a call met with a mistake of the provider.
func noFault(t *testing.T, r reply) {
	t.Helper()
	if r.status >= http.StatusInternalServerError {
		t.Errorf("status %d: %s", r.status, r.raw)
	}
}

func TestFrameStaffAndAPIWorkAtOnce(t *testing.T) {
	t.Parallel()
	a := inRealTime(t, 1, 1)
	f := openCompany(t, a)
	form, contact := f.form(t, companyDetails).ID, f.form(t, aboutYou).ID
	requests := "/4.0/forms/profile/" + f.profile + "/customer_request"
	if err := a.SetOptions(passfort.Options{SecondRequest: passfort.Reuse, AppearDelayMS: -1, CheckDelayMS: 1, ExtendedRequest: true}); err != nil {
		t.Fatal(err)
	}

	rush(
		20,
		func(int) { noFault(t, f.call(t, "GET", "", "")) },
		func(i int) {
			typed := answers{"contact_name": fmt.Sprint("Jo ", i), "contact_email": "jo@example.com", "contact_position": "x"}
			noFault(t, f.call(t, "PUT", "/forms/"+contact+"/draft", typed.body(t)))
			noFault(t, f.call(t, "POST", "/forms/"+contact, typed.body(t)))
		},
		func(int) { noFault(t, f.call(t, "POST", "/forms/"+form, aerial.body(t))) },
		func(int) { noFault(t, a.api(t, "GET", "/4.0/profiles/"+f.profile, "")) },
		func(int) { noFault(t, a.api(t, "GET", requests, "")) },
		func(int) { noFault(t, a.api(t, "POST", requests, requestBody("company-onboarding"))) },
		func(int) {
			noFault(t, a.api(t, "POST", "/4.0/profiles/"+f.profile+"/applications", `{"product":{"alias":"business-account"}}`))
		},
		func(int) { a.Requests(10); a.Overviews(10) },
		func(int) { _, _ = a.Detail(f.profile) },
		func(int) { _ = a.EmailRequest(f.id, "jo@example.com") },
		func(int) { _, _ = a.Save() },
	)

	consistent(t, a)
	if n := len(f.data(t)["authorized_persons"].([]any)); n != 1 {
		t.Errorf("%d authorized persons", n)
	}
}

func TestRequestsEndOnceHoweverManyEndThem(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	f.submit(t, yourDetails, alex)
	f.submit(t, yourDocument, nil)

	rush(
		5,
		func(int) { noFault(t, f.call(t, "POST", "/finish", "")) },
		func(int) { _ = a.SetRequestState(f.id, passfort.Expired) },
		func(int) { _ = a.SetFormState(f.id, "personal-details", passfort.Canceled) },
		func(int) { _ = a.SetFormState(f.id, "optional-document", passfort.Completed) },
		func(int) { a.leap(20 * day) },
	)

	if n := a.count("customer_request.complete") + a.count("customer_request.expire"); n != 1 {
		t.Errorf("it ended %d times: %v", n, a.kinds())
	}
	consistent(t, a)
}

func TestPicturesAndSubmissionsAtOnceLeaveOneDocument(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := openPerson(t, a)
	form := f.form(t, yourDocument)

	rush(
		10,
		func(int) { noFault(t, f.upload(t, form, "FRONT", "PASSPORT", pixel)) },
		func(int) { noFault(t, f.upload(t, form, "FRONT", "STATE_ID", pixel)) },
		func(int) { noFault(t, f.call(t, "POST", "/forms/"+form.ID, `{}`)) },
		func(int) { noFault(t, f.call(t, "GET", "", "")) },
	)

	if documents, _ := f.data(t)["documents"].([]any); len(documents) > 1 {
		t.Errorf("documents: %v", documents)
	}
	consistent(t, a)
}

func TestTasksRaiseOneRequestAtATime(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})
	f := withTasks(t, a)
	tasks := []string{f.taskID(t, "verify-identity"), f.taskID(t, "verify-address")}

	rush(
		5,
		func(i int) { _, _ = a.RaiseRequest(tasks[i%2], "", "") },
		func(i int) { _, _ = a.RaiseRequest(tasks[(i+1)%2], "", "") },
		func(int) { a.Wake(); time.Sleep(time.Millisecond) },
	)

	if a.count("customer_request.create") != 1 || len(a.letters()) != 1 {
		t.Errorf("effects: %v, %d e-mails", a.kinds(), len(a.letters()))
	}
}
