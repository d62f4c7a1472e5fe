package browsertest

import (
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// far is how long a connection takes to break: as long as at the other end of a country, and longer than it takes to block a
// request in the browser.
const far = 250 * time.Millisecond

// Block has the browser itself refuse what a pattern such as "http://collection.localhost:*/*" takes in, as an extension
// would; none is the end of that.
func (p *Page) Block(patterns ...string) {
	p.t.Helper()
	blocked := network.SetBlockedURLsParams{URLPatterns: []*network.BlockPattern{}}
	for _, pattern := range patterns {
		blocked.URLPatterns = append(blocked.URLPatterns, &network.BlockPattern{URLPattern: pattern, Block: true})
	}
	if _, err := chromedp.Call(p.ctx, network.Enable, network.EnableParams{}); err != nil {
		p.fail("watching its requests: %v", err)
	}
	if _, err := chromedp.Call(p.ctx, network.SetBlockedURLs, blocked); err != nil {
		p.fail("blocking its requests: %v", err)
	}
	p.RefuseAtOnce()
}

// Break has the network break the connections that ask for something whose address begins like this; "" is the end of that.
func (p *Page) Break(prefix string) { p.traffic.breakAt(prefix) }

func (r *recorder) breakAt(prefix string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.broken = prefix
}

func (r *recorder) breaks(url string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.broken != "" && strings.HasPrefix(url, r.broken)
}

// reset ends the connection of a request without an answer.
func reset(w http.ResponseWriter, q *http.Request) {
	select {
	case <-time.After(far):
	case <-q.Context().Done():
	}
	c, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}
