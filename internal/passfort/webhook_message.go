package passfort

import (
	"encoding/json"
	"slices"
	"strings"

	"portal/internal/inbox"
)

// envelope is a message with its members by name. Where one comes twice the last counts, as it does to most readers of
// JSON, so that the company's own receiver understands the same; but each secret must be right.
type envelope struct {
	members map[string]json.RawMessage
	secrets []string
}

func readEnvelope(raw []byte) (envelope, error) {
	members, err := membersOf(raw)
	if err != nil {
		return envelope{}, err
	}
	e := envelope{members: byName(members)}
	for _, m := range members {
		if m.name == "secret" {
			e.secrets = append(e.secrets, secretsIn(m.value)...)
		}
	}
	return e, nil
}

// secretsIn is the secret of a member. None was agreed on where it is null; what is no string is surely wrong.
func secretsIn(value []byte) []string {
	if string(value) == "null" {
		return nil
	}
	return []string{textOf(value)}
}

func byName(members []member) map[string]json.RawMessage {
	named := map[string]json.RawMessage{}
	for _, m := range members {
		named[m.name] = m.value
	}
	return named
}

// facts are what a message says, as far as it can be made out. PassFort documents the envelope and some events; what
// the events of customer requests look like is not documented, so their members are looked for in several places.
func (e envelope) facts() inbox.Message {
	data := object(e.members["data"])
	event := strings.ToUpper(strings.TrimSpace(textOf(e.members["event"])))
	request := object(data["customer_request"])
	about := strings.Contains(event, "CUSTOMER_REQUEST") // a form, a product or a task has a state of its own
	m := inbox.Message{
		ID: idOf(e.members["id"]), Event: event,
		Profile:     first(idOf(data["profile_id"]), idOf(object(data["profile"])["id"])),
		CustomerRef: first(textOf(data["customer_ref"]), textOf(object(data["profile"])["customer_ref"])),
		Request: first(idOf(request["id"]), idOf(data["customer_request"]), idOf(data["customer_request_id"]),
			idOf(data["request_id"]), idOf(object(data["request"])["id"])),
		Outcome: outcomeOf(request),
	}
	if about {
		m.Request = first(m.Request, idOf(data["id"]))
		m.Outcome = first(m.Outcome, outcomeOf(data), outcomeOf(object(data["request"])))
	}
	return m
}

// outcomeOf looks for the state of a customer request.
func outcomeOf(request map[string]json.RawMessage) string {
	for _, name := range []string{"new_status", "new_state", "status", "state"} {
		said := strings.ToUpper(textOf(request[name]))
		if slices.Contains([]string{inbox.Sent, inbox.Completed, inbox.Expired}, said) {
			return said
		}
	}
	return ""
}

// object reads the members of a value that is an object; another value has none.
func object(value json.RawMessage) map[string]json.RawMessage {
	members, err := membersOf(value)
	if err != nil {
		return nil
	}
	return byName(members)
}

// textOf reads a string; another value has none.
func textOf(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) != nil {
		return ""
	}
	return text
}

// idOf reads an identifier, which may be a number.
func idOf(value json.RawMessage) string {
	if len(value) > 0 && strings.ContainsRune("-0123456789", rune(value[0])) {
		return string(value)
	}
	return textOf(value)
}

// first is the first text that is not empty.
func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
