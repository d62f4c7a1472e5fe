package sumsub_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"errors"
	"hash"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/inbox"
	"portal/internal/sumsub"
)

// Two secrets, as while rotating.
const (
	hookSecret  = "the-secret-of-these-webhooks"
	olderSecret = "the-secret-that-was-there-before"
)

func newDecoder() *sumsub.Decoder { return sumsub.NewDecoder([]string{hookSecret, olderSecret}, false) }

// digest is what Sumsub sends beside a body.
func digest(by func() hash.Hash, secret, body string) string {
	mac := hmac.New(by, []byte(secret))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

// proof is that of a webhook as they are set up today.
func proof(body string) inbox.Proof {
	return inbox.Proof{Digest: digest(sha256.New, hookSecret, body), Algorithm: "HMAC_SHA256_HEX"}
}

// decoded takes a delivery apart that is right.
func decoded(t *testing.T, body string) inbox.Message {
	t.Helper()
	messages, err := newDecoder().Decode(proof(body), []byte(body), false)
	if err != nil || len(messages) != 1 {
		t.Fatalf("%d messages, %v", len(messages), err)
	}
	return messages[0]
}

// reviewed is a message in the form in which they come: spaces, line breaks and escapes that another writer of JSON would
// set otherwise.
const reviewed = `{
  "applicantId" : "5c9e177b0a975a6eeccf5960",
  "inspectionId" : "5c9e177b0a975a6eeccf5961",
  "correlationId" : "req-63f92830-4d68-4eee-98d5-875d53a12258",
  "levelName" : "id-and-selfie",
  "externalUserId" : "demo-018f4c62-5f6f-7c55-8b6f-1b9f7a1c2d3e",
  "type" : "applicantReviewed",
  "sandboxMode" : "false",
  "reviewResult" : {
    "moderationComment" : "Write to ${clientSupportEmail} <please> \u00e4",
    "reviewAnswer" : "RED",
    "rejectLabels" : [ "UNSATISFACTORY_PHOTOS", "SCREENSHOTS" ],
    "reviewRejectType" : "RETRY"
  },
  "reviewStatus" : "completed",
  "createdAtMs" : "2020-02-21 13:23:19.001"
}`

// The vectors are those of Sumsub's documentation of webhooks (docs.sumsub.com, "Webhook manager"): the first is printed
// there, the others follow from it.
func TestDigestsAreThoseOfTheDocumentation(t *testing.T) {
	t.Parallel()
	d := sumsub.NewDecoder([]string{"SoMe_SeCrEt_KeY"}, true)
	for algorithm, digest := range map[string]string{
		"HMAC_SHA1_HEX":   "f6e92ffe371718694d46e28436f76589312df8db",
		"":                "f6e92ffe371718694d46e28436f76589312df8db",
		"HMAC_SHA256_HEX": "7f3beedce7529616a9d6bba59dc1b054a7247cef67f6acff2600864399f47fe0",
		"HMAC_SHA512_HEX": "3aae08986027051ca0656d87c4c95f1f15d3ecaf23cf239e5a43fd03a8af28223a06be1f97624caefd55475c84673773dc10e895a1ab885a3548c58bd7af9ebf",
	} {
		p := inbox.Proof{Digest: digest, Algorithm: algorithm}
		if err := d.Admit(p); err != nil {
			t.Errorf("%q is not admitted: %v", algorithm, err)
		}
		if got, err := d.Decode(p, []byte("someText"), false); err != nil || len(got) != 1 {
			t.Errorf("%q: %d messages, %v", algorithm, len(got), err)
		}
		if got, err := d.Decode(p, []byte("someTexT"), false); !errors.Is(err, inbox.ErrForged) || got != nil {
			t.Errorf("%q of another body: %d messages, %v", algorithm, len(got), err)
		}
	}
}

func TestDigestsBySHA1CountOnlyWhereTheyAreWanted(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"HMAC_SHA1_HEX", ""} {
		p := inbox.Proof{Digest: digest(sha1.New, hookSecret, reviewed), Algorithm: algorithm}
		if err := newDecoder().Admit(p); !errors.Is(err, inbox.ErrForged) {
			t.Errorf("%q is admitted: %v", algorithm, err)
		}
		if got, err := newDecoder().Decode(p, []byte(reviewed), false); !errors.Is(err, inbox.ErrForged) || got != nil {
			t.Errorf("%q: %d messages, %v", algorithm, len(got), err)
		}
		if got, err := sumsub.NewDecoder([]string{hookSecret}, true).Decode(p, []byte(reviewed), false); err != nil || len(got) != 1 {
			t.Errorf("%q where it is wanted: %d messages, %v", algorithm, len(got), err)
		}
	}
}

func TestEverySecretCountsWhileOneIsChanged(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{hookSecret, olderSecret} {
		for algorithm, by := range map[string]func() hash.Hash{"HMAC_SHA256_HEX": sha256.New, "HMAC_SHA512_HEX": sha512.New} {
			p := inbox.Proof{Digest: strings.ToUpper(digest(by, secret, reviewed)), Algorithm: algorithm}
			if got, err := newDecoder().Decode(p, []byte(reviewed), false); err != nil || len(got) != 1 || got[0].Body.Reveal() != reviewed {
				t.Errorf("%s with %s: %+v, %v", algorithm, secret, got, err)
			}
		}
	}
}

// A receiver that reads the JSON and writes it anew before it checks the digest is wrong about every genuine message.
func TestABodyThatWasWrittenAnewIsNotTheOneThatWasSigned(t *testing.T) {
	t.Parallel()
	var members any
	if err := json.Unmarshal([]byte(reviewed), &members); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	var indented, compact bytes.Buffer
	if err := errors.Join(json.Indent(&indented, []byte(reviewed), "", "  "), json.Compact(&compact, []byte(reviewed))); err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string]string{
		"decoded and encoded": string(again), "indented by another": indented.String(), "compact": compact.String(),
		"a line break more": reviewed + "\n", "other line breaks": strings.ReplaceAll(reviewed, "\n", "\r\n"),
	} {
		if got, err := newDecoder().Decode(proof(reviewed), []byte(body), false); !errors.Is(err, inbox.ErrForged) || got != nil {
			t.Errorf("%s: %d messages, %v", name, len(got), err)
		}
	}
	decoded(t, reviewed)
}

func TestNothingCountsThatIsNotProved(t *testing.T) {
	t.Parallel()
	right := proof(reviewed)
	for name, c := range map[string]struct {
		proof    inbox.Proof
		admitted bool
	}{
		"nothing":                    {inbox.Proof{}, false},
		"a shared secret":            {inbox.Proof{Authorization: "Bearer " + hookSecret}, false},
		"no digest":                  {inbox.Proof{Algorithm: "HMAC_SHA256_HEX"}, false},
		"an unknown algorithm":       {inbox.Proof{Digest: right.Digest, Algorithm: "HMAC_MD5_HEX"}, false},
		"half a digest":              {inbox.Proof{Digest: right.Digest[:32], Algorithm: right.Algorithm}, false},
		"more than a digest":         {inbox.Proof{Digest: right.Digest + "00", Algorithm: right.Algorithm}, false},
		"letters for digits":         {inbox.Proof{Digest: "x" + right.Digest[1:], Algorithm: right.Algorithm}, false},
		"another algorithm's digest": {inbox.Proof{Digest: right.Digest, Algorithm: "HMAC_SHA512_HEX"}, false},
		"another secret":             {inbox.Proof{Digest: digest(sha256.New, "sandbox-secret-key", reviewed), Algorithm: right.Algorithm}, true},
		"no secret":                  {inbox.Proof{Digest: digest(sha256.New, "", reviewed), Algorithm: right.Algorithm}, true},
		"another body":               {proof(reviewed + " "), true},
	} {
		if err := newDecoder().Admit(c.proof); c.admitted != (err == nil) || err != nil && !errors.Is(err, inbox.ErrForged) {
			t.Errorf("%s: admitted: %v", name, err)
		}
		if got, err := newDecoder().Decode(c.proof, []byte(reviewed), false); !errors.Is(err, inbox.ErrForged) || got != nil {
			t.Errorf("%s: %d messages, %v", name, len(got), err)
		}
	}
	if got, err := newDecoder().Decode(right, []byte(reviewed), true); !errors.Is(err, inbox.ErrForged) || got != nil {
		t.Errorf("what is longer than is read: %d messages, %v", len(got), err)
	}
	keyless := inbox.Proof{Digest: digest(sha256.New, "", reviewed), Algorithm: "HMAC_SHA256_HEX"}
	for _, none := range [][]string{nil, {""}} {
		if _, err := sumsub.NewDecoder(none, false).Decode(keyless, []byte(reviewed), false); !errors.Is(err, inbox.ErrForged) {
			t.Errorf("without a secret: %v", err)
		}
	}
}

func TestDecodeReadsWhatAMessageIsAbout(t *testing.T) {
	t.Parallel()
	content := func(m inbox.Message) inbox.Message { m.ID = "by its content"; return m }
	for body, want := range map[string]inbox.Message{
		reviewed: {
			ID:      "applicantReviewed/5c9e177b0a975a6eeccf5960/2020-02-21 13:23:19.001/req-63f92830-4d68-4eee-98d5-875d53a12258",
			Event:   "APPLICANTREVIEWED",
			Profile: "5c9e177b0a975a6eeccf5960", CustomerRef: "demo-018f4c62-5f6f-7c55-8b6f-1b9f7a1c2d3e",
		},
		`{"type":"ofTomorrow","applicantId":"a","externalUserId":12672,"createdAtMs":1582291399002}`: {
			ID: "ofTomorrow/a/1582291399002", Event: "OFTOMORROW", Profile: "a", CustomerRef: "12672",
		},
		`{"type":"applicantPending","applicantId":"a"}`:                                             content(inbox.Message{Event: "APPLICANTPENDING", Profile: "a"}),
		`{"type":"applicantPending","createdAtMs":"x","externalUserId":null}`:                       content(inbox.Message{Event: "APPLICANTPENDING"}),
		`{"type":"applicantReset","Type":"other","type":"applicantDeleted","applicantId":"a"}`:      content(inbox.Message{Event: "APPLICANTDELETED", Profile: "a"}),
		`{"type":"x","applicantId":"a\u0000b","externalUserId":"` + strings.Repeat("x", 600) + `"}`: content(inbox.Message{Event: "X"}),
		`{"type":"x","applicantId":{"id":"a"},"externalUserId":["a"]}`:                              content(inbox.Message{Event: "X"}),

		// What is about an applicant's actions and transactions changes no registration, and is handed on to none.
		`{"type":"applicantActionReviewed","applicantId":"a","applicantActionId":"b","externalUserId":"ours","createdAtMs":"x"}`: content(
			inbox.Message{Event: "APPLICANTACTIONREVIEWED", CustomerRef: "ours"}),
		`{"type":"videoIdentStatusChanged","applicantId":"a","applicantActionId":"b","createdAtMs":"x"}`: content(inbox.Message{Event: "VIDEOIDENTSTATUSCHANGED"}),
		`{"type":"applicantKytOnHold","applicantId":"a","createdAtMs":"x"}`:                              content(inbox.Message{Event: "APPLICANTKYTONHOLD"}),
		`{"type":"ofTomorrow","applicantId":"a","kytTxnId":"b","createdAtMs":"x"}`:                       content(inbox.Message{Event: "OFTOMORROW"}),
	} {
		got := decoded(t, body)
		if strings.HasPrefix(got.ID, "sha256:") {
			got.ID = "by its content"
		}
		want.Body = inbox.Body(body)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

func TestUnreadableBytesAreKept(t *testing.T) {
	t.Parallel()
	for body, trouble := range map[string]string{
		"":                     "the delivery is no JSON object",
		"hello":                "the delivery is no JSON object",
		"null":                 "the delivery is no JSON object",
		`[{"type":"x"}]`:       "the delivery is no JSON object",
		`{"type":"x"}{}`:       "the delivery is no JSON object",
		`{}`:                   "the message names no type",
		`{"type":""}`:          "the message names no type",
		`{"type":"\u0000"}`:    "the message names no type",
		`{"type":{"name":""}}`: "the message names no type",
		strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000): "the delivery is no JSON object",
	} {
		got := decoded(t, body)
		if got.Trouble != trouble || got.Body.Reveal() != body || !strings.HasPrefix(got.ID, "unreadable-sha256:") || got.Event != "" {
			t.Errorf("%.40s: %+v", body, got)
		}
	}
}

// What a release cannot read, a later one may: here the same, of which the bytes have been mended by hand. That takes no
// secret, since the bytes were proved when they came.
func TestDecodeAgainReadsWhatWasKept(t *testing.T) {
	t.Parallel()
	kept := decoded(t, reviewed+reviewed)
	mended := kept.Body[:len(reviewed)]
	got, err := sumsub.NewDecoder(nil, false).DecodeAgain(mended)
	if err != nil || len(got) != 1 || got[0].Trouble != "" || got[0].ID != decoded(t, reviewed).ID {
		t.Errorf("%+v, %v", got, err)
	}
	again, err := newDecoder().DecodeAgain(kept.Body)
	if err != nil || len(again) != 1 || again[0].ID != kept.ID {
		t.Errorf("what is still unreadable: %+v, %v", again, err)
	}
}
