package jobs

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRiverRepeatsItselfOnlyNowAndThen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		log := riverLog(slog.New(slog.NewTextHandler(&out, nil)))
		for range 120 {
			log.Error("no jobs to be had")
			log.With("queue", "default").Error("no jobs to be had")
			log.Info("all is well")
			time.Sleep(time.Second) // of the bubble's time
		}
		log.Error("something else")
		if n := strings.Count(out.String(), "level=WARN"); n != 3 || strings.Count(out.String(), "no jobs") != 2 {
			t.Errorf("%d lines:\n%s", n, &out)
		}
	})
}
