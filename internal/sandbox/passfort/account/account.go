// Package account is what PassFort's staff set up for a company: its products and the tasks they require, the forms and
// the flows made of them, the e-mail, and what the company registers know. It is data, read from a JSON file, so that
// an integrator can give the sandbox the aliases of their own account; account.json is the one used without a file.
//
// The words are those of PassFort's documentation. How staff keep these things is not documented: the file's format is
// the sandbox's own.
package account

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Account is one company's account.
type Account struct {
	Institution   string         `json:"institution"` // the company's name
	Products      []Product      `json:"products"`
	Tasks         []Task         `json:"tasks"`
	Forms         []Form         `json:"forms"`
	FlowTemplates []FlowTemplate `json:"flow_templates"`
	Themes        []string       `json:"themes"` // aliases
	Email         Email          `json:"email"`
	Companies     []Company      `json:"companies"` // what a company check finds
}

// Product is what a profile applies for. A kind of entity whose list of tasks is missing cannot apply for it; an empty
// list is a smart policy that wants nothing.
type Product struct {
	Alias                string   `json:"alias"`
	Name                 string   `json:"name"`
	AutomaticallyApply   bool     `json:"auto_apply"` // PassFort's name for the attribute
	AutomaticallyApprove bool     `json:"automatically_approve"`
	IndividualTasks      []string `json:"individual_tasks"` // aliases
	CompanyTasks         []string `json:"company_tasks"`
}

// Task is a variant of a due diligence task: one of PassFort's task types, configured for this account.
type Task struct {
	Alias string `json:"alias"`
	Name  string `json:"name"`
	Type  string `json:"task_type"`
	// AssociateProduct is, for the tasks that verify a company's associates, the product they apply for.
	AssociateProduct string `json:"associate_product,omitempty"`
	// RequestForm is the form that staff can request from the customer on this task.
	RequestForm string `json:"request_form,omitempty"`
}

// Form is a form template.
type Form struct {
	Alias    string    `json:"alias"`
	Title    string    `json:"title"`
	Intro    string    `json:"intro"`
	Type     FormType  `json:"type"`
	Task     string    `json:"task,omitempty"`  // the task it is shown on
	Check    string    `json:"check,omitempty"` // the type of check that its submission runs, one of CheckTypes
	Sections []Section `json:"sections"`
}

// The types of checks that an account can run.
const (
	CompanyRegistry      = "COMPANY_REGISTRY"
	CompanyOwnership     = "COMPANY_OWNERSHIP"
	IdentityCheck        = "IDENTITY_CHECK"
	DocumentVerification = "DOCUMENT_VERIFICATION"
)

// CheckTypes says which kind of entity each type of check is for.
var CheckTypes = map[string]string{
	CompanyRegistry:      "COMPANY",
	CompanyOwnership:     "COMPANY",
	IdentityCheck:        "INDIVIDUAL",
	DocumentVerification: "INDIVIDUAL",
}

// FormType is PassFort's kind of form template.
type FormType string

// The kinds of form templates.
const (
	UpdateData     FormType = "UPDATE_COLLECTED_DATA" // its answers go into the collected data when it is submitted
	ManualDecision FormType = "MANUAL_DECISION"       // staff decide on it, and then its answers go into the data
	DocumentCheck  FormType = "DOCUMENT_CHECK"        // it collects documents
)

// Section is a group of questions.
type Section struct {
	Title string `json:"title,omitempty"`
	// Entry makes the answers one entry of this list in the collected data, the paths being inside of it.
	Entry string `json:"entry,omitempty"`
	// Each repeats the section for every entry of this list that has a name; {name} in texts is that name. A form
	// appears in a request only when none of its lists is empty.
	Each      string     `json:"each,omitempty"`
	Questions []Question `json:"questions"`
}

// Question is one question of a form.
type Question struct {
	Name         string         `json:"name"`
	Label        string         `json:"label"`
	Hint         string         `json:"hint,omitempty"`
	Type         QuestionType   `json:"type"`
	Required     bool           `json:"required"`
	Missing      string         `json:"missing,omitempty"` // the complaint about no answer
	Autocomplete string         `json:"autocomplete,omitempty"`
	Options      []Option       `json:"options,omitempty"`
	Path         string         `json:"path,omitempty"` // where the answer goes; custom_fields.<name> unless given
	Documents    []DocumentType `json:"documents,omitempty"`
}

// QuestionType is how a question is answered.
type QuestionType string

// The kinds of questions. Names, GivenNames and FullName are texts that are stored in parts.
const (
	Text         QuestionType = "text"
	LongText     QuestionType = "long_text"
	EmailAddress QuestionType = "email"
	Phone        QuestionType = "phone"
	Number       QuestionType = "number"
	Date         QuestionType = "date"
	Birthday     QuestionType = "birthday"
	Country      QuestionType = "country"
	Choice       QuestionType = "choice"
	YesNo        QuestionType = "yes_no"
	GivenNames   QuestionType = "given_names" // a list of names
	FullName     QuestionType = "full_name"   // an object of given names and family name
	Document     QuestionType = "document"
)

// Option is one answer of a choice.
type Option struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// DocumentType is a document that a question accepts, and which pictures of it.
type DocumentType struct {
	Type     string   `json:"type"`
	Label    string   `json:"label"`
	Category string   `json:"category"`
	Elements []string `json:"elements"` // FRONT, BACK, SELFIE
}

// FlowTemplate is a series of forms that a customer request leads through.
type FlowTemplate struct {
	Alias      string   `json:"alias"`
	Title      string   `json:"title"`
	EntityType string   `json:"entity_type"`
	Forms      []string `json:"forms"`             // aliases
	Product    string   `json:"product,omitempty"` // applied for when the flow is completed
	Redirect   string   `json:"redirect_url,omitempty"`
}

// Email is the theme of request e-mails and of their reminders.
type Email struct {
	Subject       string    `json:"subject"`
	SenderName    string    `json:"sender_name"`
	SenderAddress string    `json:"sender_address"`
	Logo          string    `json:"logo_url,omitempty"` // the company's name in words unless given
	Text          string    `json:"text"`               // the editable paragraph as it is proposed to staff
	Button        string    `json:"button"`
	ButtonColour  string    `json:"button_colour"`
	Footer        string    `json:"footer"`
	Reminders     Reminders `json:"reminders"`
}

// Reminders are sent for a request that is still open.
type Reminders struct {
	Max       int    `json:"max"` // at most 3
	EveryDays int    `json:"every_days"`
	Subject   string `json:"subject"`
	Text      string `json:"text"`
}

// Company is a company as the registers know it.
type Company struct {
	Name    string         `json:"name"`
	Number  string         `json:"number"`
	Country string         `json:"country"`
	Data    map[string]any `json:"data"` // what a check adds to the collected data
}

//go:embed account.json
var builtIn []byte

// Default is the account used without a file.
func Default() *Account {
	a, err := parse(strings.NewReader(string(builtIn)))
	if err != nil {
		panic(fmt.Sprintf("the built-in account: %v", err)) // a test reads it
	}
	return a
}

// Read reads an account from a file and says everything that is wrong with it.
func Read(path string) (*Account, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("opening the account: %w", err)
	}
	defer func() { _ = f.Close() }()
	a, err := parse(f)
	if err != nil {
		return nil, fmt.Errorf("account %s: %w", path, err)
	}
	return a, nil
}

// parse reads an account. PassFort's guide spells the type of one task in the British way and its schema in the
// American, in which it is answered; both are read.
func parse(r io.Reader) (*Account, error) {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	var a Account
	if err := decoder.Decode(&a); err != nil {
		return nil, fmt.Errorf("reading JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one JSON value")
	}
	for i := range a.Tasks {
		a.Tasks[i].Type = strings.Replace(a.Tasks[i].Type, "_AUTHORISED_", "_AUTHORIZED_", 1)
	}
	return &a, a.check()
}

// ID is the identifier of something this account calls by an alias. It is the same every time.
func ID(kind, alias string) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte("sandbox/"+kind+"/"+alias)).String()
}

// Product finds a product by its alias.
func (a *Account) Product(alias string) (Product, bool) {
	return find(a.Products, func(p Product) bool { return p.Alias == alias })
}

// ProductByID finds a product by its identifier.
func (a *Account) ProductByID(id string) (Product, bool) {
	return find(a.Products, func(p Product) bool { return p.ID() == id })
}

// Task finds a task by its alias.
func (a *Account) Task(alias string) (Task, bool) {
	return find(a.Tasks, func(t Task) bool { return t.Alias == alias })
}

// TaskByVariant finds a task by its variant's identifier.
func (a *Account) TaskByVariant(id string) (Task, bool) {
	return find(a.Tasks, func(t Task) bool { return t.VariantID() == id })
}

// Form finds a form template by its alias.
func (a *Account) Form(alias string) (Form, bool) {
	return find(a.Forms, func(f Form) bool { return f.Alias == alias })
}

// FlowTemplate finds a flow template by its alias.
func (a *Account) FlowTemplate(alias string) (FlowTemplate, bool) {
	return find(a.FlowTemplates, func(f FlowTemplate) bool { return f.Alias == alias })
}

// Company finds what the registers know of a company.
func (a *Account) Company(country, number string) (Company, bool) {
	return find(a.Companies, func(c Company) bool { return c.Country == country && strings.EqualFold(c.Number, number) })
}

func find[T any](list []T, fits func(T) bool) (T, bool) {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i], true
	}
	var none T
	return none, false
}

// VariantID is the identifier of the task variant, which entries of associates name to be put on its list.
func (t Task) VariantID() string { return ID("task_variant", t.Alias) }

// ID is the identifier of the product.
func (p Product) ID() string { return ID("product", p.Alias) }

// IsFor says whether a kind of entity can apply for the product.
func (p Product) IsFor(entityType string) bool { return p.TasksFor(entityType) != nil }

// IsFor says whether the task is for a kind of entity, INDIVIDUAL or COMPANY.
func (t Task) IsFor(entityType string) bool { return strings.HasPrefix(t.Type, entityType+"_") }

// TasksFor are the aliases of the tasks that a product requires of a kind of entity, INDIVIDUAL or COMPANY.
func (p Product) TasksFor(entityType string) []string {
	if entityType == "COMPANY" {
		return p.CompanyTasks
	}
	return p.IndividualTasks
}
