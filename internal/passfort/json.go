package passfort

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

// The texts of others are cut into members and elements without being decoded: what is not understood can then be kept as it
// is written, and a company's data of many megabytes is not copied at every level.

var (
	errNoObject = errors.New("not a JSON object")
	errNoArray  = errors.New("not a JSON array")
)

// member is a member of an object, as it was sent, without the space around its parts.
type member struct {
	name  string
	key   []byte // the name in its quotes
	value []byte
}

// members are those of an object, in the order of the text. Where a name comes twice the last counts, as it does to most
// readers of JSON, and the others are kept.
type members []member

// membersOf are the members of a text that is an object.
func membersOf(text []byte) (members, error) {
	if !json.Valid(text) {
		return nil, errNoObject
	}
	return cutObject(text)
}

// membersIn are the members of an object in a text that is known to be JSON. What is null, or not there, has none.
func membersIn(value []byte) (members, error) {
	if absent(value) {
		return nil, nil
	}
	return cutObject(value)
}

// elementsIn are the elements of an array in a text that is known to be JSON. What is null, or not there, has none.
func elementsIn(value []byte) ([][]byte, error) {
	if absent(value) {
		return nil, nil
	}
	return cutArray(value)
}

func absent(value []byte) bool { return len(value) == 0 || string(value) == "null" }

// at is the value of a member; nil where there is none.
func (m members) at(name string) []byte {
	for _, one := range slices.Backward(m) {
		if one.name == name {
			return one.value
		}
	}
	return nil
}

// with are the members with one that has a new value.
func (m members) with(name string, value []byte) members {
	m = slices.Clone(m)
	for i := range slices.Backward(m) {
		if m[i].name == name {
			m[i].value = value
			return m
		}
	}
	return append(m, member{name, quoted(name), value})
}

// text is the object.
func (m members) text() []byte {
	all := make([][]byte, len(m))
	for i, one := range m {
		all[i] = slices.Concat(one.key, []byte(":"), one.value)
	}
	return slices.Concat([]byte("{"), bytes.Join(all, []byte(",")), []byte("}"))
}

// arrayOf is an array.
func arrayOf(elements [][]byte) []byte {
	return slices.Concat([]byte("["), bytes.Join(elements, []byte(",")), []byte("]"))
}

// quoted is a text as JSON.
func quoted(text string) []byte {
	value, err := json.Marshal(text)
	if err != nil {
		panic(err) // of a string
	}
	return value
}
