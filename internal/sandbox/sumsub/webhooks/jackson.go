package webhooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// sequence is how Sumsub's samples order the members of a payload; those of a review result stand in one list with them.
// What is not listed comes behind, by its name.
var sequence = []string{
	"applicantId", "inspectionId", "applicantType", "applicantMemberOf", "applicantActionId", "externalApplicantActionId",
	"correlationId", "levelName", "sourceKey", "externalUserId", "type", "sandboxMode", "reviewResult", "reviewStatus",
	"reviewMode", "videoIdentReviewStatus", "createdAt", "createdAtMs", "clientId",
	"moderationComment", "clientComment", "reviewAnswer", "rejectLabels", "reviewRejectType", "buttonIds",
}

// pretty writes a payload the way Sumsub's own library does, indented and with a space on either side of a colon, so
// that a receiver fails here if it signs the JSON as it would write it instead of the bytes that came.
func pretty(payload map[string]any) string {
	var b strings.Builder
	writeValue(&b, payload, 0)
	return b.String()
}

// plain is a payload made of nothing but maps, lists, texts, numbers, booleans and nulls, sharing nothing with data.
func plain(data map[string]any) (map[string]any, error) {
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("the data cannot be delivered: %w", err)
	}
	if len(raw) > maxData {
		return nil, fmt.Errorf("the data has %d bytes, but must not have more than %d", len(raw), maxData)
	}
	return decode(raw)
}

// decode reads a payload and leaves its numbers as they are written.
func decode(raw []byte) (map[string]any, error) {
	var payload map[string]any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&payload); err != nil {
		return nil, fmt.Errorf("reading a payload: %w", err)
	}
	if payload == nil { // null, for data that there is not
		payload = map[string]any{}
	}
	return payload, nil
}

// writeValue writes any value that plain leaves in a payload. Lists do not indent what is in them.
func writeValue(b *strings.Builder, value any, depth int) {
	switch v := value.(type) {
	case map[string]any:
		writeObject(b, v, depth)
	case []any:
		writeList(b, v, depth)
	case string:
		writeText(b, v)
	case nil:
		b.WriteString("null")
	default:
		fmt.Fprint(b, v) // json.Number or bool
	}
}

func writeObject(b *strings.Builder, object map[string]any, depth int) {
	if len(object) == 0 {
		b.WriteString("{ }")
		return
	}
	b.WriteString("{")
	for i, name := range names(object) {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n" + strings.Repeat("  ", depth+1))
		writeText(b, name)
		b.WriteString(" : ")
		writeValue(b, object[name], depth+1)
	}
	b.WriteString("\n" + strings.Repeat("  ", depth) + "}")
}

func writeList(b *strings.Builder, list []any, depth int) {
	b.WriteString("[ ")
	for i, item := range list {
		if i > 0 {
			b.WriteString(", ")
		}
		writeValue(b, item, depth)
	}
	if len(list) > 0 {
		b.WriteString(" ")
	}
	b.WriteString("]")
}

// names are the members of an object in Sumsub's order.
func names(object map[string]any) []string {
	place := func(name string) int {
		if i := slices.Index(sequence, name); i >= 0 {
			return i
		}
		return len(sequence)
	}
	sorted := slices.Sorted(maps.Keys(object))
	slices.SortStableFunc(sorted, func(a, b string) int { return place(a) - place(b) })
	return sorted
}

// short are the characters that have an escape of their own.
var short = map[rune]string{'"': `\"`, '\\': `\\`, '\b': `\b`, '\f': `\f`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

// writeText writes a text with no more escapes than JSON demands: neither < nor ü is one.
func writeText(b *strings.Builder, text string) {
	b.WriteByte('"')
	for _, r := range text {
		escape, known := short[r]
		switch {
		case known:
			b.WriteString(escape)
		case r < ' ':
			fmt.Fprintf(b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}
