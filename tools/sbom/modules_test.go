package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`

const gpl = `This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.`

// moduleWith is read from files; the program is built from its root and from inner/part.
func moduleWith(t *testing.T, files map[string]string) (module, error) {
	t.Helper()
	root := t.TempDir()
	part := filepath.Join(root, "inner", "part")
	for _, dir := range []string{part, filepath.Join(root, "other")} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	from := &sources{root, []string{"."}}
	if err := from.add(part); err != nil {
		t.Fatal(err)
	}
	m := module{path: "example.com/m", version: "v1.0.0"}
	err := m.read(from)
	return m, err
}

func TestLicencesAreThoseOfWhatIsBuilt(t *testing.T) {
	t.Parallel()
	m, err := moduleWith(t, map[string]string{
		"LICENSE": mit, "NOTICE": "Made by somebody.", "inner/LICENSE.txt": mit, "inner/part/COPYING": mit, "inner/part/notice.go": "package part", "other/LICENSE": gpl,
	})
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, text := range m.texts {
		files = append(files, text.file)
	}
	if want := []string{"LICENSE", "NOTICE", "inner/LICENSE.txt", "inner/part/COPYING"}; !slices.Equal(files, want) {
		t.Errorf("handed on are %q, want %q", files, want)
	}
	if !slices.Equal(m.licences, []string{"MIT"}) {
		t.Errorf("its licences are %q", m.licences)
	}
}

func TestALicenceThatNobodyAgreedToIsAnError(t *testing.T) {
	t.Parallel()
	for want, files := range map[string]map[string]string{
		"no licence is found":                        {"README": mit},
		"nobody has agreed to":                       {"LICENSE": mit, "inner/part/LICENSE": gpl},
		"nobody knows what licence LICENSE-extra is": {"LICENSE": mit, "LICENSE-extra": "Ask us before you use this."},
	} {
		if _, err := moduleWith(t, files); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
