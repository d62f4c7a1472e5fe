package bench

import (
	"math/rand/v2"
	"testing"
	"time"
)

// soaked are samples of portals that are new for the first minutes, whose memory comes and goes with collections, and that leak so
// many megabytes a minute in the given way.
func soaked(length time.Duration, seed uint64, leak func(s *sample, minutes float64)) []sample {
	source := rand.New(rand.NewPCG(seed, 0))
	list := make([]sample, length/sampleEvery)
	for i := range list {
		s := sample{at: time.Duration(i+1) * sampleEvery, resident: 150 << 20, live: 60 << 20, goroutines: 600, connecting: 40, handles: 300}
		young := min(s.at.Minutes(), 1)
		s.resident *= 0.5 + 0.5*young
		s.live *= 0.5 + 0.5*young
		s.resident += 12 * source.NormFloat64() * (1 << 20)
		s.live += 4 * source.NormFloat64() * (1 << 20)
		s.goroutines += 10 * source.NormFloat64()
		s.handles += 8 * source.NormFloat64()
		s.connecting += float64(source.IntN(4))
		leak(&s, s.at.Minutes())
		list[i] = s
	}
	return list
}

// notFlat names what has grown.
func notFlat(samples []sample) (names []string) {
	for _, h := range holdings {
		if _, _, flat := h.grown(samples); !flat {
			names = append(names, h.name)
		}
	}
	return names
}

func TestALeakIsFoundWithinAnHour(t *testing.T) {
	t.Parallel()
	for name, leak := range map[string]func(s *sample, minutes float64){
		"memory MB":    func(s *sample, minutes float64) { s.resident += minutes * (1 << 20) },
		"live heap MB": func(s *sample, minutes float64) { s.live += minutes * (1 << 20) },
		"goroutines":   func(s *sample, minutes float64) { s.goroutines += 2 * minutes },
		"connections":  func(s *sample, minutes float64) { s.connecting += minutes / 3 },
		"file handles": func(s *sample, minutes float64) { s.handles += 2 * minutes },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(100) {
				if found := notFlat(soaked(time.Hour, seed, leak)); len(found) != 1 || found[0] != name {
					t.Errorf("seed %d: %q has grown", seed, found)
				}
			}
		})
	}
}

func TestNoiseIsNoLeak(t *testing.T) {
	t.Parallel()
	for _, length := range []time.Duration{10 * time.Second, 2 * time.Minute, 5 * time.Minute, time.Hour} {
		for seed := range uint64(200) {
			if found := notFlat(soaked(length, seed, func(*sample, float64) {})); len(found) > 0 {
				t.Errorf("%s, seed %d: %q has grown", length, seed, found)
			}
		}
	}
}
