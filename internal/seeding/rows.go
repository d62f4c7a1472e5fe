package seeding

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
)

// rows are rows of one table in the form in which COPY takes them (Postgres manual, "COPY", "Binary Format"). They are
// written without an allocation a value, since five million registrations have half a billion values.
type rows struct {
	buf []byte
	n   int
}

// copyHead is the signature, the flags and the length of the extension that a binary COPY begins with; copyEnd ends it.
var (
	copyHead = []byte("PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00")
	copyEnd  = []byte("\xff\xff")
)

// reader reads the rows as Postgres wants them.
func (r *rows) reader() io.Reader {
	return io.MultiReader(bytes.NewReader(copyHead), bytes.NewReader(r.buf), bytes.NewReader(copyEnd))
}

// begin begins a row of so many values, which follow in the order of the table's columns.
func (r *rows) begin(columns int) *rows {
	r.n++
	r.buf = binary.BigEndian.AppendUint16(r.buf, uint16(columns))
	return r
}

func (r *rows) length(n int) { r.buf = binary.BigEndian.AppendUint32(r.buf, uint32(n)) }

// null is a value that is not known.
func (r *rows) null() *rows {
	r.buf = append(r.buf, 0xff, 0xff, 0xff, 0xff)
	return r
}

func (r *rows) text(s string) *rows {
	r.length(len(s))
	r.buf = append(r.buf, s...)
	return r
}

// maybe is a text that is null where it is empty.
func (r *rows) maybe(s string) *rows {
	if s == "" {
		return r.null()
	}
	return r.text(s)
}

// bytes are null where they are nil.
func (r *rows) bytes(b []byte) *rows {
	if b == nil {
		return r.null()
	}
	r.length(len(b))
	r.buf = append(r.buf, b...)
	return r
}

func (r *rows) uuid(id uuid.UUID) *rows { return r.bytes(id[:]) }

func (r *rows) bool(b bool) *rows {
	r.length(1)
	if b {
		r.buf = append(r.buf, 1)
	} else {
		r.buf = append(r.buf, 0)
	}
	return r
}

func (r *rows) int(n int) *rows {
	r.length(4)
	r.buf = binary.BigEndian.AppendUint32(r.buf, uint32(n))
	return r
}

func (r *rows) bigint(n int64) *rows {
	r.length(8)
	r.buf = binary.BigEndian.AppendUint64(r.buf, uint64(n))
	return r
}

func (r *rows) float(bits uint64) *rows {
	r.length(8)
	r.buf = binary.BigEndian.AppendUint64(r.buf, bits)
	return r
}

// epoch is where Postgres counts time from, in microseconds.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// at is null where the time is zero.
func (r *rows) at(t time.Time) *rows {
	if t.IsZero() {
		return r.null()
	}
	return r.bigint(t.Sub(epoch).Microseconds())
}

// textType is the number of the type text in Postgres.
const textType = 25

// texts is an array of texts.
func (r *rows) texts(list []string) *rows {
	if len(list) == 0 {
		r.length(12)
		r.length(0)
		r.length(0)
		r.length(textType)
		return r
	}
	size := 20
	for _, s := range list {
		size += 4 + len(s)
	}
	r.length(size)
	for _, word := range []int{1, 0, textType, len(list), 1} { // dimensions, nulls, type, length, first index
		r.length(word)
	}
	for _, s := range list {
		r.text(s)
	}
	return r
}

// table is a table that is filled, and the columns that are.
type table struct {
	name    string
	columns []string
}

func newTable(name, columns string) *table { return &table{name, strings.Fields(columns)} }

// copying is the statement that takes rows. They are frozen, so that nothing has to touch them again while pages are measured;
// that takes a table which the same transaction has truncated.
func (t *table) copying() string {
	return fmt.Sprintf("copy %s (%s) from stdin (format binary, freeze)", t.name, strings.Join(t.columns, ", "))
}
