package bench

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"portal/internal/bench/stage"
)

// codings are those that browsers take.
const codings = "gzip, deflate, br, zstd"

// browser is what Chromium sends with an address that somebody has typed, where it takes answers in these codings.
func browser(codings string) http.Header {
	h := http.Header{
		"Accept":                    {"text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8"},
		"Accept-Language":           {"en-GB,en;q=0.9"},
		"Sec-Ch-Ua":                 {`"Chromium";v="140", "Not=A?Brand";v="24"`},
		"Sec-Ch-Ua-Mobile":          {"?0"},
		"Sec-Ch-Ua-Platform":        {`"Linux"`},
		"Sec-Fetch-Dest":            {"document"},
		"Sec-Fetch-Mode":            {"navigate"},
		"Sec-Fetch-Site":            {"none"},
		"Sec-Fetch-User":            {"?1"},
		"Upgrade-Insecure-Requests": {"1"},
		"User-Agent":                {"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"},
	}
	if codings != "" {
		h.Set("Accept-Encoding", codings)
	}
	return h
}

// with is a header with a cookie.
func with(header http.Header, c *http.Cookie) http.Header {
	h := header.Clone()
	h.Set("Cookie", c.Name+"="+c.Value)
	return h
}

// get is the bytes of a GET.
func get(path string, header http.Header) []byte {
	var text strings.Builder
	fmt.Fprintf(&text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n", path)
	for _, name := range slices.Sorted(maps.Keys(header)) {
		fmt.Fprintf(&text, "%s: %s\r\n", name, header.Get(name))
	}
	text.WriteString("\r\n")
	return []byte(text.String())
}

// oneOf asks for each in turn.
func oneOf(requests [][]byte) func([]byte, int) []byte {
	return func(_ []byte, n int) []byte { return requests[n%len(requests)] }
}

// webhookBody is about a stranger's profile, and all of one length.
const webhookBody = `{"id":"00000000-0000-4000-8000-%012d","event":"CHECK_COMPLETED","secret":"` + stage.WebhookSecret + `","timestamp":%010d,` +
	`"data":{"profile_id":"10000000-0000-4000-8000-%012d","customer_ref":null,"apikey":{"name":"BACK_OFFICE"},` +
	`"check":{"id":"20000000-0000-4000-8000-%012d","check_type":"IDENTITY_CHECK","result":"1+1"}}}`

// webhooksTo are webhooks, no two of which are the same, whatever the load that sends them.
func webhooksTo(path string) func(buf []byte, n int) []byte {
	var sent atomic.Int64
	length := len(fmt.Sprintf(webhookBody, 0, 0, 0, 0))
	return func(buf []byte, _ int) []byte {
		n := sent.Add(1)
		buf = fmt.Appendf(buf, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
			path, stage.WebhookSecret, length)
		return fmt.Appendf(buf, webhookBody, n, time.Now().Unix(), n, n)
	}
}
