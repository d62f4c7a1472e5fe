package sumsub

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// Level is what applicants have to go through, as the company has set it up in the dashboard.
type Level struct {
	ID             string      `json:"id,omitempty"`
	Name           string      `json:"name"` // calls name it, with regard to case
	Type           string      `json:"type,omitempty"`
	ApplicantType  string      `json:"applicantType,omitempty"`
	RequiredIDDocs Requirement `json:"requiredIdDocs"`
	// Verdict is how checks of this level end by themselves: none, green, or empty for what the options say. It is the
	// sandbox's own.
	Verdict string `json:"verdict,omitempty"`
}

// Requirement is what a level asks for.
type Requirement struct {
	Included []string `json:"includedCountries,omitempty"`
	Excluded []string `json:"excludedCountries,omitempty"`
	DocSets  []DocSet `json:"docSets"`
}

// DocSet is one step of a level.
type DocSet struct {
	Set              string   `json:"idDocSetType"`
	Types            []string `json:"types,omitempty"`
	SubTypes         []string `json:"subTypes,omitempty"`
	VideoRequired    string   `json:"videoRequired,omitempty"`
	Mode             string   `json:"mode,omitempty"`
	CaptureMode      string   `json:"captureMode,omitempty"`
	UploaderMode     string   `json:"uploaderMode,omitempty"`
	Fields           []Field  `json:"fields,omitempty"`
	QuestionnaireID  string   `json:"questionnaireDefId,omitempty"`
	PoaStepSettingID string   `json:"poaStepSettingsId,omitempty"`
}

// Field is something that a level asks of the applicant's data.
type Field struct {
	Name      string `json:"name"`
	Required  bool   `json:"required"`
	Prefill   bool   `json:"prefill,omitempty"`
	Immutable bool   `json:"immutableIfPresent,omitempty"`
}

// Sides of a document.
const (
	frontSide = "FRONT_SIDE"
	backSide  = "BACK_SIDE"
)

// dataStep is the step without documents.
const dataStep = "APPLICANT_DATA"

// twoSided are the types of documents with two sides to read.
var twoSided = []string{"ID_CARD", "DRIVERS", "RESIDENCE_PERMIT"}

// live says whether the step takes only what was captured at this moment, which the API cannot do.
func (d DocSet) live() bool {
	return d.VideoRequired != "" && d.VideoRequired != "disabled" || d.CaptureMode == "live"
}

// sides are those that a document of this type has; a single nameless one unless there are two.
func (d DocSet) sides(docType string) []string {
	if !slices.Contains(twoSided, docType) || len(d.SubTypes) > 0 && !slices.Contains(d.SubTypes, backSide) {
		return []string{""}
	}
	return []string{frontSide, backSide}
}

// stepOf finds the step that takes documents of this type.
func (l Level) stepOf(docType string) (DocSet, bool) {
	i := slices.IndexFunc(l.RequiredIDDocs.DocSets, func(d DocSet) bool { return slices.Contains(d.Types, docType) })
	if i < 0 {
		return DocSet{}, false
	}
	return l.RequiredIDDocs.DocSets[i], true
}

// step finds a step by its name.
func (l Level) step(set string) (DocSet, bool) {
	i := slices.IndexFunc(l.RequiredIDDocs.DocSets, func(d DocSet) bool { return d.Set == set })
	if i < 0 {
		return DocSet{}, false
	}
	return l.RequiredIDDocs.DocSets[i], true
}

//go:embed levels.json
var defaultLevels string

// DefaultLevels are the levels of the account unless others were set up.
func DefaultLevels() []Level {
	levels, err := parseLevels(strings.NewReader(defaultLevels))
	if err != nil {
		panic("the embedded levels: " + err.Error())
	}
	return levels
}

// ReadLevels reads levels from a JSON file: a list as in the embedded one.
func ReadLevels(path string) ([]Level, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the levels: %w", err)
	}
	defer func() { _ = f.Close() }()
	levels, err := parseLevels(f)
	if err != nil {
		return nil, fmt.Errorf("levels %s: %w", path, err)
	}
	return levels, nil
}

// parseLevels reads levels and refuses members it does not know, which are usually slips of the pen.
func parseLevels(r io.Reader) ([]Level, error) {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	var levels []Level
	if err := decoder.Decode(&levels); err != nil {
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one JSON value")
	}
	return levels, checkLevels(levels)
}

// maxName is how long the name of a level may be.
const maxName = 256

// checkLevels says the first thing that is wrong with levels.
func checkLevels(levels []Level) error {
	if len(levels) == 0 {
		return errors.New("there must be a level")
	}
	seen := map[string]bool{}
	for _, l := range levels {
		if l.Name == "" || len(l.Name) > maxName || seen[l.Name] {
			return fmt.Errorf("level %.40q needs a name of its own of at most %d characters", l.Name, maxName)
		}
		seen[l.Name] = true
		if err := l.check(); err != nil {
			return fmt.Errorf("level %s: %w", l.Name, err)
		}
	}
	return nil
}

func (l Level) check() error {
	if len(l.RequiredIDDocs.DocSets) == 0 {
		return errors.New("it has no docSets")
	}
	if !slices.Contains([]string{"", verdictNone, verdictGreen}, l.Verdict) {
		return fmt.Errorf("verdict is %q, but must be none or green", l.Verdict)
	}
	if !slices.Contains([]string{"", "individual", "company"}, l.ApplicantType) {
		return fmt.Errorf("applicantType is %q, but must be individual or company", l.ApplicantType)
	}
	sets := map[string]bool{}
	for _, d := range l.RequiredIDDocs.DocSets {
		if d.Set == "" || sets[d.Set] {
			return fmt.Errorf("idDocSetType %q must be given, once", d.Set)
		}
		sets[d.Set] = true
	}
	return nil
}
