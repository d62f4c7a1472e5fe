package migrations

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// grantRights gives the portal's roles what they may do with whatever is new: see 00017_roles.sql.
func grantRights(ctx context.Context, pool *pgxpool.Pool) error {
	const sql = `do $$ begin if to_regprocedure('grant_rights()') is not null then perform grant_rights(); end if; end $$`
	if _, err := pool.Exec(ctx, sql); err != nil {
		return fmt.Errorf("granting rights: %w", err)
	}
	return nil
}
