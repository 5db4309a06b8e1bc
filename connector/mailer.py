"""Sends letters by the operator's own mail server (SMTP)."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formataddr
from urllib.parse import unquote, urlsplit

from connector.application import Letter, MailServerAway, Undeliverable

SECONDS = 15.0
SECURE = "smtps"
PORTS = {"smtp": 587, SECURE: 465}
PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Mailer:
    """A server `smtp://name:password@host:port` (encrypted by STARTTLS where it can) or `smtps://…`, and who sends.

    A password is never told to a server that does not encrypt: who stands between could have it say that it cannot.
    """

    server: str = field(repr=False)
    sender: str
    plain: Callable[..., smtplib.SMTP] = smtplib.SMTP
    secure: Callable[..., smtplib.SMTP] = smtplib.SMTP_SSL

    def __call__(self, letter: Letter, /) -> None:
        """Hand a letter over; raises Undeliverable when it is refused for good, MailServerAway when not yet."""
        try:
            with self._connected() as server:
                self._begin(server)
                server.send_message(composed(letter, sender=self.sender))
        except smtplib.SMTPRecipientsRefused as error:
            raise Undeliverable("The mail server does not take that address.") from error
        except smtplib.SMTPResponseException as error:
            if error.smtp_code >= PERMANENT:
                raise Undeliverable(f"The mail server said no ({error.smtp_code}).") from error
            raise MailServerAway("The mail server is busy.") from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailServerAway("The mail server does not answer.") from error

    def _connected(self) -> smtplib.SMTP:
        parts = urlsplit(self.server)
        host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
        if parts.scheme == SECURE:
            return self.secure(host, port, timeout=SECONDS, context=ssl.create_default_context())
        return self.plain(host, port, timeout=SECONDS)

    def _begin(self, server: smtplib.SMTP) -> None:
        """Encrypt, and say who we are."""
        parts = urlsplit(self.server)
        if parts.scheme != SECURE:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
            elif parts.username:
                raise MailServerAway("The mail server does not encrypt, so it is not told the password.")
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))


def composed(letter: Letter, *, sender: str) -> EmailMessage:
    """The letter as mail servers take it: plain text first, the same as HTML beside it."""
    message = EmailMessage()
    message["From"] = formataddr((letter.name, sender))
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message
