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
func (p *Process) CPU() (time.Duration, error) {
	family, err := p.family()
	return family.cpu(), err
}

// CPUOfParent is that of the parent of a process and of the parent's children: of Postgres, one of whose connections the
// process serves.
func CPUOfParent(pid int) (time.Duration, error) {
	all, err := processes()
	if err != nil {
		return 0, err
	}
	for _, one := range all {
		if one.pid == pid {
			return all.of(one.parent).cpu(), nil
		}
	}
	return 0, fmt.Errorf("there is no process %d", pid)
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
func (p *Process) family() (family, error) {
	all, err := processes()
	if err != nil {
		return nil, err
	}
	own := all.of(p.PID())
	if len(own) == 0 {
		return nil, fmt.Errorf("%s has ended", p.Path)
	}
	return own, nil
}

// family is processes that are looked at together.
type family []standing

// processes are all of this machine.
func processes() (all family, err error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended meanwhile
		}
		s, err := parseStat(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, s)
	}
	return all, nil
}

// of is a process and its children.
func (f family) of(pid int) (own family) {
	for _, one := range f {
		if one.pid == pid || one.parent == pid {
			own = append(own, one)
		}
	}
	return own
}

func (f family) cpu() (total time.Duration) {
	for _, one := range f {
		total += one.cpu
	}
	return total
}

// standing is what the kernel says of a process.
type standing struct {
	pid, parent int
	cpu         time.Duration // of its own, and of children that have ended
	pages       int64         // of memory that it holds
}

// parseStat reads a stat file of proc(5). Its second field is the program's name in parentheses, which may hold anything.
func parseStat(text []byte) (standing, error) {
	at := bytes.LastIndex(text, []byte(") "))
	if at < 0 {
		return standing{}, errStat
	}
	pid, _, _ := strings.Cut(string(text), " ")
	fields := append([]string{pid, ""}, strings.Fields(string(text[at+2:]))...)
	const parent, user, system, childrenUser, childrenSystem, resident = 3, 13, 14, 15, 16, 23 // proc(5) counts from one
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
		cpu: time.Duration(number(user)+number(system)+number(childrenUser)+number(childrenSystem)) * tick,
	}
	return s, wrong
}

// errStat is of a file that is not as proc(5) says.
var errStat = errors.New("not the state of a process")
