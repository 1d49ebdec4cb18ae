"""The test servers start, answer, and are gone afterwards."""

import socket
from urllib.parse import urlsplit

import psycopg2
import redis as redis_client

from tests import servers


def port_answers(address: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", urlsplit(address).port)) == 0


def test_postgres_answers_and_is_gone_afterwards() -> None:
    with servers.postgres() as address:
        connection = psycopg2.connect(address)
        cursor = connection.cursor()
        cursor.execute("SHOW server_encoding")
        assert cursor.fetchone() == ("UTF8",)
        connection.close()
    assert not port_answers(address)


def test_redis_answers_and_is_gone_afterwards() -> None:
    with servers.redis() as address:
        client = redis_client.Redis.from_url(address)
        assert client.ping()
        client.close()
    assert not port_answers(address)


def test_an_unknown_server_is_a_usage_error(capsys) -> None:
    assert servers.main(["oracle", "--", "true"]) == 2
    assert "usage" in capsys.readouterr().err
