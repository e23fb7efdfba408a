#!/usr/bin/python3
"""Writes original-columns.json: what Flask-Security's fsqla_v3 models are on each database, by SQLAlchemy itself.

Needs Debian's python3-flask-security and python3-flask-sqlalchemy. Run: /usr/bin/python3 dump-original-columns.py
"""
import json
import pathlib

from flask import Flask
from flask_security.models import fsqla_v3 as fsqla
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

app = Flask("dump")
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
db = SQLAlchemy(app)
fsqla.FsModels.set_db_info(db)


class Role(db.Model, fsqla.FsRoleMixin):
    pass


class WebAuthn(db.Model, fsqla.FsWebAuthnMixin):
    pass


class User(db.Model, fsqla.FsUserMixin):
    pass


def describe(table, dialect):
    unique = {column.name for index in table.indexes if index.unique for column in index.columns}
    return {
        column.name: {
            "type": column.type.compile(dialect=dialect),
            "nullable": column.nullable,
            "unique": bool(column.unique) or column.name in unique,
            "key": column.primary_key,
            "default": column.server_default is not None,
            "references": [f"{key.column.table.name}.{key.column.name} {key.ondelete or ''}".strip()
                           for key in column.foreign_keys],
        }
        for column in table.columns
    }


result = {}
for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql), ("mysql", mysql)):
    tables = db.metadata.sorted_tables
    statements = []
    for table in tables:
        statements.append(str(CreateTable(table).compile(dialect=dialect.dialect())).strip())
        statements.extend(str(CreateIndex(index).compile(dialect=dialect.dialect())) for index in table.indexes)
    result[name] = {
        "tables": {table.name: describe(table, dialect.dialect()) for table in tables},
        "statements": statements,
    }

path = pathlib.Path(__file__).with_name("original-columns.json")
path.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n")
