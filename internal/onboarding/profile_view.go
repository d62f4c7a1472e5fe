package onboarding

import "context"

// ProfileView is what the provider says of a profile: where its applications, tasks and checks stand. It holds no personal
// data. The words for categories, types, states and the like are the provider's own, and not all of them need be known here;
// what the provider does not say is empty.
type ProfileView struct {
	ID           ProfileID
	Category     string // what the profile is to the company, such as APPLICANT
	Status       string // such as NORMAL
	Applications []Application
	Tasks        []Task
	Completed    int // of Total tasks
	Total        int
	Checks       []Check
}

// Application is a profile's application for one of the company's products.
type Application struct {
	ID           string
	ProductAlias string
	ProductName  string
	Role         string // of an associate, in this application
	Status       string // such as APPLIED, APPROVED, REJECTED
	Flag         string // what it waits for

	RequiredTasks []RequiredTask
}

// RequiredTask is a task that an application requires. Its id is that of the task's variant, which is also the id of the
// list of associates that the task verifies.
type RequiredTask struct {
	ID   string
	Type string
	Name string
}

// Task is something that is to be done before a profile can be approved.
type Task struct {
	ID       string
	Type     string
	Name     string
	State    string
	Complete bool
	Expired  bool
	Skipped  bool
}

// Check is a check that was run on a profile.
type Check struct {
	ID     string
	Type   string
	State  string
	Result string // empty until it is there
}

// ProfileReader reads how the provider sees a profile. NotFound means that there is no such profile.
type ProfileReader interface {
	ReadProfile(ctx context.Context, id ProfileID) (ProfileView, error)
}
