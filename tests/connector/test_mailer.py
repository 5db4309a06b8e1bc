"""Letters are handed to the operator's mail server, as text and HTML, encrypted where it can be."""

import smtplib
from email.message import EmailMessage

import pytest
from msgspec.structs import replace

from connector.application import Letter, MailServerAway, Undeliverable
from connector.mailer import Mailer

LETTER = Letter("k1", "ann@example.com", name="Demo", subject="Your return", text="Hello", html="<p>Hello</p>")


class Server:
    """A mail server that notes what it is told."""

    def __init__(self, problem: Exception | None = None, *, can_encrypt: bool = True) -> None:
        self.problem, self.can_encrypt = problem, can_encrypt
        self.told: list[object] = []
        self.taken: list[EmailMessage] = []

    def __call__(self, host: str, port: int, **_: object) -> "Server":
        self.told.append((host, port))
        return self

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.told.append("bye")

    def ehlo(self) -> None:
        """Hello."""

    def has_extn(self, name: str) -> bool:
        return name == "starttls" and self.can_encrypt

    def starttls(self, **_: object) -> None:
        self.told.append("starttls")

    def login(self, name: str, password: str) -> None:
        self.told.append((name, password))

    def send_message(self, message: EmailMessage) -> None:
        if self.problem is not None:
            raise self.problem
        self.taken.append(message)


def mailer(server: Server, url: str = "smtp://me%40x:s%3Acret@mail.example.com") -> Mailer:
    return Mailer(url, "returns@example.com", plain=server, secure=server)  # type: ignore[arg-type]


def test_a_letter_is_text_and_html_under_an_id_of_its_own():
    server = Server()
    mailer(server)(LETTER)
    assert server.told == [("mail.example.com", 587), "starttls", ("me@x", "s:cret"), "bye"]
    (message,) = server.taken
    assert (message["From"], message["To"], message["Subject"]) == (
        "Demo <returns@example.com>", "ann@example.com", "Your return",
    )  # fmt: skip
    assert message["Message-ID"] == "<k1@example.com>"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_smtps_is_encrypted_from_the_start_and_needs_no_name():
    server = Server()
    mailer(server, "smtps://mail.example.com")(LETTER)
    assert server.told == [("mail.example.com", 465), "bye"]


def test_a_password_is_not_told_to_a_server_that_does_not_encrypt():
    server = Server(can_encrypt=False)
    with pytest.raises(MailServerAway, match="does not encrypt"):
        mailer(server)(LETTER)
    assert (server.told, server.taken) == ([("mail.example.com", 587), "bye"], [])


def test_a_server_of_ones_own_that_asks_for_no_password_need_not_encrypt():
    server = Server(can_encrypt=False)
    mailer(server, "smtp://localhost:25")(LETTER)
    assert (server.told, len(server.taken)) == ([("localhost", 25), "bye"], 1)


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (smtplib.SMTPRecipientsRefused({}), Undeliverable),
        (smtplib.SMTPDataError(554, b"no"), Undeliverable),
        (smtplib.SMTPDataError(451, b"later"), MailServerAway),
        (smtplib.SMTPServerDisconnected(), MailServerAway),
        (ConnectionRefusedError(), MailServerAway),
    ],
)
def test_what_is_refused_for_good_and_what_may_be_tried_again_are_told_apart(problem: Exception, kind: type[Exception]):
    with pytest.raises(kind):
        mailer(Server(problem))(LETTER)


def test_nobody_writes_headers_of_their_own():
    with pytest.raises(ValueError, match=r"newline|linefeed"):
        mailer(Server())(replace(LETTER, subject="Hello\nBcc: all@example.com"))
