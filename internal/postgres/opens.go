package postgres

import (
	"context"
	"slices"

	"portal/internal/seal"
)

// SealedColumn is how much of a column is sealed, and whether it can be read.
type SealedColumn struct {
	Name    string
	Values  int
	Tried   int // those that were opened, or were to be
	Foreign int // those of all values that were sealed by keys which the keyset lacks
	Broken  int // those of the tried ones that do not open though their key is there
}

// Opens looks at everything that is sealed, changes nothing, and opens up to most values of each key in each column.
func (s *Store) Opens(ctx context.Context, most int) ([]SealedColumn, error) {
	known := s.keys.Keys()
	tried := map[seal.KeyID]int{}
	var columns []SealedColumn
	err := s.eachSealed(ctx, func(c sealedColumn, found []sealedValue) error {
		if len(columns) == 0 || columns[len(columns)-1].Name != c.name() {
			columns = append(columns, SealedColumn{Name: c.name()})
			clear(tried)
		}
		s.tryAll(&columns[len(columns)-1], found, known, tried, most)
		return nil
	})
	return columns, err
}

// OpensSample is [Store.Opens] of the first rows of each column, which are mostly the oldest.
func (s *Store) OpensSample(ctx context.Context, most int) ([]SealedColumn, error) {
	known := s.keys.Keys()
	columns := make([]SealedColumn, len(sealedColumns))
	for i, c := range sealedColumns {
		columns[i].Name = c.name()
		found, _, _, err := s.sealedAfter(ctx, c, nil)
		if err != nil {
			return nil, fault("looking into "+columns[i].Name, err)
		}
		s.tryAll(&columns[i], found, known, map[seal.KeyID]int{}, most)
	}
	return columns, nil
}

// tryAll counts values, and opens up to most of each key, of which so many were tried already.
func (s *Store) tryAll(here *SealedColumn, found []sealedValue, known []seal.KeyID, tried map[seal.KeyID]int, most int) {
	for _, v := range found {
		here.Values++
		id, ok := seal.KeyOf(v.sealed)
		switch {
		case !ok || !slices.Contains(known, id):
			here.Foreign++
		case tried[id] < most:
			tried[id]++
			here.Tried++
			if _, err := s.keys.Open(v.sealed, v.place); err != nil {
				here.Broken++
			}
		}
	}
}
