package passfort

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"

	"portal/internal/onboarding"
)

// Compile-time proof that the domain can use the client.
var _ onboarding.ProfileReader = (*Client)(nil)

// ReadProfile reads how a profile stands, and nothing personal of it. NotFound means that there is no such profile.
func (c *Client) ReadProfile(ctx context.Context, id onboarding.ProfileID) (onboarding.ProfileView, error) {
	var view onboarding.ProfileView
	err := c.do(ctx, call{endpoint: readProfile, id: id}, func(answer reply) (err error) {
		view, err = decodeView(answer.body)
		if err == nil && view.ID != id {
			err = fmt.Errorf("%w: it is another profile's", errNoID)
		}
		return err
	})
	if err != nil {
		return onboarding.ProfileView{}, err
	}
	return view, nil
}

// shownProfile is what is read of a profile. Its data, its name, and what checks were given and found are personal and
// are not here.
type shownProfile struct {
	ID           string             `json:"id"`
	Category     word               `json:"category"`
	Status       word               `json:"status"`
	Applications []shownApplication `json:"applications"`
	Tasks        []shownTask        `json:"tasks"`
	Progress     struct {
		Completed int `json:"completed_count"`
		Total     int `json:"total_count"`
	} `json:"task_progress"`
	Checks []shownCheck `json:"checks"`
}

type shownApplication struct {
	ID      word `json:"id"`
	Product struct {
		Alias word  `json:"alias"`
		Name  label `json:"name"`
	} `json:"product"`
	Role   word        `json:"associated_role"`
	Status word        `json:"status"`
	Flag   word        `json:"flag"`
	Tasks  []shownNeed `json:"required_tasks"`
}

// shownNeed is a task that an application requires.
type shownNeed struct {
	ID   word  `json:"id"`
	Type word  `json:"task_type"`
	Name label `json:"name"`
}

type shownTask struct {
	ID      word `json:"id"`
	Type    word `json:"type"`
	Variant struct {
		Name label `json:"name"`
	} `json:"variant"`
	State    word `json:"state"`
	Complete bool `json:"is_complete"`
	Expired  bool `json:"is_expired"`
	Skipped  bool `json:"is_skipped"`
}

type shownCheck struct {
	ID     word `json:"id"`
	Type   word `json:"check_type"`
	State  word `json:"state"`
	Result word `json:"result"`
}

// word is an id, or one of a set of words that may grow; empty where it is neither.
type word string

// wordForm is what a word looks like: results of checks are such as 2+2.
var wordForm = regexp.MustCompile(`^[A-Za-z0-9_+. -]{1,128}$`)

// UnmarshalJSON reads a word and leaves it empty where it is none.
func (w *word) UnmarshalJSON(text []byte) error {
	var s string
	if json.Unmarshal(text, &s) == nil && wordForm.MatchString(s) {
		*w = word(s)
	}
	return nil
}

// label is a name that the company's staff have given; empty where it is no text.
type label string

// UnmarshalJSON reads a label, in one line of bounded length.
func (l *label) UnmarshalJSON(text []byte) error {
	var s string
	if json.Unmarshal(text, &s) == nil {
		*l = label(oneLine(s))
	}
	return nil
}

// maxShown bounds each list of a profile; what is beyond is not shown.
const maxShown = 200

// decodeView reads a profile. What is missing is empty, and so are words that cannot be shown.
func decodeView(body []byte) (onboarding.ProfileView, error) {
	var p shownProfile
	if json.Unmarshal(body, &p) != nil {
		return onboarding.ProfileView{}, errNoJSON
	}
	if !profileID.MatchString(p.ID) {
		return onboarding.ProfileView{}, errNoID
	}
	return onboarding.ProfileView{
		ID: onboarding.ProfileID(p.ID), Category: string(p.Category), Status: string(p.Status),
		Applications: shown(p.Applications, shownApplication.view), Tasks: shown(p.Tasks, shownTask.view),
		Completed: max(p.Progress.Completed, 0), Total: max(p.Progress.Total, 0), Checks: shown(p.Checks, shownCheck.view),
	}, nil
}

// shown are the first entries of a list, as the domain sees them.
func shown[E, V any](list []E, view func(E) V) []V {
	views := make([]V, 0, min(len(list), maxShown))
	for _, e := range list[:min(len(list), maxShown)] {
		views = append(views, view(e))
	}
	return views
}

func (a shownApplication) view() onboarding.Application {
	return onboarding.Application{
		ID: string(a.ID), ProductAlias: string(a.Product.Alias), ProductName: string(a.Product.Name),
		Role: string(a.Role), Status: string(a.Status), Flag: string(a.Flag), RequiredTasks: shown(a.Tasks, shownNeed.view),
	}
}

func (n shownNeed) view() onboarding.RequiredTask {
	return onboarding.RequiredTask{ID: string(n.ID), Type: string(n.Type), Name: string(n.Name)}
}

func (t shownTask) view() onboarding.Task {
	return onboarding.Task{
		ID: string(t.ID), Type: string(t.Type), Name: string(t.Variant.Name), State: string(t.State),
		Complete: t.Complete, Expired: t.Expired, Skipped: t.Skipped,
	}
}

func (c shownCheck) view() onboarding.Check {
	return onboarding.Check{ID: string(c.ID), Type: string(c.Type), State: string(c.State), Result: string(c.Result)}
}
