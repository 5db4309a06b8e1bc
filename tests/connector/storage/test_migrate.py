"""One set of revisions makes the same tables on both databases."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from connector.storage import product_store
from connector.storage.database import Database
from connector.storage.migrate import is_current, migrate, newest
from connector.storage.tables import metadata
from connector.storage.tables.money_tables import ledger
from connector.storage.upgrade import config_of
from tests.connector.storage.test_goods import TEE


def test_the_revisions_make_exactly_the_tables_that_the_code_knows(each_database: Database):
    each_database.write_install(lambda connection: command.check(config_of(connection)))


def test_a_migrated_database_is_current_and_migrating_again_changes_nothing(each_database: Database):
    assert is_current(each_database)
    migrate(each_database.url)
    assert is_current(each_database)


def test_the_newest_revision_is_the_last_of_alembics_line():
    assert newest() == ScriptDirectory.from_config(config_of(None)).get_current_head()


def test_a_server_that_is_up_to_date_does_without_alembic():
    loaded = "import sys, connector.cli.serve; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded]).returncode == 0


def test_an_empty_database_is_not_current_until_it_is_migrated_and_its_folder_is_made(tmp_path: Path):
    url = f"sqlite:///{tmp_path}/new/backhaul.db"
    migrate(url)
    database = Database(url)
    assert is_current(database)
    database.write_install(lambda connection: command.downgrade(config_of(connection), "base"))
    assert not is_current(database)
    database.close()


def test_the_revisions_can_be_undone(each_database: Database):
    each_database.write_install(lambda connection: command.downgrade(config_of(connection), "base"))
    with each_database.read_install() as connection:
        left = set(inspect(connection).get_table_names()) & set(metadata.tables)
    assert left == set()


@pytest.mark.parametrize(("said", "found"), [("Apparel", 1), (None, 0)])
def test_what_was_kept_before_is_found_by_its_type_too(each_database: Database, write, read, said: str, found: int):
    write(product_store.save, TEE | {"product_type": said})
    each_database.write_install(lambda connection: command.downgrade(config_of(connection), "0024"))
    each_database.write_install(lambda connection: command.upgrade(config_of(connection), "head"))
    assert len(read(product_store.of_type, "Apparel")) == found
    assert read(product_store.get, "tee")["product_type"] == said


def test_every_key_of_every_table_begins_with_the_shop_but_for_the_installs_own_tables():
    of_install = {"shops", "workers"}
    keys = [
        [column.name for column in constraint.columns]
        for table in metadata.tables.values()
        for constraint in [table.primary_key, *(index for index in table.indexes if index.unique)]
        if table.name not in of_install
    ]
    assert [key for key in keys if key[0] != "shop_id"] == []


@pytest.mark.parametrize("statement", [ledger.update().values(amount=0), ledger.delete()], ids=["change", "removal"])
def test_the_ledger_is_only_added_to(each_database: Database, shop_with_ledger, statement):
    with pytest.raises(DBAPIError, match="only added to"):
        each_database.write_install(lambda connection: connection.execute(statement))
