import json

import pytest
from factories.casework import Life, closed, in_state, merged, suspended

from qinghuan.casework.codec import body_to_json, event_from_json, to_json
from qinghuan.casework.errors import ImpossibleHistory
from qinghuan.casework.model import Source
from qinghuan.casework.problem.events import Event
from qinghuan.casework.problem.evolve import fold
from qinghuan.casework.problem.states import State
from qinghuan.trace import canonical


def there_and_back(event: Event) -> Event:
    words = json.loads(json.dumps([to_json(event.actor), body_to_json(event)]))
    return event_from_json(event.type, event.at, *words)


@pytest.mark.parametrize(
    "life", [closed(Source.SENSOR), suspended(), merged(), in_state(State.REFUSED)]
)
def test_a_history_read_back_makes_the_same_case(life: Life) -> None:
    back = [there_and_back(event) for event in life.events]

    assert back == life.events
    assert fold(back) == life.case


def test_events_hold_nothing_a_record_may_not_hold() -> None:
    for event in closed().events:
        assert canonical.encode(body_to_json(event))


def test_an_event_nobody_knows_is_refused() -> None:
    with pytest.raises(ImpossibleHistory):
        event_from_json("CaseEaten", closed().at, {}, {})
