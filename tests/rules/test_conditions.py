import pytest

from portal.rules.conditions import Condition, Unmet, first_unmet, refuse_unless_all

HELD = Condition("places.none_left", held=True)
BROKEN = Condition("makeup.not_available", held=False, values={"by": "14 March"})
ALSO_BROKEN = Condition("attendance.too_late", held=False)


def test_a_rule_that_holds_refuses_nobody() -> None:
    refuse_unless_all([HELD, HELD])
    assert first_unmet([HELD]) is None


def test_the_first_condition_that_is_not_held_is_the_one_told() -> None:
    with pytest.raises(Unmet) as refused:
        refuse_unless_all([HELD, BROKEN, ALSO_BROKEN])
    assert refused.value.message_key == "makeup.not_available"
    assert refused.value.values == {"by": "14 March"}
