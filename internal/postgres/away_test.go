package postgres_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"portal/internal/localpg"
	"portal/internal/postgres"
)

func TestWhatWaitingMendsAndWhatNot(t *testing.T) {
	t.Parallel()
	const routine = "exec_bind_message" // only Postgres itself says which
	for name, c := range map[string]struct {
		err  error
		away bool
	}{
		"no time left":                  {context.DeadlineExceeded, true},
		"closed connection":             {io.ErrUnexpectedEOF, true},
		"no such host yet":              {&net.DNSError{IsNotFound: true}, true},
		"refused connection":            {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, true},
		"connection failure":            {&pgconn.PgError{Code: "08006"}, true},
		"trouble of a pooler":           {&pgconn.PgError{Code: "08P01"}, true},
		"protocol violation":            {&pgconn.PgError{Code: "08P01", Routine: routine}, false},
		"deadlock":                      {&pgconn.PgError{Code: "40P01", Routine: routine}, true},
		"too many connections":          {&pgconn.PgError{Code: "53300", Routine: routine}, true},
		"restart":                       {&pgconn.PgError{Code: "57P01", Routine: routine}, true},
		"starting":                      {&pgconn.PgError{Code: "57P03", Routine: routine}, true},
		"standby":                       {&pgconn.PgError{Code: "25006", Routine: routine}, true},
		"dropped database":              {&pgconn.PgError{Code: "57P04", Routine: routine}, false},
		"wrong password":                {&pgconn.PgError{Code: "28P01", Routine: routine}, false},
		"unknown to pg_hba.conf":        {&pgconn.PgError{Code: "28000", Routine: routine}, false},
		"no such database":              {&pgconn.PgError{Code: "3D000", Routine: routine}, false},
		"no such table":                 {&pgconn.PgError{Code: "42P01", Routine: routine}, false},
		"nothing said":                  {&pgconn.PgError{}, false},
		"client's certificate declined": {&net.OpError{Op: "remote error", Err: errors.New("tls: certificate required")}, false},
	} {
		for _, err := range []error{c.err, fmt.Errorf("doing something: %w", c.err)} {
			if postgres.Away(err) != c.away {
				t.Errorf("%s: away is %t", name, !c.away)
			}
		}
	}
	if postgres.Away(nil) {
		t.Error("no error: away")
	}
}

func TestAServerThatIsNotTrustedIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	strange := strangeServer(t, 'S', func(conn net.Conn, certificate tls.Certificate) {
		_ = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate}}).Handshake()
	})
	garbled := strangeServer(t, 'S', func(conn net.Conn, _ tls.Certificate) { _, _ = conn.Write([]byte("what is TLS?")) })
	starting := strangeServer(t, 'N', func(conn net.Conn, _ tls.Certificate) {
		b := pgproto3.NewBackend(conn, conn)
		_, _ = b.ReceiveStartupMessage()
		b.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "57P03", Routine: "ProcessStartupPacket"})
		_ = b.Flush()
	})
	for name, c := range map[string]struct {
		url  string
		away bool
	}{
		"an unknown authority, name":       {strange + "?sslmode=verify-full", false},
		"an unknown authority":             {strange + "?sslmode=verify-ca", false},
		"no TLS but something else":        {garbled + "?sslmode=require", false},
		"no TLS, not required, and starts": {starting + "?sslmode=prefer", true},
		"no TLS though it is required":     {starting + "?sslmode=require", false},
		"nobody is there":                  {"postgres://portal@127.0.0.1:1/portal?sslmode=prefer", true},
	} {
		_, err := pgx.Connect(t.Context(), c.url)
		if err == nil || postgres.Away(err) != c.away {
			t.Errorf("%s: away is %t: %v", name, !c.away, err)
		}
	}
}

func TestAPoolersTroubleWithPostgresIsAway(t *testing.T) {
	t.Parallel()
	cluster := localpg.NewCluster(t)
	pool, err := postgres.ConnectPooled(t.Context(), cluster.NewPooled(t, "portal", 2))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	answer := make(chan error, 1)
	go func() {
		_, err := pool.Exec(t.Context(), "select pg_sleep(60)")
		answer <- err
	}()
	for asleep := false; !asleep; {
		const look = "select exists (select from pg_stat_activity where wait_event = 'PgSleep')"
		if err := pool.QueryRow(t.Context(), look).Scan(&asleep); err != nil {
			t.Fatal(err)
		}
	}
	if err := cluster.Kill(); err != nil {
		t.Fatal(err)
	}
	err = <-answer
	if answered, ok := errors.AsType[*pgconn.PgError](err); !ok || answered.Code != "08P01" || !postgres.Away(err) {
		t.Errorf("it says: %v", err)
	}
}

// strangeServer answers the question for TLS with a letter and goes on as told. It returns its URL.
func strangeServer(t *testing.T, answer byte, goOn func(net.Conn, tls.Certificate)) string {
	t.Helper()
	certificate := selfMade(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			greet(conn, answer)
			goOn(conn, certificate)
			_ = conn.Close()
		}
	}()
	return "postgres://portal@" + l.Addr().String() + "/portal"
}

// selfMade is a certificate that nobody vouches for.
func selfMade(t *testing.T) tls.Certificate {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	what := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	text, err := x509.CreateCertificate(rand.Reader, what, what, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{text}, PrivateKey: private}
}

// greet answers whether there is TLS. Who does not ask has begun without.
func greet(conn net.Conn, answer byte) {
	var question [8]byte // a length and a code
	_, _ = io.ReadFull(conn, question[:])
	_, _ = conn.Write([]byte{answer})
}
