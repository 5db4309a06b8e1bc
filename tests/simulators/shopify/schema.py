"""Shopify's own Admin API schema of 2026-10: the whole one where npm can be asked, else the cut that is kept here.

`@shopify/dev-mcp` (ISC, Copyright 2025-present, Shopify Inc.) ships it as introspection JSON, together with the scopes
that each field needs. The cut holds what our documents touch, in the real one's words; `python -m
tests.simulators.shopify.cut` makes it anew.
"""

import gzip
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from graphql import GraphQLSchema, build_client_schema, build_schema

PACKAGE = "@shopify/dev-mcp@1.16.0"
VERSION = "2026-10"
MEMBER = f"package/dist/data/admin_{VERSION}.json.gz"
KEPT = Path(__file__).parents[3] / "var" / f"shopify-admin-{VERSION}.json.gz"
CUT = Path(__file__).parent / "schema_2026_10.graphql"
CUT_SCOPES = Path(__file__).parent / "scopes_2026_10.json"
SECONDS = 60

Scopes = Mapping[str, tuple[str, ...]]
"""The scopes of which one is needed, by type ("Order") or field ("Mutation.returnCreate")."""


@dataclass(frozen=True)
class Admin:
    """A schema, the scopes it asks for, and where it came from; graphql-core 3.3 would refuse the whole one unasked."""

    schema: GraphQLSchema
    scopes: Scopes
    is_whole: bool


@cache
def cut_admin() -> Admin:
    scopes = {name: tuple(said) for name, said in json.loads(CUT_SCOPES.read_text()).items()}
    return Admin(build_schema(CUT.read_text(encoding="utf-8")), scopes, is_whole=False)


@cache
def whole_admin() -> Admin | None:
    """The whole schema, None where npm is not there or has no answer."""
    packed = _packed()
    if packed is None:
        return None
    said = json.loads(gzip.decompress(packed))
    return Admin(
        build_client_schema(said["data"], assume_valid=True), scopes_of(said["offline_scopes"]["items"]), is_whole=True
    )


def scopes_of(rows: list[dict[str, object]]) -> Scopes:
    found = {}
    for row in rows:
        scopes = row["offlineScopes"]
        if isinstance(scopes, list) and scopes:
            owner = str(row["typeName"])
            name = owner if row["type"] == "type" else f"{owner}.{row['fieldName']}"
            found[name] = tuple(map(str, scopes))
    return found


def _packed() -> bytes | None:
    if KEPT.exists():
        return KEPT.read_bytes()
    if shutil.which("npm") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        try:
            said = subprocess.run(
                ["npm", "pack", "--silent", "--ignore-scripts", PACKAGE],
                cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=True,
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError):
            return None
        with tarfile.open(Path(folder) / said.stdout.strip().splitlines()[-1]) as archive:
            member = archive.extractfile(MEMBER)
            assert member is not None
            packed = member.read()
    KEPT.parent.mkdir(exist_ok=True)
    draft = KEPT.with_suffix(".new")
    draft.write_bytes(packed)
    draft.replace(KEPT)
    return packed
