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
		name := c.table + "." + c.column
		if len(columns) == 0 || columns[len(columns)-1].Name != name {
			columns = append(columns, SealedColumn{Name: name})
			clear(tried)
		}
		here := &columns[len(columns)-1]
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
		return nil
	})
	return columns, err
}
