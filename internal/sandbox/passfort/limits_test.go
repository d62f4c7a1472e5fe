package passfort_test

import (
	"net/http"
	"net/mail"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"portal/internal/sandbox/passfort"
)

// creation is a body that is refused only after it was counted.
const creation = `{}`

func TestLimitsAreAtTenThousandAnHourWithABurstOfAHundred(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{})

	let := 0
	for range 150 {
		if a.api(t, "POST", "/4.0/profiles", creation).status != http.StatusTooManyRequests {
			let++
		}
	}
	a.advance(t, 36*time.Second) // a hundred times 0.36 s, that is 10,000 an hour
	for range 150 {
		if a.api(t, "POST", "/4.0/profiles", creation).status != http.StatusTooManyRequests {
			let++
		}
	}

	if let != 200 {
		t.Errorf("%d calls were let through, want 200", let)
	}
}

func TestLimitIsToldInTheDocumentedHeaders(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{RatePerHour: 360, RateBurst: 2}) // one in ten seconds

	for i, want := range []struct {
		status                  int
		remaining, reset, retry string
	}{{400, "1", "10", ""}, {400, "0", "20", ""}, {429, "0", "20", "10"}, {429, "0", "20", "10"}} {
		r := a.api(t, "POST", "/4.0/profiles", creation)
		h := r.header
		if r.status != want.status || h.Get("X-RateLimit-Remaining") != want.remaining ||
			h.Get("X-RateLimit-Reset-Secs") != want.reset || h.Get("X-RateLimit-Retry-Secs") != want.retry {
			t.Errorf("call %d: status %d, headers %v", i+1, r.status, h)
		}
		date, err := mail.ParseDate(h.Get("X-RateLimit-Reset")) // RFC 2822
		if seconds, _ := strconv.Atoi(want.reset); err != nil || !date.Equal(a.clock.Now().Add(time.Duration(seconds)*time.Second)) {
			t.Errorf("call %d: X-RateLimit-Reset %s: %v", i+1, h.Get("X-RateLimit-Reset"), err)
		}
	}
}

func TestWaitingAsLongAsToldIsEnough(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{RatePerHour: 700, RateBurst: 1})
	for range 5 {
		a.api(t, "POST", "/4.0/profiles", creation)
		r := a.api(t, "POST", "/4.0/profiles", creation)
		seconds, err := strconv.Atoi(r.header.Get("X-RateLimit-Retry-Secs"))
		if r.status != http.StatusTooManyRequests || err != nil || seconds < 1 {
			t.Fatalf("status %d, headers %v", r.status, r.header)
		}
		a.advance(t, time.Duration(seconds)*time.Second)
	}
	if r := a.api(t, "POST", "/4.0/profiles", creation); r.status == http.StatusTooManyRequests {
		t.Error("waited, and was refused")
	}
}

func TestEndpointsAreLimitedIndependently(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{RateBurst: 1})
	id := a.addStub(t)
	data := "/4.0/profiles/" + id + "/collected_data"

	if r := a.api(t, "POST", data, `{"entity_type":"INDIVIDUAL"}`); r.status != http.StatusOK {
		t.Errorf("collected data: status %d", r.status)
	}
	if r := a.api(t, "POST", data, `{"entity_type":"INDIVIDUAL"}`); r.status != http.StatusTooManyRequests {
		t.Errorf("collected data, again: status %d", r.status)
	}
	for _, path := range []string{data, "/4.0/profiles", "/4.0/profiles/" + id} {
		r := a.api(t, "GET", path, "")
		if r.status != http.StatusOK || r.header.Get("X-RateLimit-Remaining") != "" {
			t.Errorf("GET %s: status %d, headers %v", path, r.status, r.header)
		}
	}
	if r := a.api(t, "POST", "/4.0/profiles/"+id+"/tags", `{"name":"VIP"}`); r.status != http.StatusOK {
		t.Errorf("tags: status %d", r.status)
	}
}

func TestLimitIsOnlyForThoseWithAKey(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{RateBurst: 1})

	for range 3 {
		if r := a.do(t, "POST", "/4.0/profiles", creation, "apikey", "x"); r.status != http.StatusUnauthorized {
			t.Errorf("status %d, want 401", r.status)
		}
	}
	a.addStub(t)
}

func TestLimitsCanBeOff(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{RatePerHour: -1, RateBurst: 1})

	for range 5 {
		if r := a.api(t, "POST", "/4.0/profiles", creation); r.status != http.StatusBadRequest || r.header.Get("X-RateLimit-Remaining") != "" {
			t.Fatalf("status %d, headers %v", r.status, r.header)
		}
	}
}

func TestSmallerBurstDoesNotShutTheDoorForLong(t *testing.T) {
	t.Parallel()
	a := open(t, passfort.Options{RatePerHour: 60, RateBurst: 50}) // one a minute
	for range 50 {
		a.api(t, "POST", "/4.0/profiles", creation)
	}
	must(t, a.SetOptions(passfort.Options{RatePerHour: 60, RateBurst: 1}))

	if r := a.api(t, "POST", "/4.0/profiles", creation); r.header.Get("X-RateLimit-Retry-Secs") != "60" {
		t.Errorf("status %d, headers %v", r.status, r.header)
	}
}

// TestLimitHoldsInEveryWindow is what GCRA promises: in any window of time no more calls are let through than the burst
// and what has refilled in it, and no call is refused while there is room.
func TestLimitHoldsInEveryWindow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		perHour := rapid.SampledFrom([]int{60, 360, 3600, 10_000}).Draw(rt, "rate")
		burst := rapid.IntRange(1, 5).Draw(rt, "burst")
		a := open(t, passfort.Options{RatePerHour: perHour, RateBurst: burst})
		interval := time.Hour / time.Duration(perHour)
		start, full := a.clock.Now(), float64(burst) // a bucket that leaks, reckoned in another way
		var let []time.Duration
		for _, pause := range rapid.SliceOfN(rapid.IntRange(0, 300), 1, 25).Draw(rt, "pauses in hundredths of an interval") {
			d := interval / 100 * time.Duration(pause)
			a.advance(t, d)
			full = min(float64(burst), full+float64(d)/float64(interval))
			ok := a.api(t, "POST", "/4.0/profiles", creation).status != http.StatusTooManyRequests
			if room := full >= 1-1e-9; ok != room {
				rt.Fatalf("let through: %v, with room for %f", ok, full)
			}
			if ok {
				full--
				let = append(let, a.clock.Now().Sub(start))
			}
		}
		for i := range let {
			for j := i; j < len(let); j++ {
				if most := float64(burst) + float64(let[j]-let[i])/float64(interval) + 1e-9; float64(j-i+1) > most {
					rt.Fatalf("%d calls in %v, at most %f", j-i+1, let[j]-let[i], most)
				}
			}
		}
	})
}
