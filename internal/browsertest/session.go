package browsertest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/chromedp/cdproto"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// session talks with a frame that has a process of its own, by messages that the browser hands on. A chromedp context
// with the frame as its target would do the same, but it reads the frame's document while it changes, which the race
// detector minds (chromedp v0.23.0, Target.domEvent and Target.documentUpdated).
type session struct {
	browser *chromedp.Browser
	id      target.SessionID
	heard   func(event any)
	gone    chan struct{} // closed when the frame has gone

	mu      sync.Mutex
	last    int64
	waiting map[int64]chan *cdproto.Message
}

// command is what a session sends.
type command struct {
	ID     int64  `json:"id"`
	Method string `json:"method"`
	Params any    `json:"params,omitempty"`
}

var errGone = errors.New("the frame has navigated or closed")

// attach begins a session with a frame; heard is called with each of its events.
func attach(ctx context.Context, id target.ID, heard func(event any)) (*session, error) {
	s := &session{
		browser: chromedp.FromContext(ctx).Browser, heard: heard,
		gone: make(chan struct{}), waiting: map[int64]chan *cdproto.Message{},
	}
	if err := chromedp.ListenBrowser(ctx, s.listen); err != nil {
		return nil, err
	}
	attached, err := cdp.Call(ctx, s.browser, target.AttachToTarget, target.AttachToTargetParams{TargetID: id})
	if err != nil {
		return nil, err
	}
	s.named(attached.SessionID)
	for _, method := range []string{runtime.Enable.Method, log.Enable.Method} {
		if err := s.Call(ctx, method, nil, nil); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// listen takes the browser's events, in the loop that reads them.
func (s *session) listen(event any) {
	switch e := event.(type) {
	case *target.EventReceivedMessageFromTarget:
		if s.is(e.SessionID) {
			s.receive(e.Message)
		}
	case *target.EventDetachedFromTarget:
		if s.is(e.SessionID) {
			close(s.gone)
		}
	}
}

// named lets the session know which messages are its own. There are none before its first command.
func (s *session) named(id target.SessionID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id = id
}

func (s *session) is(id target.SessionID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.id == id
}

// receive takes an event, or the answer to a command.
func (s *session) receive(text string) {
	var m cdproto.Message
	if err := jsonv2.Unmarshal([]byte(text), &m, chromedp.DefaultUnmarshalOptions); err != nil {
		return
	}
	if m.ID == 0 {
		if event, err := cdproto.UnmarshalMessage(&m, chromedp.DefaultUnmarshalOptions); err == nil {
			s.heard(event)
		}
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer, ok := s.waiting[m.ID]; ok {
		delete(s.waiting, m.ID)
		answer <- &m
	}
}

// Call implements [cdp.Session].
func (s *session) Call(ctx context.Context, method string, params, result any) error {
	id, answer := s.ask()
	text, err := jsonv2.Marshal(command{id, method, params}, chromedp.DefaultMarshalOptions)
	if err != nil {
		return err
	}
	err = s.browser.Call(ctx, "Target.sendMessageToTarget", map[string]any{"message": string(text), "sessionId": s.id}, nil)
	if err != nil {
		return fmt.Errorf("%w: %w", errGone, err)
	}
	select {
	case m := <-answer:
		return decode(m, result)
	case <-s.gone:
		return errGone
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ask makes room for the answer to the next command.
func (s *session) ask() (id int64, answer <-chan *cdproto.Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	room := make(chan *cdproto.Message, 1)
	s.waiting[s.last] = room
	return s.last, room
}

func decode(m *cdproto.Message, result any) error {
	if m.Error != nil {
		return m.Error
	}
	if result == nil {
		return nil
	}
	return jsonv2.Unmarshal(m.Result, result, chromedp.DefaultUnmarshalOptions)
}

// Subscribe implements [cdp.Session]; events go to heard instead.
func (s *session) Subscribe(string) (events <-chan jsonv2.Value, cancel func()) {
	closed := make(chan jsonv2.Value)
	close(closed)
	return closed, func() {}
}

// evaluate runs an expression in a page and waits for what it promises.
func evaluate[T any](p *Page, expression string) (value T, err error) {
	got, err := p.run(runtime.EvaluateParams{Expression: expression, ReturnByValue: new(true), AwaitPromise: new(true)})
	if err != nil {
		return value, err
	}
	return value, json.Unmarshal(got.Value, &value)
}

func (p *Page) run(params runtime.EvaluateParams) (*runtime.RemoteObject, error) {
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	got, err := cdp.Call(ctx, p.session, runtime.Evaluate, params)
	if err != nil {
		return nil, err
	}
	if got.ExceptionDetails != nil {
		return nil, errors.New(exception(got.ExceptionDetails))
	}
	return got.Result, nil
}
