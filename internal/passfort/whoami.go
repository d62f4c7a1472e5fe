package passfort

import (
	"context"
	"encoding/json"
	"errors"
)

// Holder is whose key it is, as the account calls it.
type Holder struct {
	Key         string
	Institution string
}

var errNobody = errors.New("the answer names no institution")

// Whoami asks whose the key is, which changes nothing.
func (c *Client) Whoami(ctx context.Context) (Holder, error) {
	var answer struct {
		Key         string `json:"auditee_name"`
		Institution struct {
			Name string `json:"name"`
		} `json:"institution"`
	}
	err := c.do(ctx, call{endpoint: whoami}, func(r reply) error {
		if json.Unmarshal(r.body, &answer) != nil || answer.Institution.Name == "" {
			return errNobody
		}
		return nil
	})
	return Holder{Key: answer.Key, Institution: answer.Institution.Name}, err
}
