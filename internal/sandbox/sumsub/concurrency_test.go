package sumsub_test

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"

	"portal/internal/sandbox/sumsub"
)

func TestConcurrentUploadsOfOneFileAddItOnce(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{})
	id := a.create(t, "u-1", "id-only")
	file := picture(t, "p", "")
	contentType, body := form(t, part{name: "metadata", body: []byte(about("PASSPORT", ""))}, part{name: "content", fileName: "a.png", body: file})
	requests := make([]*http.Request, 20)
	for i := range requests {
		requests[i] = a.request(t, "POST", "/resources/applicants/"+id+"/info/idDoc", contentType, body)
	}
	var together sync.WaitGroup
	codes := make([]int, len(requests))
	for i, req := range requests {
		together.Go(func() {
			if resp, err := a.client.Do(req); err == nil {
				codes[i] = resp.StatusCode
				_ = resp.Body.Close()
			}
		})
	}
	together.Wait()

	counts := map[int]int{}
	for _, code := range codes {
		counts[code]++
	}
	if counts[200] != 1 || counts[409] != len(requests)-1 {
		t.Errorf("%v", counts)
	}
}

func TestEverythingMayHappenAtOnce(t *testing.T) {
	t.Parallel()
	a := open(t, sumsub.Options{Verdict: "green", ProcessingMS: 1})
	token := a.token(t, "u-0", "id-and-liveness")
	var together sync.WaitGroup
	for n := range 8 {
		together.Go(func() {
			id := a.create(t, fmt.Sprintf("u-%d", n+1), "id-only")
			a.give(t, id, "PASSPORT", "", "")
			a.askFor(t, id)
			a.status(t, id)
			_, _ = a.Detail(id)
			_, _ = a.TokenApplicant(token)
			_ = a.SetStatus(id, "onHold")
			_, _ = a.Save()
			a.Overviews(10)
		})
	}
	together.Wait()
	if got := len(a.Overviews(100)); got != 9 {
		t.Errorf("%d applicants", got)
	}
}

// zeros is a file of many bytes that is nowhere in memory.
type zeros struct{}

// Read is part of io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestLargeFilesAreNotHeld(t *testing.T) {
	a := open(t, sumsub.Options{})
	token := a.token(t, "u-1", "id-only")
	before := heap()
	var together sync.WaitGroup
	for n := range 40 {
		together.Go(func() {
			file := io.MultiReader(strings.NewReader(fmt.Sprintf("%%PDF-1.7 %d", n)), io.LimitReader(zeros{}, 10<<20))
			if _, err := a.SDKUpload(token, sumsub.SDKFile{Type: "PASSPORT", Country: "DEU", Content: file}); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("400 MB of files left %d bytes", grown)
	}
}

// heap is what is in use after everything else was collected.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
