"""Settings: wrong ones are named, all of them at once, and no secret is shown."""

import pytest

from core.errors import Misconfigured
from core.settings import load_settings, split_secrets, unknown_settings

SECRET = "a-secret-that-is-long-enough-for-anybody"


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEEDFUL_SECRET_KEY", SECRET)
    monkeypatch.setenv("HEEDFUL_PEPPER", SECRET)


def test_secrets_are_enough_to_begin(tmp_path):
    settings = load_settings()
    assert settings.smtp_url.get_secret_value() == "capture:"
    assert settings.mailbox_dir == settings.data_dir / "mailbox"
    assert SECRET not in repr(settings)


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example.org", "ftp://example.org", "example.org", "https://example.org/?a=b",
        "https://", "http://127.0.0.1.example.org",
    ],
)  # fmt: skip
def test_p16_links_are_https_unless_the_host_is_this_machine(monkeypatch: pytest.MonkeyPatch, url):
    monkeypatch.setenv("HEEDFUL_BASE_URL", url)
    with pytest.raises(Misconfigured, match="HEEDFUL_BASE_URL"):
        load_settings()


@pytest.mark.parametrize("url", ["https://mail.example.org/heed/", "http://localhost:8025", "http://[::1]:80"])
def test_a_good_base_url_ends_without_a_slash(monkeypatch: pytest.MonkeyPatch, url):
    monkeypatch.setenv("HEEDFUL_BASE_URL", url)
    assert load_settings().base_url == url.rstrip("/")


def test_links_follow_the_port_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEEDFUL_PORT", "9000")
    assert load_settings().base_url == "http://127.0.0.1:9000"
    monkeypatch.setenv("HEEDFUL_BASE_URL", "https://mail.example.org")
    assert load_settings().base_url == "https://mail.example.org"


def test_a_slip_of_the_pen_is_found_in_the_environment_and_in_the_file(tmp_path):
    (tmp_path / ".env").write_text("HEEDFUL_PROT=1\nHEEDFUL_PORT=2\nOTHER=3\n")
    found = unknown_settings({"HEEDFUL_SENDR_NAME": "x", "HEEDFUL_TEST_DATABASE_URL": "y", "PATH": "z"})
    assert found == ["HEEDFUL_PROT", "HEEDFUL_SENDR_NAME"]


@pytest.mark.parametrize("zone", ["Foo", "", "../etc/passwd"])
def test_a_zone_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, zone):
    monkeypatch.setenv("HEEDFUL_TIME_ZONE", zone)
    with pytest.raises(Misconfigured, match="HEEDFUL_TIME_ZONE"):
        load_settings()


def test_every_fault_is_named_in_one_go_and_no_value_is_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEEDFUL_PEPPER", "short-one")
    monkeypatch.delenv("HEEDFUL_SECRET_KEY")
    monkeypatch.setenv("HEEDFUL_PORT", "0")
    with pytest.raises(Misconfigured) as refused:
        load_settings()
    said = str(refused.value)
    assert all(name in said for name in ("HEEDFUL_PEPPER", "HEEDFUL_SECRET_KEY", "HEEDFUL_PORT", "heedful init"))
    assert "short-one" not in said


@pytest.mark.parametrize(
    ("pepper", "fault"),
    [("x" * 31, "at least 32"), (f"{SECRET},", "at least 32"), (f"{SECRET},short", "at least 32"),
     (f"{SECRET}, {SECRET}", "twice"), ("", "at least 32"), (f",{SECRET}", "at least 32")],
)  # fmt: skip
def test_each_secret_of_the_pepper_is_long_enough_and_there_once(monkeypatch: pytest.MonkeyPatch, pepper, fault):
    monkeypatch.setenv("HEEDFUL_PEPPER", pepper)
    with pytest.raises(Misconfigured, match=f"HEEDFUL_PEPPER: .*{fault}") as refused:
        load_settings()
    assert SECRET not in str(refused.value)


def test_several_secrets_are_parted_by_commas_newest_first(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEEDFUL_PEPPER", f" {'n' * 40} ,{SECRET}")
    assert split_secrets(load_settings().pepper) == ["n" * 40, SECRET]
