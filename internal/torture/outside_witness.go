package torture

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"slices"
)

// passWebhooks writes down what the portal acknowledges before the provider hears of it.
func (b *balancer) passWebhooks(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	b.proxy.ServeHTTP(&witness{ResponseWriter: w, saw: func(status int) {
		if status == http.StatusOK {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.acknowledged = append(b.acknowledged, messageIDs(body)...)
		}
	}}, r)
}

// witness sees the status of an answer.
type witness struct {
	http.ResponseWriter
	saw func(status int)
}

// WriteHeader implements [http.ResponseWriter].
func (w *witness) WriteHeader(status int) {
	w.saw(status)
	w.ResponseWriter.WriteHeader(status)
}

// messageIDs are the ids of the messages in a delivery, whatever its shape.
func messageIDs(body []byte) []string {
	type envelope struct {
		ID       string     `json:"id"`
		Webhooks []envelope `json:"webhooks"`
	}
	var one envelope
	var many []envelope
	if json.Unmarshal(body, &one) == nil {
		many = append(one.Webhooks, one)
	} else if json.Unmarshal(body, &many) != nil {
		return nil
	}
	var ids []string
	for _, e := range many {
		if e.ID != "" {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

// received are the ids of all webhooks that the provider was told are received.
func (b *balancer) received() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(b.acknowledged)))
}
