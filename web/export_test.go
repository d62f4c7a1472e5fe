package web

import "github.com/go-chi/chi/v5"

// Routes is the table of routes, for tests that ask something of each.
func (s *Server) Routes() chi.Routes { return s.routes.(chi.Routes) }
