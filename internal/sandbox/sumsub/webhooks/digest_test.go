package webhooks_test

import (
	"testing"

	"portal/internal/sandbox/sumsub/webhooks"
)

func TestDigestsAreThoseOfTheDocumentation(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"HMAC_SHA1_HEX":   "f6e92ffe371718694d46e28436f76589312df8db",
		"HMAC_SHA256_HEX": "7f3beedce7529616a9d6bba59dc1b054a7247cef67f6acff2600864399f47fe0",
		"HMAC_SHA512_HEX": "3aae08986027051ca0656d87c4c95f1f15d3ecaf23cf239e5a43fd03a8af28223a06be1f97624caefd55475c84673773dc10e895a1ab885a3548c58bd7af9ebf",
	} {
		a, ok := webhooks.Named(name)
		if got := webhooks.Digest(a, "SoMe_SeCrEt_KeY", []byte("someText")); !ok || got != want || a.Name() != name {
			t.Errorf("%s: %s of %q", name, got, a)
		}
	}
	if a, ok := webhooks.Named("HMAC_MD5_HEX"); ok {
		t.Errorf("there is an algorithm %q", a)
	}
}

func TestWebhooksAreSignedByTheChosenAlgorithm(t *testing.T) {
	t.Parallel()
	for algorithm, name := range map[webhooks.Algorithm]string{
		"": "HMAC_SHA256_HEX", webhooks.SHA256: "HMAC_SHA256_HEX", webhooks.SHA512: "HMAC_SHA512_HEX", webhooks.SHA1: "HMAC_SHA1_HEX",
	} {
		rc := listen(t)
		q := open(t, rc, webhooks.Options{Algorithm: algorithm})
		enqueue(q, "applicantPending")

		got := rc.next(t)
		a, _ := webhooks.Named(name)
		if want := webhooks.Digest(a, "s3cret", []byte(got.body)); got.header.Get("X-Payload-Digest") != want || got.header.Get("X-Payload-Digest-Alg") != name {
			t.Errorf("%q: %v", algorithm, got.header)
		}
	}
}

func TestNoSecretMeansNoDigest(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	o := q.Options()
	o.Secret = ""
	if err := q.SetOptions(o); err != nil {
		t.Fatal(err)
	}
	enqueue(q, "applicantPending")

	got := rc.next(t).header
	if _, ok := got["X-Payload-Digest"]; ok || got.Get("X-Payload-Digest-Alg") != "" {
		t.Errorf("headers: %v", got)
	}
}

func TestChangedSecretSignsTheNextAttempt(t *testing.T) {
	t.Parallel()
	rc := listen(t)
	q := open(t, rc, webhooks.Options{})
	rc.refuses(500)
	enqueue(q, "applicantPending")
	first := rc.next(t)
	o := q.Options()
	o.Secret = "rotated"
	if err := q.SetOptions(o); err != nil {
		t.Fatal(err)
	}

	q.RetryNow()
	second := rc.next(t)

	if first.body != second.body {
		t.Error("the retry has another body")
	}
	if want := webhooks.Digest(webhooks.SHA256, "rotated", []byte(second.body)); second.header.Get("X-Payload-Digest") != want {
		t.Error("the retry is signed with the former secret")
	}
}
