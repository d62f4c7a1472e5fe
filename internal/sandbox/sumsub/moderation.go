package sumsub

import (
	"net/http"
	"strings"
)

// moderationState is why an applicant was rejected, in finer terms.
type moderationState struct {
	ID             string                `json:"id"`
	ApplicantID    string                `json:"applicantId"`
	Key            string                `json:"key"`
	ImagesStates   map[string]imageState `json:"imagesStates,omitempty"`
	ApplicantState buttons               `json:"applicantState,omitempty"`
}

type imageState struct {
	State buttons `json:"state"`
}

// buttons are the reasons that apply, by group_button.
type buttons map[string]struct {
	Value bool `json:"value"`
}

// showModeration answers GET /resources/moderationStates/-;applicantId={id}.
func (p *Provider) showModeration(_ *http.Request, a *applicant) (answer, error) {
	if a.Review.Status != statusCompleted || !a.Review.Result.rejected() {
		return answer{body: list([]moderationState{})}, nil
	}
	state := moderationState{
		ID: a.InspectionID, ApplicantID: a.ID, Key: a.Key, ImagesStates: map[string]imageState{}, ApplicantState: pressed(a.Review.Result),
	}
	for _, i := range a.Images {
		if of := pressed(i.Result); len(of) > 0 {
			state.ImagesStates[i.ID] = imageState{of}
		}
	}
	return answer{body: list([]moderationState{state})}, nil
}

// pressed are a result's buttons; the names of bare groups are left out.
func pressed(r *result) buttons {
	b := buttons{}
	if r == nil {
		return b
	}
	for _, id := range r.ButtonIDs {
		if strings.Contains(id, "_") {
			b[id] = struct {
				Value bool `json:"value"`
			}{true}
		}
	}
	return b
}
