package main

import (
	"strings"
	"testing"
	"time"
)

// root is what a verification prints last.
func root(out string) string {
	return out[strings.LastIndex(out, " ")+1:]
}

func TestAuditVerifyPrintsTheRootOfAnyTime(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.registration(t, lost)
	until := time.Now().Format(time.RFC3339Nano)
	before := o.portal(t, exitOK, "audit", "verify")
	if !strings.HasPrefix(before, "registrations with a trail: 1\nfrom before there were trails: 0\nforgotten after their time: 0\nentries: 2\nfaults: 0\nroot of now, over 1 registrations: ") {
		t.Errorf("said %q", before)
	}
	o.registration(t, lost)
	if after := o.portal(t, exitOK, "audit", "verify"); root(after) == root(before) {
		t.Error("another registration leaves the root alone")
	}
	if again := o.portal(t, exitOK, "audit", "verify", "--until", until); root(again) != root(before) {
		t.Errorf("the root of then was %s and now is %s", root(before), root(again))
	}
}

func TestAuditVerifyFailsWhereTheTrailDoesNotHold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.registration(t, lost)
	if _, err := o.pool.Exec(t.Context(), "update registrations set status = 'starting', unclear_since = null where id = $1", r.ID.String()); err != nil {
		t.Fatal(err)
	}
	out := o.portal(t, exitFailure, "audit", "verify")
	if !strings.Contains(out, "FAULT  registration "+r.ID.String()+"  entry 2  the registration is starting") || !strings.Contains(out, "does not hold") {
		t.Errorf("said %q", out)
	}
}
