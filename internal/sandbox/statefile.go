package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// SaveFile writes the state to a file that only its owner can read, whole or not at all.
func (s *Sandbox) SaveFile(path string) error {
	state, err := s.Save()
	if err != nil {
		return err
	}
	content, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the state: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".sandbox-state-*")
	if err != nil {
		return fmt.Errorf("saving the state: %w", err)
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("saving the state: %w", errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}

// LoadFile reads the state from a file. One that does not exist leaves the sandbox at its start.
func (s *Sandbox) LoadFile(path string) error {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("loading the state: %w", err)
	}
	if err := s.loadFrom(bytes.NewReader(content)); err != nil {
		return fmt.Errorf("loading the state from %s: %w", path, err)
	}
	return nil
}

// loadFrom loads a state that is written as JSON.
func (s *Sandbox) loadFrom(r io.Reader) error {
	var state State
	if err := readFrom(r, &state); err != nil {
		return err
	}
	return s.Load(state)
}
