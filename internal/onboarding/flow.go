package onboarding

import "regexp"

// Role is what a profile is at the provider.
type Role string

// The roles a flow may register applicants in, and those of the people and companies behind a company.
const (
	IndividualCustomer   Role = "INDIVIDUAL_CUSTOMER"
	CompanyCustomer      Role = "COMPANY_CUSTOMER"
	IndividualAssociated Role = "INDIVIDUAL_ASSOCIATED"
	CompanyAssociated    Role = "COMPANY_ASSOCIATED"
)

// ProviderName is what a provider is called in settings, addresses and tables.
type ProviderName string

// The providers.
const (
	PassFort ProviderName = "passfort" // shows its own forms, and decides behind them
	Sumsub   ProviderName = "sumsub"   // checks documents, which the portal asks for
)

// Mode is how the documents that a flow's level asks for are given.
type Mode string

// The modes. A level that wants a live capture is given in the provider's own forms in either.
const (
	ModeAPI Mode = "api"    // on the portal's own pages
	ModeSDK Mode = "websdk" // in the provider's own forms, within the portal's page
)

// ResultMails says of which decisions of the provider applicants are told by e-mail.
type ResultMails string

// The choices of e-mails.
const (
	MailNever   ResultMails = "never"
	MailChanges ResultMails = "changes" // of a decision that differs from the one before, and of what is to be given anew
	MailAlways  ResultMails = "always"
)

// Flow is one way for applicants to register, as the company configured it.
type Flow struct {
	Name          string
	Title         string // what applicants see, in the company's own words
	Provider      ProviderName
	Role          Role
	FlowTemplate  string // alias of the provider's flow template
	Theme         string // alias of the provider's form theme
	Product       string // alias of the product applied for; empty where the provider's configuration says it
	ProductAtStub bool   // apply for Product when the stub profile is created, not by the provider's configuration
	Repeatable    bool   // an applicant may register again under another case
	HoldUnclear   bool   // a person decides when a profile may or may not have been created; default: create again
	Associates    bool   // the company is asked for the people and companies behind it
	ExplicitLists bool   // they are put on verification lists by us, not by the provider's configuration
	DirectorAge   int    // how old a director must be, in years
	Level         string // the provider's name of what it asks for; of Sumsub only, as the two below
	Mode          Mode
	ResultMails   ResultMails
	CompletionURL string // where the applicant goes once the provider confirms completion
}

// caseForm is what a case may look like: it travels in addresses, logs and the company's own systems.
var caseForm = regexp.MustCompile(`^[A-Za-z0-9._-]{0,64}$`)

// CheckCase refuses cases that cannot be read safely elsewhere, and further cases of flows that allow one only.
func (f Flow) CheckCase(name string) error {
	if !caseForm.MatchString(name) || name != "" && !f.Repeatable {
		return &Error{Kind: Invalid, Key: "error.case", Field: "case"}
	}
	return nil
}
