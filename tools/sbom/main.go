// Command sbom tells what a built program consists of: `make sbom` has it write a list of its modules in CycloneDX's format,
// and their licences in full, as those want to be handed on with the program. It reads the modules from the program itself, so
// that what is only built or tested with is not among them, and fails on a licence that nobody has agreed to.
//
// Both files are the same each time for the same program.
package main

import (
	"debug/buildinfo"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	program := flag.String("program", "", "the built program")
	version := flag.String("version", "", "the version that it was built as")
	source := flag.String("source", ".", "the folder that it was built from")
	out := flag.String("out", ".", "the folder to write sbom.cdx.json and licences.txt to")
	flag.Parse()
	if err := run(*program, *version, *source, *out); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

func run(program, version, source, out string) error {
	build, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	modules, err := modulesOf(build, source)
	if err != nil {
		return err
	}
	sum, err := sumOf(program)
	if err != nil {
		return err
	}
	return errors.Join(
		write(filepath.Join(out, "sbom.cdx.json"), bill(build, version, sum, modules)),
		write(filepath.Join(out, "licences.txt"), texts(modules)),
	)
}
