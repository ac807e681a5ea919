"""Which pictures make a film: worked out by hand, and for any recordings at all."""

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given, strategies as st
import pytest

from custom_components.clip_consent.core.clips import joined
from custom_components.clip_consent.core.errors import MediaError
from custom_components.clip_consent.core.models import Piece, Window
from custom_components.clip_consent.core.serial import stated
from custom_components.clip_consent.home.media.cut import copy_arguments
from custom_components.clip_consent.home.media.listing import Listing, Packet
from custom_components.clip_consent.home.media.parts import Cut, Plan
from custom_components.clip_consent.home.media.plan import make_plan

from .drafting import ZERO, said, window

TICK = 0.01


def listing(
    shown: Sequence[int],
    keys: Sequence[int],
    *,
    step: int = 10,
    codec: str = "h264",
    hidden: int = 0,
    stamped: bool = True,
) -> Listing:
    """Return a list of pictures by their times, those in `keys` being key frames."""
    packets = tuple(
        Packet(
            pts=pts, duration=step, size=100, key=pts in keys, hidden=number < hidden
        )
        for number, pts in enumerate(shown)
    )
    return Listing(
        codec=codec, setup="", size="", tick=TICK, packets=packets, stamped=stamped
    )


def plain(count: int, group: int = 10, *, first: int = 0) -> Listing:
    """Return pictures of a tenth of a second without B-frames."""
    shown = [first + 10 * number for number in range(count)]
    return listing(shown, shown[::group])


def plan(
    listings: Sequence[Listing],
    start: float,
    end: float,
    *,
    starts: Sequence[float] = (),
    seconds: float = 4.0,
    exact: bool = False,
) -> Plan:
    """Plan a film of recordings that follow each other every `seconds`."""
    begins = starts or [seconds * number for number in range(len(listings))]
    pieces = [
        Piece(path="", start=ZERO + timedelta(seconds=at), seconds=seconds)
        for at in begins
    ]
    origin = listings[0].first_shown() if listings[0].packets else 0.0
    cut = Cut.DECODE if exact else Cut.COPY
    return make_plan(listings, pieces, window(start, end), origin=origin, cut=cut)


def taken(film: Plan) -> list[tuple[int, int, int]]:
    """Return what a film takes of each recording."""
    return [(part.number, part.first, part.last) for part in film.parts]


def test_from_the_key_frame_before_to_the_end() -> None:
    """A copy begins at the key frame at or before the start."""
    film = plan([plain(40)], 1.55, 2.5)
    assert taken(film) == [(0, 10, 25)]
    assert (film.start, film.end) == (1.0, 2.5)
    assert taken(plan([plain(40)], 1.0, 2.5)) == [(0, 10, 25)]


def test_exact_films_keep_whole_frames_inside() -> None:
    """A frame that is partly outside the window is not in it."""
    film = plan([plain(40)], 1.55, 2.45, exact=True)
    assert (film.start, film.end) == (1.6, 2.4)
    assert film.frames == 8


def test_a_recording_that_ends_before_the_start_is_left_out() -> None:
    """Where the next one has the start, the film begins there, when its name says."""
    film = plan([plain(37), plain(40)], 3.8, 6.0, starts=[0, 3.5])
    assert taken(film) == [(1, 0, 25)]
    assert film.start == pytest.approx(3.5)
    # One that seems to end before may be as much later as its name cannot tell.
    film = plan([plain(37), plain(40)], 3.8, 6.0)
    assert taken(film) == [(0, 30, 37), (1, 0, 20)]
    assert film.start == pytest.approx(3.3)


def test_a_recording_without_a_key_frame_needs_the_one_before() -> None:
    """Where the next cannot be decoded alone, the film begins earlier."""
    later = listing([10 * number for number in range(40)], [200])
    film = plan([plain(37), later], 3.8, 5.0)
    assert [part.number for part in film.parts] == [0, 1]
    assert film.start == pytest.approx(3.3)


def test_a_joint_is_where_nothing_is_shown_across() -> None:
    """With B-frames a film ends a little earlier, rather than with a picture hidden."""
    shown = [0, 30, 10, 20, 60, 40, 50, 90, 70, 80]
    film = plan([listing(shown, [0])], 0.0, 0.85, seconds=1.0)
    assert taken(film) == [(0, 0, 7)]
    assert film.end == pytest.approx(0.7)


def test_pictures_that_need_what_is_left_out_go() -> None:
    """Open groups: what is shown before its key frame was made from the one before."""
    shown = [0, 30, 10, 20, 60, 40, 50, 90, 70, 80]
    film = plan([listing(shown, [0, 60])], 0.6, 1.0, seconds=1.0)
    assert taken(film) == [(0, 4, 10)]
    assert film.parts[0].leave == (5, 6)
    assert film.start == pytest.approx(0.6)


def test_what_is_left_out_fits_into_a_command() -> None:
    """However many pictures are: in one stretch they are told by its ends."""
    shown = [0, 300_000, *range(10, 300_000, 10), 300_010]
    copied = plan([listing(shown, [0, 300_000])], 3000.0, 3000.3, seconds=3000.3)
    command = copy_arguments([], copied.parts, "h264", None)
    assert copied.frames == 2
    assert any("+between(n,2,30000)" in said for said in command)
    assert max(map(len, command)) < 1000
    mixed = [at for n in range(300) for at in (10 * n + 10, 300_010 + 10 * n)]
    copied = plan(
        [listing([0, 300_000, *mixed], [0, 300_000])], 3000.0, 3030.1, seconds=3031.0
    )
    with pytest.raises(MediaError, match="needs_playable_copy"):
        copy_arguments([], copied.parts, "h264", None)


@pytest.mark.parametrize("exact", [False, True])
@pytest.mark.parametrize(
    ("start", "end", "seconds", "code"),
    [
        (6.0, 8.0, 4.0, "nothing_in_window"),
        (1.51, 1.52, 4.0, "nothing_in_window"),
        (6.0, 8.0, 9.0, "recording_short"),
        (1.0, 8.0, 9.0, "recording_short"),
    ],
)
def test_nothing_or_too_little(
    start: float, end: float, seconds: float, code: str, exact: bool
) -> None:
    """A film that only leads up to its window is none; one broken off says so."""
    with pytest.raises(MediaError, match=code):
        plan([plain(40)], start, end, seconds=seconds, exact=exact)


def test_what_cannot_be_joined() -> None:
    """Codecs that differ, pictures that would be shown twice, a gap, no key frame."""
    hidden = listing([-20, -10, 0, 10], [-20], hidden=2)
    other = listing([0, 10], [0], codec="hevc")
    for later in (hidden, other):
        with pytest.raises(MediaError, match="pieces_differ"):
            plan([plain(40), later], 1.0, 4.1)
    with pytest.raises(MediaError, match="pieces_gap"):
        plan([plain(40), plain(40)], 1.0, 8.0, starts=[0.0, 7.5])
    with pytest.raises(MediaError, match="recording_unreadable"):
        plan([listing([0, 10, 20], [])], 0.0, 4.0)
    with pytest.raises(MediaError, match="recording_unreadable"):
        listing([], []).first_shown()
    unstamped = listing([0, 10], [0], stamped=False)
    with pytest.raises(MediaError, match="needs_playable_copy"):
        plan([unstamped], 0.0, 0.2, seconds=0.2)


@pytest.mark.parametrize("cut", [Cut.COPY, Cut.DECODE])
@pytest.mark.parametrize("overlap", [-1.0, -0.5, 0.5, 1.0, 1.09, 1.25, 2.0])
@pytest.mark.parametrize("sound", [0.0, 0.25, 0.5])
@pytest.mark.parametrize("unsure", [0.0, 1.0])
def test_what_is_a_second_at_a_joint_never_adds_up(
    cut: Cut, overlap: float, sound: float, unsure: float
) -> None:
    """Thirty files, whose sound may outlast the picture: each is where its name says.

    To what the name cannot tell.
    """
    starts = [number * (4.0 + sound - overlap) for number in range(30)]
    pieces = joined(
        Piece(
            path="",
            start=ZERO + timedelta(seconds=at),
            seconds=4.0 + sound,
            unsure=unsure,
        )
        for at in starts
    )
    asked = Window(start=ZERO, end=pieces[-1].window.end)
    film = make_plan([plain(40)] * 30, pieces, asked, origin=0.0, cut=cut)
    assert len(film.parts) > 20
    for part in film.parts:
        assert not part.leave
        begun = part.start - part.first * 10 * TICK
        assert abs(begun - starts[part.number]) < unsure + 0.01


@pytest.mark.parametrize("exact", [False, True])
def test_a_recording_ends_where_time_stamps_begin_anew(*, exact: bool) -> None:
    """What goes back is listed under the last stamp: of that nothing is taken."""
    before = [*range(0, 200, 10)]
    film = plan([listing([*before, *[190] * 20], [0, 100])], 1.0, 3.0, exact=exact)
    assert (film.start, film.end, film.frames) == (1.0, 2.0, 10)
    assert film.parts[0].restarts
    # A key frame is the first of what comes after.
    film = plan([listing([*before, *[190] * 20], [0, 190])], 0.0, 3.0, exact=exact)
    assert (film.end, film.frames) == (pytest.approx(1.9), 19)
    # What goes back by less is no other time line.
    film = plan([listing([*before, *[190] * 19], [0, 100])], 1.0, 3.0, exact=exact)
    assert not film.parts[0].restarts
    # Where nothing comes before, there is one picture.
    film = plan([listing([0] * 30, [0])], 0.0, 1.0, exact=exact)
    assert (film.end, film.frames) == (pytest.approx(0.1), 1)
    again = listing([*before, *[190] * 30], [0])
    with pytest.raises(MediaError, match="recording_short"):
        plan([again], 2.5, 4.5, seconds=5.0, exact=exact)


def test_a_film_waits_where_a_hole_is() -> None:
    """More than a name's rounding is a hole; less is none."""
    film = plan([plain(40), plain(40)], 1.0, 8.0, starts=[0, 4.9])
    assert film.frames == 71
    assert film.spans()[0][1] == pytest.approx(4.0)
    film = plan([plain(40), plain(40)], 1.0, 9.0, starts=[0, 6.0])
    assert film.parts[1].start == pytest.approx(6.0)
    assert film.spans()[0][1] == pytest.approx(5.0)


def test_only_the_beginning_of_a_file_may_be_wanted() -> None:
    """A source that says a piece is shorter than its file is believed."""
    film = plan([plain(100), plain(40)], 1.0, 6.0, seconds=4.0)
    assert taken(film) == [(0, 10, 40), (1, 0, 20)]


def test_a_file_longer_than_its_name_says_ends_with_the_window_too() -> None:
    """However long recordings are, nothing after the asked end is taken."""
    film = plan([plain(48), plain(40)], 1.0, 4.5, seconds=4.0)
    assert taken(film) == [(0, 10, 45)]
    assert taken(plan([plain(40)] * 3, 1.0, 6.0)) == [(0, 10, 40), (1, 0, 20)]


def test_a_last_picture_without_a_length() -> None:
    """It is shown as long as the one before, or a tick if it is alone."""
    film = plan([listing([0, 20, 40], [0], step=0)], 0.0, 0.6, seconds=0.6)
    assert (film.frames, film.end) == (3, pytest.approx(0.6))
    film = plan([listing([0], [0], step=0)], 0.0, 0.6, seconds=0.01)
    assert film.end == pytest.approx(TICK)


def test_what_an_edit_list_hides_begins_before_zero() -> None:
    """The film counts from what is shown, and may begin in what was hidden."""
    shown = [10 * number - 20 for number in range(40)]
    film = plan([listing(shown, [-20, 80], hidden=2)], 0.3, 0.6)
    assert taken(film) == [(0, 0, 8)]
    assert film.start == pytest.approx(-0.2)


@given(
    groups=st.lists(st.integers(1, 12), min_size=1, max_size=8),
    frames=st.integers(0, 3),
    start=st.integers(0, 700),
    length=st.integers(1, 700),
)
def test_any_film_is_whole(
    groups: list[int], frames: int, start: int, length: int
) -> None:
    """It begins at the last key frame not after the start and ends in the window.

    Whatever lies between is in it, and a picture shown later than its end is not.
    """
    shown: list[int] = []
    keys = []
    for group in groups:
        keys.append(10 * len(shown))
        begin = 10 * len(shown)
        shown.append(begin)
        while len(shown) * 10 < begin + 10 * group:
            row = list(range(len(shown) * 10, begin + 10 * group, 10))[: frames + 1]
            shown += [row[-1], *row[:-1]]
    there = listing(shown, keys)
    seconds, code = len(shown) / 10, ""
    try:
        film = plan([there], start / 100, (start + length) / 100, seconds=seconds)
    except MediaError as err:
        code = err.code
    if code:
        assert code == "nothing_in_window"
        ends = range(start + 1, min(start + length, 10 * len(shown)) + 1)
        assert frames or not any(end % 10 == 0 for end in ends)
        return
    times = sorted(round(at * 100) for part in film.parts for at in part.times)
    assert times == list(range(times[0], times[-1] + 10, 10))
    assert times[0] == max(key for key in keys if key <= start)
    assert round(film.end * 100) == times[-1] + 10 <= start + length
    assert round(film.end * 100) > start


@given(
    rate=st.sampled_from(
        [(25, 1), (30, 1), (30000, 1001), (24000, 1001), (15, 2), (60, 1), (240, 1)]
    ),
    timescale=st.sampled_from([1000, 12800, 15360, 30000, 90000, 1_000_000]),
    group=st.integers(1, 300),
    frames=st.integers(0, 3),
    began=st.integers(0, 999_999),
    start=st.integers(-500, 19_000),
    length=st.integers(100, 20_000),
    exact=st.booleans(),
)
def test_the_span_that_a_draft_states_gives_the_draft(
    rate: tuple[int, int],
    timescale: int,
    group: int,
    frames: int,
    began: int,
    start: int,
    length: int,
    exact: bool,
) -> None:
    """However often it is prepared again, and never more than a millisecond too much.

    A draft states its span in whole milliseconds; frames and files begin anywhere.
    """
    pictures = 20 * rate[0] // rate[1]
    times = [
        round(number * rate[1] * timescale / rate[0]) for number in range(pictures + 1)
    ]
    packets: list[Packet] = []
    for first in range(0, pictures, group):
        order = [first]
        while (at := len(packets) + len(order)) < min(first + group, pictures):
            row = range(at, min(at + frames + 1, first + group, pictures))
            order += [row[-1], *row[:-1]]
        packets += [
            Packet(
                pts=times[number],
                duration=times[number + 1] - times[number],
                size=100,
                key=number == first,
                hidden=False,
            )
            for number in order
        ]
    there = Listing(
        codec="h264",
        setup="",
        size="",
        tick=1 / timescale,
        packets=tuple(packets),
        stamped=True,
    )
    zero = ZERO + timedelta(microseconds=began)
    piece = Piece(path="", start=zero, seconds=times[-1] / timescale)

    def made(asked: Window) -> Plan:
        cut = Cut.DECODE if exact else Cut.COPY
        return make_plan([there], [piece], asked, origin=0.0, cut=cut)

    begin = stated(zero) + timedelta(milliseconds=start)
    asked = Window(start=begin, end=begin + timedelta(milliseconds=length))
    try:
        film = made(asked)
    except MediaError:
        return  # nothing to be prepared again
    span = film.window(zero)
    keys = [zero + timedelta(seconds=p.pts / timescale) for p in packets if p.key]
    late = timedelta(milliseconds=1)
    assert span.end < asked.end + late
    if exact:
        assert span.start > asked.start - late
    else:
        early = [key for key in keys if stated(key) <= asked.start]
        assert span.start == (early[-1] if early else keys[0])
    for _ in range(3):
        assert made(said(span)) == film
