package web

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"

	"portal/internal/identity"
	"portal/web/middleware"
)

// takeBounce takes an e-mail of ours that came back. Nothing of it is logged: it names its recipient.
func (s *Server) takeBounce(r *http.Request, _ caller) (answer, error) {
	body, err := callBody(r, "message/rfc822")
	if err != nil {
		return answer{}, err
	}
	marked, err := s.API.Bounces.Receive(r.Context(), bytes.NewReader(body))
	if errors.Is(err, identity.ErrNotABounce) {
		return answer{}, apiProblem{
			status: http.StatusUnprocessableEntity,
			detail: "The message is no delivery status notification (RFC 3464) about an e-mail of this portal.",
		}
	}
	if err != nil {
		return answer{}, err
	}
	middleware.Note(r.Context(), slog.Int("marked", marked))
	return answer{status: http.StatusNoContent}, nil
}
