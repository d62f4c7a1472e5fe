package passfort

import (
	"strings"
	"time"

	"github.com/google/uuid"
)

// applicationRequest asks for a product. Any alias names a product of this account.
type applicationRequest struct {
	Product struct {
		Alias string `json:"alias"`
	} `json:"product"`
}

// application is a profile's application for a product, as the API shows it.
type application struct {
	ID               string           `json:"id"`
	Product          product          `json:"product"`
	Status           string           `json:"status"`
	Flag             string           `json:"flag"`
	History          []map[string]any `json:"history"`
	FlagHistory      []map[string]any `json:"flag_history"`
	RequiredTasks    []any            `json:"required_tasks"`
	ApprovalBlockers []any            `json:"approval_blockers"`
	Assignments      []any            `json:"assignments"`
	Hidden           bool             `json:"hidden"`
}

type product struct {
	ID                   string `json:"id"`
	Name                 string `json:"name"`
	Alias                string `json:"alias"`
	AutomaticallyApprove bool   `json:"automatically_approve"`
}

func newApplications(wanted []applicationRequest, now time.Time) ([]application, error) {
	var applications []application
	for i, a := range wanted {
		if a.Product.Alias == "" {
			return nil, missing("applications[%d].product.alias is required", i)
		}
		applications = append(applications, newApplication(a.Product.Alias, now))
	}
	return applications, nil
}

func newApplication(alias string, now time.Time) application {
	date := now.Format(timeLayout)
	return application{
		ID:               uuid.NewString(),
		Product:          productByAlias(alias),
		Status:           "APPLIED",
		Flag:             "AUTOMATING",
		History:          []map[string]any{{"status": "APPLIED", "date": date}},
		FlagHistory:      []map[string]any{{"status": "APPLIED", "flag": "AUTOMATING", "date": date}},
		RequiredTasks:    []any{},
		ApprovalBlockers: []any{},
		Assignments:      []any{},
	}
}

// productByAlias gives an alias the same product every time.
func productByAlias(alias string) product {
	return product{
		ID:    uuid.NewSHA1(uuid.NameSpaceOID, []byte(alias)).String(),
		Name:  strings.NewReplacer("-", " ", "_", " ").Replace(alias),
		Alias: alias,
	}
}
