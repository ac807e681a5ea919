"""What holds of a home at any time, whatever happened to it."""

from itertools import pairwise

from custom_components.clip_consent.core import flow
from custom_components.clip_consent.core.models import Case, CaseState, Delivery, Way
from custom_components.clip_consent.core.outgoing import needs_key

from .life_home import LifeHome
from .life_record import Replay, check_chain, stage


def check_offers(home: LifeHome) -> None:
    """An offer is what was shown, of the draft that is there, by the rules of then."""
    for case in home.books.cases.values():
        if case.offer is None:
            continue
        offer, said = case.offer, case.screening
        shown = home.shown[offer.offer_id]
        assert case.state is CaseState.WAITING
        assert offer.offer_id not in home.void
        assert case.draft
        assert case.draft.sha256 == offer.sha256 == shown.sha256
        assert case.draft.choice.identity == offer.identity == shown.identity
        assert said
        assert not needs_key(case)  # there is somebody it can be sealed to
        assert (said.verdict, said.constraints) == (shown.verdict, shown.constraints)
        assert (case.case_id, offer.recipient, offer.destination) == (
            *(shown.case_id, shown.recipient, shown.destination),
        )
        first = offer.first.user_id if offer.first else None
        assert first == home.books.first.get(offer.offer_id)


def check_deliveries(home: LifeHome) -> None:
    """What is on its way stands, what went out is what was noted, each once."""
    books = home.books
    assert max(home.used.values(), default=0) <= 1
    for case in books.cases.values():
        assert bool(case.delivery) is (case.state in flow.ON_ITS_WAY)
        if case.delivery:
            assert case.delivery.consent.consent_id in books.standing
            _check_agreed(home, case, case.delivery)
        for delivery in case.delivered:
            _check_agreed(home, case, delivery)
        assert [
            (d.delivery_id, d.consent.consent_id, d.draft.sha256)
            for d in case.delivered
        ] == [
            (one.delivery_id, one.consent_id, one.sha256)
            for one in books.sent.get(case.case_id, ())
        ]
        if case.request.destination.way is Way.PUT:
            assert len(case.delivered) <= 1  # the second would replace the first
        _check_end(case)


def _check_agreed(home: LifeHome, case: Case, delivery: Delivery) -> None:
    """See that a consent is the yes that counted, to what was shown then."""
    consent = delivery.consent
    agreed = home.books.agreed[consent.consent_id]
    shown = home.shown[consent.offer_id]
    assert agreed.offer_id == consent.offer_id
    assert shown.case_id == case.case_id
    assert delivery.draft.sha256 == consent.sha256 == shown.sha256
    assert consent.identity == shown.identity
    assert case.request.recipient == consent.recipient == shown.recipient
    assert case.request.destination == consent.destination == shown.destination
    assert consent.undo_until == agreed.undo_until
    first = (consent.first.user_id,) if consent.first else ()
    assert (*first, consent.user_id) == agreed.users
    assert len({*agreed.users}) == 1 + shown.two


def _check_end(case: Case) -> None:
    """See that an end holds nothing that could still go out."""
    assert (case.state is CaseState.CLOSED) is (case.closed is not None)
    if case.state in flow.ENDS:
        assert not (case.offer or case.delivery or case.prompt_due)
        assert bool(case.delivered) is (case.state is CaseState.SHARED)
    if case.state is CaseState.CLOSED:
        assert not (case.draft or case.choice)
    if case.state is CaseState.SHARED:  # what is told of it is about this
        assert case.draft == case.delivered[-1].draft


def check_public(home: LifeHome) -> None:
    """All that were never shared look the same, and the others show what lies here."""
    silent = []
    for case in home.books.cases.values():
        told = {**home.status(case), "look_again_until": None}
        sent = home.books.sent.get(case.case_id, ())
        if not sent:
            silent.append(told)
            continue
        drops = told["deliveries"]
        assert isinstance(drops, list)
        ids = {drop["id"] for drop in drops if isinstance(drop, dict)}
        assert ids <= {one.delivery_id for one in sent} - home.books.taken_back
    assert all(one == other for one, other in pairwise(silent))


def check_ledger(home: LifeHome, replay: Replay) -> None:
    """See that the chain holds, and that its lines come to what the notes say."""
    books = home.books
    check_chain(books.entries, replay.head, books.head)
    replay.go_on(books.entries[replay.head.seq :])
    assert replay.consents == [*books.agreed]
    assert replay.halves == books.halves
    shares = {
        case_id: [consent for case, consent in replay.shares if case == case_id]
        for case_id in books.cases
    }
    assert shares == {
        case_id: [one.consent_id for one in books.sent.get(case_id, ())]
        for case_id in books.cases
    }
    assert replay.stages == {
        case_id: stage(case.state) for case_id, case in books.cases.items()
    }
