package telemetry

import (
	"io"
	"log/slog"
)

// Logger writes lines of JSON to w, those of the level and above.
func Logger(w io.Writer, level slog.Leveler) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}
