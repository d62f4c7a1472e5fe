package web

import "portal/internal/onboarding"

// profileAnswer is what the provider says of a profile, in its own words.
type profileAnswer struct {
	Category     string              `json:"category"`
	Status       string              `json:"status"`
	Applications []applicationAnswer `json:"applications"`
	Progress     progressAnswer      `json:"task_progress"`
	Tasks        []taskAnswer        `json:"tasks"`
	Checks       []checkAnswer       `json:"checks"`
}

type applicationAnswer struct {
	ID      string        `json:"id"`
	Product productAnswer `json:"product"`
	Role    string        `json:"role,omitempty"`
	Status  string        `json:"status"`
	Flag    string        `json:"flag"`
}

type productAnswer struct {
	Alias string `json:"alias"`
	Name  string `json:"name"`
}

type progressAnswer struct {
	Completed int `json:"completed"`
	Total     int `json:"total"`
}

type taskAnswer struct {
	ID       string `json:"id"`
	Type     string `json:"type"`
	Name     string `json:"name"`
	State    string `json:"state"`
	Complete bool   `json:"complete"`
	Expired  bool   `json:"expired"`
	Skipped  bool   `json:"skipped"`
}

type checkAnswer struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	State  string `json:"state"`
	Result string `json:"result"`
}

func newProfileAnswer(v onboarding.ProfileView) *profileAnswer {
	a := &profileAnswer{
		Category: v.Category, Status: v.Status, Progress: progressAnswer{Completed: v.Completed, Total: v.Total},
		Applications: []applicationAnswer{}, Tasks: []taskAnswer{}, Checks: []checkAnswer{},
	}
	for _, p := range v.Applications {
		product := productAnswer{Alias: p.ProductAlias, Name: p.ProductName}
		a.Applications = append(a.Applications, applicationAnswer{ID: p.ID, Product: product, Role: p.Role, Status: p.Status, Flag: p.Flag})
	}
	for _, t := range v.Tasks {
		a.Tasks = append(a.Tasks, taskAnswer(t))
	}
	for _, c := range v.Checks {
		a.Checks = append(a.Checks, checkAnswer(c))
	}
	return a
}
