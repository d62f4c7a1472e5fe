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
	if !strings.HasPrefix(before, "registrations with a trail: 1\nfrom before there were trails: 0\nforgotten after their time: 0\nentries: 2\nfaults: 0\nroot as of 2") ||
		!strings.Contains(before, ", over 1 registrations: ") {
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

func TestAuditVerifySaysWhereARootIsLost(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.registration(t, lost)
	during, id := time.Now(), r.ID.String()
	for _, sql := range []string{
		// A last change of long after the time that is asked for, and a deletion that is long after that.
		"insert into audit_entries select registration_id, 3, at + interval '1 hour', actor, to_status, to_status, what, evidence, profile_id, request_id, hash from audit_entries where registration_id = $1 and seq = 2",
		"insert into forgotten_trails (registration_id) values ($1)",
		"alter table forgotten_trails disable trigger all",
		"update forgotten_trails set forgotten_at = forgotten_at + interval '90 days'",
		"alter table audit_entries disable trigger all",
		"delete from audit_entries where registration_id = $1",
		"delete from notices where registration_id = $1",
		"delete from registration_facts where registration_id = $1",
		"delete from profiles where registration_id = $1",
		"delete from customer_requests where registration_id = $1",
		"delete from registrations where id = $1",
	} {
		if _, err := o.pool.Exec(t.Context(), strings.ReplaceAll(sql, "$1", "'"+id+"'")); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	until := during.Format(time.RFC3339Nano)
	out := o.portal(t, exitFailure, "audit", "verify", "--until", until)
	if !strings.Contains(out, "forgotten after their time: 1\n") || !strings.Contains(out, "faults: 0\n") ||
		!strings.Contains(out, "cannot be computed any more. 1 registrations that were under way then have been deleted") || strings.Contains(out, "over ") {
		t.Errorf("said %q", out)
	}
	later := during.Add(2 * time.Hour).Format(time.RFC3339Nano)
	if out := o.portal(t, exitOK, "audit", "verify", "--until", later); !strings.Contains(out, ", over 1 registrations: ") {
		t.Errorf("of after its end it said %q", out)
	}
}
