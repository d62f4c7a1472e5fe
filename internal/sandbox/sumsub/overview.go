package sumsub

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Overview is an applicant as staff see it in a list.
type Overview struct {
	ID             string    `json:"id"`
	ExternalUserID string    `json:"external_user_id"`
	InspectionID   string    `json:"inspection_id"`
	Type           string    `json:"type"`
	Name           string    `json:"name"` // as far as it is known
	Level          string    `json:"level"`
	Created        time.Time `json:"created"`
	Platform       string    `json:"platform"`
	Status         string    `json:"status"` // reviewStatus
	Answer         string    `json:"answer,omitempty"`
	RejectType     string    `json:"reject_type,omitempty"`
	Attempt        int       `json:"attempt"`
	Images         int       `json:"images"` // that count
	Deleted        bool      `json:"deleted,omitempty"`
	Deactivated    bool      `json:"deactivated,omitempty"`
}

// Detail is an applicant as staff see it when they open it.
type Detail struct {
	Overview
	Comment       string          `json:"comment,omitempty"`
	ClientComment string          `json:"client_comment,omitempty"`
	Labels        []string        `json:"labels,omitempty"`
	Buttons       []string        `json:"buttons,omitempty"`
	Missing       []string        `json:"missing"` // steps without which no check can be asked for
	Steps         []StepOverview  `json:"steps"`
	Later         []LaterVerdict  `json:"later"`    // verdicts still to come
	Resource      json.RawMessage `json:"resource"` // as the API shows it
}

// StepOverview is a step of an applicant's level.
type StepOverview struct {
	Set     string          `json:"set"`
	State   string          `json:"state"`
	Types   []string        `json:"types,omitempty"`
	Live    bool            `json:"live,omitempty"`
	Result  json.RawMessage `json:"result"`
	Comment string          `json:"comment,omitempty"`
	Labels  []string        `json:"labels,omitempty"`
	Answer  string          `json:"answer,omitempty"`
	Images  []ImageOverview `json:"images"` // also those that do not count any more
}

// ImageOverview is an image as staff see it.
type ImageOverview struct {
	ID          string    `json:"id"`
	FileName    string    `json:"file_name"`
	Type        string    `json:"type"`
	Side        string    `json:"side,omitempty"`
	Country     string    `json:"country"`
	MimeType    string    `json:"mime_type"`
	Size        int64     `json:"size"`
	Width       int       `json:"width,omitempty"`
	Height      int       `json:"height,omitempty"`
	Digest      string    `json:"digest"` // SHA-256
	Added       time.Time `json:"added"`
	Attempt     string    `json:"attempt"`
	Source      string    `json:"source"`
	Marks       []string  `json:"marks,omitempty"`
	Deactivated bool      `json:"deactivated,omitempty"`
	Answer      string    `json:"answer,omitempty"`
	RejectType  string    `json:"reject_type,omitempty"`
	Comment     string    `json:"comment,omitempty"`
	Labels      []string  `json:"labels,omitempty"`
}

// LaterVerdict is a verdict that will be given by itself.
type LaterVerdict struct {
	At time.Time `json:"at"`
	Verdict
}

// Overviews lists the newest applicants, at most limit, newest first.
func (p *Provider) Overviews(limit int) []Overview {
	p.enter()
	defer p.leave()
	views := []Overview{}
	for _, a := range slices.Backward(p.state.Applicants) {
		if len(views) == limit {
			break
		}
		views = append(views, a.overview())
	}
	return views
}

// Levels are the names of the account's levels.
func (p *Provider) Levels() []string {
	names := []string{}
	for _, l := range p.config.Levels {
		names = append(names, l.Name)
	}
	return names
}

// Detail shows one applicant, named by id or by externalUserId.
func (p *Provider) Detail(name string) (Detail, error) {
	p.enter()
	defer p.leave()
	a, err := p.anyName(name)
	if err != nil {
		return Detail{}, err
	}
	resource, err := json.Marshal(p.view(a))
	if err != nil {
		return Detail{}, fmt.Errorf("writing applicant %s: %w", a.ID, err)
	}
	d := Detail{Overview: a.overview(), Missing: append([]string{}, p.lacking(a)...), Later: []LaterVerdict{}, Resource: resource}
	if r := a.Review.Result.copied(); r != nil {
		d.Comment, d.ClientComment, d.Labels, d.Buttons = r.ModerationComment, r.ClientComment, r.RejectLabels, r.ButtonIDs
	}
	for _, set := range p.level(a).RequiredIDDocs.DocSets {
		s, err := a.stepOverview(set)
		if err != nil {
			return Detail{}, err
		}
		d.Steps = append(d.Steps, s)
	}
	for _, later := range p.state.Agenda {
		if later.What == dueVerdict && later.ID == a.ID {
			d.Later = append(d.Later, LaterVerdict{later.At, *later.Verdict})
		}
	}
	return d, nil
}

// anyName finds an applicant by id or by externalUserId.
func (p *Provider) anyName(name string) (*applicant, error) {
	if a := p.index.applicants[name]; a != nil {
		return a, nil
	}
	if a := p.index.externals[name]; a != nil {
		return a, nil
	}
	return nil, fmt.Errorf("%w: there is no such applicant", ErrNotFound)
}

func (a *applicant) overview() Overview {
	v := Overview{
		ID: a.ID, ExternalUserID: a.ExternalUserID, InspectionID: a.InspectionID, Type: a.Type, Level: a.Level, Created: a.Created,
		Platform: a.Platform, Status: a.Review.Status, Attempt: a.Review.Attempt, Deleted: a.Deleted, Deactivated: a.Deactivated,
	}
	for _, name := range []string{"firstName", "lastName"} {
		if text := a.field(name); text != "" && v.Name != "" {
			v.Name += " " + text
		} else if text != "" {
			v.Name = text
		}
	}
	if r := a.Review.Result; r != nil {
		v.Answer, v.RejectType = r.ReviewAnswer, r.ReviewRejectType
	}
	for _, i := range a.Images {
		if !i.Deactivated {
			v.Images++
		}
	}
	return v
}

func (a *applicant) stepOverview(d DocSet) (StepOverview, error) {
	result, err := json.Marshal(a.stepView(d))
	if err != nil {
		return StepOverview{}, fmt.Errorf("writing step %s: %w", d.Set, err)
	}
	v := StepOverview{Set: d.Set, State: a.stepState(d), Types: d.Types, Live: d.live(), Result: result, Images: []ImageOverview{}}
	if r := a.Steps[d.Set].copied(); r != nil {
		v.Answer, v.Comment, v.Labels = r.ReviewAnswer, r.ModerationComment, r.RejectLabels
	}
	for _, i := range a.Images {
		if slices.Contains(d.Types, i.Type) {
			v.Images = append(v.Images, i.overview())
		}
	}
	return v, nil
}

func (i *image) overview() ImageOverview {
	v := ImageOverview{
		ID: i.ID, FileName: i.FileName, Type: i.Type, Side: i.Side, Country: i.Country, MimeType: i.Content.MimeType,
		Size: i.Content.Size, Width: i.Content.Width, Height: i.Content.Height, Digest: i.Content.Digest, Added: i.Added,
		Attempt: i.AttemptID, Source: i.Source, Marks: i.Content.Marks, Deactivated: i.Deactivated,
	}
	if r := i.Result.copied(); r != nil {
		v.Answer, v.RejectType, v.Comment, v.Labels = r.ReviewAnswer, r.ReviewRejectType, r.ModerationComment, r.RejectLabels
	}
	return v
}
