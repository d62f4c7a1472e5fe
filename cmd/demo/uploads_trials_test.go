package main

import (
	"bytes"
	"context"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// trial is a way in which uploads go well or badly.
type trial struct {
	name  string
	fault fault // of the provider; none without a kind
	send  func(ctx context.Context, c *counter, m mark, p person, f file)
}

// hand sends a file and does not ask what becomes of it: that is what other tests are about.
func hand(ctx context.Context, c *counter, _ mark, p person, f file) { _, _ = c.give(ctx, p, f) }

// How many files are sent together: fewer to a provider in trouble, which would be given a pause soon.
const (
	mostAtOnce      = 20
	atOnceInTrouble = 2
)

func (t trial) atOnce() int {
	if t.fault.Kind != "" {
		return atOnceInTrouble
	}
	return mostAtOnce
}

const addDocuments = "/resources/applicants/"

var trials = []trial{
	{"well", fault{}, hand},
	{"twice", fault{}, func(ctx context.Context, c *counter, m mark, p person, f file) {
		hand(ctx, c, m, p, f)
		hand(ctx, c, m, p, f)
	}},
	{"both at once", fault{}, func(ctx context.Context, c *counter, m mark, p person, f file) {
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() { hand(ctx, c, m, p, f) })
		}
		both.Wait()
	}},
	{"not a picture", fault{}, func(ctx context.Context, c *counter, m mark, p person, f file) {
		hand(ctx, c, m, p, append(file{bytes.Repeat([]byte("no picture "), 100)}, f...))
	}},
	{"only half a picture", fault{}, func(ctx context.Context, c *counter, m mark, p person, f file) {
		whole := bytes.Join(f, nil)
		hand(ctx, c, m, p, file{whole[:len(whole)/2]})
	}},
	{"too large", fault{}, func(ctx context.Context, c *counter, m mark, p person, f file) {
		hand(ctx, c, m, p, append(f, m.noise(mathrand.NewChaCha8([32]byte(bytes.Repeat(m[:], 2))), 51<<20)))
	}},
	{"broken off", fault{}, func(ctx context.Context, c *counter, _ mark, p person, f file) { c.breakOff(ctx, p, f) }},
	{"while the provider is out of order", fault{Kind: "status", Status: 503}, hand},
	{"while the provider finds fault", fault{Kind: "status", Status: 400}, hand},
	{"while the provider answers garbage", fault{Kind: "garbage"}, hand},
	{"while the provider cuts connections", fault{Kind: "reset"}, hand},
	{"while the provider is silent", fault{Kind: "hang"}, func(ctx context.Context, c *counter, m mark, p person, f file) {
		ctx, cancel := context.WithTimeout(ctx, 3*time.Second) // longer than all others take to be sent
		defer cancel()
		hand(ctx, c, m, p, f)
	}},
}

// breakOff sends half of a file.
func (c *counter) breakOff(ctx context.Context, p person, f file) {
	r, err := c.form(ctx, p, f)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(io.LimitReader(r.Body, r.ContentLength/2))
	if answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(r); err == nil {
		_ = answer.Body.Close()
	}
}
