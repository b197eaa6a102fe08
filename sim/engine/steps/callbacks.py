"""What happens to a caller who is called back: she keeps her place, is rung, answers or not."""

from sim.core.clock import CELL_MS
from sim.core.moments import FIRST_LEG
from sim.core.rules import routine, rule
from sim.core.tables import DUE_LATER, NOBODY, NOT_REACHED, NOT_YET, RINGING, TO_BE_CALLED
from sim.domain.channels.callback import accepts, is_offered, is_there
from sim.domain.contacts.patience import FOR_EVER_MS
from sim.domain.contacts.redials import when_open_ms
from sim.engine.steps.calls_only import may_be_more
from sim.engine.steps.chats import TALK
from sim.engine.steps.contact import NO_MOMENT, end_unanswered


@rule
def has_callbacks(plan, contacts, row):
    """Whether callers of the type may be called back; not who is handed on."""
    if not may_be_more(plan) or contacts[row].leg != FIRST_LEG:
        return False
    return plan.callbacks[contacts[row].type].above_ms >= 0


@rule
def takes_callback(plan, contacts, row, expected_ms):
    """Whether she is offered a callback, and accepts."""
    type_ = contacts[row].type
    if not is_offered(plan.callbacks, type_, expected_ms):
        return False
    return accepts(plan.callbacks, type_, contacts[row].luck, contacts[row].attempt)


@rule
def wait_to_be_called(contacts, row):
    """She has hung up and keeps her place; nobody gives that up."""
    contacts[row].rung = max(1, contacts[row].rung)
    contacts[row].phase = TO_BE_CALLED
    contacts[row].until_ms = FOR_EVER_MS


@rule
def is_called_back(plan, contacts, row):
    """Whether an agent calls her, now that her turn has come."""
    return may_be_more(plan) and contacts[row].phase == TO_BE_CALLED


@rule
def is_due_back(contacts, row):
    """Whether she waits for a further call, and not to call again herself."""
    return contacts[row].phase == DUE_LATER and contacts[row].arrived_ms != NOT_YET


@routine
def ring_back(plan, contacts, desk_ms, row, now_ms, group, seat):
    """An agent calls her."""
    contacts[row].group = group
    contacts[row].seat = seat
    contacts[row].phase = RINGING
    contacts[row].until_ms = now_ms + plan.callbacks[contacts[row].type].ring_ms
    book_ringing(plan, contacts, desk_ms, row, now_ms)


@routine
def book_ringing(plan, contacts, desk_ms, row, from_ms):
    """Book the agent's time of ringing that lies in this span: desk_ms [group, part, cell]."""
    first_cell = plan.demand.first_cell
    to_ms = min(contacts[row].until_ms, (first_cell + desk_ms.shape[2]) * CELL_MS)
    while from_ms < to_ms:
        cell = from_ms // CELL_MS
        until_ms = min(to_ms, (cell + 1) * CELL_MS)
        desk_ms[contacts[row].group, TALK, cell - first_cell] += until_ms - from_ms
        from_ms = until_ms


@rule
def answers_call(plan, contacts, row):
    """Whether she answers now."""
    type_, luck, attempt = contacts[row].type, contacts[row].luck, contacts[row].attempt
    return is_there(plan.callbacks, type_, luck, attempt, contacts[row].rung)


@routine
def try_again(plan, contacts, row, now_ms):
    """She was not reached: returns when she is called next; NO_MOMENT: that was the last time."""
    type_, luck, attempt = contacts[row].type, contacts[row].luck, contacts[row].attempt
    if contacts[row].rung >= plan.callbacks[type_].attempts:
        end_unanswered(contacts, row, now_ms, NOT_REACHED)
        return NO_MOMENT
    contacts[row].rung += 1
    contacts[row].group = NOBODY
    contacts[row].seat = NOBODY
    contacts[row].phase = DUE_LATER
    due_ms = now_ms + plan.callbacks[type_].retry_ms
    contacts[row].until_ms = when_open_ms(plan.demand, type_, due_ms, luck, attempt)
    return contacts[row].until_ms
