"""Every channel is found by its name."""

from importlib import import_module

import pytest

from adapters import CHANNELS


@pytest.mark.parametrize("name", CHANNELS)
def test_a_channel_stands_where_the_registry_says_under_its_own_name(name: str):
    module, _, class_name = CHANNELS[name].partition(":")
    assert getattr(import_module(module), class_name).name == name
