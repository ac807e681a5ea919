"""A second client of a hub: what docs/portal-protocol.md says, and nothing else.

Written from that page, the RFCs it names, tus' and age's specifications, by somebody who
did not read this integration's code of it; it imports nothing of the integration. So
where the two agree, the page says enough for a third.
"""
