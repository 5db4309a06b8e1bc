"""What a shop promises until its owner says otherwise: little, and a person looks at the goods first."""

from collections.abc import Mapping

FIRST_POLICY: Mapping[str, object] = {"days": 30, "methods": ["mail"], "settle_on": "inspected"}
