"""The settings, read once from the environment; a bad value is one clear line."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from adapters.shopify.auth import AppKeys
from connector.secrets_file import Secrets, read_or_make

FOLDER = "var"
ORIGIN = re.compile(r"https?://[^/?#@\s]+")
ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+")
PASSWORD = re.compile(r"(//[^/@]*:).*@")


ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  said, not listened on
"""Where an install that listens everywhere is found on its own machine."""


class BadSetting(Exception):
    """A setting that cannot be used; the message is one line that names it, and holds no password."""


class _Environment(BaseModel):
    """What the environment may say; the variable of each field stands in its alias."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    folder: Path = Field(default=Path(FOLDER), alias="BACKHAUL_FOLDER")
    database_url: str | None = Field(default=None, alias="DATABASE_URL")
    host: str = Field(default="127.0.0.1", alias="BACKHAUL_HOST")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(default=8000, alias="PORT")
    public_url: str | None = Field(default=None, alias="BACKHAUL_PUBLIC_URL")
    trusted_proxies: str = Field(default="", alias="BACKHAUL_TRUSTED_PROXIES")
    metrics: bool = Field(default=False, alias="BACKHAUL_METRICS")
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", alias="BACKHAUL_LOG_LEVEL")
    log_format: Literal["json", "text"] | None = Field(default=None, alias="BACKHAUL_LOG_FORMAT")
    body_limit: Annotated[int, Field(ge=1024)] = Field(default=262_144, alias="BACKHAUL_BODY_LIMIT")
    lookup_seconds: Annotated[float, Field(ge=0, le=5)] = Field(default=0.25, alias="BACKHAUL_LOOKUP_SECONDS")
    keep_days: Annotated[int, Field(ge=1, le=3650)] = Field(default=365, alias="BACKHAUL_KEEP_DAYS")
    private_stores: bool = Field(default=False, alias="BACKHAUL_PRIVATE_STORES")
    private_webhooks: bool = Field(default=False, alias="BACKHAUL_PRIVATE_WEBHOOKS")
    smtp_url: str = Field(default="", alias="BACKHAUL_SMTP_URL")
    mail_from: str = Field(default="", alias="BACKHAUL_MAIL_FROM")
    shopify_client_id: str = Field(default="", alias="BACKHAUL_SHOPIFY_CLIENT_ID")
    shopify_secret: str = Field(default="", alias="BACKHAUL_SHOPIFY_SECRET")
    shopify_old_secret: str = Field(default="", alias="BACKHAUL_SHOPIFY_OLD_SECRET")

    @field_validator("database_url")
    @classmethod
    def _a_known_database(cls, url: str | None) -> str | None:
        if url is None or url.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")):
            return url
        raise ValueError("must begin with sqlite:/// or postgresql://")

    @field_validator("public_url")
    @classmethod
    def _a_bare_address(cls, url: str | None) -> str | None:
        if url is None or ORIGIN.fullmatch(url.removesuffix("/")):
            return url and url.removesuffix("/").lower()
        raise ValueError("must be an address without a path, like https://returns.example.com")

    @field_validator("smtp_url")
    @classmethod
    def _a_mail_server(cls, url: str) -> str:
        if url and not (url.startswith(("smtp://", "smtps://")) and urlsplit(url).hostname):
            raise ValueError("must be a mail server like smtp://name:password@mail.example.com:587")
        return url

    @field_validator("mail_from")
    @classmethod
    def _an_address(cls, text: str) -> str:
        if text and not ADDRESS.fullmatch(text):
            raise ValueError("must be an e-mail address like returns@example.com")
        return text

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, text: str) -> str:
        for part in filter(None, text.replace(",", " ").split()):
            ipaddress.ip_network(part)
        return text


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that an operator may decide (docs/settings.md); `lookup_seconds` evens out order look-ups.

    `keep_days` is how long a conversation is kept; `private_stores` lets shops be connected to private addresses,
    `private_webhooks` lets programs be told there, and over http. `mail` is the mail server and who it
    sends as. `shopify` is the install's app at Shopify, whose shops are found at `shopify_at`.
    """

    folder: Path
    database_url: str = field(repr=False)
    host: str
    port: int
    public_url: str
    trusted_proxies: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    metrics: bool
    log_level: str
    log_format: str | None
    body_limit: int
    lookup_seconds: float
    keep_days: int
    private_stores: bool
    private_webhooks: bool
    secrets: Secrets
    mail: tuple[str, str] | None = field(default=None, repr=False)
    shopify: AppKeys | None = None
    shopify_at: str = "https://{shop}"

    @property
    def is_https(self) -> bool:
        """Whether people reach the install over https."""
        return self.public_url.startswith("https://")


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment (the process's own by default); raises BadSetting."""
    said = os.environ if environment is None else environment
    try:
        read = _Environment.model_validate({name: value for name, value in said.items() if value != ""})
    except ValidationError as error:
        first = error.errors()[0]
        reason = first["msg"].removeprefix("Value error, ")
        raise BadSetting(f"{first['loc'][0]}: {reason} (it is '{_told(str(first['input']))}')") from None
    folder = read.folder.absolute()
    return Settings(
        folder=folder,
        database_url=_driver(read.database_url or f"sqlite:///{folder / 'backhaul.db'}"),
        host=read.host,
        port=read.port,
        public_url=read.public_url or plain_url(read.host, read.port),
        trusted_proxies=tuple(ipaddress.ip_network(part) for part in read.trusted_proxies.replace(",", " ").split()),
        metrics=read.metrics,
        log_level=read.log_level,
        log_format=read.log_format,
        body_limit=read.body_limit,
        lookup_seconds=read.lookup_seconds,
        keep_days=read.keep_days,
        private_stores=read.private_stores,
        private_webhooks=read.private_webhooks,
        secrets=read_or_make(folder / "secrets.json"),
        mail=_mail(read),
        shopify=_shopify_app(read),
    )


def _mail(read: _Environment) -> tuple[str, str] | None:
    if bool(read.smtp_url) != bool(read.mail_from):
        raise BadSetting("BACKHAUL_SMTP_URL and BACKHAUL_MAIL_FROM: set both, or neither")
    return (read.smtp_url, read.mail_from) if read.smtp_url else None


def _shopify_app(read: _Environment) -> AppKeys | None:
    if bool(read.shopify_client_id) != bool(read.shopify_secret):
        raise BadSetting("BACKHAUL_SHOPIFY_CLIENT_ID and BACKHAUL_SHOPIFY_SECRET: set both, or neither")
    secrets = tuple(filter(None, (read.shopify_secret, read.shopify_old_secret)))
    return AppKeys(read.shopify_client_id, secrets) if read.shopify_client_id else None


def plain_url(host: str, port: int) -> str:
    """The address of an install that was given none, as its own machine reaches it."""
    found = ANYWHERE.get(host, host)
    return f"http://[{found}]:{port}" if ":" in found else f"http://{found}:{port}"


def variables() -> tuple[str, ...]:
    """The names of all variables that are read, for the documentation's test."""
    return tuple(str(field.alias) for field in _Environment.model_fields.values())


def _driver(url: str) -> str:
    """The URL with the driver that we use; hosting platforms write postgres:// and leave the driver out."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _told(value: str) -> str:
    """A value on one line, without the password that a URL may hold."""
    return PASSWORD.sub(r"\1***@", " ".join(value.split()))
