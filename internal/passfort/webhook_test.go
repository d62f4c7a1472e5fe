package passfort_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"portal/internal/inbox"
	"portal/internal/passfort"
)

// Two secrets, as while rotating. The first has every character that JSON can spell in another way.
const (
	hookSecret    = `s3cret/with"odd\signs~of-webhooks`
	olderSecret   = "the-secret-that-was-there-before"
	hookSecretRaw = `s3cret/with\"odd\\signs~of-webhooks` // as JSON spells it
	hookBearer    = "Bearer " + hookSecret
)

func newDecoder() *passfort.Decoder { return passfort.NewDecoder([]string{hookSecret, olderSecret}) }

// bearing is what a delivery with that header shows.
func bearing(authorization string) inbox.Proof { return inbox.Proof{Authorization: authorization} }

// decoded takes a delivery apart that is right.
func decoded(t *testing.T, body string) []inbox.Message {
	t.Helper()
	messages, err := newDecoder().Decode(bearing(hookBearer), []byte(body), false)
	if err != nil {
		t.Fatal(err)
	}
	return messages
}

func TestDecodeReadsWhatMessagesSay(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		event, data string
		want        inbox.Message
	}{
		"as documented": {
			"PRODUCT_STATUS_CHANGED", `{"profile_id":"p","customer_ref":"ref","new_status":"COMPLETED"}`,
			inbox.Message{Profile: "p", CustomerRef: "ref"},
		},
		"the assumed customer request": {
			"customer_request_changed", `{"profile_id":"p","customer_ref":null,"customer_request":{"id":"r","status":"COMPLETED"}}`,
			inbox.Message{Profile: "p", Request: "r", Outcome: "COMPLETED"},
		},
		"a flat customer request": {
			"Customer_Request_Changed", `{"profile_id":"p","id":"r","state":"expired"}`,
			inbox.Message{Profile: "p", Request: "r", Outcome: "EXPIRED"},
		},
		"an id beside a new status": {
			"CUSTOMER_REQUEST_CHANGED", `{"profile_id":"p","request_id":17,"old_status":"SENT","new_status":"Completed"}`,
			inbox.Message{Profile: "p", Request: "17", Outcome: "COMPLETED"},
		},
		"a form's own state": {
			"FORM_STATE_CHANGED", `{"profile_id":"p","status":"COMPLETED","form":{"id":"f","status":"COMPLETED"},"customer_request_id":"r"}`,
			inbox.Message{Profile: "p", Request: "r"},
		},
		"a form with its request": {
			"FORM_STATE_CHANGED", `{"profile_id":"p","form":{"id":"f","status":"COMPLETED"},"customer_request":{"id":"r","status":"SENT"}}`,
			inbox.Message{Profile: "p", Request: "r", Outcome: "SENT"},
		},
		"a state nobody has heard of": {"CUSTOMER_REQUEST_CHANGED", `{"customer_request":{"id":"r","status":"PAUSED"}}`, inbox.Message{Request: "r"}},
		"no data":                     {"X", `null`, inbox.Message{}},
		"data of another kind":        {"X", `["profile_id"]`, inbox.Message{}},
		"what cannot be stored":       {"X", `{"profile_id":"a\u0000b","customer_ref":"` + strings.Repeat("x", 600) + `"}`, inbox.Message{}},
		"a secret as a reference":     {"X", `{"customer_ref":"` + strings.ToUpper(olderSecret) + `"}`, inbox.Message{}},
		"members that come twice":     {"X", `{"profile_id":"a","profile_id":"b"}`, inbox.Message{Profile: "b"}},
	} {
		got := decoded(t, fmt.Sprintf(`{"id":"m","event":%q,"secret":"%s","timestamp":1568997222,"data":%s}`, c.event, hookSecretRaw, c.data))
		if len(got) != 1 {
			t.Fatalf("%s: %d messages", name, len(got))
		}
		c.want.ID, c.want.Event, c.want.Body = "m", strings.ToUpper(c.event), got[0].Body
		if diff := cmp.Diff(c.want, got[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestDecodeTakesEveryShape(t *testing.T) {
	t.Parallel()
	one, two := `{"id":"1","event":"A"}`, `{ "id" : 2, "event" : "b" }`
	for _, body := range []string{
		"[" + one + "," + two + "]", " [\n" + one + " , " + two + "\n] ",
		`{"webhooks":[` + one + "," + two + `]}`, `{"count":2,"messages":[` + one + "," + two + `],"secret":"` + olderSecret + `"}`,
	} {
		got := decoded(t, body)
		if len(got) != 2 || got[0].ID != "1" || got[1].ID != "2" || got[0].Event != "A" || got[1].Event != "B" {
			t.Errorf("%s: %+v", body, got)
			continue
		}
		if got[0].Body.Reveal() != one || got[1].Body.Reveal() != two {
			t.Errorf("%s: the bytes have changed", body)
		}
	}
	for _, empty := range []string{"[]", `{"webhooks":[]}`} {
		if got := decoded(t, empty); len(got) != 0 {
			t.Errorf("%s: %d messages", empty, len(got))
		}
	}
}

func TestDecodeRefusesEveryWrongSecret(t *testing.T) {
	t.Parallel()
	right := `{"event":"A","secret":"` + hookSecretRaw + `"}`
	for name, c := range map[string]struct{ authorization, body string }{
		"no header":                {"", right},
		"no scheme":                {hookSecret, right},
		"another scheme":           {"Basic " + hookSecret, right},
		"an empty secret":          {"Bearer ", right},
		"a longer secret":          {hookBearer + "x", right},
		"wrong in the body":        {hookBearer, `{"event":"A","secret":"x"}`},
		"empty in the body":        {hookBearer, `{"event":"A","secret":""}`},
		"a number in the body":     {hookBearer, `{"event":"A","secret":1}`},
		"wrong in one of two":      {hookBearer, "[" + right + `,{"event":"A","secret":"x"}]`},
		"wrong in the wrapper":     {hookBearer, `{"secret":"x","webhooks":[` + right + `]}`},
		"a second, wrong one":      {hookBearer, `{"event":"A","secret":"` + hookSecretRaw + `","secret":"x"}`},
		"a first, wrong one":       {hookBearer, `{"event":"A","secret":"x","secret":"` + hookSecretRaw + `"}`},
		"a wrong one, spelt oddly": {hookBearer, `{"event":"A","s\u0065cret":"x"}`},
		"no event":                 {hookBearer, `{"secret":"x"}`},
	} {
		if got, err := newDecoder().Decode(bearing(c.authorization), []byte(c.body), false); !errors.Is(err, inbox.ErrForged) || got != nil {
			t.Errorf("%s: %d messages, %v", name, len(got), err)
		}
	}
	for _, authorization := range []string{hookBearer, "bearer " + olderSecret, "BEARER  " + olderSecret} {
		if _, err := newDecoder().Decode(bearing(authorization), []byte(right), false); err != nil {
			t.Errorf("%s: %v", authorization, err)
		}
	}
	for _, none := range [][]string{nil, {""}} {
		if err := passfort.NewDecoder(none).Admit(bearing("Bearer ")); !errors.Is(err, inbox.ErrForged) {
			t.Errorf("an empty secret where none is set: %v", err)
		}
	}
}

func TestUnreadableBytesAreKeptAndTheRestIsRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want []string // troubles
	}{
		"empty":             {"", []string{"the delivery is not JSON"}},
		"no JSON":           {"hello " + hookSecret, []string{"the delivery is not JSON"}},
		"a value":           {"17", []string{"the delivery is neither an object nor an array"}},
		"two documents":     {`{"event":"A"}{"event":"B"}`, []string{"the delivery is not JSON"}},
		"no event":          {`{"id":"1"}`, []string{"the message names no event"}},
		"two arrays":        {`{"a":[{}],"b":[{}]}`, []string{"the message names no event"}},
		"an event of bytes": {`{"event":"\u0000"}`, []string{"the message names no event"}},
		"some of a batch":   {`[{"event":"A"},17,{"id":"1"}]`, []string{"", "the message is no JSON object", "the message names no event"}},
		"too many":          {"[" + strings.Repeat("{},", 1000) + "{}]", []string{"the delivery has more messages than are read"}},
		"too deep":          {strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), []string{"the delivery is not JSON"}},
	} {
		var got []string
		for _, m := range decoded(t, c.body) {
			got = append(got, m.Trouble)
			if m.ID == "" || strings.Contains(m.Body.Reveal(), "cret") {
				t.Errorf("%s: id %q, the secret is kept: %t", name, m.ID, strings.Contains(m.Body.Reveal(), "cret"))
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestADeliveryThatWasCutOffIsOneMessageWithoutTheSecret(t *testing.T) {
	t.Parallel()
	for _, spelling := range []string{hookSecretRaw, `s\u0033cret\/with`} {
		for n := range len(spelling) {
			got, err := newDecoder().Decode(bearing(hookBearer), []byte(`[{"secret":"`+spelling[:n]), true)
			if err != nil || len(got) != 1 || got[0].Trouble == "" {
				t.Fatalf("%+v, %v", got, err)
			}
			if kept := got[0].Body.Reveal(); kept != `[{"secret":"` {
				t.Errorf("cut after %q, kept %q", spelling[:n], kept)
			}
		}
	}
}

func TestMessagesWithoutAnIDAreToldApartByTheirContent(t *testing.T) {
	t.Parallel()
	id := func(secret, rest string) string {
		t.Helper()
		return decoded(t, `{"event":"A","secret":"`+secret+`",`+rest+`}`)[0].ID
	}
	a := id(hookSecretRaw, `"data":1`)
	if !strings.HasPrefix(a, "sha256:") || a != id(hookSecretRaw, `"data":1`) {
		t.Errorf("the same message has ids %s and %s", a, id(hookSecretRaw, `"data":1`))
	}
	if a != id(olderSecret, `"data":1`) {
		t.Error("the id depends on the secret")
	}
	if a == id(hookSecretRaw, `"data":2`) {
		t.Error("two messages have one id")
	}
	if u := decoded(t, "x")[0].ID; !strings.HasPrefix(u, "unreadable-sha256:") {
		t.Errorf("an unreadable message has id %s", u)
	}
}

// What a release cannot read, a later one may: here the same, of which the shape has been mended by hand.
func TestDecodeAgainReadsWhatWasKept(t *testing.T) {
	t.Parallel()
	kept := decoded(t, `{"event":"A","secret":"`+hookSecretRaw+`"} {"secret":"`+olderSecret+`"}`)[0]
	mended, _, _ := strings.Cut(kept.Body.Reveal(), " {")
	got, err := newDecoder().DecodeAgain(inbox.Body(mended))
	if err != nil || len(got) != 1 || got[0].Event != "A" || got[0].Trouble != "" {
		t.Errorf("%+v, %v", got, err)
	}
	again, err := newDecoder().DecodeAgain(kept.Body)
	if err != nil || len(again) != 1 || again[0].ID != kept.ID {
		t.Errorf("what is still unreadable: %+v, %v", again, err)
	}
	rotated, err := passfort.NewDecoder([]string{"a-secret-of-another-age"}).DecodeAgain(inbox.Body(mended))
	if err != nil || len(rotated) != 1 || rotated[0].Event != "A" {
		t.Errorf("after the secret was changed: %+v, %v", rotated, err)
	}
}
