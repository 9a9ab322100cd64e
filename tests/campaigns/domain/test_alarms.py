import pytest

from campaigns.domain.alarms import what_happened, what_to_do
from campaigns.domain.tripwires import Tripped, Wire


@pytest.mark.parametrize("wire", Wire)
def test_each_wire_says_what_it_saw_and_what_to_do(wire):
    alarm = Tripped(wire, 12, 60, 0.05)
    assert "12 of 60" in what_happened(alarm)
    assert "20.0%, and it pauses at 5.0%" in what_happened(alarm)
    assert what_to_do(alarm).endswith(".")
