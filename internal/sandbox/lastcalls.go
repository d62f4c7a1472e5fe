package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"portal/internal/sandbox/calls"
)

// errNoCall is returned for a call that is not among the last ones.
var errNoCall = errors.New("there is no such call among the last ones")

// callsView is what the list of calls shows.
type callsView struct {
	Calls []calls.Call
	Live  bool
}

// call finds the call that an address names.
func (s *Sandbox) call(r *http.Request) (calls.Call, error) {
	id, _ := strconv.Atoi(r.PathValue("id"))
	call, ok := s.calls.Call(id)
	if !ok {
		return calls.Call{}, fmt.Errorf("call %q: %w", r.PathValue("id"), errNoCall)
	}
	return call, nil
}

func (s *Sandbox) listCalls(*http.Request) (any, error) {
	return s.calls.All(), nil
}

func (s *Sandbox) showCall(r *http.Request) (any, error) {
	return s.call(r)
}

func (s *Sandbox) showCalls(r *http.Request) (view, error) {
	shown := callsView{Calls: s.calls.All(), Live: isLive(r)}
	return view{template: "calls.html", title: "Calls", place: "/calls", live: shown.Live, data: shown}, nil
}

func (s *Sandbox) showCallPage(r *http.Request) (view, error) {
	call, err := s.call(r)
	return view{template: "call.html", title: fmt.Sprintf("Call %d", call.ID), place: "/calls", data: call}, err
}
