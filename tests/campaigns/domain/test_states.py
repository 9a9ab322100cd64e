import pytest

from campaigns.domain.states import (
    CAMPAIGN,
    ENDED_MESSAGES,
    MAILING,
    MESSAGE,
    OPEN_MESSAGES,
    CampaignState,
    MailingState,
    MessageState,
)
from core.errors import Conflict


@pytest.mark.parametrize(
    ("machine", "states"), [(CAMPAIGN, CampaignState), (MAILING, MailingState), (MESSAGE, MessageState)]
)
def test_every_state_has_a_row_and_none_leads_to_itself(machine, states):
    assert set(machine.moves) == set(states)
    assert all(not machine.allows(state, state) for state in states)


def test_an_allowed_move_passes_silently():
    CAMPAIGN.require(CampaignState.DRAFT, CampaignState.SCHEDULED)


def test_a_forbidden_move_says_which_moves_are_possible():
    with pytest.raises(Conflict) as refused:
        CAMPAIGN.require(CampaignState.PAUSED, CampaignState.DRAFT, name="spring")
    assert refused.value.message == "The campaign “spring” is paused and cannot become draft."
    assert refused.value.remedy == "From there it can become: cancelled, sending."


@pytest.mark.parametrize("wished", [CampaignState.PAUSED, CampaignState.CANCELLED])
def test_what_is_finished_says_that_nothing_is_left(wished):
    with pytest.raises(Conflict) as refused:
        CAMPAIGN.require(CampaignState.FINISHED, wished, name="spring")
    assert refused.value.message == f"The campaign “spring” is finished and cannot become {wished}."
    assert refused.value.remedy == "It is finished; nothing of it is left to stop or change."


def test_a_final_state_says_that_it_is_final():
    with pytest.raises(Conflict, match="That state is final"):
        MAILING.require(MailingState.CANCELLED, MailingState.SENDING)
    assert MAILING.is_final(MailingState.CANCELLED)
    assert not MAILING.is_final(MailingState.SENDING)


def test_the_sources_of_a_state_are_those_that_may_become_it():
    assert set(MAILING.sources(MailingState.SENDING)) == {
        MailingState.PLANNED,
        MailingState.PAUSED,
        MailingState.FINISHED,
    }


def test_g7_every_message_is_open_ended_or_excluded():
    assert {*OPEN_MESSAGES, *ENDED_MESSAGES, MessageState.EXCLUDED} == set(MessageState)
    assert not set(OPEN_MESSAGES) & set(ENDED_MESSAGES)


def test_g6_nothing_that_ended_is_sent_again_but_an_unknown_that_an_operator_decides_about():
    again = {old for old in ENDED_MESSAGES if MESSAGE.allows(old, MessageState.PLANNED)}
    assert again == {MessageState.UNKNOWN}
