package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
)

// kindOf says how values of a type are written.
func kindOf(t reflect.Type) Kind {
	switch t.Kind() {
	case reflect.String:
		return Text
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return Number
	case reflect.Float32, reflect.Float64:
		return Fraction
	case reflect.Bool:
		return Switch
	case reflect.Slice:
		if t.Elem().Kind() == reflect.String {
			return List
		}
	}
	return JSON
}

// write is the opposite of read.
func write(v reflect.Value) string {
	switch kindOf(v.Type()) {
	case List:
		texts := make([]string, v.Len())
		for i := range texts {
			texts[i] = v.Index(i).String()
		}
		return strings.Join(texts, ",")
	case JSON:
		if v.IsZero() {
			return ""
		}
		raw, err := json.Marshal(v.Interface())
		if err != nil {
			return ""
		}
		return string(raw)
	default:
		return fmt.Sprint(v.Interface())
	}
}

// read makes the value of a type that a text stands for. The error says what the text must be.
func read(t reflect.Type, text string) (reflect.Value, error) {
	v := reflect.New(t).Elem()
	if text == "" {
		return v, nil
	}
	switch kindOf(t) {
	case Text:
		v.SetString(text)
	case Number:
		return v, readNumber(v, text)
	case Fraction:
		number, err := strconv.ParseFloat(text, t.Bits())
		if err != nil || math.IsNaN(number) || math.IsInf(number, 0) { // JSON knows none of these either
			return v, errors.New("a number")
		}
		v.SetFloat(number)
	case Switch:
		yes, err := strconv.ParseBool(text)
		if err != nil {
			return v, errors.New("true or false")
		}
		v.SetBool(yes)
	case List:
		readList(v, text)
	default:
		return v, readJSON(v, text)
	}
	return v, nil
}

func readNumber(v reflect.Value, text string) error {
	if v.CanUint() {
		number, err := strconv.ParseUint(text, 10, v.Type().Bits())
		if err != nil {
			return errors.New("a whole number that is not negative")
		}
		v.SetUint(number)
		return nil
	}
	number, err := strconv.ParseInt(text, 10, v.Type().Bits())
	if err != nil {
		return errors.New("a whole number")
	}
	v.SetInt(number)
	return nil
}

// readList takes the texts between commas, without the spaces around them and without empty ones.
func readList(v reflect.Value, text string) {
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			v.Set(reflect.Append(v, reflect.ValueOf(part).Convert(v.Type().Elem())))
		}
	}
}

// readJSON reads a single JSON value.
func readJSON(v reflect.Value, text string) error {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(v.Addr().Interface())
	if err == nil {
		if _, err = decoder.Token(); errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.New("there is something behind it")
	}
	return fmt.Errorf("JSON of its kind: %w", err)
}
