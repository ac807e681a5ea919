"""Log in to Home Assistant as a browser or a phone does, and stay logged in."""

from dataclasses import dataclass
import time
from typing import Any, Final

import aiohttp

_SLACK: Final = 60  # seconds before its end that an access token is renewed


class LoginError(Exception):
    """Home Assistant did not accept a login."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """What logs in: Home Assistant names a login session after it."""

    client_id: str
    redirect_uri: str


ANDROID: Final = Client(
    client_id="https://home-assistant.io/android",
    redirect_uri="homeassistant://auth-callback",
)
IOS: Final = Client(
    client_id="https://home-assistant.io/iOS",
    redirect_uri="homeassistant://auth-callback",
)


def browser_client(base_url: str) -> Client:
    """Return what Home Assistant's own frontend logs in as."""
    return Client(client_id=f"{base_url}/", redirect_uri=f"{base_url}/?auth_callback=1")


class Login:
    """A login session of one user: hands out access tokens, renewing them."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        base_url: str,
        client: Client,
        tokens: dict[str, Any],
    ) -> None:
        """Keep the tokens that Home Assistant gave."""
        self.base_url = base_url
        self.client = client
        self.refresh_token: str = tokens["refresh_token"]
        self._session = session
        self._access_token: str = tokens["access_token"]
        self._expires = time.time() + float(tokens["expires_in"])

    @classmethod
    async def with_password(
        cls,
        session: aiohttp.ClientSession,
        base_url: str,
        client: Client,
        user: str,
        password: str,
    ) -> Login:
        """Log in through the login flow. Raise LoginError if it is refused."""
        flow = await _post(
            session,
            f"{base_url}/auth/login_flow",
            json={
                "client_id": client.client_id,
                "handler": ["homeassistant", None],
                "redirect_uri": client.redirect_uri,
            },
        )
        done = await _post(
            session,
            f"{base_url}/auth/login_flow/{flow['flow_id']}",
            json={
                "client_id": client.client_id,
                "username": user,
                "password": password,
            },
        )
        if done["type"] != "create_entry":
            raise LoginError(f"{user}: {done.get('errors')}")
        return await cls.with_code(session, base_url, client, done["result"])

    @classmethod
    async def with_code(
        cls, session: aiohttp.ClientSession, base_url: str, client: Client, code: str
    ) -> Login:
        """Log in with an authorization code, as after onboarding."""
        tokens = await _post(
            session,
            f"{base_url}/auth/token",
            data={
                "grant_type": "authorization_code",
                "code": code,
                "client_id": client.client_id,
            },
        )
        return cls(session, base_url, client, tokens)

    @classmethod
    async def resume(
        cls,
        session: aiohttp.ClientSession,
        base_url: str,
        client: Client,
        refresh_token: str,
    ) -> Login:
        """Go on with a login session of before."""
        tokens = await _renewed(session, base_url, client, refresh_token)
        return cls(
            session, base_url, client, {**tokens, "refresh_token": refresh_token}
        )

    async def access_token(self) -> str:
        """Return an access token that is good for a minute at least."""
        if time.time() > self._expires - _SLACK:
            tokens = await _renewed(
                self._session, self.base_url, self.client, self.refresh_token
            )
            self._access_token = tokens["access_token"]
            self._expires = time.time() + float(tokens["expires_in"])
        return self._access_token

    async def headers(self) -> dict[str, str]:
        """Return the header that proves the login."""
        return {"Authorization": f"Bearer {await self.access_token()}"}

    async def browser_tokens(self) -> dict[str, str | int]:
        """Return what the frontend keeps in a browser under `hassTokens`."""
        return {
            "hassUrl": self.base_url,
            "clientId": self.client.client_id,
            "access_token": await self.access_token(),
            "refresh_token": self.refresh_token,
            "token_type": "Bearer",
            "expires_in": int(self._expires - time.time()),
            "expires": int(self._expires * 1000),
        }


async def _renewed(
    session: aiohttp.ClientSession, base_url: str, client: Client, refresh_token: str
) -> dict[str, Any]:
    return await _post(
        session,
        f"{base_url}/auth/token",
        data={
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": client.client_id,
        },
    )


async def _post(
    session: aiohttp.ClientSession,
    url: str,
    *,
    json: dict[str, Any] | None = None,
    data: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return the answer to a post. Raise LoginError unless it is good."""
    async with session.post(url, json=json, data=data) as response:
        if not response.ok:
            raise LoginError(f"{url}: {response.status} {await response.text()}")
        answer: dict[str, Any] = await response.json()
        return answer
