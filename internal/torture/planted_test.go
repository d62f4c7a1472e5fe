package torture

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// A harness that finds nothing proves nothing: nine bugs that are planted behind build tags must be found.
func TestPlantedBugsAreFound(t *testing.T) {
	t.Parallel()
	for tag, sign := range map[string]string{
		"plant_no_lease":  `were created, |went from |and should hold|is stored over what was read`,  // steps are taken without a lease
		"plant_early_ack": `acknowledged,? and|told how its form ended|orphans known`,                // 200 is answered before the commit
		"plant_hasty":     `neither its own nor flagged|as an orphan|that is not told|orphans known`, // what a look-up does not find counts at once
		"plant_blind":     `what the stranger has left|is 0 times a`,                                 // others' changes are written over
		"plant_green":     `and should be (checking|open): its applicant is`,                         // a GREEN counts whatever the status
		"plant_stale":     `is stored over what was read`,                                            // an older read is stored over a newer one
		"plant_twoways":   `is no document of the portal's`,                                          // two are sent to one place at once
		"plant_untidy":    `is checked by`,                                                           // what was replaced counts on
		"plant_bare":      `tells of the shares|in its entry, and was told|share classes are`,        // of who is linked, shares and days are forgotten
	} {
		t.Run(tag, func(t *testing.T) {
			t.Parallel()
			out, err := exec.CommandContext(t.Context(), "go", "test", "-tags="+tag, "-count=1", "-run=^TestInside$", ".",
				"-torture.lanes=1", "-rapid.checks=500", "-rapid.nofailfile", "-rapid.shrinktime=0s").CombinedOutput()
			if _, failed := err.(*exec.ExitError); !failed {
				t.Fatalf("not found in 500 runs: %v\n%s", err, out)
			}
			violations, _, _ := strings.Cut(string(out), "what had happened:")
			if !regexp.MustCompile(sign).MatchString(violations) {
				t.Errorf("the run failed for another reason:\n%s", out)
			}
		})
	}
}
