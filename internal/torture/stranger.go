package torture

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
)

// mark is what the foreign writer has left in the collected data of a company. Nobody else may take it away, or double it.
type mark struct {
	company string
	text    string
	profile string // of the entry that it added; empty where it added none
}

// The foreign writer's manners of leaving a mark.
var marksOf = []string{"a list", "metadata", "a member that nobody knows", "somebody's entry"}

// gap is where a linker waits between its reading and its writing of a company's data: strangers love it.
const gap = "before writing a company's file"

func (a *actor) inGap() bool { return a.at == gap }

// intrude has somebody who is not the portal write to a company's collected data, or to that of a company behind it, as
// PassFort's documentation says.
func (r *run) intrude(ctx context.Context) error {
	companies, err := rowsOf[struct{ ID string }](ctx, r.bench.Pool, `
		select profile_id from registrations where flow = 'company' and profile_id is not null
		union
		select profile_id from associates where entity_type = 'COMPANY' and profile_id is not null
		order by 1`)
	if err != nil || len(companies) == 0 {
		return err
	}
	company, manner := companies[r.choose(len(companies), "whose data")].ID, r.choose(len(marksOf), "mark")
	r.begun++
	m := mark{company: company, text: fmt.Sprintf("stranger%04d", r.begun)}
	r.begin(&r.stranger, "leaving "+m.text+" in "+marksOf[manner], func(ctx context.Context) error { return r.leaveMark(ctx, m, manner) })
	for a := r.actors[len(r.actors)-1]; r.choose(4, "hurry") > 0 && slices.Contains(r.actors, a); {
		r.goOn(a)
	}
	return nil
}

// leaveMark reads, changes and writes. Where somebody else was quicker it changes what they have written. It gives up where
// the provider's limit is reached.
func (r *run) leaveMark(ctx context.Context, m mark, manner int) error {
	if manner == 0 {
		made := r.ask("POST", "/profiles", "", map[string]any{"role": "INDIVIDUAL_ASSOCIATED", "collected_data": map[string]any{
			"entity_type": "INDIVIDUAL", "customer_ref": m.text,
		}})
		if made.status != http.StatusOK {
			return made.refusal()
		}
		m.profile = made.body["id"].(string)
	}
	address := "/profiles/" + m.company + "/collected_data"
	for seen := r.ask("GET", address, "", nil); ; {
		if err := pause(ctx, "its reading"); err != nil {
			return err
		}
		m.leave(seen.body, manner)
		written := r.ask("POST", address, seen.version, seen.body)
		switch written.status {
		case http.StatusOK:
			r.marks = append(r.marks, m)
			return nil
		case http.StatusPreconditionFailed:
			seen = written
		case http.StatusTooManyRequests:
			return written.refusal()
		default:
			r.found = append(r.found, "the stranger's change was refused: "+written.refusal().Error())
			return nil
		}
	}
}

// leave puts the mark into collected data.
func (m mark) leave(data map[string]any, manner int) {
	officers := object(data, "officers")
	directors, _ := officers["directors"].([]any)
	switch manner {
	case 0:
		officers["directors"] = append(directors, map[string]any{
			"entity_type": "INDIVIDUAL", "linked_profile": map[string]any{"id": m.profile}, "relationship": m.text,
		})
	case 1:
		object(data, "metadata")["lei"+m.text] = m.text
	case 3:
		if len(directors) > 0 {
			directors[0].(map[string]any)["note"+m.text] = m.text
			return
		}
		fallthrough
	default:
		data["of"+m.text] = []any{m.text, json.Number("12345678901234567890.1200")}
	}
}

// object is the object that is a member of data, made where there is none.
func object(data map[string]any, name string) map[string]any {
	if _, ok := data[name].(map[string]any); !ok {
		data[name] = map[string]any{}
	}
	return data[name].(map[string]any)
}

// answered is an answer of the provider.
type answered struct {
	status  int
	version string
	body    map[string]any
}

// refusal is the error of a call that was not answered as it was wanted.
func (a answered) refusal() error { return fmt.Errorf("%d: %v", a.status, a.body["errors"]) }

// ask makes a call of the provider that is not the portal's, so it is never in trouble.
func (r *run) ask(method, path, ifMatch string, body any) (a answered) {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // it is made of what was read from JSON
	}
	question, answer := httptest.NewRequest(method, "/4.0"+path, bytes.NewReader(text)), httptest.NewRecorder()
	question.Header.Set("Apikey", masterKey)
	if ifMatch != "" {
		question.Header.Set("If-Match", ifMatch)
	}
	if r.way != nil {
		r.way.ServeHTTP(answer, question)
	} else {
		r.sandbox.Handler().ServeHTTP(answer, question)
	}
	a.status, a.version = answer.Code, answer.Header().Get("Etag")
	decoder := json.NewDecoder(answer.Body)
	decoder.UseNumber()
	if err := decoder.Decode(&a.body); err != nil {
		panic(err) // the sandbox answers with JSON
	}
	return a
}
