package websdk

import "portal/internal/sandbox/sumsub"

// view is an applicant as the frame gets it. Its lists are never null.
type view struct {
	ApplicantID  string    `json:"applicantId"`
	LevelName    string    `json:"levelName"`
	ReviewStatus string    `json:"reviewStatus"`
	ReviewResult result    `json:"reviewResult"`
	Open         bool      `json:"open"` // whether the applicant is asked for something
	Steps        []step    `json:"steps"`
	Countries    []country `json:"countries"` // whose documents are taken
}

// result is what the check has come to, as the messages of the SDK tell it.
type result struct {
	ReviewAnswer      string `json:"reviewAnswer,omitempty"`
	ReviewRejectType  string `json:"reviewRejectType,omitempty"`
	ModerationComment string `json:"moderationComment,omitempty"`
}

// step is one of the level's.
type step struct {
	IDDocSetType  string            `json:"idDocSetType"`
	Types         []string          `json:"types"`
	Sides         []string          `json:"sides"`
	VideoRequired string            `json:"videoRequired,omitempty"`
	Live          bool              `json:"live"`
	Fields        []field           `json:"fields"`
	Data          map[string]string `json:"data"`
	State         string            `json:"state"`
	Type          string            `json:"type"`
	Country       string            `json:"country"`
	Missing       []string          `json:"missing"`
	Comment       string            `json:"comment"`
}

// field is something that the applicant is asked to type.
type field struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
}

// added is the answer to a file: the applicant as it is then, and what became of the file.
type added struct {
	Applicant view    `json:"applicant"`
	Receipt   receipt `json:"receipt"`
}

type receipt struct {
	ImageID  string   `json:"imageId"`
	Errors   []string `json:"errors"`
	Warnings []string `json:"warnings"`
}

func viewOf(a sumsub.SDKApplicant) view {
	v := view{
		ApplicantID:  a.ApplicantID,
		LevelName:    a.Level,
		ReviewStatus: a.Status,
		ReviewResult: result{a.Answer, a.RejectType, a.Comment},
		Open:         a.Open && asked(a),
		Steps:        []step{},
		Countries:    taken(a.Countries, a.Excluded),
	}
	for _, s := range a.Steps {
		v.Steps = append(v.Steps, stepOf(s))
	}
	return v
}

// asked says whether something is asked for: at first, and after a rejection that is not for good. More may be given to
// an applicant who is approved, too, but nobody waits for it.
func asked(a sumsub.SDKApplicant) bool {
	return a.Status == "init" || a.Status == "completed" && a.Answer == "RED" && a.RejectType == "RETRY"
}

func stepOf(s sumsub.SDKStep) step {
	v := step{
		IDDocSetType:  s.Set,
		Types:         list(s.Types),
		Sides:         list(s.Sides),
		VideoRequired: s.Video,
		Live:          s.Live,
		Fields:        []field{},
		Data:          map[string]string{},
		State:         s.State,
		Type:          s.Type,
		Country:       s.Country,
		Missing:       list(s.Missing),
		Comment:       s.Comment,
	}
	for _, f := range s.Fields {
		v.Fields = append(v.Fields, field{f.Name, f.Required})
	}
	if s.Data != nil {
		v.Data = s.Data
	}
	return v
}

// list is never null in JSON.
func list(items []string) []string {
	if items == nil {
		return []string{}
	}
	return items
}
