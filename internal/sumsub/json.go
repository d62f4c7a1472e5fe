package sumsub

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
)

// Answers are decoded tolerantly: a member that has not the form it should have counts as not there, numbers may be texts and
// texts numbers (an image's id is both, in one answer), and members that nobody knows are passed over.

// decodeObject decodes a text that must be a JSON object.
func decodeObject(body []byte, into any) error {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '{' {
		return errNoObject
	}
	err := json.Unmarshal(body, into)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok { // everything else was decoded nevertheless
		return nil
	}
	if err != nil {
		return errNoObject
	}
	return nil
}

// anyObject decodes the answer of a call that answers nothing of interest.
func anyObject(answer reply) error { return decodeObject(answer.body, &struct{}{}) }

// text is a text, or a number or truth value as a text. Everything else is empty.
type text string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *text) UnmarshalJSON(value []byte) error {
	*t = ""
	switch value[0] {
	case '"':
		return json.Unmarshal(value, (*string)(t))
	case '{', '[', 'n':
	default:
		*t = text(value)
	}
	return nil
}

// count is a whole number, zero where it is none.
type count int

// UnmarshalJSON implements [json.Unmarshaler].
func (c *count) UnmarshalJSON(value []byte) error {
	var t text
	err := t.UnmarshalJSON(value)
	n, wrong := strconv.Atoi(string(t))
	if *c = 0; wrong == nil {
		*c = count(n)
	}
	return err
}

// flag is a truth value, false where it is none.
type flag bool

// UnmarshalJSON implements [json.Unmarshaler].
func (f *flag) UnmarshalJSON(value []byte) error {
	var t text
	err := t.UnmarshalJSON(value)
	*f = t == "true"
	return err
}

// words are those of an array; what is no word is left out.
type words []string

// UnmarshalJSON implements [json.Unmarshaler].
func (w *words) UnmarshalJSON(value []byte) error {
	*w = nil
	var all []text
	if json.Unmarshal(value, &all) != nil {
		return nil
	}
	for _, one := range all {
		if found := word(one); found != "" && len(*w) < maxWords {
			*w = append(*w, found)
		}
	}
	return nil
}

// maxWords bounds what is kept of a list.
const maxWords = 300

var wordForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,100}$`)

// word is a text where it can be a name or an id, and empty otherwise.
func word(t text) string {
	if !wordForm.MatchString(string(t)) {
		return ""
	}
	return string(t)
}
