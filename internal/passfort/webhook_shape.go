package passfort

import (
	"bytes"
	"encoding/json"
)

// maxMessages bounds the messages of a delivery. PassFort sends up to a hundred.
const maxMessages = 1000

// parts are what a delivery is made of.
type parts struct {
	messages [][]byte // each as it was sent
	secrets  []string // beside the messages, not in them
}

// split finds the messages of a delivery: one alone, an array, or an object with one array in it. PassFort's
// documentation leaves open what a batch looks like.
func split(body []byte) (p parts, trouble string) {
	body = bytes.Trim(body, " \t\r\n")
	switch {
	case !json.Valid(body):
		return parts{}, "the delivery is not JSON"
	case body[0] == '[':
		return p.of(body)
	case body[0] != '{':
		return parts{}, "the delivery is neither an object nor an array"
	}
	members, err := membersOf(body)
	if err != nil {
		return parts{}, "the delivery is not JSON"
	}
	batch, secrets := wrapped(members)
	if batch == nil {
		p.messages = [][]byte{body}
		return p, ""
	}
	p.secrets = secrets
	return p.of(batch)
}

// of adds the elements of an array.
func (p parts) of(array []byte) (_ parts, trouble string) {
	dec := json.NewDecoder(bytes.NewReader(array))
	if _, err := dec.Token(); err != nil {
		return parts{}, "the delivery is not JSON"
	}
	for dec.More() {
		var raw json.RawMessage
		if err := dec.Decode(&raw); err != nil {
			return parts{}, "the delivery is not JSON"
		}
		if p.messages = append(p.messages, raw); len(p.messages) > maxMessages {
			return parts{}, "the delivery has more messages than are read"
		}
	}
	return p, ""
}

// wrapped finds the one array of messages in an object that is no message itself, with the object's own secrets.
func wrapped(members []member) (batch []byte, secrets []string) {
	for _, m := range members {
		switch {
		case m.name == "event":
			return nil, nil
		case m.name == "secret":
			secrets = append(secrets, secretsIn(m.value)...)
		case holdsObjects(m.value) && batch != nil:
			return nil, nil
		case holdsObjects(m.value):
			batch = m.value
		}
	}
	return batch, secrets
}

// holdsObjects says whether a value is an array that is empty or begins with an object.
func holdsObjects(value []byte) bool {
	if value[0] != '[' {
		return false
	}
	first := bytes.TrimLeft(value[1:], " \t\r\n")
	return first[0] == '{' || first[0] == ']'
}
