"""What a vocabulary of pages is: each word of the rules with what people are told for it."""

from collections.abc import Mapping

Words = Mapping[str, str]
