package sumsub

import (
	"context"
	"errors"
	"slices"

	"portal/internal/onboarding"
)

var errNoLevel = errors.New("the account has no level of that name")

// Level reads what a level asks for, in its order; NotFound where the account has none of that name.
func (c *Client) Level(ctx context.Context, name string) ([]onboarding.Step, error) {
	var levels []level
	err := c.do(ctx, call{endpoint: listLevels}, func(answer reply) (err error) {
		levels, err = decodeLevels(answer.body)
		return err
	})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(levels, func(l level) bool { return string(l.Name) == name })
	if i < 0 {
		return nil, listLevels.failed(onboarding.NotFound, errNoLevel)
	}
	return levels[i].Required.steps(), nil
}

type level struct {
	Name     text         `json:"name"`
	Required requirements `json:"requiredIdDocs"`
}

func decodeLevels(body []byte) ([]level, error) {
	var answer struct {
		List struct {
			Items []level `json:"items"`
		} `json:"list"`
	}
	err := decodeObject(body, &answer)
	return answer.List.Items, err
}
