package migrations_test

import (
	"fmt"
	"testing"

	"portal/migrations"
)

// queue are River's migrations: a new release of River may bring more.
var queue = []string{
	"river_001_create_river_migration",
	"river_002_initial_schema",
	"river_003_river_job_tags_non_null",
	"river_004_pending_and_more",
	"river_005_migration_unique_client",
	"river_006_bulk_unique",
	"river_007_notification_outbox_sqlite_jsonb_and_sql_cleanup",
	"river_008_job_id_autoincrement",
}

func TestCheckRefusesAnOlderJobQueue(t *testing.T) {
	t.Parallel()
	ctx, pool := t.Context(), emptyDatabase(t)
	mustUp(t, pool, older)
	if err := migrations.DownQueue(ctx, pool, len(queue)-1); err != nil {
		t.Fatal(err)
	}
	err := migrations.CheckAgainst(ctx, pool, older)
	wantError(t, err, fmt.Sprintf("the database job queue schema is at version %d and this portal needs %d: run `portal migrate up`",
		len(queue)-1, len(queue)))
	if err := migrations.DownQueue(ctx, pool, 0); err != nil {
		t.Fatal(err)
	}
	err = migrations.CheckAgainst(ctx, pool, older)
	wantError(t, err, fmt.Sprintf("the database has no job queue schema yet and this portal needs version %d: run `portal migrate up`", len(queue)))
	mustUp(t, pool, older)
	if err := migrations.CheckAgainst(ctx, pool, older); err != nil {
		t.Error(err)
	}
}
