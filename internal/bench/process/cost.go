package process

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit in which Linux tells processor time.
const tick = 10 * time.Millisecond

// CPU is how long the process and its children have had a processor so far, in user and system mode.
func (p *Process) CPU() (total time.Duration, err error) {
	family, err := p.family()
	if err != nil {
		return 0, err
	}
	for _, one := range family {
		total += one.cpu
	}
	return total, nil
}

// Resident is how much memory the process and its children hold, in bytes. What several of them share counts for each.
func (p *Process) Resident() (total int64, err error) {
	family, err := p.family()
	if err != nil {
		return 0, err
	}
	for _, one := range family {
		total += one.pages * int64(os.Getpagesize())
	}
	return total, nil
}

// family is the process and its children, which nginx leaves the work to.
func (p *Process) family() ([]standing, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	var family []standing
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		s, err := parseStat(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if s.pid == p.PID() || s.parent == p.PID() {
			family = append(family, s)
		}
	}
	if len(family) == 0 {
		return nil, fmt.Errorf("%s has ended", p.cmd.Path)
	}
	return family, nil
}

// standing is what the kernel says of a process.
type standing struct {
	pid, parent int
	cpu         time.Duration
	pages       int64 // of memory that it holds
}

// parseStat reads a stat file of proc(5). Its second field is the program's name in parentheses, which may hold anything.
func parseStat(text []byte) (standing, error) {
	at := bytes.LastIndex(text, []byte(") "))
	if at < 0 {
		return standing{}, errStat
	}
	pid, _, _ := strings.Cut(string(text), " ")
	fields := append([]string{pid, ""}, strings.Fields(string(text[at+2:]))...)
	const parent, user, system, resident = 3, 13, 14, 23 // proc(5) counts from one
	if len(fields) <= resident {
		return standing{}, errStat
	}
	var wrong error
	number := func(field int) int64 {
		n, err := strconv.ParseInt(fields[field], 10, 64)
		wrong = errors.Join(wrong, err)
		return n
	}
	s := standing{
		pid: int(number(0)), parent: int(number(parent)), pages: number(resident),
		cpu: time.Duration(number(user)+number(system)) * tick,
	}
	return s, wrong
}

// errStat is of a file that is not as proc(5) says.
var errStat = errors.New("not the state of a process")
