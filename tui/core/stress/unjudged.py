"""Why a limit of a stress has no figure, and what would help."""

from __future__ import annotations

from tui.core.proof import Shortfall
from tui.core.stress.view import Recovery

LITTLE_BEFORE = "too little was measured before the stress"
FEW_CHECKS_BEFORE = "too few health checks were answered before the stress"
NONE_BEFORE = "no request succeeded before the stress"
BAD_BEFORE = "it was not within the thresholds before the stress either"
DISTURBED = "the measurement itself was disturbed"
TOO_BRIEF = "watched too briefly"
NOT_ASKED = "its health check was not asked under stress"
UNANSWERED = "health checks were not answered"
"""Behind how many of how many."""
LONGER_BEFORE = "watch it longer before the stress (stress.before)"
LONGER_AFTER = "watch it longer (stress.after)"
ADVICE = {
    LITTLE_BEFORE: LONGER_BEFORE,
    FEW_CHECKS_BEFORE: f"{LONGER_BEFORE}, and see that it answers its health check then",
    NONE_BEFORE: "see why the service answers nothing, before anything is done to it",
    BAD_BEFORE: "mend that first, or ask for what it keeps while nothing is done to it",
    DISTURBED: "leave the board alone and run it again",
    TOO_BRIEF: LONGER_AFTER,
    NOT_ASKED: "see why, in the log, then run it again",
}
BACK_UP = "see why it did not answer: a ratio of the others alone would flatter it"
MORE_LOAD = "put more load on it (load.users): its windows hold too few requests"


def unjudged(recovery: Recovery | None) -> Shortfall | None:
    """None where it came back, or there was no release to come back from."""
    if recovery is None or recovery.recovered_s is not None:
        return None
    if not recovery.why:
        return Shortfall("", LONGER_AFTER)
    return Shortfall(recovery.why, ADVICE.get(recovery.why, MORE_LOAD))


def lacking(why: str) -> Shortfall:
    """A reason with what helps against it."""
    return Shortfall(why, BACK_UP if why.endswith(UNANSWERED) else ADVICE.get(why, "run it longer"))
