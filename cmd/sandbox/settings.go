package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"portal/internal/sandbox"
	"portal/internal/sandbox/passfort"
)

// settings are what serve can be told, by flag or by environment; a flag wins.
type settings struct {
	listen      string
	smtpListen  string
	masterKey   string
	redirectURL string
	formURL     string

	readHidesAPIKey     string
	secondRequest       string
	searchByCustomerRef string
	createStatus        string
}

// setting is one of them: how it is called, and what it is unless told.
type setting struct {
	value *string
	flag  string
	env   string
	usual string
	usage string
}

func (s *settings) all() []setting {
	return []setting{
		{&s.listen, "listen", "SANDBOX_LISTEN", "127.0.0.1:8090", "address to listen on"},
		{&s.smtpListen, "smtp-listen", "SANDBOX_SMTP_LISTEN", "127.0.0.1:8025", "address on which the mailbox takes mail"},
		{&s.masterKey, "passfort-api-key", "PASSFORT_API_KEY", sandbox.DefaultMasterKey, "master key of the PassFort account"},
		{&s.redirectURL, "redirect-url", "SANDBOX_REDIRECT_URL", sandbox.DefaultRedirectURL, "where finished forms send the browser"},
		{&s.formURL, "form-url", "SANDBOX_FORM_URL", sandbox.DefaultFormURL, "the page that e-mailed requests open"},
		{&s.readHidesAPIKey, "passfort-read-hides-apikey", "SANDBOX_PASSFORT_READ_HIDES_APIKEY", "false", "true: the read of a customer request leaves its apikey out"},
		{&s.secondRequest, "passfort-second-request", "SANDBOX_PASSFORT_SECOND_REQUEST", "reject", "a customer request while one is active: reject, reuse or replace"},
		{&s.searchByCustomerRef, "passfort-q-matches-customer-ref", "SANDBOX_PASSFORT_Q_MATCHES_CUSTOMER_REF", "false", "true: the search of profiles also looks at customer_ref"},
		{&s.createStatus, "passfort-create-status", "SANDBOX_PASSFORT_CREATE_STATUS", "200", "status of created profiles and requests: 200 or 201"},
	}
}

// addFlags offers every setting as a flag.
func (s *settings) addFlags(flags *pflag.FlagSet) {
	for _, one := range s.all() {
		flags.StringVar(one.value, one.flag, one.usual, one.usage+" ("+one.env+")")
	}
}

// readEnvironment fills in what no flag was given for.
func (s *settings) readEnvironment(flags *pflag.FlagSet, getenv func(string) string) {
	for _, one := range s.all() {
		if v := getenv(one.env); v != "" && !flags.Changed(one.flag) {
			*one.value = v
		}
	}
}

// options checks every setting and says all that is wrong at once.
func (s *settings) options() (sandbox.Options, error) {
	hides, errHides := yesOrNo("passfort-read-hides-apikey", s.readHidesAPIKey)
	byRef, errByRef := yesOrNo("passfort-q-matches-customer-ref", s.searchByCustomerRef)
	second, errSecond := oneOf("passfort-second-request", s.secondRequest, "reject", "reuse", "replace")
	_, errStatus := oneOf("passfort-create-status", s.createStatus, "200", "201")
	status, _ := strconv.Atoi(s.createStatus)
	unknowns := passfort.Options{
		ReadHidesAPIKey:     hides,
		SecondRequest:       passfort.SecondRequest(second),
		SearchByCustomerRef: byRef,
		CreateStatus:        status,
	}
	err := errors.Join(
		checkAddress("listen", s.listen),
		checkAddress("smtp-listen", s.smtpListen),
		checkURL("redirect-url", s.redirectURL),
		checkURL("form-url", s.formURL),
		errHides, errSecond, errByRef, errStatus,
	)
	return sandbox.Options{MasterKey: s.masterKey, RedirectURL: s.redirectURL, FormURL: s.formURL, PassFort: unknowns}, err
}

func yesOrNo(flag, value string) (bool, error) {
	yes, err := strconv.ParseBool(value)
	if err != nil {
		return false, wrong(flag, value, "must be true or false")
	}
	return yes, nil
}

func oneOf(flag, value string, allowed ...string) (string, error) {
	if !slices.Contains(allowed, value) {
		return "", wrong(flag, value, "must be one of "+strings.Join(allowed, ", "))
	}
	return value, nil
}

func checkAddress(flag, value string) error {
	if _, _, err := net.SplitHostPort(value); err != nil {
		return wrong(flag, value, "must be an address such as 127.0.0.1:8090")
	}
	return nil
}

func checkURL(flag, value string) error {
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return wrong(flag, value, "must be a URL that begins with http:// or https://")
	}
	return nil
}

// wrong names a setting by its flag and its variable.
func wrong(flag, value, must string) error {
	env := ""
	for _, one := range new(settings).all() {
		if one.flag == flag {
			env = one.env
		}
	}
	return fmt.Errorf("--%s (%s) is %q, but %s", flag, env, value, must)
}
