package onboarding

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"
)

// Structures keeps structures. Every method may fail with Busy when the store cannot be reached.
type Structures interface {
	// Structure returns what is stored behind the company of a registration, which may be nothing.
	Structure(ctx context.Context, id RegistrationID) (Structure, error)
	// Edit gives what is stored to change, which nobody else edits meanwhile, and stores what that returns. An error of
	// change is returned as it is, and nothing is stored.
	Edit(ctx context.Context, id RegistrationID, change func(Structure) (Edit, error)) error
	// Learn stores what is known of the registration's company itself.
	Learn(ctx context.Context, id RegistrationID, own Details) error
}

// CompanyFile is what the provider keeps of a company, with everything in it that we do not know of. It is personal data
// and prints as "[details]".
type CompanyFile struct {
	Profile ProfileID
	Version string // hands over whose turn it is to write; empty where the file must be read first
	Text    FileText
}

// FileText is the text of a company's file, which never prints.
type FileText []byte

// Format keeps the text out of everything fmt prints.
func (t FileText) Format(s fmt.State, _ rune) { _, _ = s.Write([]byte(hiddenDetails)) }

// LogValue keeps the text out of logs.
func (t FileText) LogValue() slog.Value { return slog.StringValue(hiddenDetails) }

// MarshalText keeps the text out of JSON and other encodings.
func (t FileText) MarshalText() ([]byte, error) { return []byte(hiddenDetails), nil }

// Placement is where an associate belongs in its company's file.
type Placement struct {
	Profile ProfileID
	Details Details
	Lists   map[AssociatedRole][]string // ids of the verification lists to put it on, by role; nil to leave that to the provider
	Linked  bool                        // it was put there before: only lists are added, and nothing where it is not there any more
}

// BehindView is what a company's file tells of those behind it.
type BehindView struct {
	Own        Details // the company itself: its name, number and country
	Associates []AssociateView
}

// AssociateView is what the provider says of an associate that is in a company's file, at any level below it.
type AssociateView struct {
	Profile      ProfileID
	Roles        []AssociatedRole // in whose lists it is
	Applications []Application
}

// CompanyFiles reads and writes what the provider keeps of companies.
type CompanyFiles interface {
	// CompanyFile reads the file of a company; NotFound where there is no such profile.
	CompanyFile(ctx context.Context, company ProfileID) (CompanyFile, error)
	// Placed is the file with the associates in their places, and whether that changes it. What else is in the file stays as
	// it is. It makes no call.
	Placed(f CompanyFile, placements []Placement) (placed CompanyFile, changed bool, err error)
	// ReplaceCompanyFile writes the file. Conflict means that somebody else has written it since it was read: the file that
	// comes with it is theirs, without a version where it has to be read. Invalid means that the provider refuses what is in it.
	ReplaceCompanyFile(ctx context.Context, f CompanyFile) (CompanyFile, error)
	// Behind tells who is behind the company. It makes no call.
	Behind(f CompanyFile) (BehindView, error)
}

// Associates carries out the use cases of who enters the people and companies behind a company. All fields are required.
type Associates struct {
	Flows      map[string]Flow
	Structures Structures
	Files      CompanyFiles
	Now        func() time.Time
	Log        *slog.Logger
}

// errNoStructure is the error of a registration whose flow does not ask for who is behind a company.
var errNoStructure = &Error{Kind: NotFound, Key: "error.not_found", Err: errors.New("the flow has no associates")}

// errEnded is the error of who enters somebody behind a company whose application has come to its end.
var errEnded = &Error{Kind: Conflict, Key: "error.associates_ended", Err: errors.New("the company's application is over")}

// Structure returns who is behind the company of a registration. NotFound where its flow does not ask.
func (s *Associates) Structure(ctx context.Context, r Registration) (Structure, error) {
	if !s.Flows[r.Flow].Associates {
		return Structure{}, errNoStructure
	}
	return s.Structures.Structure(ctx, r.ID)
}

// Add enters an associate, or changes a draft. An error is one of each thing that is wrong, as [Details.Check] tells it, or
// a [Resemblance]. Fresh says that the associate was not there before.
func (s *Associates) Add(ctx context.Context, r Registration, n NewAssociate) (a Associate, fresh bool, err error) {
	n.Details = n.Details.Tidied()
	if n.Submit && n.Details.EntityType == Company && !n.Distinct {
		s.learn(ctx, r) // who submits at once has no other occasion to be asked
	}
	err = s.edit(ctx, r, func(st Structure, f Flow) (edit Edit, err error) {
		_, unknown := st.Find(n.ID)
		edit, a, err = st.Add(n, f, s.Now())
		fresh = unknown != nil && a.ID == n.ID
		return edit, err
	})
	return a, fresh, err
}

// Change changes a draft; its errors are those of [Associates.Add].
func (s *Associates) Change(ctx context.Context, r Registration, n NewAssociate) (a Associate, err error) {
	n.Details = n.Details.Tidied()
	err = s.edit(ctx, r, func(st Structure, f Flow) (edit Edit, err error) {
		edit, a, err = st.Change(n, f, s.Now())
		return edit, err
	})
	return a, err
}

// Withdraw takes a draft away, with those behind it.
func (s *Associates) Withdraw(ctx context.Context, r Registration, id AssociateID) error {
	return s.edit(ctx, r, func(st Structure, _ Flow) (Edit, error) { return st.Withdraw(id) })
}

// submitReadFor is how long a submission waits to learn what company it is about.
const submitReadFor = 3 * time.Second

// Submit passes all drafts on. It returns a [Resemblance] where one of them may be the company itself, unless that is
// confirmed not to be so.
func (s *Associates) Submit(ctx context.Context, r Registration, confirmed bool) error {
	s.learn(ctx, r)
	return s.edit(ctx, r, func(st Structure, f Flow) (Edit, error) { return st.Submit(f, confirmed, s.Now()) })
}

// learn finds out what company the registration is about, if that can be known soon. It is of use, not needed.
func (s *Associates) learn(ctx context.Context, r Registration) {
	st, err := s.Structures.Structure(ctx, r.ID)
	if err != nil || r.Profile == "" || st.Own.Name != "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, submitReadFor)
	defer cancel()
	view, err := readBehind(ctx, s.Files, r.Profile)
	if err == nil && view.Own.Name != "" {
		err = s.Structures.Learn(ctx, r.ID, view.Own)
	}
	if err != nil {
		s.Log.WarnContext(ctx, "company not read", slog.String("registration_id", r.ID.String()), slog.Any("error", err))
	}
}

func (s *Associates) edit(ctx context.Context, r Registration, change func(Structure, Flow) (Edit, error)) error {
	f := s.Flows[r.Flow]
	if !f.Associates {
		return errNoStructure
	}
	return s.Structures.Edit(ctx, r.ID, func(st Structure) (Edit, error) {
		if st.Ending != "" {
			return Edit{}, errEnded
		}
		return change(st, f)
	})
}

// readBehind reads who is behind a company.
func readBehind(ctx context.Context, files CompanyFiles, company ProfileID) (BehindView, error) {
	f, err := files.CompanyFile(ctx, company)
	if err != nil {
		return BehindView{}, err
	}
	return files.Behind(f)
}

// AssociatesReport is who is behind a company, and what the provider says of them.
type AssociatesReport struct {
	Structure Structure
	views     map[ProfileID]AssociateView // of those in the companies' files
	Err       error                       // why the provider could not be read
}

// Report returns who is behind the company of a registration. A provider that cannot be read in time does not keep the rest
// back.
func (s *Associates) Report(ctx context.Context, r Registration) (report AssociatesReport, err error) {
	if report.Structure, err = s.Structure(ctx, r); err != nil || r.Profile == "" {
		return report, err
	}
	ctx, cancel := context.WithTimeout(ctx, reportWithin)
	defer cancel()
	_, report.views, report.Err = readAll(ctx, s.Files, r.Profile, report.Structure)
	return report, nil
}

// View is what the provider says of an associate; not ok where it is in no company's file.
func (r AssociatesReport) View(a Associate) (v AssociateView, ok bool) {
	v, ok = r.views[a.Profile.folded()]
	return v, ok && a.Profile != ""
}

// folded is the id in the spelling in which ids are compared: they are UUIDs, and others may write them in capitals.
func (id ProfileID) folded() ProfileID { return ProfileID(strings.ToLower(string(id))) }

// and is what two places tell of one associate.
func (v AssociateView) and(o AssociateView) AssociateView {
	if len(v.Applications) > len(o.Applications) {
		o.Applications = v.Applications
	}
	for _, r := range v.Roles {
		if !slices.Contains(o.Roles, r) {
			o.Roles = append(slices.Clone(o.Roles), r)
		}
	}
	return o
}

// readAll reads who is behind a company, and behind the companies behind it as far as the first read does not tell.
func readAll(ctx context.Context, files CompanyFiles, company ProfileID, st Structure) (own Details, views map[ProfileID]AssociateView, err error) {
	views = map[ProfileID]AssociateView{}
	read := func(company ProfileID) (BehindView, error) {
		view, err := readBehind(ctx, files, company)
		for _, a := range view.Associates {
			views[a.Profile.folded()] = views[a.Profile.folded()].and(a)
		}
		return view, err
	}
	root, err := read(company)
	if err != nil {
		return own, nil, err
	}
	for _, c := range st.Associates {
		if c.Profile == "" || !untold(st, c, views) {
			continue
		}
		if _, err := read(c.Profile); err != nil && KindOf(err) != NotFound {
			return own, nil, err
		}
	}
	return root.Own, views, nil
}

// untold says whether the reads so far leave out one that was linked to a company.
func untold(st Structure, company Associate, views map[ProfileID]AssociateView) bool {
	for _, a := range st.Behind(company.ID) {
		if _, told := views[a.Profile.folded()]; a.Profile != "" && !told {
			return true
		}
	}
	return false
}
