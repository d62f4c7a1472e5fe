package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"portal/internal/localpg"
	"portal/internal/postgres"
)

// hangUp has the portal read its settings anew, and waits until its log says what became of it, for so many times.
func (p *portalProcess) hangUp(t *testing.T, says string, times int) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	eventually(t, says, func() bool { return strings.Count(p.log.String(), `"`+says) >= times })
}

// knowsKey says whether the portal takes a key of its API.
func (p *portalProcess) knowsKey(t *testing.T, key string) bool {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.origin()+"/onboarding/api/v1/registrations/nobody", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode != http.StatusUnauthorized
}

// Secrets change without a restart, and without a request that fails.
func TestAHangupReadsSecretsAnewUnderLoad(t *testing.T) {
	t.Parallel()
	const readAnew, notRead = "settings read anew", "settings not read anew"
	database := localpg.NewURL(t)
	w, file := newWorld(t, database), filepath.Join(t.TempDir(), "api_keys")
	put := func(key string) string {
		if err := os.WriteFile(file, []byte(key+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return key
	}
	former := put("the-first-key-of-all-programs")
	p := w.startPortal(t, settings{"PORTAL_API_KEYS": "", "PORTAL_API_KEYS_FILE": file, "PASSFORT_PROFILES_PER_HOUR": "3600000"})
	c := newThrong(t, w, p.origin(), database)
	c.begin(t.Context(), 12, c.look)
	c.begin(t.Context(), 6, c.tell)
	c.begin(t.Context(), 1, c.start)
	for n := range 3 {
		key := put(fmt.Sprintf("key-number-%d-of-all-programs", n))
		p.hangUp(t, readAnew, n+1)
		if !p.knowsKey(t, key) || p.knowsKey(t, former) {
			t.Errorf("round %d: the new key is known: %t, the former: %t", n, p.knowsKey(t, key), p.knowsKey(t, former))
		}
		before := c.served()
		eventually(t, "the throng goes on", func() bool { return c.served() > before+10 })
		former = key
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	p.hangUp(t, notRead, 1)
	if !p.knowsKey(t, former) {
		t.Error("settings that are wrong have taken those before them away")
	}
	c.end()
	p.stop(t)
	for _, f := range c.failed() {
		t.Error(f)
	}
	c.mustBeKept(t, c.pool)
	if strings.Contains(p.log.String(), "key-number") {
		t.Error("the log shows a key")
	}
}

// What was put together by former settings ends, its connections to Postgres with it: each has seven or so.
func TestHangupsLeaveNothingBehind(t *testing.T) {
	t.Parallel()
	w := bareWorld(t)
	p := w.startPortal(t, nil)
	for n := range 5 {
		p.hangUp(t, "settings read anew", n+1)
	}
	eventually(t, "one portal is at work", func() bool { return strings.Count(p.goroutines(t), "\nmain.(*parts).backgroundWithJobs(") == 1 })
	pool, err := postgres.Connect(t.Context(), w.env["PORTAL_DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	eventually(t, "the others have closed their connections", func() (few bool) {
		const sql = "select count(*) <= 14 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
		if err := pool.QueryRow(t.Context(), sql).Scan(&few); err != nil {
			t.Fatal(err)
		}
		return few
	})
}
