import pytest

from csp_consult.settings import Settings, SettingsError


def test_unset_settings_keep_their_defaults() -> None:
    settings = Settings.from_environment({})

    assert settings.environment == "development"
    assert settings.district == "E07000131"


def test_a_setting_is_read_with_its_prefix() -> None:
    settings = Settings.from_environment({"CSP_HIDDEN_BASE": "25", "HIDDEN_BASE": "1"})

    assert settings.hidden_base == 25


def test_a_number_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="CSP_HIDDEN_BASE must be a whole number"):
        Settings.from_environment({"CSP_HIDDEN_BASE": "many"})


@pytest.mark.parametrize("secret", [None, "short"])
def test_production_refuses_to_start_without_a_secret(secret: str | None) -> None:
    environ = {"CSP_ENVIRONMENT": "production"} | ({"CSP_SECRET_KEY": secret} if secret else {})

    with pytest.raises(SettingsError, match="CSP_SECRET_KEY"):
        Settings.from_environment(environ)


def test_production_says_where_links_in_mails_lead() -> None:
    secrets = {"CSP_SECRET_KEY": "s" * 32, "CSP_CODES_SECRET": "c" * 32}
    environ = {"CSP_ENVIRONMENT": "production", **secrets}

    with pytest.raises(SettingsError, match="CSP_SITE_ADDRESS"):
        Settings.from_environment(environ)

    assert Settings.from_environment(environ | {"CSP_SITE_ADDRESS": "https://csp.example"}).site_address


@pytest.mark.parametrize("name", ["CSP_MAIL_CARRIER", "CSP_MAIL_TLS"])
def test_a_carrier_there_is_not_is_refused_by_name(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: "pigeon"})
