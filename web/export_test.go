package web

import (
	"time"

	"github.com/go-chi/chi/v5"
)

// Routes is the table of routes, for tests that ask something of each.
func (s *Server) Routes() chi.Routes { return s.routes.(chi.Routes) }

// Beat has streams show signs of life that often.
func (s *Server) Beat(every time.Duration) { s.streams.beat = every }

// LooksAtOnce is how many streams look at once.
const LooksAtOnce = looksAtOnce

// LookWithin is within which time everybody looks who may have missed something.
func (s *Server) LookWithin() time.Duration { return s.lookWithin() }
