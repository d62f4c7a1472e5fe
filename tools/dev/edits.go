package main

import (
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
)

// sources are the kinds of file that the portal is made of or reads when it starts.
var sources = []string{".go", ".templ", ".css", ".js", ".svg", ".png", ".woff2", ".toml", ".sql"}

// fingerprint changes whenever a source is edited, added or removed.
func fingerprint(root string) uint64 {
	sum := fnv.New64a()
	_ = fs.WalkDir(os.DirFS(root), ".", func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil: // gone while we looked: the next look is right
			return nil
		case entry.IsDir() && skipped(file):
			return fs.SkipDir
		case entry.IsDir() || !slices.Contains(sources, path.Ext(file)) || strings.HasSuffix(file, "_templ.go"):
			return nil
		}
		if info, err := entry.Info(); err == nil {
			fmt.Fprintln(sum, file, info.ModTime().UnixNano(), info.Size())
		}
		return nil
	})
	return sum.Sum64()
}

func skipped(dir string) bool {
	name := path.Base(dir)
	return dir == "bin" || dir == "tmp" || name == "node_modules" || dir != "." && strings.HasPrefix(name, ".")
}
