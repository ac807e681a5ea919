"""What a hub says of the one who asks through it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """Which hub published a request, as what, and how it knows its requester."""

    hub: str  # thumbprint of its first key
    item_id: str  # public; the request's own id is known to this home alone
    organisation: str
    verified_how: str

    def without_words(self) -> Voucher:
        """Return what stays of it when a requester's words are forgotten."""
        return replace(self, organisation="", verified_how="")
