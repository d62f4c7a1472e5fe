package doctor_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"portal/internal/doctor"
)

func TestOnlyACheckedConnectionToElsewhereIsWell(t *testing.T) {
	t.Parallel()
	for url, want := range map[string]doctor.State{
		"postgres://portal@127.0.0.1/portal":                                                   doctor.Fine,
		"postgres://portal@localhost/portal?sslmode=disable":                                   doctor.Fine,
		"postgres://portal@[::1]/portal":                                                       doctor.Fine,
		"postgres:///portal?host=/run/postgresql":                                              doctor.Fine,
		"postgres://portal@db.example.com/portal":                                              doctor.Doubt, // prefer
		"postgres://portal@db.example.com/portal?sslmode=disable":                              doctor.Doubt,
		"postgres://portal@db.example.com/portal?sslmode=require":                              doctor.Doubt,
		"postgres://portal@192.0.2.1/portal?sslmode=verify-full":                               doctor.Fine,
		"postgres://portal@a.example.com,b.example.com/portal?sslmode=verify-full":             doctor.Fine,
		"postgres://portal@a.example.com,b.example.com/portal?target_session_attrs=read-write": doctor.Doubt,
	} {
		pool, err := pgxpool.New(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		if got := (doctor.Database{Pool: pool}).Transport(); got.State != want {
			t.Errorf("%s: %s: %s", url, got.State, got.What)
		}
		pool.Close()
	}
}
