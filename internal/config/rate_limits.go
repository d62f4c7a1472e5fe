package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// RateLimits are how many requests a minute a client may make at a process, by group of routes; zero is as many as it likes.
type RateLimits struct {
	Pages, Forms, Status, Documents, API, Webhooks, Reports int
}

// usual is for people, several of whom may come from one address, and for programs with much to say.
var usual = RateLimits{Pages: 600, Forms: 120, Status: 600, Documents: 120, API: 3000, Webhooks: 12_000, Reports: 120}

// UnmarshalText reads off, on, or group=number for some of the groups, comma-separated; with on before them, they differ from
// what is usual.
func (l *RateLimits) UnmarshalText(text []byte) error {
	*l = RateLimits{}
	for i, part := range strings.Split(string(text), ",") {
		part = strings.TrimSpace(part)
		switch group, number, ok := strings.Cut(part, "="); {
		case ok:
			if err := l.set(strings.TrimSpace(group), strings.TrimSpace(number)); err != nil {
				return err
			}
		case part == "on" && i == 0:
			*l = usual
		case part == "off" && i == 0:
		default:
			return fmt.Errorf("%q is none of off, on, group=number", part)
		}
	}
	return nil
}

func (l *RateLimits) set(group, number string) error {
	n, err := strconv.Atoi(number)
	if err != nil || n < 0 {
		return fmt.Errorf("%s: %q is no number of requests a minute", group, number)
	}
	fields := reflect.VisibleFields(reflect.TypeFor[RateLimits]())
	i := slices.IndexFunc(fields, func(f reflect.StructField) bool { return strings.EqualFold(f.Name, group) })
	if i < 0 {
		return fmt.Errorf("%q is none of the groups pages, forms, status, documents, api, webhooks, reports", group)
	}
	reflect.ValueOf(l).Elem().Field(i).SetInt(int64(n))
	return nil
}
